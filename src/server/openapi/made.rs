//! Makes the document of what the handlers say of themselves.

use serde_json::{Value, json};
use utoipa::OpenApi;

use super::{operations, precision};
use crate::access::permission::Need;
use crate::access::{Error, Result};
use crate::audit::model::OutputAudit;
use crate::events::{OutputEvent, OutputUnread};
use crate::investigation::case_link::model::OutputCaseLinks;
use crate::investigation::similarity::model::{
    OutputSimilarAlert, OutputSimilarAlertLight, OutputSimilarCase, OutputSimilarCaseLight,
};
use crate::server::catalogue::catalogue;
use crate::server::error_response::ErrorBody;
use crate::vocabulary::case_status::model::OutputCaseStatus;

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

/// The document of all endpoints as JSON text.
///
/// # Errors
/// Only a defect: a description that is no JSON.
pub fn document() -> Result<String> {
    let endpoints = crate::server::router::endpoints();
    let mut description = Unnamed::openapi();
    description.paths.merge(endpoints.description.paths);
    let components = description.components.get_or_insert_default();
    components.schemas.extend(endpoints.description.schemas);
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
    for entry in &endpoints.catalogue {
        let operation = &mut document["paths"][&entry.path][entry.method.to_lowercase()];
        if operation.is_object() {
            describe_access(operation, entry.need);
        }
    }
    Ok(document.to_string())
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
