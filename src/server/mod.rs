//! The HTTP server: what a connection and a request go through before and after their handler.

pub mod catalogue;
pub mod error_response;
pub mod listener;
pub mod middleware;
pub mod router;

pub use router::{endpoints, router};
