//! The timeline of a case: what happened, when, out of everything that hangs on it. It has no rows of its own; what people
//! write onto it by hand are custom events.

mod actions;
mod http;
mod model;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoint of the timeline.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
