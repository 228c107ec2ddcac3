//! One log line for each request: who asked what, and how it went. Never a body, a token or a query string. It also
//! counts them.

use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::authentication::WAITING;
use crate::access::Origin;
use crate::access::guard::Caller;
use crate::server::metrics::Traffic;

/// A request that takes longer is worth a line of its own, milliseconds.
const SLOW_MS: u128 = 1_000;
/// What stands for a caller who is not known, a path that is none of ours, a length that is not known before its end.
const NONE: &str = "-";

/// Logs requests: slow ones as warnings, the others at the level `debug`. The path is that of the route, so no id and no
/// login that a client wrote into it is logged.
pub async fn log(State(traffic): State<Traffic>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let origin = request.extensions().get::<Origin>().cloned();
    let response = next.run(request).await;
    let elapsed = started.elapsed();
    let elapsed_ms = elapsed.as_millis();
    let status = response.status().as_u16();
    let path = matched.as_ref().map_or(NONE, MatchedPath::as_str);
    let waits = WAITING.iter().any(|waiting| path.starts_with(waiting));
    traffic.count(&method, response.status(), (!waits).then_some(elapsed));
    let request_id = origin.as_ref().map_or("", |origin| &*origin.request_id);
    let caller = response.extensions().get::<Caller>();
    let scope = caller.and_then(|caller| caller.0.as_ref().ok());
    let user = scope.map_or(NONE, |scope| &scope.login);
    let organisation = scope.map_or(NONE, |scope| &scope.organisation.name);
    let bytes = response.body().size_hint().exact();
    let bytes = bytes.map_or_else(|| NONE.to_owned(), |bytes| bytes.to_string());
    if elapsed_ms >= SLOW_MS && !waits {
        tracing::warn!(%method, path, status, bytes, elapsed_ms, user, organisation, request_id, "slow request");
    } else {
        tracing::debug!(%method, path, status, bytes, elapsed_ms, user, organisation, request_id, "request");
    }
    response
}
