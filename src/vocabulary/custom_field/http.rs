//! `/api/v1/customField`.

use axum::Json;
use http::StatusCode;
use serde::Deserialize;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageCustomField;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::{Path, Query, flag};

use super::actions;
use super::model::{InputCustomField, InputUpdateCustomField, OutputCustomField};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        list_custom_fields,
        create_custom_field,
        update_custom_field,
        delete_custom_field
    ]
}

/// List all custom fields.
#[utoipa::path(get, path = "/api/v1/customField", tag = "Custom field",
    responses((status = 200, body = Vec<OutputCustomField>)))]
async fn list_custom_fields(by: Authenticated) -> Result<Json<Vec<OutputCustomField>>> {
    by.read(|reading| {
        let fields = actions::all(reading)?;
        Ok(Json(fields.iter().map(OutputCustomField::from).collect()))
    })
    .await
}

/// Create a custom field.
#[utoipa::path(post, path = "/api/v1/customField", tag = "Custom field", request_body = InputCustomField,
    responses((status = 201, body = OutputCustomField)))]
async fn create_custom_field(
    by: Authorized<ManageCustomField>,
    Body(input): Body<InputCustomField>,
) -> Result<(StatusCode, Json<OutputCustomField>)> {
    let field = by.write(|unit| actions::create(unit, input)).await?;
    Ok((StatusCode::CREATED, Json(OutputCustomField::from(&*field))))
}

/// Change a custom field.
#[utoipa::path(patch, path = "/api/v1/customField/{customFieldId}", tag = "Custom field",
    params(("customFieldId" = String, Path)), request_body = InputUpdateCustomField,
    responses((status = 204)))]
async fn update_custom_field(
    by: Authorized<ManageCustomField>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateCustomField>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a custom field is deleted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Deletion {
    /// Even while it is used, with all of its values.
    #[serde(default, deserialize_with = "flag")]
    force: bool,
}

/// Delete a custom field.
#[utoipa::path(delete, path = "/api/v1/customField/{customFieldId}", tag = "Custom field",
    params(("customFieldId" = String, Path), Deletion), responses((status = 204)))]
async fn delete_custom_field(
    by: Authorized<ManageCustomField>,
    Path(reference): Path<String>,
    Query(deletion): Query<Deletion>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?, deletion.force))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
