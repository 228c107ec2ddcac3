//! The work itself: cases, their tasks, the logs of tasks, and comments.

pub mod case;
pub mod comment;
pub mod log;
pub mod task;

use crate::access::endpoint::Endpoints;

/// The endpoints of all of them.
pub fn endpoints() -> Endpoints {
    case::endpoints()
        .merge(task::endpoints())
        .merge(log::endpoints())
        .merge(comment::endpoints())
}
