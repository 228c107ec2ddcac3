//! The verbs of Cortex.

use bytes::Bytes;

use crate::access::unit::Scoped;
use crate::access::{Authorized, Error, Reading, Requirement, Result, Writing};
use crate::integration::server;
use crate::integration::server::model::ServerKind;
use crate::integration::server::{Connection, Integrations};
use crate::outbound;
use crate::storage::{Queries, Touch};

use super::model::{Known, ObjectKind, Offered, Order};
use super::pace::Pace;
use super::workers::{Wanted, ask_all, first_knowing, united};
use super::{remote, store};

pub use super::working::{Tools, work_due};

/// How a Cortex is: its version, if it takes the key.
///
/// # Errors
/// Why it is not well.
pub async fn look(connection: &Connection) -> outbound::Result<String> {
    remote::look(connection).await
}

/// Puts a job or action into the line, for the server of that name. It is handed over in the background.
///
/// # Errors
/// Only those of the storage.
pub fn queue<P: Requirement>(
    unit: &Writing<P>,
    what: Touch,
    server_name: &str,
    order: &Order,
) -> Result<()> {
    let servers = server::actions::open_to_caller(unit, ServerKind::Cortex)?;
    let server = servers.iter().find(|server| server.name == server_name);
    let scope = unit.scope();
    let asker = store::Asker {
        user_id: scope.user_id,
        organisation_id: scope.organisation.id,
        now_ms: scope.now_ms,
        give_up_at: scope.now_ms + Pace::read(unit)?.job_ms_max,
    };
    let server_id = server.map(|server| server.id);
    Ok(store::insert(unit.tx(), what, server_id, order, &asker)?)
}

/// When the next job or action is to be looked at.
///
/// # Errors
/// Only those of the storage.
pub fn next_due(queries: &dyn Queries) -> Result<Option<i64>> {
    Ok(store::next_at(queries)?)
}

/// How often servers are looked at, in milliseconds.
///
/// # Errors
/// Only those of the storage.
pub fn status_check_ms(queries: &dyn Queries) -> Result<i64> {
    Ok(Pace::read(queries)?.status_check_ms)
}

/// The way to the server of that name, if the caller's organisation may use it.
///
/// # Errors
/// Settings of it that cannot be used.
pub fn connection(
    reading: &Reading,
    integrations: &Integrations,
    server_name: &str,
) -> Result<Option<Connection>> {
    let servers = server::actions::open_to_caller(reading, ServerKind::Cortex)?;
    servers
        .iter()
        .find(|server| server.name == server_name)
        .map(|server| server::actions::connect(reading, integrations, server))
        .transpose()
}

/// A file of a report.
///
/// # Errors
/// Why the Cortex does not give it.
pub async fn file(connection: &Connection, attachment_id: &str) -> Result<Bytes> {
    remote::file(connection, attachment_id)
        .await
        .map_err(|error| Error::Rule(format!("The file cannot be fetched: {error}")))
}

/// The responders for a kind of thing.
///
/// # Errors
/// Only those of the storage: servers that fail are left out.
pub async fn responders<P: Requirement>(
    by: &Authorized<P>,
    integrations: &Integrations,
    kind: ObjectKind,
) -> Result<Vec<Offered>> {
    let wanted = Wanted::Responders(kind.data_type());
    Ok(united(ask_all(by, integrations, wanted, None).await?))
}

/// The server that knows the responder (the one of that name, or the first), with the responder as it calls it.
///
/// # Errors
/// 404 when none does.
pub async fn find_responder<P: Requirement>(
    by: &Authorized<P>,
    integrations: &Integrations,
    id: &str,
    server_name: Option<&str>,
) -> Result<Known> {
    let wanted = Wanted::Responder(id.to_owned());
    first_knowing(ask_all(by, integrations, wanted, server_name).await?, id)
}
