//! One log line for each request: what was asked and how it went. Never a body, a token or a query string.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

use crate::access::Origin;

/// A request that takes longer is worth a line of its own, milliseconds.
const SLOW_MS: u128 = 1_000;

/// Logs requests: failures and slow ones always, the others at the level `debug`.
pub async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let origin = request.extensions().get::<Origin>().cloned();
    let response = next.run(request).await;
    let elapsed_ms = started.elapsed().as_millis();
    let status = response.status().as_u16();
    let path = matched.as_ref().map_or("-", MatchedPath::as_str);
    let request_id = origin.as_ref().map_or("", |origin| &*origin.request_id);
    if elapsed_ms >= SLOW_MS && !path.contains("stream") {
        tracing::warn!(%method, path, status, elapsed_ms, request_id, "slow request");
    } else {
        tracing::debug!(%method, path, status, elapsed_ms, request_id, "request");
    }
    response
}
