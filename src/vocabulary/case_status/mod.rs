//! Case statuses: each belongs to a stage, and the stage is what the rules look at.

pub mod actions;
pub mod model;
pub(crate) mod store;
