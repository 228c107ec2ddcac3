//! The verbs of task logs.

use crate::access::permission::needs::ManageTask;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::automation::inbox;
use crate::automation::inbox::model::About;
use crate::investigation::attachment::{self, actions::KeptFile, model::Place};
use crate::investigation::case::actions::require_in;
use crate::investigation::case::model::Case;
use crate::investigation::task::{self, model::Task};
use crate::wire::{Date, Markdown};

use super::model::{InputCreateLog, InputUpdateLog, Log, OutputLog};
use super::store;

/// Writes a log with its files; a waiting task is begun by it.
///
/// # Errors
/// An empty message, or two files of the same name.
pub fn create(
    unit: &Writing<ManageTask>,
    task: &Visible<Task>,
    input: InputCreateLog,
    files: Vec<KeptFile>,
) -> Result<Visible<Log>> {
    let scope = unit.scope();
    let log = Log {
        id: unit.tx().new_id()?,
        task_id: task.id,
        case_id: task.case_id,
        message: not_empty(input.message)?,
        date_at: input.start_date.map_or(scope.now_ms, Date::ms),
        owner: scope.login.clone(),
        include_in_timeline_at: input.include_in_timeline.map(Date::ms),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        attachments: Vec::new(),
    };
    store::insert(unit.tx(), &log)?;
    audit::record(
        unit,
        Entry::created(log.touch(), log.context(), &OutputLog::from(&log)),
    )?;
    let log = Visible::<Log>::by_id(unit, log.id)?;
    attachment::actions::attach(unit, Place::of_log(&log), files, false)?;
    task::actions::note_work(unit, task)?;
    let case = Visible::<Case>::by_id(unit, task.case_id)?;
    inbox::actions::mentioned(
        unit,
        About::Case(&case),
        Some(task.id),
        None,
        &log.message,
        "",
    )?;
    Visible::by_id(unit, log.id)
}

fn not_empty(message: Markdown) -> Result<String> {
    if message.trim().is_empty() {
        return Err(Error::invalid(FieldProblem::format(
            "message",
            "must not be empty",
        )));
    }
    Ok(message.into_string())
}

/// Changes a log.
///
/// # Errors
/// An empty message, or a right that the caller lacks on this case.
pub fn update(unit: &Writing<ManageTask>, log: &Visible<Log>, input: InputUpdateLog) -> Result<()> {
    require_in(unit, log.case_id, Permission::ManageTask)?;
    let mut after = (**log).clone();
    if let Some(message) = input.message {
        after.message = not_empty(message)?;
    }
    after.include_in_timeline_at = input
        .include_in_timeline
        .map(Date::ms)
        .apply(after.include_in_timeline_at);
    let mut changes = Changes::default();
    changes.note("message", &log.message, &after.message);
    changes.note(
        "includeInTimeline",
        &log.include_in_timeline_at,
        &after.include_in_timeline_at,
    );
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let case = Visible::<Case>::by_id(unit, log.case_id)?;
    inbox::actions::mentioned(
        unit,
        About::Case(&case),
        Some(log.task_id),
        None,
        &after.message,
        &log.message,
    )?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.context(), changes.into_vec()),
    )
}

/// Deletes a log.
///
/// # Errors
/// A right that the caller lacks on this case.
pub fn delete(unit: &Writing<ManageTask>, log: &Visible<Log>) -> Result<()> {
    require_in(unit, log.case_id, Permission::ManageTask)?;
    store::delete(unit.tx(), log)?;
    audit::record(
        unit,
        Entry::deleted(log.touch(), log.context(), &OutputLog::from(&**log)),
    )
}

/// Puts the texts of these logs into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    Ok(store::index_again(unit.tx(), ids)?)
}
