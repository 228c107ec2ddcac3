//! The work itself: alerts, cases, their tasks, the logs of tasks, comments, observables, techniques, pages, and the files
//! on all of them.

pub mod alert;
pub mod attachment;
pub mod case;
mod case_archive;
pub mod case_link;
pub mod comment;
pub mod custom_event;
pub mod log;
pub mod observable;
pub mod page;
pub mod parent;
pub mod procedure;
pub mod share;
pub mod similarity;
pub mod task;
mod timeline;

use crate::access::endpoint::Endpoints;

/// The endpoints of all of them.
pub fn endpoints() -> Endpoints {
    case::endpoints()
        .merge(alert::endpoints())
        .merge(task::endpoints())
        .merge(log::endpoints())
        .merge(comment::endpoints())
        .merge(procedure::endpoints())
        .merge(custom_event::endpoints())
        .merge(timeline::endpoints())
        .merge(page::endpoints())
        .merge(attachment::endpoints())
        .merge(observable::endpoints())
        .merge(share::endpoints())
        .merge(case_archive::endpoints())
        .merge(case_link::endpoints())
        .merge(similarity::endpoints())
}
