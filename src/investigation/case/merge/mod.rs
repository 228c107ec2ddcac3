//! Merging cases: several become one, which has all that was theirs. For the API the originals are gone; they rest hidden,
//! and the merged case can be taken apart again.
//!
//! What hangs on the originals (tasks, comments, files…) moves to the merged case, and where it came from is noted. What two
//! of them have alike moves once; the second stays with its hidden original.

pub(super) mod actions;
pub(super) mod http;
mod model;
mod rules;
mod store;
