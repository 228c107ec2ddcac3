//! `/api/v1/connector/cortex/analyzer` and `/api/v1/admin/config/cortex`.

use axum::{Extension, Json};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePlatform;
use crate::access::{Authenticated, Authorized, Error, Result};
use crate::integration::server::Integrations;
use crate::wire::Body;
use crate::wire::url::{Path, Query};

use super::config;
use super::model::OutputWorker;
use super::workers::{Wanted, ask_all, united};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        list_analyzers,
        list_analyzers_of_type,
        get_analyzer,
        get_cortex_config,
        set_cortex_config,
    ]
}

/// Which of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RangeQuery {
    /// `0-10`: from the first, up to but without the second; `all`.
    range: Option<String>,
}

/// List the analyzers of all servers that the organisation may use.
#[utoipa::path(get, path = "/api/v1/connector/cortex/analyzer", tag = "Cortex", params(RangeQuery),
    responses((status = 200, body = Vec<OutputWorker>)))]
async fn list_analyzers(
    by: Authenticated,
    Extension(integrations): Extension<Integrations>,
    Query(query): Query<RangeQuery>,
) -> Result<Json<Vec<OutputWorker>>> {
    let found = offered(&by, &integrations, Wanted::Analyzers).await?;
    let (from, to) = range(query.range.as_deref(), found.len());
    Ok(Json(found.into_iter().take(to).skip(from).collect()))
}

/// The ends of a range as old clients write it.
fn range(text: Option<&str>, length: usize) -> (usize, usize) {
    let ends = text.and_then(|text| text.split_once('-'));
    let ends =
        ends.and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    ends.unwrap_or((0, length))
}

async fn offered(
    by: &Authenticated,
    integrations: &Integrations,
    wanted: Wanted,
) -> Result<Vec<OutputWorker>> {
    let answers = ask_all(by, integrations, wanted, None).await?;
    Ok(united(answers)
        .into_iter()
        .map(|worker| worker.output)
        .collect())
}

/// List the analyzers for a type of observables.
#[utoipa::path(get, path = "/api/v1/connector/cortex/analyzer/type/{dataType}", tag = "Cortex",
    params(("dataType" = String, Path)), responses((status = 200, body = Vec<OutputWorker>)))]
async fn list_analyzers_of_type(
    by: Authenticated,
    Extension(integrations): Extension<Integrations>,
    Path(data_type): Path<String>,
) -> Result<Json<Vec<OutputWorker>>> {
    let wanted = Wanted::AnalyzersOfType(data_type);
    offered(&by, &integrations, wanted).await.map(Json)
}

/// Read an analyzer by its id.
#[utoipa::path(get, path = "/api/v1/connector/cortex/analyzer/{analyzerId}", tag = "Cortex",
    params(("analyzerId" = String, Path)), responses((status = 200, body = OutputWorker)))]
async fn get_analyzer(
    by: Authenticated,
    Extension(integrations): Extension<Integrations>,
    Path(id): Path<String>,
) -> Result<Json<OutputWorker>> {
    let found = offered(&by, &integrations, Wanted::Analyzer(id.clone())).await?;
    let first = found.into_iter().next();
    first
        .map(Json)
        .ok_or_else(|| Error::not_found("Analyzer", id))
}

/// Read how Cortex is set up, without the keys.
#[utoipa::path(get, path = "/api/v1/admin/config/cortex", tag = "Configuration",
    responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_cortex_config(by: Authorized<ManagePlatform>) -> Result<Json<Value>> {
    by.read(config::read).await.map(Json)
}

/// Set Cortex up: these servers and no others. A key of nothing but stars stays what it was.
#[utoipa::path(put, path = "/api/v1/admin/config/cortex", tag = "Configuration",
    request_body = config::InputCortexConfig, responses((status = 204)))]
async fn set_cortex_config(
    by: Authorized<ManagePlatform>,
    Extension(integrations): Extension<Integrations>,
    Body(input): Body<config::InputCortexConfig>,
) -> Result<StatusCode> {
    by.write(move |unit| config::set(unit, &integrations, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
