//! Taxonomies: agreed lists of tags, as MISP publishes them. Those are known from the start; which ones are offered is the
//! choice of who administers the platform. Others can be brought in.

pub mod actions;
mod embedded;
mod http;
pub mod model;
pub mod query_fields;
mod rules;
mod store;
mod unpacking;

use crate::access::endpoint::Endpoints;

/// The endpoints of taxonomies.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
