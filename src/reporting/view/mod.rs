//! Views: how somebody has set up a list (filter, order, columns), kept under a name, for himself or for all.

mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of views.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
