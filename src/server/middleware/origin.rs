//! Gives every request its id, its time and the address it came from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue};

use crate::access::Origin;
use crate::app::App;

/// The header of the answer that carries the request's id.
pub const REQUEST_ID: &str = "x-request-id";

/// What proxies say of those they speak for.
const FORWARDING_HEADERS: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "x-forwarded-host",
    "via",
];

/// Puts [`Origin`] into the request's extensions and the request id into the answer.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let now_ms = app.clock.now_ms();
    let id = new_request_id(now_ms);
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| {
            info.0.ip().to_canonical()
        });
    let header = HeaderValue::from_str(&id);
    let origin = Origin {
        request_id: id.into(),
        address,
        is_forwarded: is_forwarded(request.headers()),
        now_ms,
    };
    request.extensions_mut().insert(origin);
    let mut response = next.run(request).await;
    if let Ok(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    response
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDING_HEADERS
        .iter()
        .any(|name| headers.contains_key(*name))
}

/// The milliseconds since the epoch in 48 bits, then 80 bits of chance, in hexadecimal: they come in the order of time, so
/// that the index of the audit trail over them grows at its end. An id that a client sends is never used: it could forge the log.
fn new_request_id(now_ms: i64) -> String {
    use std::fmt::Write;
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes[..6].copy_from_slice(&now_ms.to_be_bytes()[2..]);
    bytes
        .iter()
        .fold(String::with_capacity(32), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String never fails");
            text
        })
}
