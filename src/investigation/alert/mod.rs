//! Alerts: what sensors, mail gateways and people report, before anybody knows what it is.
//!
//! An alert belongs to one organisation. Its type, source and source reference together name it: a second one with the
//! same three is refused. Its status belongs to a stage, and stages move the dates that the times to detect and to
//! triage are computed from. What the sender sent is kept beside it as it came. A deleted alert rests in the bin until
//! its time is up; everywhere else it does not exist, and its name is free.

pub mod actions;
mod http;
pub mod import;
pub mod model;
pub mod output;
pub mod query_fields;
mod rules;
mod store;
mod unmerge;

use crate::access::endpoint::Endpoints;

/// The endpoints of alerts.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
