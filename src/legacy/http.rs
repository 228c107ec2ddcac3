//! Takes requests of the old API, and sends those of today's through the router.

use std::sync::Mutex;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value as Json, json};
use tower::ServiceExt;

use super::api::{Reply, Step, Stop, X_TOTAL};
use super::routes;
use crate::access::{Error, Origin};
use crate::wire::body::{JSON_BYTES_MAX, parse};

/// Today's API in the name of the caller of one old request.
pub struct Api {
    router: Router,
    parts: Parts,
    /// The body of a request in JSON.
    json: Bytes,
    /// Any other body: it is only handed on.
    body: Mutex<Option<Body>>,
}

/// Answers a request of the old API. `router` has the endpoints of today's, and refuses what it does not know.
pub async fn serve(router: Router, request: Request) -> Response {
    let api = match Api::new(router, request).await {
        Ok(api) => api,
        Err(error) => return error.into_response(),
    };
    let method = api.parts.method.clone();
    let path = api.parts.uri.path().to_owned();
    match routes::answer(&api, method.as_str(), &path).await {
        Some(Ok(reply)) => reply.into_response(),
        Some(Err(Stop::Answered(reply))) => (*reply).into_response(),
        Some(Err(Stop::Refused(error))) => error.into_response(),
        Some(Err(Stop::Elsewhere(path))) => {
            let sent = api.respond("GET", &path, None, Body::empty()).await;
            sent.unwrap_or_else(IntoResponse::into_response)
        }
        None => Error::not_found("Route", path).into_response(),
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}

impl Api {
    async fn new(router: Router, request: Request) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(CONTENT_TYPE);
        let is_other = kind.is_some_and(|kind| {
            let kind = kind.to_str().unwrap_or_default().split(';').next();
            !kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
        });
        let (json, body) = if is_other {
            (Bytes::new(), Some(body))
        } else {
            let too_large = Error::TooLarge {
                limit_bytes: JSON_BYTES_MAX,
            };
            let json = to_bytes(body, JSON_BYTES_MAX)
                .await
                .map_err(|_| too_large)?;
            (json, None)
        };
        Ok(Self {
            router,
            parts,
            json,
            body: Mutex::new(body),
        })
    }

    /// The body of the old request; an empty object where there is none.
    pub fn input(&self) -> Step<Json> {
        if self.json.is_empty() && !self.has_form() {
            return Ok(json!({}));
        }
        if self.has_form() || !self.parts.headers.contains_key(CONTENT_TYPE) {
            let message = "The body has to be sent as Content-Type: application/json";
            return Err(Error::Rule(message.to_owned()).into());
        }
        Ok(parse(&self.json)?)
    }

    /// Whether the body is no JSON: a form with files.
    pub fn has_form(&self) -> bool {
        self.body.lock().is_ok_and(|body| body.is_some())
    }

    /// A parameter of the old request's URL; several of one name in a list with commas.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let values = pairs.filter(|(key, _)| key == name).map(|(_, value)| value);
        values
            .map(std::borrow::Cow::into_owned)
            .reduce(|all, next| format!("{all},{next}"))
    }

    /// When the request came.
    pub fn now_ms(&self) -> Option<i64> {
        let origin = self.parts.extensions.get::<Origin>();
        origin.map(|origin| origin.now_ms)
    }

    /// Asks today's API; anything but a success ends the translation with that answer.
    pub async fn send(&self, method: &str, path: &str, body: Option<&Json>) -> Step<Reply> {
        let bytes = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let kind = body.map(|_| HeaderValue::from_static("application/json"));
        self.dispatch(method, path, kind, bytes.into()).await
    }

    /// The same for its JSON.
    pub async fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> Step<Json> {
        Ok(self.send(method, path, body).await?.value())
    }

    /// Runs a query: what it answers, and how many there are in all, if that was asked.
    pub async fn query(&self, operations: Vec<Json>) -> Step<(Json, Option<i64>)> {
        let body = json!({ "query": operations });
        let reply = self.send("POST", "/api/v1/query", Some(&body)).await?;
        let total = reply.headers.get(X_TOTAL);
        let total = total.and_then(|value| value.to_str().ok()?.parse().ok());
        Ok((reply.value(), total))
    }

    /// Hands the old request on as it is, to another path; the parameters of its URL stay.
    pub async fn forward(&self, path: &str) -> Step<Reply> {
        let body = self.body.lock().ok().and_then(|mut body| body.take());
        let body = body.unwrap_or_else(|| self.json.clone().into());
        let kind = self.parts.headers.get(CONTENT_TYPE).cloned();
        let path = match self.parts.uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        self.dispatch(self.parts.method.as_str(), &path, kind, body)
            .await
    }

    async fn dispatch(
        &self,
        method: &str,
        path: &str,
        kind: Option<HeaderValue>,
        body: Body,
    ) -> Step<Reply> {
        let response = self.respond(method, path, kind, body).await?;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX)
            .await
            .map_err(|error| Error::Internal(error.to_string()))?;
        let reply = Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        };
        if reply.status < StatusCode::BAD_REQUEST {
            Ok(reply)
        } else {
            Err(Stop::Answered(Box::new(reply)))
        }
    }

    async fn respond(
        &self,
        method: &str,
        path: &str,
        kind: Option<HeaderValue>,
        body: Body,
    ) -> Result<Response, Error> {
        let wrong = |error: &dyn std::fmt::Display| Error::Rule(format!("{path}: {error}"));
        let mut request = Request::new(body);
        *request.method_mut() = Method::from_bytes(method.as_bytes()).map_err(|e| wrong(&e))?;
        *request.uri_mut() = path.parse().map_err(|e: http::uri::InvalidUri| wrong(&e))?;
        *request.headers_mut() = self.parts.headers.clone();
        for name in [CONTENT_LENGTH, TRANSFER_ENCODING, CONTENT_TYPE] {
            request.headers_mut().remove(name);
        }
        if let Some(kind) = kind {
            request.headers_mut().insert(CONTENT_TYPE, kind);
        }
        *request.extensions_mut() = self.parts.extensions.clone();
        let Ok(response) = self.router.clone().oneshot(request).await;
        Ok(response)
    }
}
