//! `/api/v1/caseStatus`. They are read by queries.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePlatform;
use crate::access::{Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCreateCaseStatus, InputUpdateCaseStatus, OutputCaseStatus};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![create_case_status, update_case_status, delete_case_status]
}

/// Create a case status.
#[utoipa::path(post, path = "/api/v1/caseStatus", tag = "Case status", request_body = InputCreateCaseStatus,
    responses((status = 201, body = OutputCaseStatus)))]
async fn create_case_status(
    by: Authorized<ManagePlatform>,
    Body(input): Body<InputCreateCaseStatus>,
) -> Result<(StatusCode, Json<OutputCaseStatus>)> {
    let status = by.write(|unit| actions::create(unit, input)).await?;
    Ok((StatusCode::CREATED, Json(OutputCaseStatus::from(&*status))))
}

/// Change how a case status is shown.
#[utoipa::path(patch, path = "/api/v1/caseStatus/{id}", tag = "Case status",
    params(("id" = String, Path)), request_body = InputUpdateCaseStatus,
    responses((status = 204)))]
async fn update_case_status(
    by: Authorized<ManagePlatform>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateCaseStatus>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a case status that no case has.
#[utoipa::path(delete, path = "/api/v1/caseStatus/{id}", tag = "Case status",
    params(("id" = String, Path)), responses((status = 204)))]
async fn delete_case_status(
    by: Authorized<ManagePlatform>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
