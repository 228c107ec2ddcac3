//! `/api/v1/alert` and the alerts in the bin.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{
    ManageAlertCreate, ManageAlertDelete, ManageAlertImport, ManageAlertUpdate, ManageCaseUpdate,
};
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Authenticated, Authorized, Error, Result, Visible};
use crate::investigation::attachment::actions::KeptFile;
use crate::investigation::case::BIN_TIME_MS;
use crate::investigation::case::model::OutputCase;
use crate::investigation::observable::model::InputCreateObservable;
use crate::investigation::{attachment, observable};
use crate::wire::form::{ReceivedFile, Uploads};
use crate::wire::url::{Path, Query};
use crate::wire::{Body, BulkBody, EntityId, Form, OptionalBody, page};

use super::model::{
    Alert, Enclosure, InputAlertIds, InputAlertsMergeWithCase, InputCaseFromAlerts,
    InputCreateAlert, InputCreateCaseFromAlert, InputUpdateAlert, InputUpdateAlertWithIds, Payload,
};
use super::output::OutputAlert;
use super::{actions, import, store, unmerge};

/// Rows on one page of the bin.
const BIN_PAGE_MAX: i64 = 200;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_alert,
        update_alerts,
        delete_alerts,
        get_alert,
        update_alert,
        delete_alert,
        promote_alert,
        promote_alerts,
        merge_alert,
        merge_alerts,
        import_alert,
        unlink_alert,
        unmerge_alert,
        follow_alert,
        unfollow_alert,
        get_alert_payload,
        list_alert_bin,
        restore_alerts
    ]
}

/// Create an alert with what was seen. As JSON, or as a form with JSON in its part `_json` and files in parts that the
/// observables name; a file that none of them names hangs on the alert itself.
#[utoipa::path(post, path = "/api/v1/alert", tag = "Alert", request_body = InputCreateAlert,
    responses((status = 201, body = OutputAlert)))]
async fn create_alert(
    by: Authorized<ManageAlertCreate>,
    form: Form,
) -> Result<(StatusCode, Json<OutputAlert>)> {
    let uploads = form.uploads.clone();
    let mut parts = form.read().await?;
    let input: InputCreateAlert = parts.input()?;
    let files = std::mem::take(&mut parts.files);
    let observables = input.observables.as_deref().unwrap_or_default();
    let (observable_files, attachments) = files_of(&by, &uploads, observables, files).await?;
    let enclosure = Enclosure {
        payload: parts.json().map(|bytes| Payload {
            content_type: "application/json".to_owned(),
            bytes: bytes.to_vec(),
        }),
        observable_files,
        attachments,
    };
    let alert = by
        .write(move |unit| actions::create(unit, input, enclosure))
        .await?;
    let output = OutputAlert::of_new(alert.into_inner());
    Ok((StatusCode::CREATED, Json(output)))
}

/// The files of each of the observables, and those of the alert itself: what none of them names.
async fn files_of(
    by: &Authorized<ManageAlertCreate>,
    uploads: &Uploads,
    observables: &[InputCreateObservable],
    files: Vec<ReceivedFile>,
) -> Result<(Vec<Vec<KeptFile>>, Vec<KeptFile>)> {
    if files.is_empty() && !observables.iter().any(InputCreateObservable::may_be_file) {
        return Ok((Vec::new(), Vec::new()));
    }
    let wanted = observables.to_vec();
    let stored = by
        .read(move |reading| observable::actions::stored_enclosed(reading, &wanted))
        .await?;
    let now_ms = by.scope().now_ms;
    let mut kept = attachment::actions::keep(&uploads.blobs, files, now_ms).await?;
    let (of_each, named) =
        observable::actions::receive_enclosed(uploads, observables, stored, &kept, now_ms).await?;
    kept.retain(|file| !named.contains(&file.part));
    Ok((of_each, kept))
}

/// Read an alert.
#[utoipa::path(get, path = "/api/v1/alert/{alertId}", tag = "Alert", params(("alertId" = String, Path)),
    responses((status = 200, body = OutputAlert)))]
async fn get_alert(by: Authenticated, Path(reference): Path<String>) -> Result<Json<OutputAlert>> {
    let alert = by
        .read(move |reading| Visible::<Alert>::get(reading, &reference))
        .await?;
    Ok(Json(OutputAlert::from(alert.into_inner())))
}

/// Change an alert, start work on it, close it, or reopen it.
#[utoipa::path(patch, path = "/api/v1/alert/{alertId}", tag = "Alert", params(("alertId" = String, Path)),
    request_body = InputUpdateAlert, responses((status = 204)))]
async fn update_alert(
    by: Authorized<ManageAlertUpdate>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateAlert>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change several alerts: all of them or none.
#[utoipa::path(patch, path = "/api/v1/alert/_bulk", tag = "Alert", request_body = InputUpdateAlertWithIds,
    responses((status = 204)))]
async fn update_alerts(
    by: Authorized<ManageAlertUpdate>,
    input: BulkBody<InputUpdateAlert>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update_all(unit, &input.ids, &input.update))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete an alert. It stays in the bin for 30 days.
#[utoipa::path(delete, path = "/api/v1/alert/{alertId}", tag = "Alert", params(("alertId" = String, Path)),
    responses((status = 204)))]
async fn delete_alert(
    by: Authorized<ManageAlertDelete>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete several alerts: all of them or none.
#[utoipa::path(post, path = "/api/v1/alert/delete/_bulk", tag = "Alert", request_body = InputAlertIds,
    responses((status = 204)))]
async fn delete_alerts(
    by: Authorized<ManageAlertDelete>,
    Body(input): Body<InputAlertIds>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete_all(unit, &input.ids))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a case of an alert. What the body does not say is taken from the alert.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/case", tag = "Alert", params(("alertId" = String, Path)),
    request_body = Option<InputCreateCaseFromAlert>, responses((status = 201, body = OutputCase)))]
async fn promote_alert(
    by: Authorized<ManageAlertImport>,
    Path(reference): Path<String>,
    OptionalBody(input): OptionalBody<InputCreateCaseFromAlert>,
) -> Result<(StatusCode, Json<OutputCase>)> {
    let case = by
        .write(move |unit| import::promote(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputCase::from(case.into_inner())),
    ))
}

/// Make one case of several alerts: of the first, with the others merged into it.
#[utoipa::path(post, path = "/api/skep/v1/alert/case", tag = "Alert", request_body = InputCaseFromAlerts,
    responses((status = 201, body = OutputCase)))]
async fn promote_alerts(
    by: Authorized<ManageAlertImport>,
    Body(input): Body<InputCaseFromAlerts>,
) -> Result<(StatusCode, Json<OutputCase>)> {
    let case = by
        .write(move |unit| import::promote_all(unit, &input.alert_ids, input.case))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputCase::from(case.into_inner())),
    ))
}

/// Merge an alert into a case.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/merge/{caseId}", tag = "Alert",
    params(("alertId" = String, Path), ("caseId" = String, Path)), responses((status = 200, body = OutputCase)))]
async fn merge_alert(
    by: Authorized<ManageAlertImport>,
    Path((alert, case)): Path<(String, String)>,
) -> Result<Json<OutputCase>> {
    let case = by
        .write(move |unit| import::merge_all(unit, &[alert], &Visible::get(unit, &case)?))
        .await?;
    Ok(Json(OutputCase::from(case.into_inner())))
}

/// Merge several alerts into a case: all of them or none.
#[utoipa::path(post, path = "/api/v1/alert/merge/_bulk", tag = "Alert", request_body = InputAlertsMergeWithCase,
    responses((status = 200, body = OutputCase)))]
async fn merge_alerts(
    by: Authorized<ManageAlertImport>,
    Body(input): Body<InputAlertsMergeWithCase>,
) -> Result<Json<OutputCase>> {
    let case = by
        .write(move |unit| {
            import::merge_all(unit, &input.alert_ids, &Visible::get(unit, &input.case_id)?)
        })
        .await?;
    Ok(Json(OutputCase::from(case.into_inner())))
}

/// Bring the observables and procedures of an alert into a case.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/import/{caseId}", tag = "Alert",
    params(("alertId" = String, Path), ("caseId" = String, Path)), responses((status = 200, body = OutputCase)))]
async fn import_alert(
    by: Authorized<ManageAlertImport>,
    Path((alert, case)): Path<(String, String)>,
) -> Result<Json<OutputCase>> {
    let case = by
        .write(move |unit| import::import(unit, &alert, &Visible::get(unit, &case)?))
        .await?;
    Ok(Json(OutputCase::from(case.into_inner())))
}

/// Take an alert out of a case: it is new again.
#[utoipa::path(delete, path = "/api/v1/case/{caseId}/alert/{alertId}", tag = "Case",
    params(("caseId" = String, Path), ("alertId" = String, Path)), responses((status = 204)))]
async fn unlink_alert(
    by: Authorized<ManageCaseUpdate>,
    Path((case, alert)): Path<(String, String)>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::get(unit, &case)?;
        import::unlink(unit, &case, &Visible::get(unit, &alert)?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take back the merge, or the import, that brought an alert into a case, whole: the alerts of that request are new again,
/// and what they brought goes from the case, without what somebody changed or used since.
#[utoipa::path(post, path = "/api/skep/v1/alert/{alertId}/unmerge", tag = "Alert",
    params(("alertId" = String, Path)), responses((status = 204)))]
async fn unmerge_alert(
    by: Authorized<ManageCaseUpdate>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| unmerge::unmerge(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the source of an alert says later is of interest.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/follow", tag = "Alert", params(("alertId" = String, Path)),
    responses((status = 204)))]
async fn follow_alert(
    by: Authorized<ManageAlertUpdate>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    set_follow(by, reference, true).await
}

/// What the source of an alert says later is of no interest.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/unfollow", tag = "Alert",
    params(("alertId" = String, Path)), responses((status = 204)))]
async fn unfollow_alert(
    by: Authorized<ManageAlertUpdate>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    set_follow(by, reference, false).await
}

async fn set_follow(
    by: Authorized<ManageAlertUpdate>,
    reference: String,
    follow: bool,
) -> Result<StatusCode> {
    let input = InputUpdateAlert {
        follow: Some(follow),
        ..InputUpdateAlert::default()
    };
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the sender of an alert sent, as it was sent.
#[utoipa::path(get, path = "/api/skep/v1/alert/{alertId}/payload", tag = "Alert",
    params(("alertId" = String, Path)),
    responses((status = 200, body = String, content_type = "application/json")))]
async fn get_alert_payload(by: Authenticated, Path(reference): Path<String>) -> Result<Response> {
    let payload = by
        .read(move |reading| {
            let alert = Visible::<Alert>::get(reading, &reference)?;
            store::payload(reading, alert.id)?
                .ok_or_else(|| Error::not_found("Payload of alert", &reference))
        })
        .await?;
    Ok(([(CONTENT_TYPE, payload.content_type)], payload.bytes).into_response())
}

/// A page of the alerts in the bin.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AlertBinPage {
    /// The first row, from 0.
    from: Option<i64>,
    /// The row after the last.
    to: Option<i64>,
}

/// The alerts that the bin holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OutputAlertBin {
    total: i64,
    items: Vec<OutputAlertInBin>,
}

/// A deleted alert.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct OutputAlertInBin {
    #[serde(rename = "_id")]
    id: EntityId,
    #[serde(rename = "_type")]
    entity_type: &'static str,
    title: String,
    source_ref: String,
    deleted_by: String,
    deleted_at: i64,
    /// When it is removed for good.
    purge_at: i64,
}

/// List the deleted alerts of the organisation.
#[utoipa::path(get, path = "/api/skep/v1/bin/alert", tag = "Bin", params(AlertBinPage),
    responses((status = 200, body = OutputAlertBin)))]
async fn list_alert_bin(
    by: Authorized<ManageAlertDelete>,
    Query(asked): Query<AlertBinPage>,
) -> Result<Json<OutputAlertBin>> {
    let (from, count) = page::rows(asked.from, asked.to, BIN_PAGE_MAX);
    by.read(move |reading| {
        let organisation_id = reading.scope().organisation.id;
        let items = store::list_bin(reading, organisation_id, from, count)?;
        let total = store::count_bin(reading, organisation_id)?;
        Ok(Json(OutputAlertBin {
            total,
            items: items.into_iter().map(OutputAlertInBin::from).collect(),
        }))
    })
    .await
}

impl From<store::InBin> for OutputAlertInBin {
    fn from(alert: store::InBin) -> Self {
        Self {
            id: EntityId(alert.id),
            entity_type: "Alert",
            title: alert.title,
            source_ref: alert.source_ref,
            deleted_by: alert.deleted_by,
            deleted_at: alert.deleted_at,
            purge_at: alert.deleted_at + BIN_TIME_MS,
        }
    }
}

/// Take alerts out of the bin: all of them or none.
#[utoipa::path(post, path = "/api/skep/v1/bin/alert/restore", tag = "Bin", request_body = InputAlertIds,
    responses((status = 204)))]
async fn restore_alerts(
    by: Authorized<ManageAlertDelete>,
    Body(input): Body<InputAlertIds>,
) -> Result<StatusCode> {
    actions::refuse_too_many(&input.ids)?;
    by.write(move |unit| {
        for reference in &input.ids {
            let id = parse_id(reference).ok_or_else(|| Error::not_found("Alert", reference))?;
            actions::restore(unit, id)?;
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
