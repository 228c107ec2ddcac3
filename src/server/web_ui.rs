//! The web UI, out of the binary itself: stored compressed, named by its content, cached for ever where that is safe.

use std::borrow::Cow;
use std::io::Read as _;

use axum::response::{Html, IntoResponse, Response};
use flate2::read::GzDecoder;
use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::error_response::refuse;
use crate::access::Error;
use crate::text::hex::hex;

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// Said when the binary was built without its UI.
const NO_UI: &str = "<!doctype html><meta charset=utf-8><title>Skep</title><h1>Skep</h1>\
    <p>This program was built without its web UI. Run <code>scripts/build</code>; the API is at /api/v1.</p>";

/// Answers what no route answers: files of the UI, its pages, and unknown routes of the API.
pub fn serve(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path();
    if path.starts_with("/api/") || path == "/api" {
        return Error::not_found("Route", path).into_response();
    }
    if *method != Method::GET && *method != Method::HEAD {
        let message = format!("{path} has no {method}");
        let refused = refuse(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message);
        return ([(ALLOW, "GET,HEAD")], refused).into_response();
    }
    let name = path.trim_start_matches('/');
    let is_file = name
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    if is_file && !name.is_empty() {
        return file(name, headers)
            .unwrap_or_else(|| Error::not_found("File", path).into_response());
    }
    // Every other path is a page, which the UI itself finds.
    file("index.html", headers).unwrap_or_else(|| Html(NO_UI).into_response())
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let content_type = content_type(name)?;
    let Form {
        bytes,
        mark,
        encoding,
    } = form(name, headers)?;
    let etag = format!("\"{mark}\"");
    let is_known = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        == Some(etag.as_str());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        axum::body::Body::from(bytes).into_response()
    };
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    // Files in assets/ carry a hash of their content in their names; a page must be asked for each time.
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(ETAG, etag);
    }
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// A file as one client gets it.
struct Form {
    bytes: Cow<'static, [u8]>,
    /// Tells it from every other form and version.
    mark: String,
    encoding: Option<&'static str>,
}

impl Form {
    fn new(file: EmbeddedFile, encoding: Option<&'static str>) -> Self {
        Self {
            mark: hex(&file.metadata.sha256_hash()[..12]),
            bytes: file.data,
            encoding,
        }
    }

    /// Undoes gzip.
    fn unpacked(file: EmbeddedFile) -> Option<Self> {
        let packed = Self::new(file, None);
        let mut bytes = Vec::new();
        GzDecoder::new(&*packed.bytes)
            .read_to_end(&mut bytes)
            .ok()?;
        Some(Self {
            bytes: bytes.into(),
            mark: format!("{}-unpacked", packed.mark),
            encoding: None,
        })
    }
}

/// The file in the best form that the client takes. What shrinks is embedded in its packed forms only.
fn form(name: &str, headers: &HeaderMap) -> Option<Form> {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        let takes = accepted.split(',').any(|part| {
            let mut part = part.split(';');
            part.next().is_some_and(|name| name.trim() == encoding)
                && !part.any(|q| q.trim() == "q=0")
        });
        if takes && let Some(file) = Files::get(&format!("{name}.{ending}")) {
            return Some(Form::new(file, Some(encoding)));
        }
    }
    Files::get(name)
        .map(|file| Form::new(file, None))
        .or_else(|| Form::unpacked(Files::get(&format!("{name}.gz"))?))
}

/// The type by the ending; what has none of these is not ours.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
