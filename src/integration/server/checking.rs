//! Looking how a server is: whether it answers, whether it takes our key, and which version it is.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use super::actions::{connect, note_health};
use super::connection::{Connection, Integrations};
use super::model::{Health, HealthState, IntegrationServer, ServerKind};
use super::store;
use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{Result, Scope};
use crate::integration::{cortex, misp};
use crate::outbound::{self, Error};
use crate::storage::Queries;

/// How the server at the other end is, at `now_ms`.
pub(super) async fn look(kind: ServerKind, connection: &Connection, now_ms: i64) -> Health {
    let found = match kind {
        ServerKind::Cortex => cortex::actions::look(connection).await,
        ServerKind::Misp => misp::actions::look(connection).await,
    };
    health(found, now_ms)
}

fn health(found: outbound::Result<String>, checked_at: i64) -> Health {
    let (state, problem, version) = match found {
        Ok(version) => (HealthState::Well, None, Some(version)),
        Err(error) => (state(&error), Some(sentence(&error)), None),
    };
    Health {
        state,
        problem,
        version,
        checked_at,
    }
}

fn state(error: &Error) -> HealthState {
    if error.is_about_credentials() {
        HealthState::KeyRefused
    } else {
        HealthState::Failing
    }
}

fn sentence(error: &Error) -> String {
    if error.is_about_credentials() {
        format!("The key is refused: {error}")
    } else {
        error.to_string()
    }
}

/// Looks at all servers that are switched on, and notes how they are; returns how many those were.
///
/// # Errors
/// Only those of the storage.
pub async fn check_all(gate: &Gate, integrations: &Integrations, now_ms: i64) -> Result<usize> {
    let scope = Arc::new(Scope::system("look at servers", now_ms));
    let by = gate.open::<Member>(scope)?;
    let opened = integrations.clone();
    let servers = by
        .read(move |reading| {
            let mut servers = store::all(reading, None)?;
            servers.retain(|server| server.is_enabled);
            servers
                .into_iter()
                .map(|server| {
                    let connection = connect(reading, &opened, &server);
                    Ok((server, connection))
                })
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    let looks = servers.into_iter().map(|(server, connection)| async move {
        let health = match connection {
            Ok(connection) => look(server.kind, &connection, now_ms).await,
            Err(error) => Health {
                state: HealthState::Failing,
                problem: Some(error.to_string()),
                version: None,
                checked_at: now_ms,
            },
        };
        (server.id, health)
    });
    let found = join_all(looks).await;
    let count = found.len();
    by.write(move |unit| {
        for (id, health) in &found {
            note_health(unit, *id, health)?;
        }
        Ok(count)
    })
    .await
}

/// What the API's status says of the servers of a kind: whether there are any, how they are, and which they are.
///
/// # Errors
/// Only those of the storage.
pub fn status(queries: &dyn Queries, kind: ServerKind) -> Result<Json> {
    let mut servers = store::all(queries, Some(kind))?;
    servers.retain(|server| server.is_enabled);
    let is_well = |server: &IntegrationServer| {
        server
            .health
            .as_ref()
            .is_none_or(|health| health.state == HealthState::Well)
    };
    let well = servers.iter().filter(|server| is_well(server)).count();
    let overall = match well {
        count if count == servers.len() => "OK",
        0 => "ERROR",
        _ => "WARNING",
    };
    let told: Vec<Json> = servers
        .iter()
        .map(|server| {
            let health = server.health.as_ref();
            json!({
                "name": server.name,
                "version": health.and_then(|health| health.version.clone()).unwrap_or_default(),
                "status": health.map_or("OK", |health| health.state.word()),
            })
        })
        .collect();
    Ok(json!({ "enabled": !servers.is_empty(), "status": overall, "servers": told }))
}
