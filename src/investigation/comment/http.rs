//! `/api/v1/case/{id}/comment`, the same of an alert, and `/api/v1/comment`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageComment;
use crate::access::{Authorized, Result, Visible};
use crate::investigation::parent::Parent;
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputComment, OutputComment};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_comment,
        create_alert_comment,
        update_comment,
        delete_comment
    ]
}

/// Write a comment on a case.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/comment", tag = "Comment", params(("caseId" = String, Path)),
    request_body = InputComment, responses((status = 201, body = OutputComment)))]
async fn create_comment(
    by: Authorized<ManageComment>,
    Path(case): Path<String>,
    Body(input): Body<InputComment>,
) -> Result<(StatusCode, Json<OutputComment>)> {
    let comment = by
        .write(move |unit| {
            let case = Parent::Case(Visible::get(unit, &case)?);
            actions::create(unit, &case, input)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(OutputComment::from(&*comment))))
}

/// Write a comment on an alert.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/comment", tag = "Comment",
    params(("alertId" = String, Path)), request_body = InputComment,
    responses((status = 201, body = OutputComment)))]
async fn create_alert_comment(
    by: Authorized<ManageComment>,
    Path(alert): Path<String>,
    Body(input): Body<InputComment>,
) -> Result<(StatusCode, Json<OutputComment>)> {
    let comment = by
        .write(move |unit| {
            let alert = Parent::Alert(Visible::get(unit, &alert)?);
            actions::create(unit, &alert, input)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(OutputComment::from(&*comment))))
}

/// Change a comment.
#[utoipa::path(patch, path = "/api/v1/comment/{commentId}", tag = "Comment", params(("commentId" = String, Path)),
    request_body = InputComment, responses((status = 204)))]
async fn update_comment(
    by: Authorized<ManageComment>,
    Path(reference): Path<String>,
    Body(input): Body<InputComment>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a comment.
#[utoipa::path(delete, path = "/api/v1/comment/{commentId}", tag = "Comment", params(("commentId" = String, Path)),
    responses((status = 204)))]
async fn delete_comment(
    by: Authorized<ManageComment>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
