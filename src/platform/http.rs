//! The endpoints that probes and clients ask before anything else.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;

use super::markdown::{self, InputMarkdown, OutputMarkdown};
use super::model::{self, OutputPublicStatus};
use crate::access::endpoint::Endpoints;
use crate::access::guard::Gate;
use crate::access::{Authenticated, Error, Public, Result};
use crate::storage;
use crate::wire::Body;
use crate::wire::url::Query;

/// A probe that waits longer than this has its answer: no.
const READY_TIME_MAX: Duration = Duration::from_secs(2);

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        health,
        ready,
        get_legacy_status,
        get_public_status,
        get_status,
        get_current_license,
        render_markdown,
    ]
}

/// Whether the process is up, as text.
#[utoipa::path(get, path = "/api/health", tag = "Platform", responses((status = 200, body = String)))]
async fn health(_: Public) -> &'static str {
    "Ok"
}

/// Whether the server can serve: its database answers, as text.
#[utoipa::path(get, path = "/api/ready", tag = "Platform",
    responses((status = 200, body = String), (status = 503, description = "The database does not answer")))]
async fn ready(_: Public, State(gate): State<Gate>) -> Result<&'static str> {
    gate.probe(READY_TIME_MAX).await.map_err(|error| {
        let reason = match error {
            storage::Error::Deadline | storage::Error::Overloaded => {
                format!("the database does not answer within {READY_TIME_MAX:?}")
            }
            storage::Error::Closed | storage::Error::Unreachable { .. } => error.to_string(),
            other => {
                tracing::warn!(error = %other, "not ready");
                "the database cannot be read".to_owned()
            }
        };
        Error::NotReady(reason)
    })?;
    Ok("Ready")
}

/// The status that older clients ask for.
#[utoipa::path(get, path = "/api/status", tag = "Platform", responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_legacy_status(_: Public) -> Json<Value> {
    Json(model::legacy_status())
}

/// What the platform tells everybody.
#[utoipa::path(get, path = "/api/v1/status/public", tag = "Platform", responses((status = 200, body = OutputPublicStatus)))]
async fn get_public_status(_: Public) -> Json<OutputPublicStatus> {
    Json(model::public_status())
}

/// How much to tell.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "clients send it; there is no more to tell yet")]
struct StatusQuery {
    verbose: Option<String>,
}

/// What the platform tells its users.
#[utoipa::path(get, path = "/api/v1/status", tag = "Platform", params(StatusQuery),
    responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_status(_by: Authenticated, _query: Query<StatusQuery>) -> Json<Value> {
    Json(model::status())
}

/// The licence: none is needed.
#[utoipa::path(get, path = "/api/v1/license/current", tag = "Platform", responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_current_license(_by: Authenticated) -> Json<Value> {
    Json(model::license())
}

/// Render Markdown to HTML that is safe to show.
#[utoipa::path(post, path = "/api/skep/v1/markdown", tag = "Markdown", request_body = InputMarkdown,
    responses((status = 200, body = OutputMarkdown)))]
async fn render_markdown(
    _by: Authenticated,
    Body(input): Body<InputMarkdown>,
) -> Result<Json<OutputMarkdown>> {
    markdown::render(input).await.map(Json)
}
