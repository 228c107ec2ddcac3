//! Copies of everything that prove themselves: made while people write, opened and counted before they get their name,
//! and put back in one step.
//!
//! A backup is one file ([`archive`]): the database as it was at one moment, the attachments, and a manifest that says what
//! must be in it. [`take`] makes one, checks the copy that goes into it and reads the archive back before it counts; [`verify`]
//! restores one into a temporary folder, at any time; [`restore`] puts it in the place of the data that is there. Which work this is, and what the tables
//! mean, is not known here.

mod archive;
mod attachments;
mod contents;
mod error;
mod manifest;
mod master_key;
mod place;
mod progress;
mod put_back;
mod retention;
pub mod state;
mod store;
mod taking;
#[cfg(test)]
mod tests;
mod trial;
mod work;

pub use archive::{Key, Lock};
pub use error::{Error, Result};
pub use manifest::{About, AuditHead, Engine, Manifest};
pub use place::Place;
pub use progress::{Meter, Progress, Quiet, Stage};
pub use put_back::{Restored, restore};
pub use retention::Keep;
pub use taking::{Taken, Target, Times, take};
pub use trial::{Verified, verify};
