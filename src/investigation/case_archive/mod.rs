//! Cases as files: everything of a case that somebody sees, encrypted with a password, to be brought in elsewhere.
//!
//! An archive is an age file (`age -d` opens it too) around a tar: `case.json` first, in the API's own words, and then the
//! contents of files, each named by its SHA-256. Where it is brought in, everything is new: numbers, ids, dates of creation,
//! and who made it. What is unknown there is left out, and told.

mod actions;
mod http;
mod model;
mod pack;
mod restoring;
mod rules;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of archives.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
