//! `/api/v1/caseTemplate`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageCaseTemplate;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{
    CaseTemplate, InputCreateCaseTemplate, InputLinkPageTemplatesToCaseTemplate,
    InputUpdateCaseTemplate, OutputCaseTemplate,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_case_template,
        get_case_template,
        update_case_template,
        link_page_templates,
        delete_case_template
    ]
}

/// Create a case template.
#[utoipa::path(post, path = "/api/v1/caseTemplate", tag = "Case template",
    request_body = InputCreateCaseTemplate, responses((status = 201, body = OutputCaseTemplate)))]
async fn create_case_template(
    by: Authorized<ManageCaseTemplate>,
    Body(input): Body<InputCreateCaseTemplate>,
) -> Result<(StatusCode, Json<OutputCaseTemplate>)> {
    let template = by.write(|unit| actions::create(unit, input)).await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputCaseTemplate::from(&*template)),
    ))
}

/// Read a case template by id or name.
#[utoipa::path(get, path = "/api/v1/caseTemplate/{caseTemplateNameOrId}", tag = "Case template",
    params(("caseTemplateNameOrId" = String, Path)), responses((status = 200, body = OutputCaseTemplate)))]
async fn get_case_template(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputCaseTemplate>> {
    by.read(move |reading| {
        let template = Visible::<CaseTemplate>::get(reading, &reference)?;
        Ok(Json(OutputCaseTemplate::from(&*template)))
    })
    .await
}

/// Change a case template.
#[utoipa::path(patch, path = "/api/v1/caseTemplate/{caseTemplateNameOrId}", tag = "Case template",
    params(("caseTemplateNameOrId" = String, Path)), request_body = InputUpdateCaseTemplate,
    responses((status = 204)))]
async fn update_case_template(
    by: Authorized<ManageCaseTemplate>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateCaseTemplate>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say which page templates come along with a case template, in place of those that did.
#[utoipa::path(put, path = "/api/v1/caseTemplate/{caseTemplateNameOrId}/pageTemplate/link", tag = "Case template",
    params(("caseTemplateNameOrId" = String, Path)), request_body = InputLinkPageTemplatesToCaseTemplate,
    responses((status = 204)))]
async fn link_page_templates(
    by: Authorized<ManageCaseTemplate>,
    Path(reference): Path<String>,
    Body(input): Body<InputLinkPageTemplatesToCaseTemplate>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let template = Visible::get(unit, &reference)?;
        actions::link_page_templates(unit, &template, &input.page_template_ids)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a case template.
#[utoipa::path(delete, path = "/api/v1/caseTemplate/{caseTemplateNameOrId}", tag = "Case template",
    params(("caseTemplateNameOrId" = String, Path)), responses((status = 204)))]
async fn delete_case_template(
    by: Authorized<ManageCaseTemplate>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
