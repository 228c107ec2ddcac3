//! Observables: values (addresses, names, hashes) and files that were seen in a case or an alert.
//!
//! Two are alike when they have the same type and value, or the same content of a file, wherever they are: that is what
//! similarity, "seen elsewhere" and the joining of observables rest on. An organisation sees those that were shared
//! with it, and what it made itself.

pub mod actions;
mod copying;
mod enclosed;
mod http;
mod joining;
pub mod model;
pub mod output;
pub mod query_fields;
mod rules;
mod similar;
mod unpacking;

mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of observables.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
