//! Memberships: which user works in which organisation, with which profile. What other domains ask of them:
//! who can be assigned, who is to be told.

pub mod actions;
mod store;
