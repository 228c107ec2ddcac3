//! A user's own settings: any JSON under any dotted path. They steer the user interface, not the API.

mod actions;
mod http;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of settings.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
