//! What every request passes, outermost first, before it reaches its handler.

pub mod authentication;
pub mod cross_site;
pub mod failure;
pub mod origin;
pub mod request_body;
pub mod request_log;
pub mod security_headers;
