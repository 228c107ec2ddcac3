//! Lists as files: what a query gives, as CSV, JSON, plain text or a MISP event.
//!
//! The ids are found once, then the rows are read and sent a few hundred at a time, each part in a snapshot of its own:
//! memory holds eight bytes for each row, and a slow receiver holds nothing that others wait for.

mod csv;
mod fields;
mod http;
mod misp;
mod rows;
mod rules;

use crate::access::endpoint::Endpoints;

/// The endpoints of files.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
