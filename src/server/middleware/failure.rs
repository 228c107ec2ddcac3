//! Failures: each is logged once, with the request's id, and the answer tells the id and nothing else.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::StatusCode;

use crate::access::Origin;
use crate::server::error_response::{ErrorBody, Failure};

/// Catches a handler's panic and gives failures their request id.
pub async fn report(request: Request, next: Next) -> Response {
    let request_id = request
        .extensions()
        .get::<Origin>()
        .map(|origin| origin.request_id.clone());
    let request_id = request_id.unwrap_or_default();
    let what = format!("{} {}", request.method(), request.uri().path());
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let (status, chain) = match &answer {
        Ok(response) => match response.extensions().get::<Failure>() {
            Some(failure) => (response.status(), failure.0.to_string()),
            // The framework's own words, in plain text: it was wired wrongly.
            None if response.status() == StatusCode::INTERNAL_SERVER_ERROR => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the framework gave up: a handler asks for what it can't have".to_owned(),
            ),
            None => {
                return answer
                    .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
            }
        },
        Err(panic) => (StatusCode::INTERNAL_SERVER_ERROR, panic_text(&**panic)),
    };
    tracing::error!(%request_id, request = what, error = chain, "a request failed");
    let kind = if status == StatusCode::INSUFFICIENT_STORAGE {
        "InsufficientStorage"
    } else {
        "InternalError"
    };
    let message = if status == StatusCode::INSUFFICIENT_STORAGE {
        "The disk of the server is full: nothing was changed, reading goes on".to_owned()
    } else {
        format!(
            "Something went wrong in the server; its log has the details under the request id {request_id}"
        )
    };
    let body = ErrorBody {
        kind: kind.to_owned(),
        message,
        errors: Vec::new(),
        request_id: Some(request_id.to_string()),
    };
    (status, axum::Json(body)).into_response()
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
