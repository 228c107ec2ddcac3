//! Pure decisions about alerts: what a change of status does to the dates, the computed times.

use crate::vocabulary::alert_status::model::AlertStage;

use super::model::Alert;
use crate::investigation::case::model::Case;

/// Gives the alert another status at `now_ms`. The date of a stage records the first entry and never changes; an alert
/// that is closed or imported without having been in progress gets both dates.
pub(super) fn set_status(alert: &mut Alert, status: String, stage: AlertStage, now_ms: i64) {
    if alert.status == status {
        return;
    }
    alert.status = status;
    alert.stage = stage;
    if stage != AlertStage::New {
        alert.in_progress_at.get_or_insert(now_ms);
    }
    match stage {
        AlertStage::New | AlertStage::InProgress => {}
        AlertStage::Closed => {
            alert.closed_at.get_or_insert(now_ms);
        }
        AlertStage::Imported => {
            alert.imported_at.get_or_insert(now_ms);
        }
    }
}

/// Whether going from one stage to the other takes the right to reopen: back from a verdict, or back from work.
pub(super) fn is_reopening(before: AlertStage, after: AlertStage) -> bool {
    matches!(
        (before, after),
        (AlertStage::Closed, AlertStage::New | AlertStage::InProgress)
            | (AlertStage::InProgress, AlertStage::New)
    )
}

/// Whether somebody who brings an alert from one stage to the other has taken it on.
pub(super) fn is_taking_on(before: AlertStage, after: AlertStage) -> bool {
    before != after && matches!(after, AlertStage::InProgress | AlertStage::Closed)
}

/// The times of an alert, in milliseconds (section 8.2 of the contract). One is absent while an operand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "the contract's names, timeToDetect and so on"
)]
pub struct Times {
    pub to_detect: i64,
    pub to_triage: Option<i64>,
    pub to_qualify: Option<i64>,
    pub to_acknowledge: Option<i64>,
}

/// Computes the times from the dates of the alert.
pub(super) fn times(alert: &Alert) -> Times {
    Times {
        to_detect: alert.new_at - alert.date_at,
        to_triage: alert.in_progress_at.map(|at| at - alert.new_at),
        to_qualify: alert
            .imported_at
            .max(alert.closed_at)
            .map(|at| at - alert.new_at),
        to_acknowledge: alert.in_progress_at.map(|at| at - alert.date_at),
    }
}

/// What a case tells after alerts were merged into it.
pub(super) struct Told {
    pub description: String,
    pub tags: Vec<String>,
}

impl Told {
    /// What it tells before.
    pub(super) fn of(case: &Case) -> Self {
        Self {
            description: case.description.clone(),
            tags: case.tags.clone(),
        }
    }

    /// Adds what an alert tells: a heading, its description unless that is there already, its tags.
    pub(super) fn add(&mut self, alert: &Alert) {
        let text = alert.description.trim();
        let is_told = text.is_empty() || self.description.contains(text);
        if !self.description.is_empty() {
            self.description.push_str("\n\n");
        }
        let heading = format!(
            "#### Merged with alert #{} {}",
            alert.source_ref, alert.title
        );
        self.description.push_str(&heading);
        if !is_told {
            self.description.push_str("\n\n");
            self.description.push_str(text);
        }
        for tag in &alert.tags {
            if !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Told, is_reopening, is_taking_on, set_status, times};
    use crate::investigation::alert::model::Alert;
    use crate::vocabulary::alert_status::model::AlertStage;

    fn an_alert() -> Alert {
        Alert {
            id: 1,
            organisation_id: 1,
            alert_type: "siem".into(),
            source: "splunk".into(),
            source_ref: "1".into(),
            external_link: None,
            title: "t".into(),
            description: "d".into(),
            severity: 2,
            date_at: 100,
            tlp: 2,
            pap: 2,
            follow: true,
            status: "New".into(),
            stage: AlertStage::New,
            summary: None,
            assignee: None,
            case_template: None,
            case_id: None,
            new_at: 150,
            in_progress_at: None,
            closed_at: None,
            imported_at: None,
            last_sync_at: None,
            created_at: 150,
            created_by: "u".into(),
            updated_at: None,
            updated_by: None,
            tags: vec![],
            custom_fields: vec![],
            observable_count: 0,
        }
    }

    #[test]
    fn the_first_entry_into_a_stage_stays() {
        let mut alert = an_alert();
        set_status(&mut alert, "InProgress".into(), AlertStage::InProgress, 200);
        set_status(&mut alert, "Ignored".into(), AlertStage::Closed, 300);
        set_status(&mut alert, "New".into(), AlertStage::New, 400);
        set_status(&mut alert, "Duplicate".into(), AlertStage::Closed, 500);
        assert_eq!(
            (alert.in_progress_at, alert.closed_at),
            (Some(200), Some(300))
        );
        let times = times(&alert);
        assert_eq!(
            (times.to_detect, times.to_triage, times.to_acknowledge),
            (50, Some(50), Some(100))
        );
        assert_eq!(times.to_qualify, Some(150));
    }

    #[test]
    fn importing_at_once_sets_both_dates_and_the_later_verdict_counts() {
        let mut alert = an_alert();
        assert_eq!(times(&alert).to_qualify, None);
        set_status(&mut alert, "Imported".into(), AlertStage::Imported, 300);
        assert_eq!(
            (alert.in_progress_at, alert.imported_at, alert.closed_at),
            (Some(300), Some(300), None)
        );
        set_status(&mut alert, "Ignored".into(), AlertStage::Closed, 350);
        assert_eq!(times(&alert).to_qualify, Some(200));
    }

    #[test]
    fn a_case_tells_of_each_alert_but_no_description_twice() {
        let mut told = Told {
            description: "before".into(),
            tags: vec!["a".into()],
        };
        let mut alert = an_alert();
        alert.description = "what happened".into();
        alert.tags = vec!["a".into(), "b".into()];
        told.add(&alert);
        told.add(&alert);
        assert_eq!(
            told.description,
            "before\n\n#### Merged with alert #1 t\n\nwhat happened\n\n#### Merged with alert #1 t"
        );
        assert_eq!(told.tags, ["a", "b"]);
    }

    #[test]
    fn the_way_back_is_reopening() {
        use AlertStage::{Closed, Imported, InProgress, New};
        for (before, after) in [(Closed, New), (Closed, InProgress), (InProgress, New)] {
            assert!(is_reopening(before, after), "{before:?} {after:?}");
        }
        for (before, after) in [
            (New, Closed),
            (InProgress, Closed),
            (Imported, New),
            (New, New),
        ] {
            assert!(!is_reopening(before, after), "{before:?} {after:?}");
        }
        assert!(is_taking_on(New, Closed) && is_taking_on(New, InProgress));
        assert!(!is_taking_on(New, Imported) && !is_taking_on(Closed, Closed));
    }
}
