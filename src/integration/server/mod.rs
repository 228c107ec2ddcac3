//! The servers of others: where they are, who may use them, and how they are doing. What is asked of them is known to the
//! domain of their kind.
//!
//! The key of a server and the address of its proxy are sealed under the master key and are never answered; they are no
//! part of [`model::IntegrationServer`]. A [`Connection`] is the only thing that has them in the open.

pub mod actions;
mod checking;
mod connection;
mod http;
pub mod model;
mod rules;
mod store;

pub use connection::{Connection, Integrations};

use crate::access::endpoint::Endpoints;

/// The endpoints of servers.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
