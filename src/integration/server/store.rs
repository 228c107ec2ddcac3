//! The tables `integration_server` and `integration_server_organisation`.

use serde_json::{Map, Value as Json};

use crate::access::Viewable;
use crate::storage::{Error, Queries, QueryValues, Result, Row, WriteTx};
use crate::text::fold::fold;

use super::model::{Health, HealthState, IntegrationServer, Member, Sealed, ServerKind};

fn unreadable(column: &str, value: &str) -> Error {
    Error::Unusable(format!("integration_server.{column} holds {value:?}"))
}

pub(super) fn from_row(row: Row) -> Result<IntegrationServer> {
    let mut row = row.reader();
    let id = row.take()?;
    let kind: String = row.take()?;
    let (name, url) = (row.take()?, row.take()?);
    let (has_proxy, is_enabled, is_for_all) = (row.take()?, row.take()?, row.take()?);
    let (accepts_any_certificate, ca_pem) = (row.take()?, row.take()?);
    let time_max_s = row.take()?;
    let options: String = row.take()?;
    let state: Option<String> = row.take()?;
    let (problem, version) = (row.take()?, row.take()?);
    let checked_at: Option<i64> = row.take()?;
    let health = match (state, checked_at) {
        (Some(state), Some(checked_at)) => Some(Health {
            state: HealthState::by_word(&state).ok_or_else(|| unreadable("health", &state))?,
            problem,
            version,
            checked_at,
        }),
        _ => None,
    };
    Ok(IntegrationServer {
        id,
        kind: ServerKind::by_word(&kind).ok_or_else(|| unreadable("kind", &kind))?,
        name,
        url,
        has_proxy,
        is_enabled,
        is_for_all,
        accepts_any_certificate,
        ca_pem,
        time_max_s,
        options: object(&options)?,
        health,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
        included: Vec::new(),
        excluded: Vec::new(),
    })
}

fn object(text: &str) -> Result<Map<String, Json>> {
    match serde_json::from_str(text) {
        Ok(Json::Object(object)) => Ok(object),
        _ => Err(unreadable("options", text)),
    }
}

/// Gives the servers the organisations on their lists.
pub(super) fn complete(queries: &dyn Queries, servers: &mut [IntegrationServer]) -> Result<()> {
    let ids: Vec<i64> = servers.iter().map(|server| server.id).collect();
    let rows = queries.query_for_ids(
        "select listed.server_id, listed.is_excluded, organisation.id, organisation.name
         from integration_server_organisation as listed
             join organisation on organisation.id = listed.organisation_id
         where listed.server_id in ({ids}) order by organisation.name",
        &ids,
        &[],
    )?;
    for row in rows {
        let mut row = row.reader();
        let (server_id, is_excluded): (i64, bool) = (row.take()?, row.take()?);
        let member = Member {
            id: row.take()?,
            name: row.take()?,
        };
        if let Some(server) = servers.iter_mut().find(|server| server.id == server_id) {
            let list = if is_excluded {
                &mut server.excluded
            } else {
                &mut server.included
            };
            list.push(member);
        }
    }
    Ok(())
}

/// Servers that a condition picks, sorted by name.
fn load(
    queries: &dyn Queries,
    condition: &str,
    parameters: &[crate::storage::Value],
) -> Result<Vec<IntegrationServer>> {
    let sql = format!(
        "{} {condition} order by integration_server.name_folded, integration_server.id",
        IntegrationServer::SELECT
    );
    let rows = queries.query(&sql, parameters)?;
    let mut servers = rows
        .into_iter()
        .map(from_row)
        .collect::<Result<Vec<IntegrationServer>>>()?;
    complete(queries, &mut servers)?;
    Ok(servers)
}

/// All servers of a kind; of all kinds when none is given.
pub(super) fn all(
    queries: &dyn Queries,
    kind: Option<ServerKind>,
) -> Result<Vec<IntegrationServer>> {
    match kind {
        Some(kind) => load(
            queries,
            "integration_server.kind = ?1",
            &[kind.word().into()],
        ),
        None => load(queries, "1 = 1", &[]),
    }
}

/// The servers of a kind that an organisation may use.
pub(super) fn open_to(
    queries: &dyn Queries,
    kind: ServerKind,
    organisation_id: i64,
) -> Result<Vec<IntegrationServer>> {
    load(
        queries,
        "integration_server.kind = ?1 and integration_server.is_enabled = 1
             and (integration_server.is_for_all = 1 or exists (
                 select 1 from integration_server_organisation as listed
                 where listed.server_id = integration_server.id and listed.organisation_id = ?2
                     and listed.is_excluded = 0))
             and not exists (
                 select 1 from integration_server_organisation as listed
                 where listed.server_id = integration_server.id and listed.organisation_id = ?2
                     and listed.is_excluded = 1)",
        &[kind.word().into(), organisation_id.into()],
    )
}

/// A server by its id, whoever may use it.
pub(super) fn find(queries: &dyn Queries, id: i64) -> Result<Option<IntegrationServer>> {
    Ok(load(queries, "integration_server.id = ?1", &[id.into()])?.pop())
}

/// Whether a name is taken among the servers of a kind, in any letter case.
pub(super) fn is_name_taken(
    queries: &dyn Queries,
    kind: ServerKind,
    name: &str,
    but_for: i64,
) -> Result<bool> {
    let found: Option<i64> = queries.query_value(
        "select id from integration_server where kind = ?1 and name_folded = ?2 and id <> ?3",
        &[kind.word().into(), fold(name).into(), but_for.into()],
    )?;
    Ok(found.is_some())
}

/// The sealed secrets of a server.
pub(super) fn sealed(queries: &dyn Queries, id: i64) -> Result<Option<Sealed>> {
    let row = queries.query_first(
        "select key_sealed, proxy_sealed from integration_server where id = ?1",
        &[id.into()],
    )?;
    row.map(|row| {
        let mut row = row.reader();
        Ok(Sealed {
            key: row.take()?,
            proxy: row.take()?,
        })
    })
    .transpose()
}

pub(super) fn insert(tx: &WriteTx, server: &IntegrationServer, sealed: &Sealed) -> Result<()> {
    tx.change(
        server.touch(),
        "insert into integration_server (id, kind, name, name_folded, url, key_sealed, proxy_sealed, is_enabled,
             is_for_all, accepts_any_certificate, ca_pem, time_max_s, options, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        &[
            server.id.into(),
            server.kind.word().into(),
            server.name.as_str().into(),
            fold(&server.name).into(),
            server.url.as_str().into(),
            sealed.key.clone().into(),
            sealed.proxy.clone().into(),
            server.is_enabled.into(),
            server.is_for_all.into(),
            server.accepts_any_certificate.into(),
            server.ca_pem.clone().into(),
            server.time_max_s.into(),
            Json::from(server.options.clone()).to_string().into(),
            server.created_at.into(),
            server.created_by.as_str().into(),
        ],
    )?;
    set_organisations(tx, server)
}

pub(super) fn update(tx: &WriteTx, server: &IntegrationServer, sealed: &Sealed) -> Result<()> {
    tx.change(
        server.touch(),
        "update integration_server set name = ?2, name_folded = ?3, url = ?4, key_sealed = ?5, proxy_sealed = ?6,
             is_enabled = ?7, is_for_all = ?8, accepts_any_certificate = ?9, ca_pem = ?10, time_max_s = ?11,
             options = ?12, updated_at = ?13, updated_by = ?14 where id = ?1",
        &[
            server.id.into(),
            server.name.as_str().into(),
            fold(&server.name).into(),
            server.url.as_str().into(),
            sealed.key.clone().into(),
            sealed.proxy.clone().into(),
            server.is_enabled.into(),
            server.is_for_all.into(),
            server.accepts_any_certificate.into(),
            server.ca_pem.clone().into(),
            server.time_max_s.into(),
            Json::from(server.options.clone()).to_string().into(),
            server.updated_at.into(),
            server.updated_by.clone().into(),
        ],
    )?;
    set_organisations(tx, server)
}

fn set_organisations(tx: &WriteTx, server: &IntegrationServer) -> Result<()> {
    tx.change(
        server.touch(),
        "delete from integration_server_organisation where server_id = ?1",
        &[server.id.into()],
    )?;
    for (list, is_excluded) in [(&server.included, false), (&server.excluded, true)] {
        for member in list {
            tx.change(
                server.touch(),
                "insert into integration_server_organisation (server_id, organisation_id, is_excluded)
                 values (?1, ?2, ?3)",
                &[server.id.into(), member.id.into(), is_excluded.into()],
            )?;
        }
    }
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, server: &IntegrationServer) -> Result<()> {
    tx.change(
        server.touch(),
        "delete from integration_server where id = ?1",
        &[server.id.into()],
    )?;
    Ok(())
}

/// Notes how a server was: that is no change of it.
pub(super) fn set_health(tx: &WriteTx, id: i64, health: &Health) -> Result<()> {
    tx.derive(
        "update integration_server set health = ?2, health_problem = ?3, health_version = ?4, checked_at = ?5
         where id = ?1",
        &[
            id.into(),
            health.state.word().into(),
            health.problem.clone().into(),
            health.version.clone().into(),
            health.checked_at.into(),
        ],
    )?;
    Ok(())
}

/// Forgets how a server was: it is another one now.
pub(super) fn forget_health(tx: &WriteTx, id: i64) -> Result<()> {
    tx.derive(
        "update integration_server set health = null, health_problem = null, health_version = null,
             checked_at = null where id = ?1",
        &[id.into()],
    )?;
    Ok(())
}
