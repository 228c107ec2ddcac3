//! Custom events: what people write onto the timeline of a case by hand.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of custom events.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
