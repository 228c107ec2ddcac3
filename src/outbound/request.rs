//! What is asked of another server.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use reqwest::multipart::{Form, Part};
use serde_json::Value as Json;

use super::limits::{BYTES_MAX, TIME_MAX};

/// A request to another server.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    /// The whole address.
    pub url: String,
    pub headers: HeaderMap,
    pub body: Body,
    /// How long the whole answer may take.
    pub time_max: Duration,
    /// How large the answer may be.
    pub bytes_max: u64,
}

/// What is sent along.
#[derive(Debug, Clone)]
pub enum Body {
    Nothing,
    Json(Json),
    /// A form with a text in JSON, and a file.
    File {
        /// The name of the part with the JSON, and what is in it.
        json: (&'static str, Json),
        /// The name of the part with the file.
        part: &'static str,
        file_name: String,
        content_type: String,
        content: Bytes,
    },
}

impl Request {
    /// A request with nothing to send.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url, Body::Nothing)
    }

    /// A request that sends JSON.
    pub fn post(url: impl Into<String>, json: Json) -> Self {
        Self::new(Method::POST, url, Body::Json(json))
    }

    /// Any request.
    pub fn new(method: Method, url: impl Into<String>, body: Body) -> Self {
        Self {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body,
            time_max: TIME_MAX,
            bytes_max: BYTES_MAX,
        }
    }

    /// The same with a header that is never written to a log. A value that no header may have is left out, and the other
    /// server says that it is missing.
    #[must_use]
    pub fn secret(mut self, name: http::HeaderName, value: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            self.headers.insert(name, value);
        }
        self
    }

    /// The same, which may take this long.
    #[must_use]
    pub fn within(mut self, time_max: Duration) -> Self {
        self.time_max = time_max;
        self
    }

    /// The same, whose answer may be this large.
    #[must_use]
    pub fn at_most(mut self, bytes_max: u64) -> Self {
        self.bytes_max = bytes_max;
        self
    }
}

impl Body {
    /// Puts it into the request that is being built.
    pub(super) fn into_request(
        self,
        building: reqwest::RequestBuilder,
    ) -> Result<reqwest::RequestBuilder, reqwest::Error> {
        Ok(match self {
            Self::Nothing => building,
            Self::Json(json) => building.json(&json),
            Self::File {
                json: (name, json),
                part,
                file_name,
                content_type,
                content,
            } => {
                let length = content.len() as u64;
                let file = Part::stream_with_length(reqwest::Body::from(content), length)
                    .file_name(file_name)
                    .mime_str(&content_type)?;
                let json = Part::text(json.to_string()).mime_str("application/json")?;
                building.multipart(Form::new().part(name, json).part(part, file))
            }
        })
    }
}
