//! `/api/v1/organisation`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageOrganisation;
use crate::access::{Authenticated, Authorized, Error, Result, Visible};
use crate::tenancy::avatar;
use crate::wire::url::Path;
use crate::wire::{Body, Form};

use super::actions;
use super::model::{
    InputCreateOrganisation, InputUpdateOrganisation, Neighbour, OutputOrganisation,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_organisation,
        get_organisation,
        update_organisation,
        get_organisation_avatar
    ]
}

/// Create an organisation, as JSON or as a form with JSON in its part `_json` and a picture in its part `avatar`.
#[utoipa::path(post, path = "/api/v1/organisation", tag = "Organisation", request_body = InputCreateOrganisation,
    responses((status = 201, body = OutputOrganisation)))]
async fn create_organisation(
    by: Authorized<ManageOrganisation>,
    form: Form,
) -> Result<(StatusCode, Json<OutputOrganisation>)> {
    let mut parts = form.read().await?;
    let picture = avatar::in_form(&mut parts).await?;
    let mut input: InputCreateOrganisation = parts.input()?;
    input.avatar = picture.or(input.avatar);
    let organisation = by.write(|unit| actions::create(unit, input)).await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputOrganisation::from(&*organisation)),
    ))
}

/// Read an organisation by id or name.
#[utoipa::path(get, path = "/api/v1/organisation/{orgId}", tag = "Organisation", params(("orgId" = String, Path)),
    responses((status = 200, body = OutputOrganisation)))]
async fn get_organisation(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputOrganisation>> {
    by.read(move |reading| {
        let organisation = Visible::<Neighbour>::get(reading, &reference)?;
        let organisation = organisation.into_inner().into_organisation();
        let output = actions::with_links(reading, &[organisation])?.pop();
        output
            .map(Json)
            .ok_or_else(|| Error::not_found("Organisation", &reference))
    })
    .await
}

/// Change an organisation.
#[utoipa::path(patch, path = "/api/v1/organisation/{orgId}", tag = "Organisation", params(("orgId" = String, Path)),
    request_body = InputUpdateOrganisation, responses((status = 204)))]
async fn update_organisation(
    by: Authorized<ManageOrganisation>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateOrganisation>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The picture of an organisation.
#[utoipa::path(get, path = "/api/v1/organisation/{orgId}/avatar/{fileHash}", tag = "Organisation",
    params(("orgId" = String, Path), ("fileHash" = String, Path)),
    responses((status = 200, description = "The picture", content_type = "image/*", body = Vec<u8>)))]
async fn get_organisation_avatar(
    by: Authenticated,
    Path((reference, hash)): Path<(String, String)>,
) -> Result<Response> {
    let picture = by
        .read(move |reading| {
            let organisation = Visible::<Neighbour>::get(reading, &reference)?;
            avatar::get(reading, organisation.avatar_hash.as_deref(), &hash)
        })
        .await?;
    Ok(picture.into_response())
}
