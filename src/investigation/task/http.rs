//! `/api/v1/task`.

use std::collections::BTreeMap;

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageTask;
use crate::access::{Authenticated, Authorized, Permission, Result, Visible};
use crate::investigation::case::actions::require_on;
use crate::investigation::case::model::Case;
use crate::wire::url::Path;
use crate::wire::{Body, BulkBody};

use super::model::{InputCreateTask, InputUpdateTask, InputUpdateTaskWithIds, OutputTask, Task};
use super::{actions, store};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_task,
        update_tasks,
        get_task,
        update_task,
        delete_task,
        get_actions_required,
        set_action_required,
        set_action_done,
    ]
}

/// Create a task in a case.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/task", tag = "Task", params(("caseId" = String, Path)),
    request_body = InputCreateTask, responses((status = 201, body = OutputTask)))]
async fn create_task(
    by: Authorized<ManageTask>,
    Path(case): Path<String>,
    Body(input): Body<InputCreateTask>,
) -> Result<(StatusCode, Json<OutputTask>)> {
    let task = by
        .write(move |unit| {
            let case = Visible::<Case>::get(unit, &case)?;
            require_on(&case, Permission::ManageTask)?;
            actions::create(unit, &case, input)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(OutputTask::from(&*task))))
}

/// Read a task.
#[utoipa::path(get, path = "/api/v1/task/{taskId}", tag = "Task", params(("taskId" = String, Path)),
    responses((status = 200, body = OutputTask)))]
async fn get_task(by: Authenticated, Path(reference): Path<String>) -> Result<Json<OutputTask>> {
    let task = by
        .read(move |reading| Visible::<Task>::get(reading, &reference))
        .await?;
    Ok(Json(OutputTask::from(&*task)))
}

/// Change a task.
#[utoipa::path(patch, path = "/api/v1/task/{taskId}", tag = "Task", params(("taskId" = String, Path)),
    request_body = InputUpdateTask, responses((status = 204)))]
async fn update_task(
    by: Authorized<ManageTask>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateTask>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change several tasks: all of them or none.
#[utoipa::path(patch, path = "/api/v1/task/_bulk", tag = "Task", request_body = InputUpdateTaskWithIds,
    responses((status = 204)))]
async fn update_tasks(
    by: Authorized<ManageTask>,
    input: BulkBody<InputUpdateTask>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update_all(unit, &input.ids, &input.update))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a task with its logs.
#[utoipa::path(delete, path = "/api/v1/task/{taskId}", tag = "Task", params(("taskId" = String, Path)),
    responses((status = 204)))]
async fn delete_task(
    by: Authorized<ManageTask>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which organisations the task asks to act, by name.
#[utoipa::path(get, path = "/api/v1/task/{taskId}/actionRequired", tag = "Task",
    params(("taskId" = String, Path)), responses((status = 200, body = BTreeMap<String, bool>)))]
async fn get_actions_required(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<BTreeMap<String, bool>>> {
    by.read(move |reading| {
        let task = Visible::<Task>::get(reading, &reference)?;
        let organisations = store::actions_required(reading, task.id)?;
        Ok(Json(
            organisations
                .into_iter()
                .map(|(name, _, is_required)| (name, is_required))
                .collect(),
        ))
    })
    .await
}

/// Ask an organisation to act on a task.
#[utoipa::path(put, path = "/api/v1/task/{taskId}/actionRequired/{orgId}", tag = "Task",
    params(("taskId" = String, Path), ("orgId" = String, Path)), responses((status = 204)))]
async fn set_action_required(
    by: Authorized<ManageTask>,
    Path((reference, organisation)): Path<(String, String)>,
) -> Result<StatusCode> {
    mark_action(by, reference, organisation, true).await
}

/// Say that an organisation has acted on a task.
#[utoipa::path(put, path = "/api/v1/task/{taskId}/actionDone/{orgId}", tag = "Task",
    params(("taskId" = String, Path), ("orgId" = String, Path)), responses((status = 204)))]
async fn set_action_done(
    by: Authorized<ManageTask>,
    Path((reference, organisation)): Path<(String, String)>,
) -> Result<StatusCode> {
    mark_action(by, reference, organisation, false).await
}

async fn mark_action(
    by: Authorized<ManageTask>,
    reference: String,
    organisation: String,
    is_required: bool,
) -> Result<StatusCode> {
    by.write(move |unit| {
        actions::set_action_required(
            unit,
            &Visible::get(unit, &reference)?,
            &organisation,
            is_required,
        )
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
