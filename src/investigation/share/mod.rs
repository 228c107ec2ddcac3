//! Shares: which organisations see a case, and with which profile. The owner has one too.
//!
//! A share gives the case with its comments, files and history; tasks and observables are shared one by one, or by a rule
//! of the share: `autoShare` gives all, those to come too. What a share's profile does not allow, nobody of its
//! organisation may do.

pub mod actions;
mod creation;
mod http;
pub mod model;
mod part;
pub mod query_fields;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of shares.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
