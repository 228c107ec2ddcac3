//! What reports ask for: done in the name of who ran the worker, with his rights, each by the action that people use.

use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::access::permission::Member;
use crate::access::permission::needs::{
    ManageAlertUpdate, ManageCaseUpdate, ManageObservable, ManageTask,
};
use crate::access::{Error, Result, Visible, Writing};
use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::observable::model::Observable;
use crate::investigation::parent::Parent;
use crate::investigation::task::model::Task;
use crate::investigation::{alert, case, log, observable, task};
use crate::vocabulary::alert_status::model::AlertStage;
use crate::wire::body::parse;

use super::model::{Object, ObjectKind};

/// Operations that one report may ask for.
pub(super) const OPERATIONS_MAX: usize = 100;

/// Does one operation on the thing that the worker was run on; says what was done.
///
/// # Errors
/// An operation that there isn't, or that has no meaning for the thing; what the action refuses.
pub(super) fn operate(unit: &Writing<Member>, object: &Object, operation: &Json) -> Result<String> {
    match operation["type"].as_str().unwrap_or_default() {
        "AddTagToCase" => change_case(unit, object, &json!({ "addTags": [operation["tag"]] })),
        "AddTagToAlert" => change_alert(unit, object, &json!({ "addTags": [operation["tag"]] })),
        "AddTagToArtifact" => tag_observable(unit, object, operation),
        "CreateTask" => create_task(unit, object, operation),
        "AddCustomFields" => add_custom_field(unit, object, operation),
        "CloseTask" => close_task(unit, object),
        "MarkAlertAsRead" => mark_as_read(unit, object),
        "AddLogToTask" => add_log(unit, object, operation),
        "AddArtifactToCase" => add_observable(unit, object, operation),
        "AssignCase" => change_case(unit, object, &json!({ "assignee": operation["owner"] })),
        other => Err(Error::Rule(format!("There is no operation {other:?}"))),
    }
}

/// What the operation says, in the form that the action takes.
fn input<T: DeserializeOwned>(json: &Json) -> Result<T> {
    parse(json.to_string().as_bytes())
        .map_err(|error| Error::Rule(format!("The operation cannot be understood: {error}")))
}

fn case_of(unit: &Writing<Member>, object: &Object) -> Result<Visible<Case>> {
    let none = || Error::Rule("There is no case that it belongs to".to_owned());
    object.case(unit)?.ok_or_else(none)
}

/// The alert that it is or belongs to.
fn alert_of(unit: &Writing<Member>, object: &Object) -> Result<Visible<Alert>> {
    if object.context.kind == "Alert" {
        return Visible::by_id(unit, object.context.id);
    }
    Err(Error::Rule(
        "There is no alert that it belongs to".to_owned(),
    ))
}

fn task_of(unit: &Writing<Member>, object: &Object) -> Result<Visible<Task>> {
    let none = || Error::Rule("It is no task and belongs to none".to_owned());
    Visible::by_id(unit, object.task_id.ok_or_else(none)?)
}

fn change_case(unit: &Writing<Member>, object: &Object, change: &Json) -> Result<String> {
    let case = case_of(unit, object)?;
    let by = unit.demand::<ManageCaseUpdate>()?;
    case::actions::update(&by, &case, input(change)?)?;
    Ok(format!("Case #{} is changed", case.number))
}

fn change_alert(unit: &Writing<Member>, object: &Object, change: &Json) -> Result<String> {
    let alert = alert_of(unit, object)?;
    let by = unit.demand::<ManageAlertUpdate>()?;
    alert::actions::update(&by, &alert, input(change)?)?;
    Ok("The alert is changed".to_owned())
}

fn tag_observable(unit: &Writing<Member>, object: &Object, operation: &Json) -> Result<String> {
    if object.kind != ObjectKind::Observable {
        return Err(Error::Rule("It is no observable".to_owned()));
    }
    let found = Visible::<Observable>::by_id(unit, object.id)?;
    let by = unit.demand::<ManageObservable>()?;
    observable::actions::update(
        &by,
        &found,
        input(&json!({ "addTags": [operation["tag"]] }))?,
    )?;
    Ok("The observable is tagged".to_owned())
}

fn create_task(unit: &Writing<Member>, object: &Object, operation: &Json) -> Result<String> {
    let case = case_of(unit, object)?;
    let by = unit.demand::<ManageTask>()?;
    case::actions::require_on(&case, crate::access::Permission::ManageTask)?;
    let wanted = json!({
        "title": operation["title"], "description": operation["description"].as_str().unwrap_or_default(),
    });
    let task = task::actions::create(&by, &case, input(&wanted)?)?;
    Ok(format!("The task {} is created", task.title))
}

/// A value for a custom field of the case, or of the alert where there is no case.
fn add_custom_field(unit: &Writing<Member>, object: &Object, operation: &Json) -> Result<String> {
    let name = operation["name"].as_str().unwrap_or_default();
    if name.is_empty() {
        return Err(Error::Rule("It does not say which custom field".to_owned()));
    }
    let value = json!({ name: operation["value"] });
    if object.case_id.is_some() {
        return change_case(unit, object, &json!({ "setCustomFields": value }));
    }
    change_alert(unit, object, &json!({ "customFields": value }))
}

fn close_task(unit: &Writing<Member>, object: &Object) -> Result<String> {
    let task = task_of(unit, object)?;
    let by = unit.demand::<ManageTask>()?;
    task::actions::update(&by, &task, input(&json!({ "status": "Completed" }))?)?;
    Ok(format!("The task {} is closed", task.title))
}

/// Read is what somebody has begun with, or dealt with: one that is neither is ignored from now on.
fn mark_as_read(unit: &Writing<Member>, object: &Object) -> Result<String> {
    let alert = alert_of(unit, object)?;
    if alert.stage != AlertStage::New {
        return Ok("The alert is read already".to_owned());
    }
    change_alert(unit, object, &json!({ "status": "Ignored" }))
}

fn add_log(unit: &Writing<Member>, object: &Object, operation: &Json) -> Result<String> {
    let task = task_of(unit, object)?;
    let by = unit.demand::<ManageTask>()?;
    let wanted = input(&json!({ "message": operation["content"] }))?;
    log::actions::create(&by, &task, wanted, Vec::new())?;
    Ok(format!("A log is added to the task {}", task.title))
}

fn add_observable(unit: &Writing<Member>, object: &Object, operation: &Json) -> Result<String> {
    let parent = Parent::Case(case_of(unit, object)?);
    let by = unit.demand::<ManageObservable>()?;
    observable::actions::require_on(&parent)?;
    let mut wanted = serde_json::Map::new();
    for name in [
        "data",
        "dataType",
        "message",
        "tlp",
        "ioc",
        "sighted",
        "ignoreSimilarity",
        "tags",
    ] {
        if let Some(value) = operation.get(name).filter(|value| !value.is_null()) {
            wanted.insert(name.to_owned(), value.clone());
        }
    }
    let outcome = observable::actions::create(&by, &parent, &input(&wanted.into())?, Vec::new())?;
    match outcome.refused.into_iter().next() {
        Some(refused) => Err(Error::Rule(refused.message)),
        None => Ok("The observable is added".to_owned()),
    }
}
