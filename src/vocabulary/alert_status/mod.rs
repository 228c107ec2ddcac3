//! Alert statuses: each belongs to a stage, and the stage is what the rules look at.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of alert statuses.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
