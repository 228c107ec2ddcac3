//! Text without I/O and without state: folding and words for search, markdown, indicators in what was pasted.

pub mod fold;
pub mod hex;
pub mod hostname;
pub mod indicators;
pub mod markdown;
pub mod refang;
