//! The verbs of MISP that take no more than a moment.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Result};
use crate::integration::server::Connection;
use crate::integration::server::actions as servers;
use crate::integration::server::model::ServerKind;
use crate::outbound;

use super::model::{MispOptions, OutputMispServerStatus, OutputMispStatus, OutputMispSync};
use super::reading;
use super::server::Server;
use super::store;
use super::wake::Wake;

/// How a server is: its version, if it takes the key.
///
/// # Errors
/// Why it is not well.
pub async fn look(connection: &Connection) -> outbound::Result<String> {
    let server = Server::new(connection.clone());
    let version = server.version().await?;
    // Some servers tell their version to everybody.
    server.organisation().await?;
    Ok(version)
}

/// Whether a server can be set to this.
///
/// # Errors
/// What cannot be.
pub fn check_options(options: &Map<String, Json>) -> Result<()> {
    MispOptions::read(options)
        .map(drop)
        .map_err(|why| Error::invalid(FieldProblem::format("options", why)))
}

/// How the servers are that the caller's organisation may use.
///
/// # Errors
/// Only those of the storage.
pub fn status(scoped: &dyn Scoped, wake: &Wake) -> Result<OutputMispStatus> {
    let servers = if scoped.scope().is_admin_organisation() {
        servers::all(scoped, ServerKind::Misp)?
    } else {
        servers::open_to_caller(scoped, ServerKind::Misp)?
    };
    let mut status = BTreeMap::new();
    for server in servers {
        let health = server.health.as_ref();
        let of_it = OutputMispServerStatus {
            status: health
                .map_or("UNKNOWN", |health| health.state.word())
                .to_owned(),
            version: health
                .and_then(|health| health.version.clone())
                .unwrap_or_default(),
            purpose: MispOptions::read(&server.options)
                .unwrap_or_default()
                .purpose,
        };
        status.insert(server.name, of_it);
    }
    let is_running = store::is_any_running(scoped, scoped.scope().now_ms)?;
    Ok(OutputMispStatus {
        status,
        sync_in_progress: is_running || wake.is_wanted(),
    })
}

/// Asks for a reading of all events now. Without a server that gives any there is nothing to read.
///
/// # Errors
/// Only those of the storage.
pub fn want_sync(scoped: &dyn Scoped, wake: &Wake) -> Result<()> {
    if !reading::importing(scoped)?.is_empty() {
        wake.want();
    }
    Ok(())
}

/// What came of reading the events of each server that is read.
///
/// # Errors
/// Only those of the storage.
pub fn syncs(scoped: &dyn Scoped, wake: &Wake) -> Result<Vec<OutputMispSync>> {
    reading::syncs(scoped, wake)
}
