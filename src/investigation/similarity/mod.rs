//! Similarity: which other cases and alerts have observables like those of a case or alert, and which these are.
//!
//! It has no table of its own: two observables are alike when they have the same `likeness` (see
//! [`observable`](super::observable)), neither is left out of similarity, and the caller sees both. Alerts that were
//! imported are in a case already and are not offered again.

pub mod actions;
mod http;
pub mod model;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of similarity.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
