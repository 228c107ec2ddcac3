//! Comments: what people say to each other about a case or an alert.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;

mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of comments.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
