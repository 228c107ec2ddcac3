//! Finding things by what is typed: the jumps of the command palette. It asks the query language, so it shows nothing
//! that the caller does not see.

mod http;
mod lookup;

use crate::access::endpoint::Endpoints;

/// The endpoints of searching.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
