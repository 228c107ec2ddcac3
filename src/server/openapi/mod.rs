//! The description of our own API, made from the handlers themselves.

mod operations;
mod precision;

use std::sync::Arc;

use axum::Extension;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::access::endpoint::{CatalogueEntry, Endpoints};
use crate::access::permission::Need;
use crate::access::{Authenticated, Error, Result};
use crate::audit::model::OutputAudit;
use crate::events::{OutputEvent, OutputUnread};
use crate::investigation::case_link::model::OutputCaseLinks;
use crate::investigation::similarity::model::{
    OutputSimilarAlert, OutputSimilarAlertLight, OutputSimilarCase, OutputSimilarCaseLight,
};
use crate::server::catalogue::catalogue;
use crate::server::error_response::ErrorBody;
use crate::vocabulary::case_status::model::OutputCaseStatus;

/// The document as JSON text. Put into the extensions of every request.
#[derive(Clone)]
pub struct Document(Arc<str>);

/// What is answered although no endpoint names it: entities that are only queried, events, refusals.
#[derive(OpenApi)]
#[openapi(components(schemas(
    ErrorBody,
    OutputAudit,
    OutputCaseLinks,
    OutputCaseStatus,
    OutputEvent,
    OutputSimilarAlert,
    OutputSimilarAlertLight,
    OutputSimilarCase,
    OutputSimilarCaseLight,
    OutputUnread
)))]
struct Unnamed;

/// The endpoint that gives it.
pub fn endpoints() -> Endpoints {
    crate::endpoints![get_openapi]
}

/// The description of the API.
#[utoipa::path(get, path = "/api/skep/v1/openapi.json", tag = "Platform", responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_openapi(_by: Authenticated, Extension(document): Extension<Document>) -> Response {
    ([(CONTENT_TYPE, "application/json")], document.0.to_string()).into_response()
}

/// The document of all endpoints.
///
/// # Errors
/// Only a defect: a description that is no JSON.
pub fn document(
    mut description: utoipa::openapi::OpenApi,
    endpoints: &[CatalogueEntry],
) -> Result<Document> {
    description.merge(Unnamed::openapi());
    let mut document =
        serde_json::to_value(description).map_err(|error| Error::Internal(error.to_string()))?;
    document["info"] = json!({
        "title": "Skep",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "The API of Skep. Paths under /api/v1 answer as TheHive 5 does; paths under /api/skep/v1 are our own.",
        "license": { "name": "Apache-2.0" },
    });
    document["components"]["securitySchemes"] = json!({
        "ApiKey": { "type": "http", "scheme": "bearer" },
        "Basic": { "type": "http", "scheme": "basic" },
        "Session": { "type": "apiKey", "name": "THEHIVE-SESSION", "in": "cookie" },
    });
    document["components"]["schemas"]["QueryOperations"] = operations::schema(catalogue());
    precision::absent_is_not_null(&mut document);
    precision::refusals(&mut document);
    for entry in endpoints {
        let operation = &mut document["paths"][&entry.path][entry.method.to_lowercase()];
        if operation.is_object() {
            describe_access(operation, entry.need);
        }
    }
    Ok(Document(document.to_string().into()))
}

fn describe_access(operation: &mut Value, need: Need) {
    match need {
        Need::Nothing => operation["security"] = json!([]),
        Need::Membership => operation["security"] = schemes(),
        need => {
            operation["security"] = schemes();
            operation["x-permission"] = need.to_string().into();
        }
    }
}

fn schemes() -> Value {
    json!([{ "ApiKey": [] }, { "Basic": [] }, { "Session": [] }])
}

impl Document {
    /// The JSON text.
    pub fn text(&self) -> &str {
        &self.0
    }
}
