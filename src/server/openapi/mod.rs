//! The description of our own API, made from the handlers themselves.
//!
//! A debug build makes it; a release holds the text, which a test keeps the same.

#[cfg(debug_assertions)]
mod made;
#[cfg(debug_assertions)]
mod operations;
#[cfg(debug_assertions)]
mod precision;

#[cfg(debug_assertions)]
pub use made::document;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

use crate::access::endpoint::Endpoints;
use crate::access::{Authenticated, Result};

/// The endpoint that gives it.
pub fn endpoints() -> Endpoints {
    crate::endpoints![get_openapi]
}

/// The description of the API.
#[utoipa::path(get, path = "/api/skep/v1/openapi.json", tag = "Platform", responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_openapi(_by: Authenticated) -> Result<Response> {
    Ok(([(CONTENT_TYPE, "application/json")], document()?).into_response())
}

/// The document as JSON text.
///
/// # Errors
/// Only a defect: a description that can't be unpacked.
#[cfg(not(debug_assertions))]
pub fn document() -> Result<String> {
    let packed: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.zst"));
    let failed = |error: &dyn std::fmt::Display| {
        crate::access::Error::Internal(format!(
            "the description of the API cannot be read: {error}"
        ))
    };
    let text = zstd::decode_all(packed).map_err(|error| failed(&error))?;
    String::from_utf8(text).map_err(|error| failed(&error))
}
