//! `/api/skep/v1/lookup`.

use axum::{Extension, Json};
use serde::Deserialize;

use super::lookup::{OutputJump, jumps};
use crate::access::endpoint::Endpoints;
use crate::access::{Authenticated, Result};
use crate::query::Catalogue;
use crate::wire::url::Query;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![look_up]
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
