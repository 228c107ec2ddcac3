//! The inbox behind the bell: what concerns a user. A case or task that was given to me, a comment on my case, my
//! name in somebody's text, something of mine that is due soon. Items are derived: they hold nothing that is not
//! said elsewhere, and they go with their case.

pub mod actions;
mod http;
pub mod model;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of the inbox.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
