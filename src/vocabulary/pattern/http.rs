//! `/api/v1/pattern`.

use std::io::Read;

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePattern;
use crate::access::{Authenticated, Authorized, Error, FieldProblem, Result, Visible};
use crate::storage::blobs::Staged;
use crate::wire::Form;
use crate::wire::form::blocking;
use crate::wire::url::Path;

use super::actions;
use super::model::{Bundle, InputPatternImport, OutputPattern, OutputPatternImport, Pattern};

/// The largest bundle: that of all enterprises has some 50 MB.
const BUNDLE_BYTES_MAX: usize = 128 * 1024 * 1024;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![import_patterns, get_pattern, delete_pattern]
}

/// Import a STIX bundle of attack patterns, as a form with JSON in its part `_json` and the bundle in its part `file`. When
/// some of the patterns can't be read, the answer is 207, and says which.
#[utoipa::path(post, path = "/api/v1/pattern/import/attack", tag = "Att&ck",
    request_body(content = InputPatternImport, content_type = "multipart/form-data"),
    responses((status = 201, body = OutputPatternImport), (status = 207, body = OutputPatternImport)))]
async fn import_patterns(
    by: Authorized<ManagePattern>,
    form: Form,
) -> Result<(StatusCode, Json<OutputPatternImport>)> {
    let parts = form.read().await?;
    let input: InputPatternImport = parts.input()?;
    let file = parts
        .files
        .into_iter()
        .next()
        .ok_or_else(|| no_file(&input))?;
    let bundle = blocking(move || read_bundle(&file.staged)).await?;
    let outcome = by
        .write(move |unit| actions::import(unit, &input, bundle))
        .await?;
    let status = if outcome.failure.is_empty() {
        StatusCode::CREATED
    } else {
        StatusCode::MULTI_STATUS
    };
    Ok((status, Json(outcome)))
}

fn no_file(input: &InputPatternImport) -> Error {
    if input.url.is_some() {
        let message =
            "is not fetched by this server: download the bundle, and send it in the part file";
        return Error::invalid(FieldProblem::format("url", message));
    }
    Error::invalid(FieldProblem::missing("file"))
}

fn read_bundle(staged: &Staged) -> Result<Bundle> {
    let too_large = Error::TooLarge {
        limit_bytes: BUNDLE_BYTES_MAX,
    };
    let size_bytes = usize::try_from(staged.digest().size_bytes).unwrap_or(usize::MAX);
    if size_bytes > BUNDLE_BYTES_MAX {
        return Err(too_large);
    }
    let mut bytes = Vec::with_capacity(size_bytes);
    staged
        .open()?
        .read_to_end(&mut bytes)
        .map_err(|error| Error::Internal(format!("the bundle cannot be read back: {error}")))?;
    actions::read_bundle(&bytes)
}

/// Read an attack pattern by id or technique.
#[utoipa::path(get, path = "/api/v1/pattern/{patternId}", tag = "Att&ck", params(("patternId" = String, Path)),
    responses((status = 200, body = OutputPattern)))]
async fn get_pattern(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputPattern>> {
    let pattern = by
        .read(move |reading| Visible::<Pattern>::get(reading, &reference))
        .await?;
    Ok(Json(OutputPattern::from(pattern.into_inner())))
}

/// Delete an attack pattern. Refused while procedures use it.
#[utoipa::path(delete, path = "/api/v1/pattern/{patternId}", tag = "Att&ck", params(("patternId" = String, Path)),
    responses((status = 204)))]
async fn delete_pattern(
    by: Authorized<ManagePattern>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
