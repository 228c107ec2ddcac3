//! The endpoints that probes and clients ask before anything else.

use crate::access::Public;
use crate::access::endpoint::Endpoints;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![health]
}

/// Whether the server is up, as text.
#[utoipa::path(get, path = "/api/health", tag = "Platform", responses((status = 200, body = String)))]
async fn health(_: Public) -> &'static str {
    "Ok"
}
