//! Dashboards: pages of figures that an organisation looks at, or that somebody keeps for himself.
//!
//! What is on one is its definition, which means nothing here: it is kept as it comes, and the user interface draws it
//! (`docs/dashboards.md`). Every organisation begins with the four in `shipped/`.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of dashboards.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
