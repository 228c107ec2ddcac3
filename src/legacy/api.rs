//! Today's API, as the translator asks it, and the answers of both.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value as Json, json};

use crate::access::Error;

/// The header that tells how many there are in all.
pub const X_TOTAL: HeaderName = HeaderName::from_static("x-total");

/// An answer, of today's API or of the old one.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why a translation ends early: today's API refused, or the old request can't be understood.
pub enum Stop {
    Answered(Box<Reply>),
    Refused(Error),
    /// Today's answer at this path is the answer as it is, however long: a file.
    Elsewhere(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// The result of a part of a translation.
pub type Step<T> = Result<T, Stop>;

impl Reply {
    /// An answer in JSON.
    pub fn json(status: StatusCode, body: &Json) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self {
            status,
            headers,
            body: body.to_string().into(),
        }
    }

    /// 200 with JSON.
    pub fn ok(body: &Json) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// 201 with JSON.
    pub fn created(body: &Json) -> Self {
        Self::json(StatusCode::CREATED, body)
    }

    /// 204.
    pub fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// The body as JSON; null where there is none.
    pub fn value(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }

    /// The same answer with another body in JSON; cookies and all else stay.
    #[must_use]
    pub fn with_value(mut self, body: &Json) -> Self {
        self.headers.remove(http::header::CONTENT_LENGTH);
        self.body = body.to_string().into();
        self
    }

    /// The same answer with the number of all there are.
    #[must_use]
    pub fn with_total(mut self, total: i64) -> Self {
        self.headers.insert(X_TOTAL, HeaderValue::from(total));
        self
    }
}

/// One operation of a query.
pub fn operation(name: &str) -> Json {
    json!({ "_name": name })
}
