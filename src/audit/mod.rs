//! The audit trail: who did what to which entity, when, what it was before and what it is now.
//!
//! No unit of work commits without it: a change of an entity (`WriteTx::change`) leaves a debt that only
//! [`record`] settles. The trail is also the event log: live feed, stream and server-sent events read these rows
//! after their cursor, each through its own visibility. Each row's hash covers the row and the hash before it.

pub mod chain;
pub mod follow;
pub mod model;
pub mod past;
pub mod query_fields;
pub mod record;
mod store;
pub mod verify;

pub use model::{Action, Change, Entry, Subject};
pub use record::record;
