//! `/api/v1/attachment`, and the attachments of cases, task logs and users.

use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{ManageCaseUpdate, ManageKnowledgeBase, ManageTask};
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Authorized, Permission, Result, Visible};
use crate::investigation::case::actions::{require_in, require_on};
use crate::investigation::case::model::Case;
use crate::investigation::log::model::Log;
use crate::wire::Body;
use crate::wire::form::{Form, Uploads};
use crate::wire::url::{Path, Query, flag};

use super::actions;
use super::content::{download, show};
use super::model::{
    Attachment, InputAttachmentsFile, InputUpdateAttachment, OutputAttachment, OutputAttachments,
    Owner, Place,
};

pub(super) type Created = (StatusCode, Json<OutputAttachments>);

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        add_organisation_attachments,
        add_own_attachments,
        get_attachment,
        download_attachment,
        delete_attachment,
        add_case_attachments,
        get_case_attachment,
        download_case_attachment,
        update_case_attachment,
        delete_case_attachment,
        add_log_attachments,
        get_log_attachment,
        download_log_attachment,
        delete_log_attachment,
    ]
}

/// How a file is wanted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wish {
    /// In an archive behind a password.
    #[serde(default, deserialize_with = "flag")]
    pub(super) as_zip: bool,
}

pub(super) fn created(attachments: &[Visible<Attachment>]) -> Created {
    let attachments = attachments
        .iter()
        .map(|attachment| OutputAttachment::from(&**attachment))
        .collect();
    (StatusCode::CREATED, Json(OutputAttachments { attachments }))
}

/// Put files into the organization's knowledge base.
#[utoipa::path(post, path = "/api/v1/attachment", tag = "Attachment",
    request_body(content = InputAttachmentsFile, content_type = "multipart/form-data"),
    responses((status = 201, body = OutputAttachments)))]
async fn add_organisation_attachments(
    by: Authorized<ManageKnowledgeBase>,
    form: Form,
) -> Result<Created> {
    let blobs = form.uploads.blobs.clone();
    let parts = form.read_files().await?;
    let can_rename = parts.flag("canRename");
    actions::refuse_none(&parts.files, "attachments")?;
    let files = actions::keep(&blobs, parts.files, by.scope().now_ms).await?;
    by.write(move |unit| {
        let place = Place::of_organisation(unit.scope());
        actions::attach(unit, place, files, can_rename)
    })
    .await
    .map(|attachments| created(&attachments))
}

/// Keep files that an entity is made of in the next step.
#[utoipa::path(post, path = "/api/v1/user/current/attachments", tag = "Attachment",
    request_body(content = InputAttachmentsFile, content_type = "multipart/form-data"),
    responses((status = 201, body = OutputAttachments)))]
async fn add_own_attachments(by: Authenticated, form: Form) -> Result<Created> {
    let blobs = form.uploads.blobs.clone();
    let parts = form.read_files().await?;
    actions::refuse_none(&parts.files, "attachments")?;
    let files = actions::keep(&blobs, parts.files, by.scope().now_ms).await?;
    by.write(move |unit| {
        // Nobody lists them: they may have any name.
        actions::attach(unit, Place::of_user(unit.scope()), files, true)
    })
    .await
    .map(|attachments| created(&attachments))
}

/// Look at a file, whatever it hangs on.
#[utoipa::path(get, path = "/api/v1/attachment/{attachmentId}", tag = "Attachment",
    params(("attachmentId" = String, Path)), responses((status = 200, content_type = "application/octet-stream")))]
async fn get_attachment(
    by: Authenticated,
    Path(reference): Path<String>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    let attachment = by
        .read(move |reading| Visible::<Attachment>::get(reading, &reference))
        .await?;
    show(&uploads, attachment, &headers).await
}

/// Download a file, whatever it hangs on.
#[utoipa::path(get, path = "/api/v1/attachment/{attachmentId}/download", tag = "Attachment",
    params(("attachmentId" = String, Path), ("asZip" = Option<bool>, Query)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn download_attachment(
    by: Authenticated,
    Path(reference): Path<String>,
    Query(wish): Query<Wish>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    let attachment = by
        .read(move |reading| Visible::<Attachment>::get(reading, &reference))
        .await?;
    download(&uploads, attachment, &headers, wish.as_zip).await
}

/// Take a file out of the organization's knowledge base.
#[utoipa::path(delete, path = "/api/v1/attachment/{attachmentId}", tag = "Attachment",
    params(("attachmentId" = String, Path)), responses((status = 204)))]
async fn delete_attachment(
    by: Authorized<ManageKnowledgeBase>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let owner = Owner::Organisation(unit.scope().organisation.id);
        actions::delete(unit, &actions::get_of(unit, owner, &reference)?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hang files on a case.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/attachments", tag = "Attachment",
    params(("caseId" = String, Path)),
    request_body(content = InputAttachmentsFile, content_type = "multipart/form-data"),
    responses((status = 201, body = OutputAttachments)))]
async fn add_case_attachments(
    by: Authorized<ManageCaseUpdate>,
    Path(case): Path<String>,
    form: Form,
) -> Result<Created> {
    let reference = case.clone();
    by.read(move |reading| {
        require_on(
            &*Visible::<Case>::get(reading, &reference)?,
            Permission::ManageCaseUpdate,
        )
    })
    .await?;
    let blobs = form.uploads.blobs.clone();
    let parts = form.read_files().await?;
    let can_rename = parts.flag("canRename");
    actions::refuse_none(&parts.files, "attachments")?;
    let files = actions::keep(&blobs, parts.files, by.scope().now_ms).await?;
    by.write(move |unit| {
        let case = Visible::<Case>::get(unit, &case)?;
        require_on(&case, Permission::ManageCaseUpdate)?;
        actions::attach(unit, Place::of_case(&case), files, can_rename)
    })
    .await
    .map(|attachments| created(&attachments))
}

async fn of_case(by: &Authenticated, path: (String, String)) -> Result<Visible<Attachment>> {
    let (case, reference) = path;
    by.read(move |reading| {
        let case = Visible::<Case>::get(reading, &case)?;
        actions::get_of(reading, Owner::Case(case.id), &reference)
    })
    .await
}

/// Look at a file of a case.
#[utoipa::path(get, path = "/api/v1/case/{caseId}/attachment/{attachmentId}", tag = "Attachment",
    params(("caseId" = String, Path), ("attachmentId" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn get_case_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    show(&uploads, of_case(&by, path).await?, &headers).await
}

/// Download a file of a case.
#[utoipa::path(get, path = "/api/v1/case/{caseId}/attachment/{attachmentId}/download", tag = "Attachment",
    params(("caseId" = String, Path), ("attachmentId" = String, Path), ("asZip" = Option<bool>, Query)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn download_case_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Query(wish): Query<Wish>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    let attachment = of_case(&by, path).await?;
    download(&uploads, attachment, &headers, wish.as_zip).await
}

/// Say whether people outside see a file of a case.
#[utoipa::path(patch, path = "/api/v1/case/{caseId}/attachment/{attachmentId}", tag = "Attachment",
    params(("caseId" = String, Path), ("attachmentId" = String, Path)),
    request_body = InputUpdateAttachment, responses((status = 204)))]
async fn update_case_attachment(
    by: Authorized<ManageCaseUpdate>,
    Path((case, reference)): Path<(String, String)>,
    Body(input): Body<InputUpdateAttachment>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::<Case>::get(unit, &case)?;
        require_on(&case, Permission::ManageCaseUpdate)?;
        let attachment = actions::get_of(unit, Owner::Case(case.id), &reference)?;
        actions::update(unit, &attachment, &input)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a file from a case.
#[utoipa::path(delete, path = "/api/v1/case/{caseId}/attachment/{attachmentId}", tag = "Attachment",
    params(("caseId" = String, Path), ("attachmentId" = String, Path)), responses((status = 204)))]
async fn delete_case_attachment(
    by: Authorized<ManageCaseUpdate>,
    Path((case, reference)): Path<(String, String)>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::<Case>::get(unit, &case)?;
        require_on(&case, Permission::ManageCaseUpdate)?;
        let attachment = actions::get_of(unit, Owner::Case(case.id), &reference)?;
        actions::delete(unit, &attachment)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hang files on a task log.
#[utoipa::path(post, path = "/api/v1/log/{logId}/attachments", tag = "Task log", params(("logId" = String, Path)),
    request_body(content = InputAttachmentsFile, content_type = "multipart/form-data"),
    responses((status = 204)))]
async fn add_log_attachments(
    by: Authorized<ManageTask>,
    Path(log): Path<String>,
    form: Form,
) -> Result<StatusCode> {
    let reference = log.clone();
    by.read(move |reading| {
        let log = Visible::<Log>::get(reading, &reference)?;
        require_in(reading, log.case_id, Permission::ManageTask)
    })
    .await?;
    let blobs = form.uploads.blobs.clone();
    let parts = form.read_files().await?;
    let can_rename = parts.flag("canRename");
    actions::refuse_none(&parts.files, "attachments")?;
    let files = actions::keep(&blobs, parts.files, by.scope().now_ms).await?;
    by.write(move |unit| {
        let log = Visible::<Log>::get(unit, &log)?;
        actions::attach(unit, Place::of_log(&log), files, can_rename)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn of_log(by: &Authenticated, path: (String, String)) -> Result<Visible<Attachment>> {
    let (log, reference) = path;
    by.read(move |reading| {
        let log = Visible::<Log>::get(reading, &log)?;
        actions::get_of(reading, Owner::Log(log.id), &reference)
    })
    .await
}

/// Look at a file of a task log. (The contract calls the log's id `caseId` here.)
#[utoipa::path(get, path = "/api/v1/log/{caseId}/attachment/{attachmentId}", tag = "Task log",
    params(("caseId" = String, Path), ("attachmentId" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn get_log_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    show(&uploads, of_log(&by, path).await?, &headers).await
}

/// Download a file of a task log.
#[utoipa::path(get, path = "/api/v1/log/{logId}/attachment/{attachmentId}/download", tag = "Task log",
    params(("logId" = String, Path), ("attachmentId" = String, Path), ("asZip" = Option<bool>, Query)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn download_log_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Query(wish): Query<Wish>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    let attachment = of_log(&by, path).await?;
    download(&uploads, attachment, &headers, wish.as_zip).await
}

/// Take a file from a task log.
#[utoipa::path(delete, path = "/api/v1/log/{logId}/attachments/{attachmentId}", tag = "Task log",
    params(("logId" = String, Path), ("attachmentId" = String, Path)), responses((status = 204)))]
async fn delete_log_attachment(
    by: Authorized<ManageTask>,
    Path((log, reference)): Path<(String, String)>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let log = Visible::<Log>::get(unit, &log)?;
        require_in(unit, log.case_id, Permission::ManageTask)?;
        let attachment = actions::get_of(unit, Owner::Log(log.id), &reference)?;
        actions::delete(unit, &attachment)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
