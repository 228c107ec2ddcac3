//! What loading a bundle does to the patterns that are there.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::model::{Bundle, Content, Pattern};

/// What has to be written.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    pub create: Vec<Content>,
    pub update: Vec<(i64, Content)>,
}

/// Patterns are known by their technique's id; those that the bundle does not have stay as they are, since cases use
/// them.
pub(super) fn plan(existing: &[Pattern], bundle: &Bundle) -> Plan {
    let known: HashMap<&str, &Pattern> = existing
        .iter()
        .map(|pattern| (pattern.content.external_id.as_str(), pattern))
        .collect();
    let mut plan = Plan::default();
    for content in &bundle.patterns {
        match known.get(content.external_id.as_str()) {
            None => plan.create.push(content.clone()),
            Some(before) => {
                let mut after = content.clone();
                if bundle.is_short {
                    keep_what_is_left_out(&before.content, &mut after);
                }
                if after != before.content {
                    plan.update.push((before.id, after));
                }
            }
        }
    }
    plan
}

fn keep_what_is_left_out(before: &Content, after: &mut Content) {
    let keep = |before: &Option<String>, after: &mut Option<String>| {
        if after.is_none() {
            after.clone_from(before);
        }
    };
    keep(&before.description, &mut after.description);
    keep(&before.detection, &mut after.detection);
    keep(&before.capec_id, &mut after.capec_id);
    keep(&before.capec_url, &mut after.capec_url);
    keep(&before.version, &mut after.version);
    for (before, after) in [
        (&before.data_sources, &mut after.data_sources),
        (&before.defense_bypassed, &mut after.defense_bypassed),
        (
            &before.permissions_required,
            &mut after.permissions_required,
        ),
        (&before.system_requirements, &mut after.system_requirements),
    ] {
        if after.is_empty() {
            after.clone_from(before);
        }
    }
    after.has_remote_support |= before.has_remote_support;
}

/// Whether an edition is newer than another: `18.1` than `9.2`. One that says none is older than any.
pub(super) fn is_newer(version: &str, than: Option<&str>) -> bool {
    let Some(than) = than else { return true };
    let numbers = |text: &str| -> Vec<u64> {
        text.split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect()
    };
    numbers(version).cmp(&numbers(than)) == Ordering::Greater
}

/// The tactic of a procedure: the one that is given, if the pattern has it; else the pattern's only one.
///
/// # Errors
/// A sentence, when the pattern does not have the tactic.
pub(super) fn choose_tactic(
    content: &Content,
    given: Option<&str>,
) -> Result<Option<String>, String> {
    match (given, content.tactics.as_slice()) {
        (Some(tactic), tactics) if tactics.iter().any(|own| own == tactic) => {
            Ok(Some(tactic.to_owned()))
        }
        (Some(tactic), _) => Err(format!(
            "{} ({}) does not have the tactic {tactic:.64}",
            content.external_id, content.name
        )),
        (None, [only]) => Ok(Some(only.clone())),
        (None, _) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, choose_tactic, is_newer, plan};
    use crate::vocabulary::pattern::model::{Bundle, Content, Pattern};

    fn content(id: &str, name: &str) -> Content {
        Content {
            external_id: id.to_owned(),
            name: name.to_owned(),
            ..Content::default()
        }
    }

    fn pattern(id: i64, content: Content) -> Pattern {
        Pattern {
            id,
            catalog_id: 1,
            content,
            created_at: 0,
            created_by: String::new(),
            updated_at: None,
            updated_by: None,
        }
    }

    #[test]
    fn only_what_differs_is_written_and_nothing_goes() {
        let existing = [
            pattern(1, content("T1", "same")),
            pattern(2, content("T2", "before")),
            pattern(3, content("T3", "gone")),
        ];
        let bundle = Bundle {
            patterns: vec![
                content("T1", "same"),
                content("T2", "after"),
                content("T4", "new"),
            ],
            ..Bundle::default()
        };
        assert_eq!(
            plan(&existing, &bundle),
            Plan {
                create: vec![content("T4", "new")],
                update: vec![(2, content("T2", "after"))],
            }
        );
    }

    #[test]
    fn a_short_bundle_takes_no_description_away() {
        let described = Content {
            description: Some("long".to_owned()),
            ..content("T1", "name")
        };
        let existing = [pattern(1, described.clone())];
        let mut bundle = Bundle {
            patterns: vec![content("T1", "name")],
            is_short: true,
            ..Bundle::default()
        };
        assert_eq!(plan(&existing, &bundle), Plan::default());
        bundle.is_short = false;
        assert_eq!(plan(&existing, &bundle).update.len(), 1);
    }

    #[test]
    fn editions_are_numbers() {
        assert!(is_newer("18.1", Some("9.2")) && is_newer("18.1", None));
        assert!(!is_newer("18.1", Some("18.1")) && !is_newer("18.1", Some("19")));
    }

    #[test]
    fn a_tactic_is_one_of_the_patterns() {
        let mut content = content("T1", "name");
        content.tactics = vec!["execution".to_owned()];
        assert_eq!(
            choose_tactic(&content, None).unwrap().as_deref(),
            Some("execution")
        );
        assert!(choose_tactic(&content, Some("impact")).is_err());
        content.tactics.push("impact".to_owned());
        assert_eq!(choose_tactic(&content, None), Ok(None));
        assert_eq!(
            choose_tactic(&content, Some("impact")).unwrap().as_deref(),
            Some("impact")
        );
    }
}
