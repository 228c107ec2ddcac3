//! What the platform is like apart from the work on it, as a text that another installation can be made like it by:
//! organisations, profiles, case statuses, custom fields, and what each organisation has of page templates, case templates
//! and shared dashboards.
//!
//! An import adds and changes; it deletes nothing, and what is not in the text stays as it is. It goes through the domains'
//! actions, so their rules hold and each change has its record. People and their passwords are not in it, nor are cases:
//! those are for a backup.

mod difference;
mod exchange;
mod model;
mod of_organisation;

pub use difference::Difference;
pub use exchange::{Error, export, import, preview};
pub use model::{Blueprint, FORMAT};
