//! The one table that turns a refusal or a failure into HTTP: status, the API's `type`, and the body.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::access::error::{Error, FieldProblem, FieldProblemKind};
use crate::storage;

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// The API's class of error.
    #[serde(rename = "type")]
    pub kind: String,
    /// What went wrong, for people.
    pub message: String,
    /// The attributes at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblemBody>,
    /// Names the failure in the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// One attribute at fault.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblemBody {
    /// Its dotted path in the request.
    pub name: String,
    /// The API's class of problem.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What is wrong with it, for people.
    pub message: String,
}

/// Carries the error to the middleware that knows the request id, so that a failure is logged once, with it.
#[derive(Clone)]
pub struct Failure(pub std::sync::Arc<str>);

/// A refusal by the server itself, before any action is reached.
pub fn refuse(status: StatusCode, kind: &str, message: impl Into<String>) -> Response {
    let body = ErrorBody {
        kind: kind.to_owned(),
        message: message.into(),
        errors: Vec::new(),
        request_id: None,
    };
    (status, axum::Json(body)).into_response()
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, kind) = classify(&self);
        let is_failure = status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE;
        let message = if status == StatusCode::INTERNAL_SERVER_ERROR {
            "Something went wrong in the server; its log has the details under the request id"
                .to_owned()
        } else {
            self.to_string()
        };
        let errors = match &self {
            Self::Invalid(problems) => problems.iter().map(field_body).collect(),
            Self::InvalidFormat(problem) | Self::Duplicate(problem) => vec![field_body(problem)],
            _ => Vec::new(),
        };
        let body = ErrorBody {
            kind: kind.to_owned(),
            message,
            errors,
            request_id: None,
        };
        let mut response = (status, axum::Json(body)).into_response();
        if let Self::TooManyRequests { retry_after_s } = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        } else if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(1));
        }
        if is_failure {
            response
                .extensions_mut()
                .insert(Failure(chain(&self).into()));
        }
        response
    }
}

fn classify(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "AuthenticationError"),
        Error::TotpRequired => (StatusCode::PAYMENT_REQUIRED, "MultiFactorCodeRequired"),
        Error::Forbidden(_) | Error::Refused(_) => (StatusCode::FORBIDDEN, "AuthorizationError"),
        Error::NotFound { .. } => (StatusCode::NOT_FOUND, "NotFoundError"),
        Error::Invalid(_) => (StatusCode::BAD_REQUEST, "AttributeCheckingError"),
        Error::InvalidFormat(_) => (StatusCode::BAD_REQUEST, "InvalidFormatAttributeError"),
        Error::Rule(_) => (StatusCode::BAD_REQUEST, "BadRequest"),
        Error::Duplicate(_) => (StatusCode::BAD_REQUEST, "CreateError"),
        Error::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "TooLarge"),
        Error::TooManyRequests { .. } => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequests"),
        Error::NotReady(_) => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable"),
        Error::Storage(error) => classify_storage(error),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
    }
}

fn classify_storage(error: &storage::Error) -> (StatusCode, &'static str) {
    match error {
        // Two requests that created the same thing at the same time: the action's own check passed for both.
        storage::Error::Unique { .. } => (StatusCode::BAD_REQUEST, "CreateError"),
        storage::Error::Reference { .. } | storage::Error::NulCharacter => {
            (StatusCode::BAD_REQUEST, "BadRequest")
        }
        storage::Error::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "InsufficientStorage"),
        storage::Error::Overloaded
        | storage::Error::Closed
        | storage::Error::Unreachable { .. }
        | storage::Error::DiskFailed(_)
        | storage::Error::Files(_)
        | storage::Error::SyncFailed(_) => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable"),
        storage::Error::Deadline => (StatusCode::BAD_REQUEST, "SearchError"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
    }
}

fn field_body(problem: &FieldProblem) -> FieldProblemBody {
    let kind = match problem.kind {
        FieldProblemKind::InvalidFormat => "InvalidFormatAttributeError",
        FieldProblemKind::Missing => "MissingAttributeError",
        FieldProblemKind::Unknown => "UnknownAttributeError",
        FieldProblemKind::ReadOnly => "UpdateReadOnlyAttributeError",
    };
    FieldProblemBody {
        name: problem.name.clone(),
        kind,
        message: problem.message.clone(),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
