//! The files of alerts.

pub(super) mod http;
