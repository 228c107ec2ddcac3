//! What a merged case is like: pure.

use crate::investigation::case::model::{Access, Case};
use crate::investigation::case::rules::TITLE_MAX;

/// What a merged case has of its originals. None of it is empty.
pub(super) struct Merged {
    pub title: String,
    pub description: String,
    pub summary: Option<String>,
    pub severity: i64,
    pub tlp: i64,
    pub pap: i64,
    pub start_at: i64,
    pub due_at: Option<i64>,
    pub flag: bool,
    pub tags: Vec<String>,
    /// The dates of the earliest alert: when it happened, arrived, was begun, was imported.
    pub alert: [Option<i64>; 4],
}

/// What comes of these cases, in their order. There is at least one.
pub(super) fn merged(cases: &[&Case]) -> Merged {
    let mut tags: Vec<String> = Vec::new();
    for tag in cases.iter().flat_map(|case| &case.tags) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let joined = |texts: Vec<&str>| texts.join("\n\n");
    let summaries: Vec<&str> = cases
        .iter()
        .filter_map(|case| case.summary.as_deref())
        .collect();
    let most = |value: fn(&Case) -> i64| {
        cases
            .iter()
            .map(|case| value(case))
            .max()
            .unwrap_or_default()
    };
    let earliest_alert = cases
        .iter()
        .filter(|case| case.alert_at.is_some())
        .min_by_key(|case| case.alert_at);
    Merged {
        title: title(cases),
        description: joined(cases.iter().map(|case| case.description.as_str()).collect()),
        summary: (!summaries.is_empty()).then(|| joined(summaries)),
        severity: most(|case| case.severity),
        tlp: most(|case| case.tlp),
        pap: most(|case| case.pap),
        start_at: cases
            .iter()
            .map(|case| case.start_at)
            .min()
            .unwrap_or_default(),
        due_at: cases.iter().filter_map(|case| case.due_at).min(),
        flag: cases.iter().any(|case| case.flag),
        tags,
        alert: earliest_alert.map_or([None; 4], |case| {
            [
                case.alert_at,
                case.alert_new_at,
                case.alert_in_progress_at,
                case.alert_imported_at,
            ]
        }),
    }
}

/// The titles in a row, cut where it is too long for a title.
fn title(cases: &[&Case]) -> String {
    let titles: Vec<&str> = cases.iter().map(|case| case.title.as_str()).collect();
    let title = titles.join(" / ");
    if title.chars().count() <= TITLE_MAX {
        return title;
    }
    title.chars().take(TITLE_MAX - 1).chain(['…']).collect()
}

/// Who sees the merged case: the narrower wins.
///
/// # Errors
/// A sentence: some are for users of ours only, others are open to people outside.
pub(super) fn access(cases: &[&Case]) -> Result<Access, String> {
    let mut access = None;
    for case in cases {
        access = Some(match access {
            None => case.access.clone(),
            Some(access) => narrower(&access, &case.access)?,
        });
    }
    Ok(access.unwrap_or(Access::Organisation))
}

fn narrower(one: &Access, other: &Access) -> Result<Access, String> {
    use Access::{AllExternal, External, Organisation, Users};
    let union = |one: &[String], other: &[String]| {
        let mut users = one.to_vec();
        users.extend(other.iter().filter(|user| !one.contains(user)).cloned());
        users
    };
    Ok(match (one, other) {
        (Users { .. }, External { .. } | AllExternal)
        | (External { .. } | AllExternal, Users { .. }) => {
            return Err("A case that is restricted to users cannot be merged with one that is open to people outside".to_owned());
        }
        (Users { users: one }, Users { users: other }) => Users {
            users: union(one, other),
        },
        (Users { users }, Organisation) | (Organisation, Users { users }) => Users {
            users: users.clone(),
        },
        (Organisation, _) | (_, Organisation) => Organisation,
        (External { users: one }, External { users: other }) => External {
            users: union(one, other),
        },
        (External { users }, AllExternal) | (AllExternal, External { users }) => External {
            users: users.clone(),
        },
        (AllExternal, AllExternal) => AllExternal,
    })
}

#[cfg(test)]
mod tests {
    use super::narrower;
    use crate::investigation::case::model::Access;

    #[test]
    fn the_narrower_access_wins() {
        let users = |names: &[&str]| Access::Users {
            users: names.iter().map(ToString::to_string).collect(),
        };
        let outside = |names: &[&str]| Access::External {
            users: names.iter().map(ToString::to_string).collect(),
        };
        let all = Access::Organisation;
        for (one, other, narrow) in [
            (all.clone(), all.clone(), all.clone()),
            (all.clone(), users(&["a"]), users(&["a"])),
            (
                users(&["a", "b"]),
                users(&["b", "c"]),
                users(&["a", "b", "c"]),
            ),
            (all.clone(), outside(&["x"]), all.clone()),
            (outside(&["x"]), outside(&["y"]), outside(&["x", "y"])),
            (outside(&["x"]), Access::AllExternal, outside(&["x"])),
            (
                Access::AllExternal,
                Access::AllExternal,
                Access::AllExternal,
            ),
            (Access::AllExternal, all.clone(), all.clone()),
        ] {
            assert_eq!(narrower(&one, &other).unwrap(), narrow);
            assert_eq!(narrower(&other, &one).unwrap().kind(), narrow.kind());
        }
        assert!(narrower(&users(&["a"]), &outside(&["x"])).is_err());
        assert!(narrower(&Access::AllExternal, &users(&["a"])).is_err());
    }
}
