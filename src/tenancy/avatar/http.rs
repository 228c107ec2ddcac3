//! How a picture is sent.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use super::Picture;

impl IntoResponse for Picture {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, self.content_type.as_str()),
            // Named by its hash: it never changes.
            (CACHE_CONTROL, "private, max-age=31536000, immutable"),
            (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        ];
        (headers, self.bytes).into_response()
    }
}
