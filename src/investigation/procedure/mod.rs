//! Procedures: what was done to us, as a technique of a catalog, with when and how. TheHive's screens call them TTPs.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of procedures.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
