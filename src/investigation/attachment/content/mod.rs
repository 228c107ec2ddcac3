//! The way of a file's content to who asked for it.

mod http;

pub use http::{download, show};
