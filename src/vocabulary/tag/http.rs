//! `/api/v1/tag`. They are listed by queries.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageTag;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputUpdateTag, OutputTag, Tag};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![get_tag, update_tag, delete_tag]
}

/// Read a tag.
#[utoipa::path(get, path = "/api/v1/tag/{tagId}", tag = "Tag", params(("tagId" = String, Path)),
    responses((status = 200, body = OutputTag)))]
async fn get_tag(by: Authenticated, Path(reference): Path<String>) -> Result<Json<OutputTag>> {
    by.read(move |reading| {
        let tag = Visible::<Tag>::get(reading, &reference)?;
        Ok(Json(OutputTag::from(&*tag)))
    })
    .await
}

/// Change a free tag, on all that carries it.
#[utoipa::path(patch, path = "/api/v1/tag/{tagId}", tag = "Tag", params(("tagId" = String, Path)),
    request_body = InputUpdateTag, responses((status = 204)))]
async fn update_tag(
    by: Authorized<ManageTag>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateTag>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a free tag, and take it from all that carries it.
#[utoipa::path(delete, path = "/api/v1/tag/{tagId}", tag = "Tag", params(("tagId" = String, Path)),
    responses((status = 204)))]
async fn delete_tag(
    by: Authorized<ManageTag>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
