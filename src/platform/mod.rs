//! The platform itself: is it up, which version is it, what can it do. What probes and clients ask before anything else.

mod http;
pub mod log;
mod markdown;
mod model;

use crate::access::endpoint::Endpoints;

/// The version of TheHive whose API this is; clients choose their ways by it.
pub const COMPATIBLE_VERSION: &str = "5.7.3";

/// The endpoints of this domain.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
