//! `/api/skep/v1/lookup` and `/api/skep/v1/search`.

use axum::{Extension, Json};
use serde::Deserialize;

use super::find::{Asked, OutputSearch, ROWS_MAX, find};
use super::lookup::{OutputJump, jumps};
use crate::access::endpoint::Endpoints;
use crate::access::{Authenticated, Result};
use crate::query::Catalogue;
use crate::wire::page;
use crate::wire::url::Query;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![look_up, search]
}

/// What is typed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LookupQuery {
    #[serde(default)]
    q: String,
}

/// Find cases, tasks, people and organisations by what is typed.
#[utoipa::path(get, path = "/api/skep/v1/lookup", tag = "Search", params(LookupQuery),
    responses((status = 200, body = Vec<OutputJump>)))]
async fn look_up(
    by: Authenticated,
    Query(query): Query<LookupQuery>,
    Extension(catalogue): Extension<&'static Catalogue>,
) -> Result<Json<Vec<OutputJump>>> {
    by.read(move |reading| Ok(Json(jumps(reading, catalogue, &query.q)?)))
        .await
}

/// What to search for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words, "phrases", AND, OR, NOT, parentheses, `field:value`.
    #[serde(default)]
    q: String,
    /// One kind only, as in `_type`: `Case`, `Task`…
    kind: Option<String>,
    /// The first of each kind to give.
    from: Option<i64>,
    /// The one before which to end.
    to: Option<i64>,
}

/// Search everything that the caller sees: the newest of each kind first, with how many there are.
#[utoipa::path(get, path = "/api/skep/v1/search", tag = "Search", params(SearchQuery),
    responses((status = 200, body = OutputSearch)))]
async fn search(
    by: Authenticated,
    Query(query): Query<SearchQuery>,
    Extension(catalogue): Extension<&'static Catalogue>,
) -> Result<Json<OutputSearch>> {
    let (from, rows) = page::rows(query.from, query.to, ROWS_MAX);
    let asked = Asked {
        typed: query.q,
        kind: query.kind,
        from,
        rows,
    };
    find(&by, catalogue, asked).await.map(Json)
}
