//! Bodies come whole, within a size and a time, before anything looks at them. Only forms with files of somebody who is
//! signed in are handed on piece by piece: within their own size, and with a time for each piece.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

use crate::access::Error;
use crate::access::guard::Caller;
use crate::app::App;
use crate::server::error_response::refuse;
use crate::wire::form::is_multipart;

/// How much is kept in memory for somebody who is not signed in: enough to sign in.
const STRANGER_BYTES_MAX: usize = 64 * 1024;

/// Reads the body, or refuses it.
pub async fn receive(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = &app.config.limits;
    let json_bytes_max = limits.json_bytes_max.get() as usize;
    let refused = request
        .extensions()
        .get::<Caller>()
        .and_then(|caller| caller.0.as_ref().err().cloned());
    let limit_bytes = if refused.is_some() {
        json_bytes_max.min(STRANGER_BYTES_MAX)
    } else {
        json_bytes_max
    };
    let time_max = Duration::from_secs(u64::from(limits.body_seconds_max.get()));
    let (parts, body) = request.into_parts();
    if refused.is_none() && brings_files(&parts.headers) {
        return hand_on(&app, Request::from_parts(parts, body), time_max, next).await;
    }
    let too_large = || match refused {
        Some(refused) => Error::from(refused).into_response(),
        None => Error::TooLarge { limit_bytes }.into_response(),
    };
    if announced_length(&parts.headers).is_some_and(|length| length > limit_bytes) {
        return too_large();
    }
    let bytes = match tokio::time::timeout(time_max, to_bytes(body, limit_bytes)).await {
        Ok(Ok(bytes)) => bytes,
        // A body without a length that grows too long, or a client that went away and does not see the answer.
        Ok(Err(_)) => return too_large(),
        Err(_) => {
            return refuse(
                StatusCode::REQUEST_TIMEOUT,
                "BadRequest",
                "The body of the request did not come in time",
            );
        }
    };
    next.run(Request::from_parts(parts, Body::from(bytes)))
        .await
}

/// Hands a form with files on as it comes. What it may hold is counted by who reads it.
async fn hand_on(app: &App, request: Request, time_max: Duration, next: Next) -> Response {
    let limits = &app.config.limits;
    let limit_bytes =
        limits.attachment_bytes_max.get() as usize + limits.json_bytes_max.get() as usize;
    if announced_length(request.headers()).is_some_and(|length| length > limit_bytes) {
        return Error::TooLarge { limit_bytes }.into_response();
    }
    let (parts, body) = request.into_parts();
    let pieces = body.into_data_stream();
    let in_time = futures_util::stream::unfold(Some(pieces), move |pieces| async move {
        let mut pieces = pieces?;
        match tokio::time::timeout(time_max, pieces.next()).await {
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(error.to_string()), None)),
            Ok(None) => None,
            Err(_) => Some((Err("the client has gone silent".to_owned()), None)),
        }
    });
    let body = Body::from_stream(in_time.map(|piece| piece.map_err(std::io::Error::other)));
    next.run(Request::from_parts(parts, body)).await
}

fn brings_files(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(is_multipart)
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
