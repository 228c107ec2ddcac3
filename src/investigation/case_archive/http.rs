//! `/api/v1/case/{id}/export` and `/api/v1/case/import`.

use std::fs::File;
use std::io::Read;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageCaseCreate;
use crate::access::{Authenticated, Authorized, Error, FieldProblem, Result, Visible};
use crate::investigation::case::model::Case;
use crate::storage::blobs::Staged;
use crate::wire::form::{Uploads, blocking};
use crate::wire::url::{Path, Query};
use crate::wire::{Form, Text};

use super::model::{InputCaseArchive, InputImportCase, OutputImportCase};
use super::{actions, pack, restoring};

/// Passwords cost memory: not more than so many at a time.
static SEALING: Semaphore = Semaphore::const_new(2);
/// What is sent at once.
const PIECE_BYTES: usize = 256 * 1024;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![export_case, import_case]
}

#[derive(Debug, Deserialize)]
struct Sealing {
    password: Option<Text<1, 512>>,
}

async fn turn() -> Result<SemaphorePermit<'static>> {
    let turn = SEALING.acquire().await;
    turn.map_err(|error| Error::Internal(error.to_string()))
}

/// Give a case as an archive: all of it that the caller sees, encrypted with the password.
#[utoipa::path(get, path = "/api/v1/case/{caseId}/export", tag = "Case",
    params(("caseId" = String, Path), ("password" = String, Query)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn export_case(
    by: Authenticated,
    Path(reference): Path<String>,
    Query(wish): Query<Sealing>,
    Extension(uploads): Extension<Uploads>,
) -> Result<Response> {
    let (number, password, contents, files) = by
        .read(move |reading| {
            let case = Visible::<Case>::get(reading, &reference)?;
            // Only who may see the case is told what is missing.
            let missing = || Error::invalid(FieldProblem::missing("password"));
            let password = wish.password.ok_or_else(missing)?.into_string();
            let (contents, files) = actions::gather(reading, &case)?;
            Ok((case.number, password, contents, files))
        })
        .await?;
    let _turn = turn().await?;
    let runtime = Handle::current();
    let archive = blocking(move || {
        pack::seal(
            &uploads.blobs,
            &runtime,
            &password,
            contents.as_bytes(),
            &files,
        )
    })
    .await?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, archive.digest().size_bytes.to_string()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"case-{number}.thar\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, sent(archive).await?).into_response())
}

/// The file as a body; it is gone when it is sent.
async fn sent(archive: Staged) -> Result<Body> {
    let file = blocking(move || archive.open()).await?;
    let pieces = stream::try_unfold(file, |file| async move {
        tokio::task::spawn_blocking(move || next_piece(file)).await?
    });
    Ok(Body::from_stream(pieces))
}

fn next_piece(mut file: File) -> std::io::Result<Option<(Bytes, File)>> {
    let mut piece = vec![0; PIECE_BYTES];
    let count = file.read(&mut piece)?;
    piece.truncate(count);
    Ok((count > 0).then(|| (piece.into(), file)))
}

/// Bring in a case from an archive, as a form with JSON in its part `_json` and the archive in its part `file`. The case
/// gets a new number; what is unknown here is left out, and told in `errors`.
#[utoipa::path(post, path = "/api/v1/case/import", tag = "Case",
    request_body(content = InputCaseArchive, content_type = "multipart/form-data"),
    responses((status = 200, body = OutputImportCase)))]
async fn import_case(
    by: Authorized<ManageCaseCreate>,
    form: Form,
) -> Result<Json<OutputImportCase>> {
    let uploads = form.uploads.clone();
    let parts = form.read_files().await?;
    let wish: InputImportCase = parts.input()?;
    let missing = || Error::invalid(FieldProblem::missing("file"));
    let file = parts.files.into_iter().next().ok_or_else(missing)?;
    let (password, now_ms) = (wish.password.to_string(), by.scope().now_ms);
    let turn = turn().await?;
    let (contents, files) = blocking(move || {
        let (blobs, limit) = (&uploads.blobs, uploads.file_bytes_max);
        let unsealed = pack::unseal(blobs, file.staged.open()?, &password, limit, now_ms)?;
        Ok::<_, Error>((restoring::contents(&unsealed.contents)?, unsealed.files))
    })
    .await?;
    drop(turn);
    by.write(move |unit| actions::restore(unit, contents, &files, wish))
        .await
        .map(Json)
}
