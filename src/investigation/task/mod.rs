//! Tasks: the steps of a case. A task that is begun moves its new case to In progress; a case that is closed ends
//! its tasks.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;

mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of tasks.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
