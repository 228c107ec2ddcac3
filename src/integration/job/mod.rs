//! Jobs: an analyzer of a Cortex looks at an observable. Their reports, and what was found beside: artifacts, which are no
//! observables of the case until somebody makes them so.

pub mod actions;
mod artifacts;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of jobs.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
