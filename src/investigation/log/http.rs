//! `/api/v1/task/{id}/log` and `/api/v1/log`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageTask;
use crate::access::{Authorized, Permission, Result, Visible};
use crate::investigation::attachment;
use crate::investigation::case::actions::require_in;
use crate::investigation::task::model::Task;
use crate::wire::url::Path;
use crate::wire::{Body, Form};

use super::actions;
use super::model::{InputCreateLog, InputUpdateLog, OutputLog};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![create_log, update_log, delete_log]
}

/// Write a log in a task, as JSON or as a form with files in parts `attachments`.
#[utoipa::path(post, path = "/api/v1/task/{taskId}/log", tag = "Task log", params(("taskId" = String, Path)),
    request_body = InputCreateLog, responses((status = 201, body = OutputLog)))]
async fn create_log(
    by: Authorized<ManageTask>,
    Path(task): Path<String>,
    form: Form,
) -> Result<(StatusCode, Json<OutputLog>)> {
    let reference = task.clone();
    by.read(move |reading| {
        let task = Visible::<Task>::get(reading, &reference)?;
        require_in(reading, task.case_id, Permission::ManageTask)
    })
    .await?;
    let blobs = form.uploads.blobs.clone();
    let parts = form.read().await?;
    let input: InputCreateLog = parts.input()?;
    let files = attachment::actions::keep(&blobs, parts.files, by.scope().now_ms).await?;
    let log = by
        .write(move |unit| actions::create(unit, &Visible::<Task>::get(unit, &task)?, input, files))
        .await?;
    Ok((StatusCode::CREATED, Json(OutputLog::from(&*log))))
}

/// Change a log.
#[utoipa::path(patch, path = "/api/v1/log/{logId}", tag = "Task log", params(("logId" = String, Path)),
    request_body = InputUpdateLog, responses((status = 204)))]
async fn update_log(
    by: Authorized<ManageTask>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateLog>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a log.
#[utoipa::path(delete, path = "/api/v1/log/{logId}", tag = "Task log", params(("logId" = String, Path)),
    responses((status = 204)))]
async fn delete_log(
    by: Authorized<ManageTask>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
