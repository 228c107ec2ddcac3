//! Finding things by what is typed: the jumps of the command palette, and the search over everything. Both ask the query
//! language, so they show nothing that the caller does not see, and find what was just written.

mod find;
mod http;
mod lookup;
mod parser;
mod question;

use crate::access::endpoint::Endpoints;

/// The endpoints of searching.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
