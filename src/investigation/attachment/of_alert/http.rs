//! `/api/v1/alert/{id}/attachments` and what leads to one of them.

use axum::Extension;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageAlertUpdate;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::investigation::alert::model::Alert;
use crate::wire::form::{Form, Uploads};
use crate::wire::url::{Path, Query};

use super::super::actions;
use super::super::content::{download, show};
use super::super::http::{Created, Wish, created};
use super::super::model::{Attachment, InputAttachmentsFile, OutputAttachments, Owner, Place};

pub(in super::super) fn endpoints() -> Endpoints {
    crate::endpoints![
        add_alert_attachments,
        get_alert_attachment,
        download_alert_attachment,
        delete_alert_attachment,
    ]
}

/// Hang files on an alert.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/attachments", tag = "Attachment",
    params(("alertId" = String, Path)),
    request_body(content = InputAttachmentsFile, content_type = "multipart/form-data"),
    responses((status = 201, body = OutputAttachments)))]
async fn add_alert_attachments(
    by: Authorized<ManageAlertUpdate>,
    Path(alert): Path<String>,
    form: Form,
) -> Result<Created> {
    let reference = alert.clone();
    by.read(move |reading| Visible::<Alert>::get(reading, &reference).map(drop))
        .await?;
    let blobs = form.uploads.blobs.clone();
    let parts = form.read_files().await?;
    let can_rename = parts.flag("canRename");
    actions::refuse_none(&parts.files, "attachments")?;
    let files = actions::keep(&blobs, parts.files, by.scope().now_ms).await?;
    by.write(move |unit| {
        let alert = Visible::<Alert>::get(unit, &alert)?;
        actions::attach(unit, Place::of_alert(&alert), files, can_rename)
    })
    .await
    .map(|attachments| created(&attachments))
}

async fn of_alert(by: &Authenticated, path: (String, String)) -> Result<Visible<Attachment>> {
    let (alert, reference) = path;
    by.read(move |reading| {
        let alert = Visible::<Alert>::get(reading, &alert)?;
        actions::get_of(reading, Owner::Alert(alert.id), &reference)
    })
    .await
}

/// Look at a file of an alert.
#[utoipa::path(get, path = "/api/v1/alert/{alertId}/attachment/{attachmentId}", tag = "Attachment",
    params(("alertId" = String, Path), ("attachmentId" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn get_alert_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    show(&uploads, of_alert(&by, path).await?, &headers).await
}

/// Download a file of an alert.
#[utoipa::path(get, path = "/api/v1/alert/{alertId}/attachment/{attachmentId}/download", tag = "Attachment",
    params(("alertId" = String, Path), ("attachmentId" = String, Path), ("asZip" = Option<bool>, Query)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn download_alert_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Query(wish): Query<Wish>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    let attachment = of_alert(&by, path).await?;
    download(&uploads, attachment, &headers, wish.as_zip).await
}

/// Take a file from an alert.
#[utoipa::path(delete, path = "/api/v1/alert/{alertId}/attachment/{attachmentId}", tag = "Attachment",
    params(("alertId" = String, Path), ("attachmentId" = String, Path)), responses((status = 204)))]
async fn delete_alert_attachment(
    by: Authorized<ManageAlertUpdate>,
    Path((alert, reference)): Path<(String, String)>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let alert = Visible::<Alert>::get(unit, &alert)?;
        let attachment = actions::get_of(unit, Owner::Alert(alert.id), &reference)?;
        actions::delete(unit, &attachment)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
