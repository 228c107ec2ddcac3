//! Looking after a running server through the contract's administration API: its checks are ours, its index is the
//! full-text index, its schema is the one that every start brings up to date.

mod http;

pub use http::Indexing;
pub(super) use http::endpoints;
