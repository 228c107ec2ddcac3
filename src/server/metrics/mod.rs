//! `/metrics`: how busy the server is and how it is, for Prometheus. Off unless the settings say who may read it: who
//! reaches an address of its own, or who has a token.

mod figures;
mod traffic;

use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use subtle::ConstantTimeEq;

pub use traffic::Traffic;

use super::error_response::refuse;
use crate::app::App;
use crate::health::Status;
use crate::metrics::Exposition;

/// What the figures are taken from. Cheap to clone.
#[derive(Clone)]
pub struct Source {
    app: App,
    traffic: Traffic,
    status: Status,
    began: Instant,
}

impl Source {
    /// Of the running program.
    pub fn new(app: &App, traffic: Traffic, status: Status) -> Self {
        Self {
            app: app.clone(),
            traffic,
            status,
            began: Instant::now(),
        }
    }
}

/// Answers nothing but `/metrics`: for an address of its own.
pub fn router(source: Source) -> Router {
    Router::new()
        .route("/metrics", get(on_own_address))
        .with_state(source)
}

/// The route on the usual address, where only a token opens it.
pub(super) fn with_token(source: Source) -> Router {
    Router::new()
        .route("/metrics", get(on_usual_address))
        .with_state(source)
}

async fn on_own_address(State(source): State<Source>, request: Request) -> Response {
    if source.app.config.metrics.token.is_some() && !has_token(&source, &request) {
        return unauthenticated();
    }
    answer(&source).await
}

async fn on_usual_address(State(source): State<Source>, request: Request) -> Response {
    if source.app.config.metrics.token.is_none() {
        let message = "The figures are not told here; see metrics.token in the settings";
        return refuse(StatusCode::NOT_FOUND, "NotFoundError", message.to_owned());
    }
    if !has_token(&source, &request) {
        return unauthenticated();
    }
    answer(&source).await
}

async fn answer(source: &Source) -> Response {
    let text = figures::of(source).await;
    let headers = [
        (CONTENT_TYPE, Exposition::CONTENT_TYPE),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}

/// Whether the request has the token of the settings. Comparing takes the same time however much of it is right.
fn has_token(source: &Source, request: &Request) -> bool {
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let token = source.app.config.metrics.token.as_ref();
    match (token, given) {
        (Some(token), Some(given)) => token.reveal().as_bytes().ct_eq(given).into(),
        _ => false,
    }
}

fn unauthenticated() -> Response {
    let message = "The figures are told to who sends their token".to_owned();
    let mut response = refuse(StatusCode::UNAUTHORIZED, "AuthenticationError", message);
    let challenge = http::HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}
