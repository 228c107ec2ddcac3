//! The second wall against requests that another site makes in the name of a signed-in browser. The first is that a
//! body has to be JSON by its content type.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use http::{HeaderMap, Method};

use crate::access::Error;

/// Refuses a write by cookie that a browser says comes from another site.
pub async fn refuse(request: Request, next: Next) -> Response {
    let is_write = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let headers = request.headers();
    let is_by_cookie = headers.contains_key(COOKIE) && !headers.contains_key(AUTHORIZATION);
    if is_write && is_by_cookie && is_cross_site(headers) {
        return Error::Refused("The request comes from another site".to_owned()).into_response();
    }
    next.run(request).await
}

fn is_cross_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_none_or(|(_, rest)| rest != host),
        (Some(_), None) => true,
        // No browser that leaves both out is still in use; programs do.
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::is_cross_site;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_browser_says_where_a_request_comes_from() {
        assert!(is_cross_site(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(is_cross_site(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(!is_cross_site(&headers(&[(
            "sec-fetch-site",
            "same-origin"
        )])));
        assert!(is_cross_site(&headers(&[
            ("origin", "https://evil.example"),
            ("host", "skep:9000")
        ])));
        assert!(is_cross_site(&headers(&[
            ("origin", "null"),
            ("host", "skep:9000")
        ])));
        assert!(!is_cross_site(&headers(&[
            ("origin", "http://skep:9000"),
            ("host", "skep:9000")
        ])));
        assert!(!is_cross_site(&headers(&[("host", "skep:9000")])));
    }
}
