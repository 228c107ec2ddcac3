//! Catalogs of attack patterns: MITRE's ATT&CK for enterprises, mobile devices and industry, and what is imported.
//!
//! A catalog has tactics, in the order of an attack, and patterns (techniques), which are a domain of their own.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of catalogs.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
