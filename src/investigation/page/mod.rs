//! Pages: longer texts, in categories and in an order. A page belongs to a case, or to the organisation: the pages of the
//! organisation are its knowledge base.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of pages.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
