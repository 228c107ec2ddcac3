//! `/api/v1/case/_merge/{}`, and of our own: the preview, the originals, taking apart, and where a case went.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageCaseMerge;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::investigation::case::model::Case;
use crate::investigation::case::output::OutputCase;
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputMergePreview, OutputMergePreview, OutputMergedInto, OutputOrigin};

pub(in super::super) fn endpoints() -> Endpoints {
    crate::endpoints![
        merge_cases,
        preview_merge,
        list_origins,
        unmerge_case,
        get_merged_into
    ]
}

/// Make one case of several. The originals are gone from everywhere, and can be brought back.
#[utoipa::path(post, path = "/api/v1/case/_merge/{ids}", tag = "Case", params(("ids" = String, Path)),
    responses((status = 201, body = OutputCase)))]
async fn merge_cases(
    by: Authorized<ManageCaseMerge>,
    Path(ids): Path<String>,
) -> Result<(StatusCode, Json<OutputCase>)> {
    let references: Vec<String> = ids
        .split(',')
        .filter(|part| !part.trim().is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let case = by
        .write(move |unit| actions::merge(unit, &references))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputCase::from(case.into_inner())),
    ))
}

/// What would become of a merge.
#[utoipa::path(post, path = "/api/skep/v1/case/merge-preview", tag = "Case", request_body = InputMergePreview,
    responses((status = 200, body = OutputMergePreview)))]
async fn preview_merge(
    by: Authorized<ManageCaseMerge>,
    Body(input): Body<InputMergePreview>,
) -> Result<Json<OutputMergePreview>> {
    by.read(move |reading| Ok(Json(actions::preview(reading, &input.ids)?)))
        .await
}

/// The cases that a merged case was made of; none for one that was not merged.
#[utoipa::path(get, path = "/api/skep/v1/case/{caseId}/origins", tag = "Case", params(("caseId" = String, Path)),
    responses((status = 200, body = Vec<OutputOrigin>)))]
async fn list_origins(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<Vec<OutputOrigin>>> {
    by.read(move |reading| {
        let case = Visible::<Case>::get(reading, &reference)?;
        Ok(Json(actions::origins(reading, &case)?))
    })
    .await
}

/// Take a merged case apart: the originals are there again, and the merged case is in the bin.
#[utoipa::path(post, path = "/api/skep/v1/case/{caseId}/unmerge", tag = "Case", params(("caseId" = String, Path)),
    responses((status = 204)))]
async fn unmerge_case(
    by: Authorized<ManageCaseMerge>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::unmerge(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a case went that was merged, by its id or number.
#[utoipa::path(get, path = "/api/skep/v1/case/{caseId}/merged-into", tag = "Case", params(("caseId" = String, Path)),
    responses((status = 200, body = OutputMergedInto)))]
async fn get_merged_into(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputMergedInto>> {
    by.read(move |reading| Ok(Json(actions::where_to(reading, &reference)?)))
        .await
}
