//! Links between organisations: to share a case, there has to be one. A link goes both ways, with a sharing profile for
//! each: it says what the one shares with the other by itself.

pub mod actions;
mod http;
pub mod model;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of links and of sharing profiles.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
