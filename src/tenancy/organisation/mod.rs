//! Organisations: the walls of the house. Each has its users and its cases and sees no other's. The organisation
//! `admin` administers the platform and holds no cases.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of organisations.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
