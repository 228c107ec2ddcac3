//! Observable types: what kinds of values and files can be observed, and whether their letter case matters.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of observable types.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
