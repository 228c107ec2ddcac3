//! Pure decisions about cases: what a change of status does to the dates, the computed times, tags.

use crate::access::FieldProblem;
use crate::vocabulary::case_status::model::CaseStage;
use crate::wire::text::one_line;

use super::model::Case;

/// Characters of a title.
pub(super) const TITLE_MAX: usize = 512;
/// How a closed case ended for the organisation.
const IMPACTS: [&str; 3] = ["NoImpact", "WithImpact", "NotApplicable"];

/// Tags one case may have.
const TAGS_MAX: usize = 200;

/// Gives the case another status at `now_ms`.
///
/// The date of a stage records the first entry and never changes. A case closed without having been in progress
/// gets both dates. `end_at` follows each entry into Closed, also from one closed status to another.
pub(super) fn set_status(case: &mut Case, status: String, stage: CaseStage, now_ms: i64) {
    if case.status == status {
        return;
    }
    case.status = status;
    case.stage = stage;
    match stage {
        CaseStage::New => {}
        CaseStage::InProgress => {
            case.in_progress_at.get_or_insert(now_ms);
        }
        CaseStage::Closed => {
            case.in_progress_at.get_or_insert(now_ms);
            case.closed_at.get_or_insert(now_ms);
            case.end_at = Some(now_ms);
        }
    }
}

/// The times of a case, all in milliseconds (section 7.4 of the contract). One is absent while an operand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub to_detect: i64,
    pub to_triage: Option<i64>,
    pub to_qualify: Option<i64>,
    pub to_acknowledge: Option<i64>,
    pub to_resolve: Option<i64>,
    pub handling: Option<i64>,
}

/// Computes the times from the dates of the case and of its earliest alert.
pub(super) fn times(case: &Case) -> Times {
    let between = |from: Option<i64>, to: Option<i64>| Some(to? - from?);
    let work_began = match (case.alert_in_progress_at, case.in_progress_at) {
        (Some(alert), Some(own)) => Some(alert.min(own)),
        (alert, own) => alert.or(own),
    };
    let (to_detect, to_triage, to_acknowledge) = if case.alert_at.is_some() {
        (
            between(case.alert_at, case.alert_new_at).unwrap_or_default(),
            between(case.alert_new_at, case.alert_in_progress_at),
            between(case.alert_at, case.alert_in_progress_at),
        )
    } else {
        (
            case.new_at - case.start_at,
            between(Some(case.new_at), case.in_progress_at),
            between(Some(case.start_at), case.in_progress_at),
        )
    };
    Times {
        to_detect,
        to_triage,
        to_qualify: between(case.alert_new_at, case.alert_imported_at),
        to_acknowledge,
        to_resolve: between(work_began, case.end_at),
        handling: between(work_began, case.closed_at),
    }
}

/// The tags after an update: replaced, then added to, then removed from. Each once, in the order given; the new ones as
/// one line.
pub(crate) fn tags_after(
    before: &[String],
    replace: Option<Vec<String>>,
    add: Option<Vec<String>>,
    remove: Option<Vec<String>>,
) -> Result<Vec<String>, FieldProblem> {
    let mut tags = if replace.is_some() {
        Vec::new()
    } else {
        before.to_vec()
    };
    for tag in replace.into_iter().chain(add).flatten() {
        let tag = one_line(&tag);
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if let Some(remove) = remove {
        tags.retain(|tag| !remove.contains(tag));
    }
    if tags.len() > TAGS_MAX {
        return Err(FieldProblem::format(
            "tags",
            format!("must be at most {TAGS_MAX}"),
        ));
    }
    Ok(tags)
}

/// What is wrong with the dates that a request gave, if anything.
pub(super) fn date_problem(start_at: i64, end_at: Option<i64>) -> Option<FieldProblem> {
    let is_reversed = end_at.is_some_and(|end_at| end_at < start_at);
    is_reversed.then(|| FieldProblem::format("endDate", "must not be before startDate"))
}

/// What is wrong with the impact, if anything.
pub(super) fn impact_problem(impact: &str) -> Option<FieldProblem> {
    let is_known = IMPACTS.contains(&impact);
    (!is_known).then(|| {
        FieldProblem::format(
            "impactStatus",
            format!("must be one of {}", IMPACTS.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{date_problem, set_status, tags_after, times};
    use crate::access::PermissionSet;
    use crate::investigation::case::model::{Access, Case};
    use crate::vocabulary::case_status::model::CaseStage;

    fn a_case() -> Case {
        Case {
            id: 1,
            number: 1,
            organisation_id: 1,
            title: "t".into(),
            description: "d".into(),
            severity: 2,
            start_at: 100,
            end_at: None,
            due_at: None,
            flag: false,
            tlp: 2,
            pap: 2,
            status: "New".into(),
            stage: CaseStage::New,
            summary: None,
            impact_status: None,
            assignee: None,
            access: Access::Organisation,
            task_rule: "manual".into(),
            observable_rule: "manual".into(),
            new_at: 150,
            in_progress_at: None,
            closed_at: None,
            alert_at: None,
            alert_new_at: None,
            alert_in_progress_at: None,
            alert_imported_at: None,
            created_at: 150,
            created_by: "u".into(),
            updated_at: None,
            updated_by: None,
            tags: vec![],
            custom_fields: vec![],
            permissions: PermissionSet::EMPTY,
        }
    }

    #[test]
    fn the_first_entry_into_a_stage_stays() {
        let mut case = a_case();
        set_status(&mut case, "InProgress".into(), CaseStage::InProgress, 200);
        set_status(&mut case, "TruePositive".into(), CaseStage::Closed, 300);
        assert_eq!(
            (case.in_progress_at, case.closed_at, case.end_at),
            (Some(200), Some(300), Some(300))
        );
        set_status(&mut case, "InProgress".into(), CaseStage::InProgress, 400);
        set_status(&mut case, "Other".into(), CaseStage::Closed, 500);
        assert_eq!(
            (case.in_progress_at, case.closed_at, case.end_at),
            (Some(200), Some(300), Some(500))
        );
        set_status(&mut case, "FalsePositive".into(), CaseStage::Closed, 600);
        assert_eq!(
            case.end_at,
            Some(600),
            "another closed status sets the end anew"
        );
        set_status(&mut case, "FalsePositive".into(), CaseStage::Closed, 700);
        assert_eq!(case.end_at, Some(600), "the same status is no change");
    }

    #[test]
    fn closing_at_once_sets_both_dates() {
        let mut case = a_case();
        set_status(&mut case, "Other".into(), CaseStage::Closed, 300);
        assert_eq!(
            (case.in_progress_at, case.closed_at),
            (Some(300), Some(300))
        );
    }

    #[test]
    fn times_without_an_alert() {
        let mut case = a_case();
        let new = times(&case);
        assert_eq!(
            (new.to_detect, new.to_triage, new.to_resolve),
            (50, None, None)
        );
        set_status(&mut case, "InProgress".into(), CaseStage::InProgress, 200);
        set_status(&mut case, "Other".into(), CaseStage::Closed, 300);
        let closed = times(&case);
        assert_eq!(closed.to_triage, Some(50));
        assert_eq!(closed.to_acknowledge, Some(100));
        assert_eq!(closed.to_qualify, None);
        assert_eq!((closed.to_resolve, closed.handling), (Some(100), Some(100)));
    }

    #[test]
    fn times_with_an_alert() {
        let mut case = a_case();
        case.alert_at = Some(10);
        case.alert_new_at = Some(30);
        case.alert_in_progress_at = Some(70);
        case.alert_imported_at = Some(150);
        set_status(&mut case, "InProgress".into(), CaseStage::InProgress, 200);
        set_status(&mut case, "Other".into(), CaseStage::Closed, 300);
        let closed = times(&case);
        assert_eq!(closed.to_detect, 20);
        assert_eq!(closed.to_triage, Some(40));
        assert_eq!(closed.to_qualify, Some(120));
        assert_eq!(closed.to_acknowledge, Some(60));
        assert_eq!((closed.to_resolve, closed.handling), (Some(230), Some(230)));
    }

    #[test]
    fn tags_are_replaced_then_added_then_removed() {
        let list = |tags: &[&str]| tags.iter().map(ToString::to_string).collect::<Vec<_>>();
        let after = tags_after(
            &list(&["a"]),
            Some(list(&["b", "c", "b"])),
            Some(list(&["d"])),
            Some(list(&["c"])),
        );
        assert_eq!(after.unwrap(), list(&["b", "d"]));
        assert_eq!(
            tags_after(&list(&["a"]), None, None, None).unwrap(),
            list(&["a"])
        );
        let untidy = Some(list(&[" a\n", "b\tc", "\u{1}", "d"]));
        let after = tags_after(&list(&["d ", "e"]), None, untidy, Some(list(&["d "])));
        assert_eq!(after.unwrap(), list(&["e", "a", "b c", "d"]));
        let many = (0..201).map(|index| index.to_string()).collect();
        assert!(tags_after(&[], Some(many), None, None).is_err());
    }

    #[test]
    fn an_end_before_the_start_is_refused() {
        assert!(date_problem(2, Some(1)).is_some());
        assert!(date_problem(2, Some(2)).is_none());
        assert!(date_problem(2, None).is_none());
    }
}
