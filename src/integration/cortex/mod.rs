//! Cortex: analyzers that look at observables, responders that act on cases, alerts, tasks, logs and observables.
//!
//! What is asked for is a row (`cortex_run`) written by the same unit of work as its job or action; the background hands
//! it over, asks how far it is, and keeps what came of it. A restart loses nothing: what cannot be known after a crash
//! (whether a responder was started) is told, not tried again.

pub mod actions;
mod config;
mod failing;
mod http;
pub mod model;
mod object;
mod operations;
mod pace;
mod remote;
mod store;
mod workers;
mod working;

use crate::access::endpoint::Endpoints;

/// The endpoints of Cortex.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
