//! Shares: which organisations see a case, and with which profile. The owner has one too.
//!
//! For now they are read only: a case gives its owner the share, and there is no other.

pub mod model;
pub mod query_fields;
mod store;
