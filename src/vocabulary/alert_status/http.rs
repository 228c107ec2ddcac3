//! `/api/v1/alertStatus`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePlatform;
use crate::access::{Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCreateAlertStatus, InputUpdateAlertStatus, OutputAlertStatus};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_alert_status,
        update_alert_status,
        delete_alert_status
    ]
}

/// Create an alert status.
#[utoipa::path(post, path = "/api/v1/alertStatus", tag = "Status", request_body = InputCreateAlertStatus,
    responses((status = 201, body = OutputAlertStatus)))]
async fn create_alert_status(
    by: Authorized<ManagePlatform>,
    Body(input): Body<InputCreateAlertStatus>,
) -> Result<(StatusCode, Json<OutputAlertStatus>)> {
    let status = by.write(|unit| actions::create(unit, input)).await?;
    Ok((StatusCode::CREATED, Json(OutputAlertStatus::from(&*status))))
}

/// Change how an alert status is shown.
#[utoipa::path(patch, path = "/api/v1/alertStatus/{id}", tag = "Status",
    params(("id" = String, Path)), request_body = InputUpdateAlertStatus, responses((status = 204)))]
async fn update_alert_status(
    by: Authorized<ManagePlatform>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateAlertStatus>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete an alert status that no alert has.
#[utoipa::path(delete, path = "/api/v1/alertStatus/{id}", tag = "Status",
    params(("id" = String, Path)), responses((status = 204)))]
async fn delete_alert_status(
    by: Authorized<ManagePlatform>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
