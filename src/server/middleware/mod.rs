//! What every request passes, outermost first, before it reaches its handler.

pub mod authentication;
pub mod origin;
