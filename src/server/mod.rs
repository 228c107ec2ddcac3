//! The HTTP server: what a connection and a request go through before and after their handler.

pub mod catalogue;
mod connection;
pub mod error_response;
pub mod listener;
pub mod metrics;
pub mod middleware;
pub mod openapi;
pub mod router;
mod watch;
mod web_ui;

pub use openapi::document;
pub use router::{endpoints, router, routers};
