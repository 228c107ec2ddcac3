//! `/api/v1/case` and the bin.

use axum::Json;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{
    ManageCaseChangeOwnership, ManageCaseCreate, ManageCaseDelete, ManageCaseUpdate,
};
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Authenticated, Authorized, Error, Result, Visible};
use crate::wire::url::{Path, Query};
use crate::wire::{Body, BulkBody, EntityId, page};

use super::access::ManageCaseAccess;
use super::model::{
    Case, InputChangeCaseOwnership, InputCreateCase, InputManageCaseAccess,
    InputManageCaseAccessWithIds, InputUpdateCase, InputUpdateCaseWithIds, InputUpdateEachCase,
};
use super::output::OutputCase;
use super::template::{InputApplyCaseTemplate, InputApplyCaseTemplateWithIds};
use super::{access, actions, custom_value, owner, store, template};

/// How long a deleted case stays in the bin, milliseconds: 30 days.
pub const BIN_TIME_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Rows on one page of the bin.
const BIN_PAGE_MAX: i64 = 200;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_case,
        update_cases,
        update_each_case,
        apply_case_template,
        get_case,
        update_case,
        delete_case,
        remove_custom_field_value,
        set_case_access,
        set_access_of_cases,
        change_case_owner,
        list_bin,
        restore_case
    ]
}

/// Create a case.
#[utoipa::path(post, path = "/api/v1/case", tag = "Case", request_body = InputCreateCase,
    responses((status = 201, body = OutputCase)))]
async fn create_case(
    by: Authorized<ManageCaseCreate>,
    Body(input): Body<InputCreateCase>,
) -> Result<(StatusCode, Json<OutputCase>)> {
    let case = by.write(|unit| actions::create(unit, input)).await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputCase::from(case.into_inner())),
    ))
}

/// Read a case by id or number.
#[utoipa::path(get, path = "/api/v1/case/{idOrName}", tag = "Case", params(("idOrName" = String, Path)),
    responses((status = 200, body = OutputCase)))]
async fn get_case(by: Authenticated, Path(reference): Path<String>) -> Result<Json<OutputCase>> {
    let case = by
        .read(move |reading| Visible::<Case>::get(reading, &reference))
        .await?;
    Ok(Json(OutputCase::from(case.into_inner())))
}

/// Change a case, close it, or reopen it.
#[utoipa::path(patch, path = "/api/v1/case/{idOrName}", tag = "Case", params(("idOrName" = String, Path)),
    request_body = InputUpdateCase, responses((status = 204)))]
async fn update_case(
    by: Authorized<ManageCaseUpdate>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateCase>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change several cases: all of them or none.
#[utoipa::path(patch, path = "/api/v1/case/_bulk", tag = "Case", request_body = InputUpdateCaseWithIds,
    responses((status = 204)))]
async fn update_cases(
    by: Authorized<ManageCaseUpdate>,
    input: BulkBody<InputUpdateCase>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update_all(unit, &input.ids, &input.update))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change several cases, each in its own way: all of them or none.
#[utoipa::path(patch, path = "/api/skep/v1/case/_bulk", tag = "Case", request_body = InputUpdateEachCase,
    responses((status = 204)))]
async fn update_each_case(
    by: Authorized<ManageCaseUpdate>,
    Body(input): Body<InputUpdateEachCase>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update_each(unit, input.cases))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put parts of a case template into several cases: into all of them or none.
#[utoipa::path(post, path = "/api/v1/case/_bulk/caseTemplate", tag = "Case",
    request_body = InputApplyCaseTemplateWithIds, responses((status = 204)))]
async fn apply_case_template(
    by: Authorized<ManageCaseUpdate>,
    input: BulkBody<InputApplyCaseTemplate>,
) -> Result<StatusCode> {
    by.write(move |unit| template::apply(unit, &input.ids, &input.update))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a case. It stays in the bin for 30 days.
#[utoipa::path(delete, path = "/api/v1/case/{idOrName}", tag = "Case", params(("idOrName" = String, Path)),
    responses((status = 204)))]
async fn delete_case(
    by: Authorized<ManageCaseDelete>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a value of a custom field from the only case that has it, by the `_id` of the value.
#[utoipa::path(delete, path = "/api/v1/case/customField/{cfId}", tag = "Case", params(("cfId" = String, Path)),
    responses((status = 204)))]
async fn remove_custom_field_value(
    by: Authorized<ManageCaseUpdate>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| custom_value::remove(unit, &id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say who sees a case: all members of the organisations that have it, or some users only.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/access", tag = "Case", params(("caseId" = String, Path)),
    request_body = InputManageCaseAccess, responses((status = 204)))]
async fn set_case_access(
    by: Authorized<ManageCaseAccess>,
    Path(reference): Path<String>,
    Body(input): Body<InputManageCaseAccess>,
) -> Result<StatusCode> {
    by.write(move |unit| access::set(unit, &Visible::get(unit, &reference)?, &input.access))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say who sees several cases: all of them or none.
#[utoipa::path(post, path = "/api/v1/case/_bulk/access", tag = "Case",
    request_body = InputManageCaseAccessWithIds, responses((status = 204)))]
async fn set_access_of_cases(
    by: Authorized<ManageCaseAccess>,
    input: BulkBody<InputManageCaseAccess>,
) -> Result<StatusCode> {
    by.write(move |unit| access::set_all(unit, &input.ids, &input.update.access))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a case to another organisation.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/owner", tag = "Case", params(("caseId" = String, Path)),
    request_body = InputChangeCaseOwnership, responses((status = 204)))]
async fn change_case_owner(
    by: Authorized<ManageCaseChangeOwnership>,
    Path(reference): Path<String>,
    Body(input): Body<InputChangeCaseOwnership>,
) -> Result<StatusCode> {
    by.write(move |unit| owner::change(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of the bin.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct BinPage {
    /// The first row, from 0.
    from: Option<i64>,
    /// The row after the last.
    to: Option<i64>,
}

/// What the bin holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OutputBin {
    total: i64,
    items: Vec<OutputInBin>,
}

/// A deleted case.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct OutputInBin {
    #[serde(rename = "_id")]
    id: EntityId,
    #[serde(rename = "_type")]
    entity_type: &'static str,
    number: i64,
    title: String,
    deleted_by: String,
    deleted_at: i64,
    /// When it is removed for good.
    purge_at: i64,
}

/// List the deleted cases of the organisation.
#[utoipa::path(get, path = "/api/skep/v1/bin", tag = "Bin", params(BinPage),
    responses((status = 200, body = OutputBin)))]
async fn list_bin(
    by: Authorized<ManageCaseDelete>,
    Query(asked): Query<BinPage>,
) -> Result<Json<OutputBin>> {
    let (from, count) = page::rows(asked.from, asked.to, BIN_PAGE_MAX);
    by.read(move |reading| {
        let items = store::list_bin(reading, reading.scope(), from, count)?;
        let total = store::count_bin(reading, reading.scope())?;
        Ok(Json(OutputBin {
            total,
            items: items.into_iter().map(OutputInBin::from).collect(),
        }))
    })
    .await
}

impl From<store::InBin> for OutputInBin {
    fn from(case: store::InBin) -> Self {
        Self {
            id: EntityId(case.id),
            entity_type: "Case",
            number: case.number,
            title: case.title,
            deleted_by: case.deleted_by,
            deleted_at: case.deleted_at,
            purge_at: case.deleted_at + BIN_TIME_MS,
        }
    }
}

/// Take a case out of the bin.
#[utoipa::path(post, path = "/api/skep/v1/bin/case/{id}/restore", tag = "Bin", params(("id" = String, Path)),
    responses((status = 204)))]
async fn restore_case(
    by: Authorized<ManageCaseDelete>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    let id = parse_id(&reference).ok_or_else(|| Error::not_found("Case", &reference))?;
    by.write(move |unit| actions::restore(unit, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
