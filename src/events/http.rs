//! `/api/v1/stream`, `/api/v1/flow` and `/api/skep/v1/events`.

use std::time::Duration;

use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use serde::Deserialize;
use tokio::time::{Instant, sleep, timeout_at};

use super::{Events, require_listener, server_sent};
use crate::access::endpoint::Endpoints;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Authenticated, Error, Result};
use crate::audit::follow::{self, OutputStreamAudit};
use crate::wire::url::{Path, Query};

/// How long a read of a stream waits for something to happen.
const REFRESH: Duration = Duration::from_mins(1);
/// After the first event, others are waited for this long at a time…
const GRACE: Duration = Duration::from_millis(100);
/// …and this long in all.
const GRACE_MAX: Duration = Duration::from_secs(1);
/// Records read at a time.
const RECORDS_MAX: i64 = 500;
/// Entries of the flow.
const FLOW_MAX: i64 = 500;
/// How far the flow looks back, milliseconds.
const FLOW_TIME_MS: i64 = 24 * 60 * 60 * 1_000;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![open_stream, read_stream, get_flow, listen_to_events]
}

/// Open a stream of what happens from now on. The answer is its id.
#[utoipa::path(post, path = "/api/v1/stream", tag = "Events", responses((status = 200, body = String)))]
async fn open_stream(by: Authenticated, Extension(events): Extension<Events>) -> Result<String> {
    let cursor = by.read(follow::last_id).await?;
    events.streams.open(by.scope(), cursor)
}

/// Wait for something to happen, at most a minute.
#[utoipa::path(get, path = "/api/v1/stream/{streamId}", tag = "Events", params(("streamId" = String, Path)),
    responses((status = 200, body = Vec<OutputStreamAudit>)))]
async fn read_stream(
    by: Authenticated,
    Path(id): Path<String>,
    Extension(events): Extension<Events>,
) -> Result<Json<Vec<OutputStreamAudit>>> {
    let mut commits = by.commits();
    let cursor = events.streams.cursor(by.scope(), &id)?;
    let ends_at = Instant::now() + REFRESH;
    let is_new = |records: &[_]| !records.is_empty();
    let look = || {
        by.read(move |reading| {
            require_listener(reading)?;
            follow::list_after(reading, cursor, RECORDS_MAX)
        })
    };
    let mut records = look().await?;
    while !is_new(&records) {
        tokio::select! {
            () = events.stopping.cancelled() => break,
            changed = timeout_at(ends_at, commits.changed()) => {
                if changed.is_err() {
                    break;
                }
            }
        }
        records = look().await?;
    }
    if is_new(&records) {
        // What one act sets off comes in several commits: tell it in one answer.
        let patience = Instant::now() + GRACE_MAX;
        while Instant::now() < patience
            && timeout_at(Instant::now() + GRACE, commits.changed())
                .await
                .is_ok()
        {
            sleep(GRACE / 4).await;
        }
        records = look().await?;
    }
    let now_ms = by.scope().now_ms;
    if let Some(last) = records.last() {
        events.streams.advance(&id, last.id, now_ms);
    }
    by.read(move |reading| Ok(Json(follow::tell(reading, events.catalogue, &records)?)))
        .await
}

/// What of the flow to show.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct FlowQuery {
    /// A case or an organisation; absent or `any` for everything.
    root_id: Option<String>,
    /// How many entries, 10 when absent.
    count: Option<i64>,
}

/// What happened in the last 24 hours, the newest first.
#[utoipa::path(get, path = "/api/v1/flow", tag = "Events", params(FlowQuery),
    responses((status = 200, body = Vec<OutputStreamAudit>)))]
async fn get_flow(
    by: Authenticated,
    Query(query): Query<FlowQuery>,
    Extension(events): Extension<Events>,
) -> Result<Json<Vec<OutputStreamAudit>>> {
    let context_id = match query.root_id.as_deref() {
        None | Some("any" | "") => None,
        Some(id) => Some(parse_id(id).ok_or_else(|| Error::not_found("Root", id))?),
    };
    let count = query.count.unwrap_or(10).clamp(0, FLOW_MAX);
    by.read(move |reading| {
        let since_ms = reading.scope().now_ms - FLOW_TIME_MS;
        Ok(Json(follow::newest(
            reading,
            events.catalogue,
            context_id,
            since_ms,
            count,
        )?))
    })
    .await
}

/// Where to begin.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// The id of the last event seen; the header `Last-Event-ID` says the same.
    after: Option<i64>,
}

/// Server-sent events: `audit` for each record, `inbox` when the number of unread items changes.
#[utoipa::path(get, path = "/api/skep/v1/events", tag = "Events", params(EventsQuery),
    responses((status = 200, description = "A stream of server-sent events", content_type = "text/event-stream", body = String)))]
async fn listen_to_events(
    by: Authenticated,
    Query(query): Query<EventsQuery>,
    Extension(events): Extension<Events>,
    headers: HeaderMap,
) -> Result<Response> {
    let last_seen = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let stream = server_sent::listen(
        &events.listeners,
        by,
        last_seen.or(query.after),
        events.stopping.clone(),
    )
    .await?;
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(stream).keep_alive(keep_alive).into_response())
}
