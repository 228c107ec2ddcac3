//! Settings: any JSON under any dotted path, for a user, an organisation or the platform. They steer the user interface,
//! not the API.

pub mod actions;
mod http;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of settings.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
