//! Servers of others that the program works with, and what is done with them.

pub mod action;
pub mod analyzer_template;
pub mod cortex;
pub mod job;
pub mod misp;
pub mod server;

use crate::access::endpoint::Endpoints;

/// The endpoints of all of them.
pub fn endpoints() -> Endpoints {
    server::endpoints()
        .merge(cortex::endpoints())
        .merge(misp::endpoints())
        .merge(job::endpoints())
        .merge(action::endpoints())
        .merge(analyzer_template::endpoints())
}
