//! Puts a timeline together.

use std::collections::HashMap;

use crate::access::unit::Scoped;
use crate::access::{Result, Viewable, Visible};
use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::custom_event::model::CustomEvent;
use crate::investigation::log::model::Log;
use crate::investigation::observable::model::Observable;
use crate::investigation::procedure::model::Procedure;
use crate::investigation::task::model::Task;

use super::model::OutputTimelineEvent;
use super::{rules, store};

/// Everything that happened in a case, the earliest first: one statement for each kind of thing.
///
/// # Errors
/// Only those of the storage.
pub(super) fn of(scoped: &dyn Scoped, case: &Visible<Case>) -> Result<Vec<OutputTimelineEvent>> {
    let id = case.id;
    let mut events = rules::of_case(case);
    let tasks: Vec<Task> = store::seen(scoped, "task.case_id = ?1", id)?;
    let is_done = |task: &&Task| task.status.word() == "Completed";
    events.extend(tasks.iter().filter(is_done).filter_map(rules::of_task));
    let tasks: HashMap<i64, &Task> = tasks.iter().map(|task| (task.id, task)).collect();
    let logs: Vec<Log> = store::seen(
        scoped,
        "log.include_in_timeline_at is not null and log.task_id in (select task.id from task where task.case_id = ?1)",
        id,
    )?;
    events.extend(
        logs.iter()
            .filter_map(|log| rules::of_log(log, tasks.get(&log.task_id).copied())),
    );
    let alerts: Vec<Alert> = store::seen(scoped, "alert.case_id = ?1", id)?;
    events.extend(alerts.iter().map(rules::of_alert));
    let mut sighted: Vec<Observable> = store::seen(
        scoped,
        "observable.is_ioc = 1 and observable.sighted_at is not null and observable.case_id = ?1",
        id,
    )?;
    // A file is told by its name.
    Observable::complete(scoped, &mut sighted)?;
    events.extend(sighted.iter().filter_map(rules::of_observable));
    let procedures: Vec<Procedure> = store::seen(scoped, "procedure.case_id = ?1", id)?;
    events.extend(procedures.iter().map(rules::of_procedure));
    let custom: Vec<CustomEvent> = store::seen(scoped, "custom_event.case_id = ?1", id)?;
    events.extend(custom.iter().map(rules::of_custom_event));
    // At the same moment: in the order in which they were made.
    events.sort_by_key(|event| (event.date, event.entity_id));
    Ok(events)
}
