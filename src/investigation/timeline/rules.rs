//! What each entity has to tell on a timeline.

use serde_json::{Map, Value as Json, json};

use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::custom_event::model::CustomEvent;
use crate::investigation::log::model::Log;
use crate::investigation::observable::model::Observable;
use crate::investigation::procedure::model::Procedure;
use crate::investigation::task::model::Task;
use crate::wire::EntityId;

use super::model::OutputTimelineEvent;

fn event(
    date: i64,
    (kind, entity): (&'static str, &'static str),
    id: i64,
    details: Json,
) -> OutputTimelineEvent {
    let Json::Object(mut details) = details else {
        return event(date, (kind, entity), id, Json::Object(Map::new()));
    };
    // What is missing is left out, as everywhere.
    details.retain(|_, value| !value.is_null());
    OutputTimelineEvent {
        date,
        kind,
        entity,
        entity_id: EntityId(id),
        details,
        end_date: None,
    }
}

/// The case's own steps. It always has its creation.
pub(super) fn of_case(case: &Case) -> Vec<OutputTimelineEvent> {
    let details = |more: Json| {
        let mut details =
            json!({ "number": case.number, "title": case.title, "severity": case.severity });
        if let (Json::Object(details), Json::Object(more)) = (&mut details, more) {
            details.extend(more);
        }
        details
    };
    let step = |kind, date, more| event(date, (kind, "Case"), case.id, details(more));
    let mut events = Vec::new();
    if case.start_at != case.created_at {
        events.push(step("CaseStarted", case.start_at, json!({})));
    }
    events.push(step(
        "CaseCreated",
        case.created_at,
        json!({ "createdBy": case.created_by }),
    ));
    if let Some(date) = case.in_progress_at {
        events.push(step(
            "CaseInProgress",
            date,
            json!({ "assignee": case.assignee }),
        ));
    }
    if let Some(date) = case.closed_at {
        events.push(step("CaseClosed", date, json!({ "status": case.status })));
    }
    events
}

/// A task that was completed, at its end.
pub(super) fn of_task(task: &Task) -> Option<OutputTimelineEvent> {
    let details = json!({ "title": task.title, "group": task.group, "assignee": task.assignee });
    Some(event(
        task.end_at?,
        ("TaskCompleted", "Task"),
        task.id,
        details,
    ))
}

/// A note that its author wants on the timeline.
pub(super) fn of_log(log: &Log, task: Option<&Task>) -> Option<OutputTimelineEvent> {
    let details = json!({
        "message": log.message, "owner": log.owner, "taskId": EntityId(log.task_id),
        "title": task.map(|task| &task.title),
    });
    Some(event(
        log.include_in_timeline_at?,
        ("Log", "Log"),
        log.id,
        details,
    ))
}

/// An alert that went into the case, when what it reports happened.
pub(super) fn of_alert(alert: &Alert) -> OutputTimelineEvent {
    let details = json!({
        "title": alert.title, "severity": alert.severity, "type": alert.alert_type, "source": alert.source,
        "sourceRef": alert.source_ref,
    });
    event(alert.date_at, ("AlertDate", "Alert"), alert.id, details)
}

/// An indicator of compromise, when it was sighted.
pub(super) fn of_observable(observable: &Observable) -> Option<OutputTimelineEvent> {
    let details = json!({
        "dataType": observable.data_type, "data": observable.label(), "message": observable.message,
    });
    Some(event(
        observable.sighted_at?,
        ("Sighting", "Observable"),
        observable.id,
        details,
    ))
}

/// A technique, when it was used.
pub(super) fn of_procedure(procedure: &Procedure) -> OutputTimelineEvent {
    let details = json!({
        "patternId": procedure.external_id, "title": procedure.pattern_name, "tactic": procedure.tactic,
        "tacticLabel": procedure.tactic_label, "description": procedure.description,
    });
    event(
        procedure.occur_at,
        ("Procedure", "Procedure"),
        procedure.id,
        details,
    )
}

/// What somebody wrote onto the timeline.
pub(super) fn of_custom_event(custom: &CustomEvent) -> OutputTimelineEvent {
    let details = json!({
        "title": custom.title, "description": custom.description, "createdBy": custom.created_by,
    });
    OutputTimelineEvent {
        end_date: custom.end_at,
        ..event(
            custom.date_at,
            ("CustomEvent", "Custom"),
            custom.id,
            details,
        )
    }
}
