//! MISP: events that others share become alerts, cases become events, and the event of a file becomes a case.
//!
//! What is asked of a server is in `server.rs`, what an event holds in `event.rs`; `attributes.rs` and `rules.rs` say what
//! becomes of it here. In the background `reading.rs` goes through the events, `gathering.rs` fetches what belongs to one,
//! and `taking.rs` makes an alert of it.

pub mod actions;
mod attributes;
mod event;
mod export;
mod files;
mod gathering;
mod http;
mod import;
pub mod model;
mod reading;
mod rules;
mod sample;
mod server;
mod store;
mod taking;
mod wake;

pub use reading::Reader;
pub use wake::Wake;

use crate::access::endpoint::Endpoints;

/// The endpoints of MISP.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
