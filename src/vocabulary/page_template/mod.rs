//! Page templates: texts that new cases begin with, of an organisation's own.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of page templates.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
