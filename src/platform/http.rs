//! The endpoints that probes and clients ask before anything else.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::log;
use super::markdown::{self, InputMarkdown, OutputMarkdown};
use super::model::{self, OutputPublicStatus};
use crate::access::endpoint::Endpoints;
use crate::access::guard::Gate;
use crate::access::permission::needs::ManagePlatform;
use crate::access::{Authenticated, Authorized, Error, Public, Result};
use crate::integration::server;
use crate::integration::server::model::ServerKind;
use crate::storage;
use crate::wire::Body;
use crate::wire::url::{Path, Query};

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
        list_licenses,
        get_license,
        add_license,
        activate_license,
        get_license_challenge,
        render_markdown,
        set_log_level,
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
async fn get_status(by: Authenticated, _query: Query<StatusQuery>) -> Result<Json<Value>> {
    by.read(|reading| {
        let cortex = server::actions::status(reading, ServerKind::Cortex)?;
        let misp = server::actions::status(reading, ServerKind::Misp)?;
        Ok(Json(model::status(&cortex, &misp)))
    })
    .await
}

/// The licence: none is needed.
#[utoipa::path(get, path = "/api/v1/license/current", tag = "Platform", responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_current_license(_by: Authenticated) -> Json<Value> {
    Json(model::license())
}

/// The licences that were given: none, since none is needed.
#[utoipa::path(get, path = "/api/v1/license", tag = "License",
    responses((status = 200, body = Vec<serde_json::Map<String, Value>>)))]
async fn list_licenses(_by: Authorized<ManagePlatform>) -> Json<Vec<Value>> {
    Json(Vec::new())
}

/// A licence: there is none.
#[utoipa::path(get, path = "/api/v1/license/{licenseId}", tag = "License", params(("licenseId" = String, Path)),
    responses((status = 404, description = "There is none")))]
async fn get_license(
    _by: Authorized<ManagePlatform>,
    Path(id): Path<String>,
) -> Result<Json<Value>> {
    Err(Error::not_found("License", id))
}

/// A licence that somebody brings along.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct InputLicense {
    #[expect(dead_code, reason = "it opens nothing that is not open")]
    license: String,
}

/// Give a licence. It opens nothing that is not open, and is not kept.
#[utoipa::path(post, path = "/api/v1/license", tag = "License", request_body = InputLicense, responses((status = 204)))]
async fn add_license(
    _by: Authorized<ManagePlatform>,
    Body(_license): Body<InputLicense>,
) -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Activate a licence: everything is active.
#[utoipa::path(put, path = "/api/v1/license/{licenseId}/activate", tag = "License",
    params(("licenseId" = String, Path)), responses((status = 204)))]
async fn activate_license(_by: Authorized<ManagePlatform>, Path(_id): Path<String>) -> StatusCode {
    StatusCode::NO_CONTENT
}

/// What one would send to who sells licences.
#[utoipa::path(get, path = "/api/v1/license/challenge", tag = "License", responses((status = 200, body = String)))]
async fn get_license_challenge(_by: Authorized<ManagePlatform>) -> &'static str {
    "No license is needed: Skep is free, for ever."
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

/// Log a part of the program (`skep::storage`; `ROOT` for all of it) from this level on, until the program stops.
#[utoipa::path(put, path = "/api/v1/admin/log/set/{packageName}/{level}", tag = "Admin",
    params(("packageName" = String, Path), ("level" = String, Path)), responses((status = 204)))]
async fn set_log_level(
    by: Authorized<ManagePlatform>,
    Path((package, level)): Path<(String, String)>,
) -> Result<StatusCode> {
    log::set(&package, &level)?;
    let login = &by.scope().login;
    tracing::warn!(
        by = login,
        package,
        level,
        "the level of the log was changed"
    );
    Ok(StatusCode::NO_CONTENT)
}
