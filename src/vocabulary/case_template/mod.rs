//! Case templates: what an organisation begins its cases with. A template gives a case a prefix for its title, values that
//! the request leaves open, tags, tasks and custom fields.
//!
//! What a template does to a case is decided where cases are made; here is only what it holds. Its tasks are plans of
//! tasks: nobody works on them.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;
pub mod task;

use crate::access::endpoint::Endpoints;

/// The endpoints of case templates.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
