//! `/api/v1/catalog`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePattern;
use crate::access::{Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCatalog, InputUpdateCatalog, OutputCatalog};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![create_catalog, update_catalog, delete_catalog]
}

/// Create a catalog of attack patterns.
#[utoipa::path(post, path = "/api/v1/catalog", tag = "Att&ck", request_body = InputCatalog,
    responses((status = 201, body = OutputCatalog)))]
async fn create_catalog(
    by: Authorized<ManagePattern>,
    Body(input): Body<InputCatalog>,
) -> Result<(StatusCode, Json<OutputCatalog>)> {
    let catalog = by.write(|unit| actions::create(unit, input)).await?;
    Ok((StatusCode::CREATED, Json(OutputCatalog::from(&*catalog))))
}

/// Change a catalog's name and description.
#[utoipa::path(patch, path = "/api/v1/catalog/{catalogId}", tag = "Att&ck", params(("catalogId" = String, Path)),
    request_body = InputUpdateCatalog, responses((status = 204)))]
async fn update_catalog(
    by: Authorized<ManagePattern>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateCatalog>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a catalog with its patterns. Refused while procedures use them.
#[utoipa::path(delete, path = "/api/v1/catalog/{catalogId}", tag = "Att&ck", params(("catalogId" = String, Path)),
    responses((status = 204)))]
async fn delete_catalog(
    by: Authorized<ManagePattern>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
