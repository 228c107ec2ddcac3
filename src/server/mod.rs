//! The HTTP server.
pub mod error_response;
