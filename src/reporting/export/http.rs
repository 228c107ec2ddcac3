//! `/api/v1/export`.

use std::sync::Arc;

use axum::body::Body as Stream;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use futures_util::stream::unfold;
use http::{HeaderValue, header};
use serde::Deserialize;

use crate::access::endpoint::Endpoints;
use crate::access::{Authenticated, Error, Result};
use crate::query::{Catalogue, parse};
use crate::wire::body;
use crate::wire::file_name::disposition;
use crate::wire::url::Query;

use super::fields::{OutputExportFieldsMapping, mapping};
use super::rows::{File, ROWS_AT_A_TIME};
use super::rules::Options;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![export, get_export_fields]
}

/// What to export, and how: both are JSON.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// As the body of a query: `{"query": [{"_name": "listCase"}, …]}`.
    query: String,
    /// `format` (csv, json, txt, misp), `model` (Case, Alert…), and if wanted `fileName`, `protectData`, `fields`,
    /// `delimiter`, `quoteChar`, `escapeChar`.
    options: String,
}

/// A list as a file: whatever a query gives.
#[utoipa::path(get, path = "/api/v1/export", tag = "Export", params(ExportQuery),
    responses((status = 200, description = "The file", body = String, content_type = "application/octet-stream",
        headers(("X-Total" = i64, description = "How many rows it has")))))]
async fn export(
    by: Authenticated,
    Query(asked): Query<ExportQuery>,
    Extension(catalogue): Extension<&'static Catalogue>,
) -> Result<Response> {
    let query = parse(&asked.query)?;
    let options: Options = body::parse(asked.options.as_bytes())?;
    let (name, content_type) = (options.file(), options.format.content_type());
    let file = by
        .read(move |reading| File::prepare(reading, catalogue, &query, &options))
        .await?;
    let header = |text: &str| {
        HeaderValue::from_str(text).map_err(|error| Error::Internal(format!("a header: {error}")))
    };
    let headers = [
        (header::CONTENT_TYPE, header(content_type)?),
        (
            header::CONTENT_DISPOSITION,
            header(&disposition("attachment", &name))?,
        ),
        (
            http::HeaderName::from_static("x-total"),
            HeaderValue::from(file.row_count()),
        ),
    ];
    Ok((headers, Stream::from_stream(parts(by, file))).into_response())
}

/// Where the writing of a file has come to.
enum At {
    Beginning,
    Row { next: usize, is_first: bool },
    Over,
}

/// The file a part at a time, each read when the one before was taken. A failure ends the answer before its end, so that
/// nobody takes what came for the whole.
fn parts(
    by: Authenticated,
    file: File,
) -> impl futures_util::Stream<Item = Result<Bytes>> + Send + 'static {
    let file = Arc::new(file);
    unfold((by, file, At::Beginning), |(by, file, at)| async move {
        let (text, next) = match at {
            At::Beginning => {
                let first = At::Row {
                    next: 0,
                    is_first: true,
                };
                (Ok(file.beginning()), first)
            }
            At::Row { next, .. } if next >= file.row_count() => {
                (Ok(file.end().to_owned()), At::Over)
            }
            At::Row { next, is_first } => {
                let read = file.clone();
                let part = by
                    .read(move |reading| read.part(reading, next, is_first))
                    .await;
                match part {
                    Ok((text, is_first)) => {
                        let next = next + ROWS_AT_A_TIME;
                        (Ok(text), At::Row { next, is_first })
                    }
                    Err(error) => {
                        tracing::warn!(%error, "an export ends early");
                        (Err(error), At::Over)
                    }
                }
            }
            At::Over => return None,
        };
        Some((text.map(Bytes::from), (by, file, next)))
    })
}

/// Which fields can be columns.
#[utoipa::path(get, path = "/api/v1/export/_fields", tag = "Export",
    responses((status = 200, body = OutputExportFieldsMapping)))]
async fn get_export_fields(
    _by: Authenticated,
    Extension(catalogue): Extension<&'static Catalogue>,
) -> Json<OutputExportFieldsMapping> {
    Json(mapping(catalogue))
}
