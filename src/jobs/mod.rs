//! Background work. Today one kind: reconcilers, which run by the clock, take no input, may run at any time and
//! any number of times, and bring the data to where it should be.

mod reconciler;
mod runs;

pub use reconciler::{Report, Status, run};
