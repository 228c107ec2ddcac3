//! Cases: a security incident from the first suspicion to its verdict.
//!
//! A case belongs to the organisation that created it and is visible to each organisation it is shared with (the
//! table `share`; the owner has a share too). Its status belongs to a stage, and stages move the dates that the
//! times to detect, to acknowledge, to resolve are computed from. A deleted case rests in the bin until its time
//! is up; everywhere else it does not exist.

mod access;
pub mod actions;
mod bin;
mod close;
mod custom_value;
mod http;
mod merge;
pub mod model;
pub mod output;
mod owner;

pub mod query_fields;
mod rules;
mod store;
pub mod template;

pub use http::BIN_TIME_MS;

use crate::access::endpoint::Endpoints;

/// The endpoints of cases and of the bin.
pub fn endpoints() -> Endpoints {
    http::endpoints().merge(merge::http::endpoints())
}
