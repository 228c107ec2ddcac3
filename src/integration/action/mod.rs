//! Actions: a responder of a Cortex acts on a case, an alert, a task, a log or an observable.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of actions and responders.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
