//! Attack patterns: the techniques of MITRE's ATT&CK, and of whatever catalog is imported.
//!
//! The catalogs for enterprises, mobile devices and industry are in the program (`embedded`), and put into the database
//! when it has none or an older edition. A bundle in the form of STIX can be imported at any time.

pub mod actions;
mod embedded;
mod http;
pub mod model;
pub mod query_fields;
mod rules;
mod stix;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of patterns.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
