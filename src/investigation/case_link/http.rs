//! `/api/v1/case/{}/link/…` and `/api/v1/case/link/types`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageCaseUpdate;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCaseLink, InputExternalLink};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        list_link_types,
        add_case_link,
        remove_case_link,
        add_external_link,
        remove_external_link
    ]
}

/// The types of links that are in use.
#[utoipa::path(get, path = "/api/v1/case/link/types", tag = "Case",
    responses((status = 200, body = Vec<String>)))]
async fn list_link_types(by: Authenticated) -> Result<Json<Vec<String>>> {
    by.read(|reading| Ok(Json(actions::types(reading)?))).await
}

/// Link a case with another.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/link/case/add", tag = "Case", params(("caseId" = String, Path)),
    request_body = InputCaseLink, responses((status = 204)))]
async fn add_case_link(
    by: Authorized<ManageCaseUpdate>,
    Path(reference): Path<String>,
    Body(input): Body<InputCaseLink>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::get(unit, &reference)?;
        let other = Visible::get(unit, &input.case_id)?;
        actions::add(unit, &case, &other, &input.link_type)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a link of a case with another.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/link/case/remove", tag = "Case", params(("caseId" = String, Path)),
    request_body = InputCaseLink, responses((status = 204)))]
async fn remove_case_link(
    by: Authorized<ManageCaseUpdate>,
    Path(reference): Path<String>,
    Body(input): Body<InputCaseLink>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::get(unit, &reference)?;
        let other = Visible::get(unit, &input.case_id)?;
        actions::remove(unit, &case, &other, &input.link_type)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Link a case with a place outside.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/link/external/add", tag = "Case", params(("caseId" = String, Path)),
    request_body = InputExternalLink, responses((status = 204)))]
async fn add_external_link(
    by: Authorized<ManageCaseUpdate>,
    Path(reference): Path<String>,
    Body(input): Body<InputExternalLink>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::get(unit, &reference)?;
        actions::add_external(unit, &case, &input.url, &input.link_type)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a link of a case with a place outside.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/link/external/remove", tag = "Case",
    params(("caseId" = String, Path)), request_body = InputExternalLink, responses((status = 204)))]
async fn remove_external_link(
    by: Authorized<ManageCaseUpdate>,
    Path(reference): Path<String>,
    Body(input): Body<InputExternalLink>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::get(unit, &reference)?;
        actions::remove_external(unit, &case, &input.url, &input.link_type)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
