//! Users: people and programs, the organisations they work in, and what they sign in with.
//!
//! A user's secrets (password hash, sealed API key and TOTP secret) are columns of his row, but no part of [`model::User`]:
//! they are read only where they are compared, in [`crate::login`], and written by the verbs here, so that each change of
//! them is in the audit trail, without its value.

pub mod actions;
mod credentials;
mod http;
mod memberships;
pub mod model;
pub mod query_fields;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of users.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
