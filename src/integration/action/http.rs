//! `/api/v1/connector/cortex/action` and `…/responder`.

use axum::{Extension, Json};

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageAction;
use crate::access::{
    Authenticated, Authorized, Error, FieldProblem, Reading, Requirement, Result, Visible,
};
use crate::integration::cortex;
use crate::integration::cortex::model::{
    Object, ObjectKind, OutputResponder, OutputWorker, cortex_tlp,
};
use crate::integration::server::Integrations;
use crate::legacy;
use crate::query::{Catalogue, entities};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{ACTIONS_MAX, Action, InputAction, OutputAction};
use super::store;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_action,
        create_actions,
        list_actions_of,
        list_responders_for,
        list_responders,
    ]
}

/// Ask a responder to act on a case, an alert, a task, a log or an observable.
#[utoipa::path(post, path = "/api/v1/connector/cortex/action", tag = "Cortex",
    request_body = InputAction, responses((status = 200, body = OutputAction)))]
async fn create_action(
    by: Authorized<ManageAction>,
    Extension(integrations): Extension<Integrations>,
    Extension(catalogue): Extension<&'static Catalogue>,
    Body(input): Body<InputAction>,
) -> Result<Json<OutputAction>> {
    let action = create(&by, &integrations, catalogue, input).await?;
    Ok(Json(OutputAction::from(&*action)))
}

/// Ask for several actions, one after the other.
#[utoipa::path(post, path = "/api/v1/connector/cortex/actions", tag = "Cortex",
    request_body = Vec<InputAction>, responses((status = 200, body = Vec<OutputAction>)))]
async fn create_actions(
    by: Authorized<ManageAction>,
    Extension(integrations): Extension<Integrations>,
    Extension(catalogue): Extension<&'static Catalogue>,
    Body(inputs): Body<Vec<InputAction>>,
) -> Result<Json<Vec<OutputAction>>> {
    if inputs.len() > ACTIONS_MAX {
        return Err(Error::Rule(format!(
            "There can be at most {ACTIONS_MAX} actions in one request"
        )));
    }
    let mut created = Vec::with_capacity(inputs.len());
    for input in inputs {
        let action = create(&by, &integrations, catalogue, input).await?;
        created.push(OutputAction::from(&*action));
    }
    Ok(Json(created))
}

async fn create(
    by: &Authorized<ManageAction>,
    integrations: &Integrations,
    catalogue: &'static Catalogue,
    input: InputAction,
) -> Result<Visible<Action>> {
    let kind = kind_of(&input.object_type, "objectType")?;
    let reference = input.object_id.clone();
    let (object, entity) = by
        .read(move |reading| {
            let object = Object::get(reading, kind, &reference)?;
            let entity = told(reading, catalogue, &object)?;
            Ok((object, entity))
        })
        .await?;
    let wanted = input.cortex_id.as_deref();
    let found = cortex::actions::find_responder(by, integrations, &input.responder_id, wanted);
    let known = found.await?;
    by.write(move |unit| actions::create(unit, known, &object, &entity, input))
        .await
}

fn kind_of(word: &str, field: &str) -> Result<ObjectKind> {
    ObjectKind::by_word(word).ok_or_else(|| {
        Error::invalid(FieldProblem::format(
            field,
            "must be Case, Alert, Task, Log or Observable",
        ))
    })
}

/// The thing as responders are told of it: in its old form, with what it belongs to.
fn told(reading: &Reading, catalogue: &Catalogue, object: &Object) -> Result<serde_json::Value> {
    let one = |kind: ObjectKind, id: i64| {
        let mut found = entities(reading, catalogue, kind.name(), &[id])?;
        found
            .pop()
            .ok_or_else(|| Error::not_found(kind.name(), format!("~{id}")))
    };
    let mut now = one(object.kind, object.id)?;
    let case = object
        .case_id
        .map(|id| one(ObjectKind::Case, id))
        .transpose()?;
    match object.kind {
        ObjectKind::Case | ObjectKind::Alert => {}
        ObjectKind::Task => now["extraData"]["case"] = case.unwrap_or_default(),
        ObjectKind::Log => {
            if let Some(task_id) = object.task_id {
                let mut task = one(ObjectKind::Task, task_id)?;
                task["extraData"]["case"] = case.unwrap_or_default();
                now["extraData"]["task"] = task;
            }
        }
        ObjectKind::Observable => {
            if let Some(case) = case {
                now["extraData"]["links"]["case"] = case;
            } else {
                now["extraData"]["links"]["alert"] = one(ObjectKind::Alert, object.context.id)?;
            }
        }
    }
    Ok(legacy::old_form(object.kind.old_word(), &now))
}

/// List what responders did to something.
#[utoipa::path(get, path = "/api/v1/connector/cortex/action/{entityType}/{entityId}", tag = "Cortex",
    params(("entityType" = String, Path), ("entityId" = String, Path)),
    responses((status = 200, body = Vec<OutputAction>)))]
async fn list_actions_of(
    by: Authenticated,
    Path((word, reference)): Path<(String, String)>,
) -> Result<Json<Vec<OutputAction>>> {
    let kind = kind_of(&word, "entityType")?;
    by.read(move |reading| {
        let object = Object::get(reading, kind, &reference)?;
        let ids = store::ids_of_object(reading, object.id)?;
        let actions = Visible::all_by_id(reading, &ids, |action: &Action| action.id)?;
        Ok(Json(
            actions
                .iter()
                .map(|action| OutputAction::from(&**action))
                .collect(),
        ))
    })
    .await
}

/// List the responders that may act on something, by its TLP and PAP.
#[utoipa::path(get, path = "/api/v1/connector/cortex/responder/{entityType}/{entityId}", tag = "Cortex",
    params(("entityType" = String, Path), ("entityId" = String, Path)),
    responses((status = 200, body = Vec<OutputWorker>)))]
async fn list_responders_for(
    by: Authenticated,
    Extension(integrations): Extension<Integrations>,
    Path((word, reference)): Path<(String, String)>,
) -> Result<Json<Vec<OutputWorker>>> {
    let kind = kind_of(&word, "entityType")?;
    let object = by
        .read(move |reading| Object::get(reading, kind, &reference))
        .await?;
    let found = responders(&by, &integrations, kind).await?;
    let tlp = cortex_tlp(object.tlp);
    Ok(Json(
        found
            .into_iter()
            .filter(|worker| worker.max_tlp >= tlp && worker.max_pap >= object.pap)
            .map(|worker| worker.output)
            .collect(),
    ))
}

/// List the responders for a kind of thing.
#[utoipa::path(get, path = "/api/v1/connector/cortex/responders/{entityType}", tag = "Cortex",
    params(("entityType" = String, Path)), responses((status = 200, body = Vec<OutputResponder>)))]
async fn list_responders(
    by: Authorized<ManageAction>,
    Extension(integrations): Extension<Integrations>,
    Path(word): Path<String>,
) -> Result<Json<Vec<OutputResponder>>> {
    let kind = kind_of(&word, "entityType")?;
    let found = responders(&by, &integrations, kind).await?;
    Ok(Json(
        found
            .into_iter()
            .map(|worker| OutputResponder::from(worker.output))
            .collect(),
    ))
}

async fn responders<P: Requirement>(
    by: &Authorized<P>,
    integrations: &Integrations,
    kind: ObjectKind,
) -> Result<Vec<cortex::model::Offered>> {
    cortex::actions::responders(by, integrations, kind).await
}
