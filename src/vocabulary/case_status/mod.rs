//! Case statuses: each belongs to a stage, and the stage is what the rules look at.

pub mod actions;
pub mod model;
pub mod query_fields;
mod store;
