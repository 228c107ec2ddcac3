//! `/api/v1/connector/cortex/analyzer/template`.

use std::collections::BTreeMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageAnalyzerTemplate;
use crate::access::{Authenticated, Authorized, Error, FieldProblem, Result, Visible};
use crate::wire::form::blocking;
use crate::wire::url::Path;
use crate::wire::{Body, Form, Text};

use super::actions;
use super::model::{
    AnalyzerTemplate, InputAnalyzerTemplate, InputAnalyzerTemplateFiles,
    InputAnalyzerTemplateUpdate, OutputAnalyzerTemplate,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_analyzer_template,
        import_analyzer_templates,
        get_analyzer_template_content,
        update_analyzer_template,
        delete_analyzer_template,
    ]
}

/// Create an analyzer template.
#[utoipa::path(post, path = "/api/v1/connector/cortex/analyzer/template", tag = "Cortex",
    request_body = InputAnalyzerTemplate, responses((status = 201, body = OutputAnalyzerTemplate)))]
async fn create_analyzer_template(
    by: Authorized<ManageAnalyzerTemplate>,
    Body(input): Body<InputAnalyzerTemplate>,
) -> Result<(StatusCode, Json<OutputAnalyzerTemplate>)> {
    let template = by.write(|unit| actions::create(unit, input)).await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputAnalyzerTemplate::from(&*template)),
    ))
}

/// Take over the templates of an archive, `<analyzer>/long.html` each.
#[utoipa::path(post, path = "/api/v1/connector/cortex/analyzer/template/_import", tag = "Cortex",
    request_body(content = InputAnalyzerTemplateFiles, content_type = "multipart/form-data"),
    responses((status = 200, body = BTreeMap<String, bool>)))]
async fn import_analyzer_templates(
    by: Authorized<ManageAnalyzerTemplate>,
    form: Form,
) -> Result<Json<BTreeMap<String, bool>>> {
    let parts = form.read_files().await?;
    let file = parts
        .files
        .into_iter()
        .find(|file| file.part == "templates");
    let file = file.ok_or_else(|| Error::invalid(FieldProblem::missing("templates")))?;
    let read = blocking(move || actions::unpack(file.staged.open()?)).await?;
    by.write(|unit| actions::import(unit, read)).await.map(Json)
}

/// The template of an analyzer, as plain text: it is not to be shown as a page.
#[utoipa::path(get, path = "/api/v1/connector/cortex/analyzer/template/content/{analyzerId}", tag = "Cortex",
    params(("analyzerId" = String, Path)),
    responses((status = 200, description = "The template", content_type = "text/plain", body = String)))]
async fn get_analyzer_template_content(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Response> {
    let template = by
        .read(move |reading| Visible::<AnalyzerTemplate>::get(reading, &reference))
        .await?;
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, template.into_inner().content).into_response())
}

/// Give a template another content.
#[utoipa::path(patch, path = "/api/v1/connector/cortex/analyzer/template/{analyzerTemplateId}", tag = "Cortex",
    params(("analyzerTemplateId" = String, Path)), request_body = InputAnalyzerTemplateUpdate,
    responses((status = 200, body = OutputAnalyzerTemplate)))]
async fn update_analyzer_template(
    by: Authorized<ManageAnalyzerTemplate>,
    Path(reference): Path<String>,
    Body(input): Body<InputAnalyzerTemplateUpdate>,
) -> Result<Json<OutputAnalyzerTemplate>> {
    let content = input.content.map(Text::into_string);
    let template = by
        .write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, content))
        .await?;
    Ok(Json(OutputAnalyzerTemplate::from(&*template)))
}

/// Delete a template.
#[utoipa::path(delete, path = "/api/v1/connector/cortex/analyzer/template/{analyzerTemplateId}", tag = "Cortex",
    params(("analyzerTemplateId" = String, Path)), responses((status = 204)))]
async fn delete_analyzer_template(
    by: Authorized<ManageAnalyzerTemplate>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
