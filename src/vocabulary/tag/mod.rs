//! Tags: the free ones that an organisation has made by using them, and those of taxonomies.
//!
//! What carries tags keeps their texts; here is what is known of a text beyond that: its colour, a description, how often
//! it is used. A free tag comes to be by being used, and stays when nothing carries it any more. It can be renamed and
//! deleted everywhere at once.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of tags.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
