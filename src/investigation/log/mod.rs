//! Task logs: dated notes on the work done in a task. The first log of a waiting task begins it.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;

mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of task logs.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
