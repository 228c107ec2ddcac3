//! Text without I/O and without state: folding and words for search, markdown.

pub mod fold;
pub mod hex;
pub mod markdown;
