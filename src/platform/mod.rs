//! The platform itself: is it up, which version is it, what can it do.

mod http;

use crate::access::endpoint::Endpoints;

/// The endpoints of this domain.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
