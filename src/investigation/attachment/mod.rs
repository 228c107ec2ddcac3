//! Attachments: files with a name. Each hangs on exactly one thing: a case, an alert, a task log, an observable, the
//! knowledge base of an organisation, or a user.
//!
//! Who sees the thing sees the file. The content lies in the store of files (`storage::blobs`) under its hash, once,
//! however many attachments name it; what none names is swept.

pub mod actions;
mod content;
mod http;
pub mod model;
mod of_alert;
pub mod query_fields;
mod rules;
mod sealed_zip;

mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of attachments.
pub fn endpoints() -> Endpoints {
    http::endpoints().merge(of_alert::http::endpoints())
}
