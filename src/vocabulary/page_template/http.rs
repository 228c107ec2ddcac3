//! `/api/v1/pageTemplate`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePageTemplate;
use crate::access::{Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCreatePage, InputUpdatePage, OutputPageTemplate};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_page_template,
        update_page_template,
        delete_page_template
    ]
}

/// Create a page template.
#[utoipa::path(post, path = "/api/v1/pageTemplate", tag = "PageTemplate", request_body = InputCreatePage,
    responses((status = 201, body = OutputPageTemplate)))]
async fn create_page_template(
    by: Authorized<ManagePageTemplate>,
    Body(input): Body<InputCreatePage>,
) -> Result<(StatusCode, Json<OutputPageTemplate>)> {
    let template = by.write(|unit| actions::create(unit, input)).await?;
    let output = OutputPageTemplate::from(&*template);
    Ok((StatusCode::CREATED, Json(output)))
}

/// Change a page template.
#[utoipa::path(patch, path = "/api/v1/pageTemplate/{pageTemplateId}", tag = "PageTemplate",
    params(("pageTemplateId" = String, Path)), request_body = InputUpdatePage, responses((status = 204)))]
async fn update_page_template(
    by: Authorized<ManagePageTemplate>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdatePage>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a page template.
#[utoipa::path(delete, path = "/api/v1/pageTemplate/{pageTemplateId}", tag = "PageTemplate",
    params(("pageTemplateId" = String, Path)), responses((status = 204)))]
async fn delete_page_template(
    by: Authorized<ManagePageTemplate>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
