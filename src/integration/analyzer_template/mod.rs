//! Analyzer templates: how clients show the reports of an analyzer. They are kept for clients that show them; the UI of
//! this program shows reports without running anything of a template.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of templates.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
