//! Profiles: named sets of permissions. A user has one in each organisation; a share gives one to another
//! organisation. What they mean is in [`crate::access`]; here they are kept.

pub mod actions;
mod http;
pub mod model;
pub mod query_fields;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of profiles and permissions.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
