//! `/api/v1/case/{id}/customEvent` and `/api/v1/customEvent`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageCustomEvent;
use crate::access::{Authorized, Permission, Result, Visible};
use crate::investigation::case::actions::require_on;
use crate::investigation::case::model::Case;
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCustomEvent, InputUpdateCustomEvent, OutputCustomEvent};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_custom_event,
        update_custom_event,
        delete_custom_event
    ]
}

/// Put an event onto the timeline of a case.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/customEvent", tag = "Timeline", params(("caseId" = String, Path)),
    request_body = InputCustomEvent, responses((status = 201, body = OutputCustomEvent)))]
async fn create_custom_event(
    by: Authorized<ManageCustomEvent>,
    Path(case): Path<String>,
    Body(input): Body<InputCustomEvent>,
) -> Result<(StatusCode, Json<OutputCustomEvent>)> {
    let event = by
        .write(move |unit| {
            let case = Visible::<Case>::get(unit, &case)?;
            require_on(&case, Permission::ManageCustomEvent)?;
            actions::create(unit, &case, input)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(OutputCustomEvent::from(&*event))))
}

/// Change an event of the timeline.
#[utoipa::path(patch, path = "/api/v1/customEvent/{eventId}", tag = "Timeline", params(("eventId" = String, Path)),
    request_body = InputUpdateCustomEvent, responses((status = 204)))]
async fn update_custom_event(
    by: Authorized<ManageCustomEvent>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateCustomEvent>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an event off the timeline.
#[utoipa::path(delete, path = "/api/v1/customEvent/{eventId}", tag = "Timeline", params(("eventId" = String, Path)),
    responses((status = 204)))]
async fn delete_custom_event(
    by: Authorized<ManageCustomEvent>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
