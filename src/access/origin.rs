//! Where a request comes from; in the extensions of every request, put there by the server.

use std::net::IpAddr;
use std::sync::Arc;

/// What is known of a request before anybody asked who its caller is.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Names the request in logs, audit records and answers to failures. Made by the server, taken from nobody.
    pub request_id: Arc<str>,
    /// The other end of the connection.
    pub address: IpAddr,
    /// Somebody between forwarded the request, so `address` is that of a proxy.
    pub is_forwarded: bool,
    /// The time of the request, milliseconds since the epoch.
    pub now_ms: i64,
}

impl Origin {
    /// Whether the request was made on this machine itself: a proxy here may speak for anybody.
    pub fn is_this_machine(&self) -> bool {
        !self.is_forwarded && self.address.to_canonical().is_loopback()
    }
}
