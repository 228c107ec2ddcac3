//! What just happened, told to those who listen: the API's long-polled stream, its flow of recent events, and our
//! own server-sent events.
//!
//! There is no event of its own: the audit trail is the event log. A listener holds only a cursor, the id of the
//! last record it has seen, and reads on from there through its own visibility when a commit wakes it. So a
//! reconnect misses nothing, and there is no buffer that a slow listener could overflow.

mod http;
mod server_sent;
mod streams;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::access::endpoint::Endpoints;
use crate::access::unit::Scoped;
use crate::access::{Error, Reading, Result};
use crate::query::Catalogue;
use crate::tenancy::membership;
pub use server_sent::{OutputEvent, OutputUnread};
use streams::Streams;

/// What listening needs beside the data. Put into the extensions of every request.
#[derive(Clone)]
pub struct Events {
    catalogue: &'static Catalogue,
    streams: Arc<Streams>,
    listeners: Arc<server_sent::Listeners>,
    stopping: CancellationToken,
}

impl Events {
    /// Events that show their objects by `catalogue` and end when `stopping` is cancelled.
    pub fn new(catalogue: &'static Catalogue, stopping: CancellationToken) -> Self {
        Self {
            catalogue,
            streams: Arc::default(),
            listeners: Arc::default(),
            stopping,
        }
    }
}

/// Refuses who was locked, or has left the organisation, since he began to listen: a request that lasts would else tell
/// him more. Asked at each look.
///
/// # Errors
/// [`Error::Refused`].
fn require_listener(reading: &Reading) -> Result<()> {
    let scope = reading.scope();
    let member = membership::actions::member_id(reading, scope.organisation.id, &scope.login)?;
    if member == Some(scope.user_id) {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "You are no longer a member of the organization {}",
        scope.organisation.name
    )))
}

/// The endpoints of the stream, the flow and the server-sent events.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
