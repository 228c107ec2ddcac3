//! The verbs of tasks.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageTask;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::automation::inbox;
use crate::investigation::case::model::Case;
use crate::investigation::share::model::Part;
use crate::investigation::{case, share};
use crate::storage::Queries;
use crate::tenancy::{membership, organisation::model::Organisation};
use crate::wire::{Date, Markdown, Text};

use super::model::{InputCreateTask, InputUpdateTask, OutputTask, Task, TaskStatus};
use super::{rules, store};

pub(crate) use super::store::{cases_with_action_required, count_by_status};

/// Tasks that one bulk update may change.
const BULK_MAX: usize = 500;

/// Creates a task after the last one of the case.
///
/// # Errors
/// An attribute that is wrong, or an assignee who cannot work on the case.
pub fn create(
    unit: &Writing<ManageTask>,
    case: &Visible<Case>,
    input: InputCreateTask,
) -> Result<Visible<Task>> {
    // The API's number has 32 bits: after the last there is none, and equal ones are in the order of their creation.
    let position = store::next_position(unit, case.id)?.min(i64::from(i32::MAX));
    create_at(unit, case, input, position)
}

/// The same at a place, unless the input names one.
///
/// # Errors
/// Those of [`create`].
pub fn create_at(
    unit: &Writing<ManageTask>,
    case: &Visible<Case>,
    input: InputCreateTask,
    position: i64,
) -> Result<Visible<Task>> {
    let scope = unit.scope();
    let assignee = input.assignee.map(|login| login.to_lowercase());
    check_assignee(unit, case.id, assignee.as_deref())?;
    let mut task = Task {
        id: unit.tx().new_id()?,
        case_id: case.id,
        title: input.title.into_string(),
        group: input
            .group
            .map_or_else(|| "default".to_owned(), Text::into_string),
        description: input.description.map(Markdown::into_string),
        status: TaskStatus::Waiting,
        flag: input.flag.unwrap_or(false),
        start_at: input.start_date.map(Date::ms),
        end_at: None,
        due_at: input.due_date.map(Date::ms),
        assignee,
        position: input.order.map_or(position, i64::from),
        is_mandatory: input.mandatory.unwrap_or(false),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    if let Some(status) = input.status {
        rules::set_status(&mut task, status, &scope.login, scope.now_ms);
    }
    if let Some(end) = input.end_date {
        task.end_at = Some(end.ms());
    }
    check_dates(&task)?;
    store::insert(unit.tx(), &task)?;
    store::insert_share(unit.tx(), &task, scope.organisation.id)?;
    // Who owns the case sees all of its tasks, and others do by the rules of their shares.
    for taker in share::actions::takers_of_new(unit, case.id, Part::Task)? {
        if taker != scope.organisation.id {
            store::insert_share(unit.tx(), &task, taker)?;
        }
    }
    audit::record(
        unit,
        Entry::created(task.touch(), task.context(), &OutputTask::from(&task)),
    )?;
    if let Some(assignee) = &task.assignee {
        inbox::actions::task_assigned(unit, case, &task, assignee)?;
    }
    Visible::by_id(unit, task.id)
}

fn check_assignee<P: Requirement>(
    unit: &Writing<P>,
    case_id: i64,
    login: Option<&str>,
) -> Result<()> {
    let Some(login) = login else { return Ok(()) };
    if membership::actions::can_work_on_case(unit, case_id, login, Permission::ManageTask)? {
        return Ok(());
    }
    let message = format!("is nobody who can work on tasks of the case: {login}");
    Err(Error::invalid(FieldProblem::format("assignee", message)))
}

fn check_dates(task: &Task) -> Result<()> {
    match (task.start_at, task.end_at) {
        (Some(start_at), Some(end_at)) if end_at < start_at => Err(Error::invalid(
            FieldProblem::format("endDate", "must not be before startDate"),
        )),
        _ => Ok(()),
    }
}

/// Changes a task.
///
/// # Errors
/// An attribute that is wrong, or a mandatory task to be completed without a log.
pub fn update(
    unit: &Writing<ManageTask>,
    task: &Visible<Task>,
    input: InputUpdateTask,
) -> Result<()> {
    let before: &Task = task;
    let case = Visible::<Case>::by_id(unit, task.case_id)?;
    case::actions::require_on(&case, Permission::ManageTask)?;
    let after = apply(unit, before, input)?;
    save(unit, before, &after)?;
    if before.status == TaskStatus::Waiting
        && !matches!(after.status, TaskStatus::Waiting | TaskStatus::Cancel)
    {
        case::actions::note_work(unit, &case)?;
    }
    if before.assignee != after.assignee
        && let Some(assignee) = &after.assignee
    {
        inbox::actions::task_assigned(unit, &case, &after, assignee)?;
    }
    Ok(())
}

fn apply(unit: &Writing<ManageTask>, before: &Task, input: InputUpdateTask) -> Result<Task> {
    let scope = unit.scope();
    let mut after = before.clone();
    if let Some(title) = input.title {
        after.title = title.into_string();
    }
    if let Some(group) = input.group {
        after.group = group.into_string();
    }
    after.description = input
        .description
        .map(Markdown::into_string)
        .apply(after.description);
    after.flag = input.flag.unwrap_or(after.flag);
    after.is_mandatory = input.mandatory.unwrap_or(after.is_mandatory);
    after.position = input.order.map_or(after.position, i64::from);
    after.due_at = input.due_date.map(Date::ms).apply(after.due_at);
    after.assignee = input
        .assignee
        .map(|login| login.to_lowercase())
        .apply(after.assignee);
    if after.assignee != before.assignee {
        check_assignee(unit, before.case_id, after.assignee.as_deref())?;
    }
    if let Some(status) = input.status {
        let is_completed_now = status == TaskStatus::Completed && before.status != status;
        if is_completed_now && after.is_mandatory && store::count_logs(unit, before.id)? == 0 {
            return Err(Error::Rule(format!(
                "The mandatory task {} needs a log before it can be completed",
                before.title
            )));
        }
        rules::set_status(&mut after, status, &scope.login, scope.now_ms);
    }
    let are_dates_given = input.start_date.is_given() || input.end_date.is_given();
    after.start_at = input.start_date.map(Date::ms).apply(after.start_at);
    after.end_at = input.end_date.map(Date::ms).apply(after.end_at);
    if are_dates_given {
        check_dates(&after)?;
    }
    Ok(after)
}

/// Writes the changed task and its audit record, if anything changed.
fn save<P: Requirement>(unit: &Writing<P>, before: &Task, after: &Task) -> Result<()> {
    let changes = differences(before, after);
    if changes.is_empty() {
        return Ok(());
    }
    let mut after = after.clone();
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), before, &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.context(), changes.into_vec()),
    )
}

fn differences(before: &Task, after: &Task) -> Changes {
    let mut changes = Changes::default();
    changes.note("title", &before.title, &after.title);
    changes.note("group", &before.group, &after.group);
    changes.note("description", &before.description, &after.description);
    changes.note("status", &before.status, &after.status);
    changes.note("flag", &before.flag, &after.flag);
    changes.note("startDate", &before.start_at, &after.start_at);
    changes.note("endDate", &before.end_at, &after.end_at);
    changes.note("dueDate", &before.due_at, &after.due_at);
    changes.note("assignee", &before.assignee, &after.assignee);
    changes.note("order", &before.position, &after.position);
    changes.note("mandatory", &before.is_mandatory, &after.is_mandatory);
    changes
}

/// The same change for several tasks: all of them or none.
///
/// # Errors
/// Those of [`update`], for any of them.
pub fn update_all(
    unit: &Writing<ManageTask>,
    ids: &[String],
    input: &InputUpdateTask,
) -> Result<()> {
    if ids.len() > BULK_MAX {
        return Err(Error::invalid(FieldProblem::format(
            "ids",
            format!("must be at most {BULK_MAX}"),
        )));
    }
    for id in ids {
        update(unit, &Visible::get(unit, id)?, input.clone())?;
    }
    Ok(())
}

/// Begins a waiting task: somebody wrote its first log.
///
/// # Errors
/// Only those of the storage.
pub fn note_work(unit: &Writing<ManageTask>, task: &Visible<Task>) -> Result<()> {
    if task.status != TaskStatus::Waiting {
        return Ok(());
    }
    update(
        unit,
        task,
        InputUpdateTask {
            status: Some(TaskStatus::InProgress),
            ..InputUpdateTask::default()
        },
    )
}

/// Deletes a task with its logs.
///
/// # Errors
/// A right that the caller lacks on this case.
pub fn delete(unit: &Writing<ManageTask>, task: &Visible<Task>) -> Result<()> {
    case::actions::require_in(unit, task.case_id, Permission::ManageTask)?;
    store::delete(unit.tx(), task)?;
    audit::record(
        unit,
        Entry::deleted(task.touch(), task.context(), &OutputTask::from(&**task)),
    )
}

/// Gives the open tasks of the case to `assignee`.
///
/// # Errors
/// When `assignee` cannot work on tasks of the case.
pub fn reassign_open(
    unit: &Writing<ManageTask>,
    case: &Visible<Case>,
    assignee: &str,
) -> Result<()> {
    check_assignee(unit, case.id, Some(assignee))?;
    for before in store::by_ids(unit, &store::open_of_case(unit, case.id)?)? {
        let after = Task {
            assignee: Some(assignee.to_owned()),
            ..before.clone()
        };
        save(unit, &before, &after)?;
    }
    Ok(())
}

/// Takes the tasks of the case from those who cannot work on them any more.
///
/// # Errors
/// Only those of the storage.
pub fn let_go_of_assignees<P: Requirement>(unit: &Writing<P>, case_id: i64) -> Result<()> {
    let permission = Permission::ManageTask;
    for assignee in store::assignees_in(unit, case_id)? {
        if membership::actions::can_work_on_case(unit, case_id, &assignee, permission)? {
            continue;
        }
        for before in store::by_ids(unit, &store::assigned_in(unit, case_id, &assignee)?)? {
            let after = Task {
                assignee: None,
                ..before.clone()
            };
            save(unit, &before, &after)?;
        }
    }
    Ok(())
}

/// Ends the open tasks of a case that is closed: started ones are completed, waiting ones cancelled.
///
/// # Errors
/// Only those of the storage.
pub fn finish_for_closing<P: Requirement>(unit: &Writing<P>, case: &Visible<Case>) -> Result<()> {
    let scope = unit.scope();
    for before in store::by_ids(unit, &store::open_of_case(unit, case.id)?)? {
        let mut after = before.clone();
        rules::set_status(
            &mut after,
            rules::status_at_closing(before.status),
            &scope.login,
            scope.now_ms,
        );
        save(unit, &before, &after)?;
    }
    Ok(())
}

/// Titles of the mandatory tasks of the case that are not completed.
///
/// # Errors
/// Only those of the storage.
pub fn unfinished_mandatory(queries: &dyn Queries, case_id: i64) -> Result<Vec<String>> {
    Ok(store::unfinished_mandatory(queries, case_id)?)
}

/// Says whether the task asks an organisation to act.
///
/// # Errors
/// 404 when the organisation does not see the task, or a right that the caller lacks on this case.
pub fn set_action_required(
    unit: &Writing<ManageTask>,
    task: &Visible<Task>,
    organisation: &str,
    is_required: bool,
) -> Result<()> {
    case::actions::require_in(unit, task.case_id, Permission::ManageTask)?;
    let organisations = store::actions_required(unit, task.id)?;
    let own = Visible::<Organisation>::find(unit, organisation)?.map(|own| own.id);
    let found = organisations
        .iter()
        .find(|(name, id, _)| name == organisation || Some(*id) == own);
    let Some((name, id, before)) = found else {
        return Err(Error::not_found("Organisation", organisation));
    };
    let mut changes = Changes::default();
    changes.note("actionRequired", before, &is_required);
    if changes.is_empty() {
        return Ok(());
    }
    store::set_action_required(unit.tx(), task, *id, is_required)?;
    let entry = Entry::updated(task.touch(), task.context(), changes.into_vec());
    audit::record(unit, entry.with_detail("organisation", name.as_str()))
}

/// Puts the texts of these tasks into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    Ok(store::index_again(unit.tx(), ids)?)
}
