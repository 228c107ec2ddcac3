//! `/api/v1/query` and `/api/v1/describe`.

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::catalogue::Catalogue;
use super::describe::{ModelDescription, describe, describe_all};
use super::moment::Moment;
use super::{parse, run};
use crate::access::endpoint::Endpoints;
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Error, Result};
use crate::wire::Body;
use crate::wire::url::{Path, Query as UrlQuery};

const X_TOTAL: HeaderName = HeaderName::from_static("x-total");

/// The endpoints of the query language.
pub fn endpoints() -> Endpoints {
    crate::endpoints![query, describe_models, describe_model]
}

/// A query: operations, each an object with its `_name`. The first one starts from entities (`listCase`, `getTask`…),
/// the others transform the set or end it.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputQuery {
    #[schema(value_type = Vec<serde_json::Map<String, Value>>, example = json!([
        {"_name": "listCase"},
        {"_name": "filter", "_in": {"_field": "stage", "_values": ["New", "InProgress"]}},
        {"_name": "sort", "_fields": [{"_createdAt": "desc"}]},
        {"_name": "page", "from": 0, "to": 30, "extraData": ["total"]}
    ]))]
    pub query: Vec<Value>,
    /// Properties to leave out of the answer.
    pub exclude_fields: Option<Vec<String>>,
    /// The only properties to answer; wins over `excludeFields`.
    pub include_fields: Option<Vec<String>>,
}

/// A label for logs: it changes nothing.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct QueryLabel {
    name: Option<String>,
}

/// Run a query.
///
/// The answer is a list of entities, a number after `count` and `limitedCount`, or an object after `aggregation`.
#[utoipa::path(post, path = "/api/v1/query", tag = "Query", params(QueryLabel), request_body = InputQuery,
    responses((status = 200, description = "Entities, a number, or an object", body = Value,
        headers(("X-Total" = i64, description = "The size before paging, if `total` is among the extra data")))))]
async fn query(
    by: Authenticated,
    Extension(catalogue): Extension<&'static Catalogue>,
    UrlQuery(label): UrlQuery<QueryLabel>,
    Body(body): Body<Box<RawValue>>,
) -> Result<Response> {
    let query = parse(body.get())?;
    by.read(move |reading| {
        tracing::debug!(name = label.name, operations = ?query.operations, "query");
        let moment = Moment::at(reading.scope().now_ms);
        let answered = run(reading, catalogue, &query, &moment)?;
        // Written out here, on a thread that may take its time.
        let json = serde_json::to_vec(&answered.json)
            .map_err(|error| Error::Internal(error.to_string()))?;
        let mut response = ([(header::CONTENT_TYPE, "application/json")], json).into_response();
        if let Some(total) = answered.total {
            response
                .headers_mut()
                .insert(X_TOTAL, HeaderValue::from(total));
        }
        Ok(response)
    })
    .await
}

/// Describe the fields of all models.
#[utoipa::path(get, path = "/api/v1/describe/_all", tag = "Query",
    responses((status = 200, description = "By the models' names", body = std::collections::BTreeMap<String, ModelDescription>)))]
async fn describe_models(
    by: Authenticated,
    Extension(catalogue): Extension<&'static Catalogue>,
) -> Result<Response> {
    let all = by.read(|reading| describe_all(reading, catalogue)).await?;
    Ok(Json(all).into_response())
}

/// Describe the fields of a model: `case`, `task`…
#[utoipa::path(get, path = "/api/v1/describe/{model}", tag = "Query", params(("model" = String, Path)),
    responses((status = 200, body = ModelDescription)))]
async fn describe_model(
    by: Authenticated,
    Extension(catalogue): Extension<&'static Catalogue>,
    Path(model): Path<String>,
) -> Result<Json<ModelDescription>> {
    by.read(move |reading| describe(reading, catalogue, &model))
        .await
        .map(Json)
}
