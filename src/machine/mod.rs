//! The computer we run on: what it has, what it is, and what of ours is installed on it.
//!
//! Facts are read below a root folder, so that tests can give a made-up `/proc` and `/sys`. What a fact means for Skep
//! is for those who ask: the installer before it begins, the health check ever after. [`Finding`] is how both say it.

mod finding;

pub use finding::{Finding, Verdict, worst};
