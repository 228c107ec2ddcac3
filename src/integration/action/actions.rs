//! The verbs of actions.

use serde_json::{Value as Json, json};

use crate::access::permission::needs::ManageAction;
use crate::access::unit::Scoped;
use crate::access::{Error, Permission, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::integration::cortex;
use crate::integration::cortex::model::{End, Known, Object, Order, Start, cortex_tlp};
use crate::investigation::case;
use crate::storage::Queries;

use super::model::{Action, InputAction, OutputAction};
use super::store;

/// Asks a responder to act on something. `entity` is the thing as responders are told of it.
///
/// # Errors
/// A case that the caller may not have acted on.
pub fn create(
    unit: &Writing<ManageAction>,
    known: Known,
    object: &Object,
    entity: &Json,
    input: InputAction,
) -> Result<Visible<Action>> {
    if let Some(case) = object.case(unit)? {
        case::actions::require_on(&case, Permission::ManageAction)?;
    }
    let scope = unit.scope();
    let action = Action {
        id: unit.tx().new_id()?,
        organisation_id: scope.organisation.id,
        object_type: object.kind.name().to_owned(),
        object_id: object.id,
        context: object.context,
        server_name: known.server_name,
        responder_id: known.id,
        responder_name: known.name,
        responder_definition: None,
        remote_id: None,
        status: "Waiting".to_owned(),
        started_at: scope.now_ms,
        ended_at: None,
        report: json!({}),
        operations: json!([]),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &action)?;
    audit::record(
        unit,
        Entry::created(action.touch(), action.context, &OutputAction::from(&action)),
    )?;
    let mut parameters = input.parameters.unwrap_or_default();
    parameters.insert(
        "organisation".into(),
        scope.organisation.name.clone().into(),
    );
    parameters.insert("user".into(), scope.login.clone().into());
    let order = Order {
        worker_id: action.responder_id.clone(),
        body: json!({
            "label": object.label, "data": entity, "dataType": object.kind.data_type(),
            "tlp": cortex_tlp(input.tlp.map_or(object.tlp, |tlp| tlp.0)), "pap": object.pap,
            "parameters": parameters,
        }),
        file: None,
    };
    cortex::actions::queue(unit, action.touch(), &action.server_name, &order)?;
    Visible::by_id(unit, action.id)
}

/// What an action acts on: the kind and the id.
///
/// # Errors
/// Only those of the storage.
pub fn object_of(queries: &dyn Queries, id: i64) -> Result<Option<(String, i64)>> {
    let found = store::find(queries, id)?;
    Ok(found.map(|action| (action.object_type, action.object_id)))
}

/// Notes that the Cortex has the action.
///
/// # Errors
/// 404 when it is gone.
pub fn begin<P: Requirement>(unit: &Writing<P>, id: i64, start: &Start) -> Result<()> {
    let before = get(unit, id)?;
    let mut after = before.clone();
    after.remote_id = Some(start.remote_id.clone());
    "InProgress".clone_into(&mut after.status);
    after
        .responder_definition
        .clone_from(&start.worker_definition);
    save(unit, &before, after)
}

/// Ends an action: keeps its report and what came of its operations.
///
/// # Errors
/// 404 when it is gone.
pub fn finish<P: Requirement>(unit: &Writing<P>, id: i64, end: &End) -> Result<()> {
    let before = get(unit, id)?;
    let mut after = before.clone();
    end.status().clone_into(&mut after.status);
    after.ended_at = Some(unit.scope().now_ms);
    after.operations = Json::from(end.operations.clone());
    after.report = match &end.problem {
        Some(problem) => json!({ "success": false, "errorMessage": problem }),
        None => end.report.clone(),
    };
    save(unit, &before, after)
}

fn get(queries: &dyn Queries, id: i64) -> Result<Action> {
    store::find(queries, id)?.ok_or_else(|| Error::not_found("Action", format!("~{id}")))
}

fn save<P: Requirement>(unit: &Writing<P>, before: &Action, mut after: Action) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("status", &before.status, &after.status);
    changes.note("cortexJobId", &before.remote_id, &after.remote_id);
    changes.note("endDate", &before.ended_at, &after.ended_at);
    changes.note("operations", &before.operations, &after.operations);
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.context, changes.into_vec()),
    )
}
