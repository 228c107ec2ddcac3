//! What people make of the work to look at it: dashboards, saved views of lists, and lists as files.

pub mod dashboard;
pub mod export;
pub mod view;

use crate::access::endpoint::Endpoints;

/// The endpoints of all of them.
pub fn endpoints() -> Endpoints {
    dashboard::endpoints()
        .merge(view::endpoints())
        .merge(export::endpoints())
}
