//! Custom fields: properties that a platform defines for its cases, alerts and case templates.
//!
//! A definition has a name, by which values are given and asked for, and a type. Values are in one table for all that can
//! have them, in a column for their type, so that the query language compares them as what they are. A field may have
//! several values, and may be there without one, waiting to be filled.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod rules;
mod store;
pub mod value;

use crate::access::endpoint::Endpoints;

/// The endpoints of custom fields.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
