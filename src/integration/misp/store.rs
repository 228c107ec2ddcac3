//! The tables `misp_sync`, `misp_failure`, `misp_alert` and `misp_export`.

use std::collections::HashMap;

use crate::storage::{Queries, QueryValues, Result, WriteTx};
use crate::wire::EntityId;

use super::model::{OutputMispFailure, OutputMispSync};
use super::rules::TRIES_MAX;

/// Failures that are told, of all servers together.
const FAILURES_TOLD_MAX: i64 = 200;

/// Takes the reading of a server's events for `holder` until `until_ms`, unless somebody else has it. Who has it keeps it
/// by taking it again.
pub(super) fn hold(
    tx: &WriteTx,
    server_id: i64,
    holder: &str,
    now_ms: i64,
    until_ms: i64,
) -> Result<bool> {
    tx.derive(
        "insert into misp_sync (server_id, done_until_s, created_count, updated_count) values (?1, 0, 0, 0)
         on conflict (server_id) do nothing",
        &[server_id.into()],
    )?;
    let held = tx.derive(
        "update misp_sync set held_by = ?2, held_until = ?4
         where server_id = ?1 and (held_by is null or held_by = ?2 or held_until < ?3)",
        &[
            server_id.into(),
            holder.into(),
            now_ms.into(),
            until_ms.into(),
        ],
    )?;
    Ok(held > 0)
}

/// Begins a reading: what came of the one before is forgotten.
pub(super) fn begin(tx: &WriteTx, server_id: i64, now_ms: i64) -> Result<()> {
    tx.derive(
        "update misp_sync set started_at = ?2, ended_at = null, created_count = 0, updated_count = 0, problem = null
         where server_id = ?1",
        &[server_id.into(), now_ms.into()],
    )?;
    Ok(())
}

/// Ends the reading of `holder`, and lets others read.
pub(super) fn end(
    tx: &WriteTx,
    server_id: i64,
    holder: &str,
    now_ms: i64,
    problem: Option<&str>,
) -> Result<()> {
    tx.derive(
        "update misp_sync set ended_at = ?3, problem = ?4, held_by = null, held_until = null
         where server_id = ?1 and held_by = ?2",
        &[
            server_id.into(),
            holder.into(),
            now_ms.into(),
            problem.into(),
        ],
    )?;
    Ok(())
}

/// Counts an alert that was made, or changed.
pub(super) fn count(tx: &WriteTx, server_id: i64, is_new: bool) -> Result<()> {
    let (created, updated) = if is_new { (1, 0) } else { (0, 1) };
    tx.derive(
        "update misp_sync set created_count = created_count + ?2, updated_count = updated_count + ?3
         where server_id = ?1",
        &[server_id.into(), created.into(), updated.into()],
    )?;
    Ok(())
}

/// Up to which second all is done.
pub(super) fn done_until(queries: &dyn Queries, server_id: i64) -> Result<i64> {
    let done: Option<i64> = queries.query_value(
        "select done_until_s from misp_sync where server_id = ?1",
        &[server_id.into()],
    )?;
    Ok(done.unwrap_or(0))
}

pub(super) fn set_done_until(tx: &WriteTx, server_id: i64, done_until_s: i64) -> Result<()> {
    tx.derive(
        "update misp_sync set done_until_s = ?2 where server_id = ?1",
        &[server_id.into(), done_until_s.into()],
    )?;
    Ok(())
}

/// Notes that an event could not be taken.
pub(super) fn fail(
    tx: &WriteTx,
    server_id: i64,
    event_id: &str,
    changed_s: i64,
    problem: &str,
    now_ms: i64,
) -> Result<()> {
    tx.derive(
        "insert into misp_failure (server_id, event_id, changed_s, tries, problem, failed_at)
         values (?1, ?2, ?3, 1, ?4, ?5)
         on conflict (server_id, event_id) do update set changed_s = excluded.changed_s,
             tries = case when misp_failure.changed_s = excluded.changed_s then misp_failure.tries + 1 else 1 end,
             problem = excluded.problem, failed_at = excluded.failed_at",
        &[
            server_id.into(),
            event_id.into(),
            changed_s.into(),
            problem.into(),
            now_ms.into(),
        ],
    )?;
    Ok(())
}

/// Forgets that an event could not be taken.
pub(super) fn forgive(tx: &WriteTx, server_id: i64, event_id: &str) -> Result<()> {
    tx.derive(
        "delete from misp_failure where server_id = ?1 and event_id = ?2",
        &[server_id.into(), event_id.into()],
    )?;
    Ok(())
}

/// When the events changed that are to be tried again.
pub(super) fn to_try_again(queries: &dyn Queries, server_id: i64) -> Result<Vec<i64>> {
    queries.query_column(
        "select changed_s from misp_failure where server_id = ?1 and tries < ?2",
        &[server_id.into(), TRIES_MAX.into()],
    )
}

/// How often an event in this state could not be taken.
pub(super) fn tries(
    queries: &dyn Queries,
    server_id: i64,
    event_id: &str,
    changed_s: i64,
) -> Result<i64> {
    let tries: Option<i64> = queries.query_value(
        "select tries from misp_failure where server_id = ?1 and event_id = ?2 and changed_s = ?3",
        &[server_id.into(), event_id.into(), changed_s.into()],
    )?;
    Ok(tries.unwrap_or(0))
}

/// What came of reading the events of each server. When the next reading begins is not known here.
pub(super) fn syncs(queries: &dyn Queries, now_ms: i64) -> Result<Vec<OutputMispSync>> {
    let rows = queries.query(
        "select server_id, held_by, held_until, started_at, ended_at, created_count, updated_count, problem
         from misp_sync order by server_id",
        &[],
    )?;
    let mut syncs = Vec::with_capacity(rows.len());
    for row in rows {
        let mut row = row.reader();
        let server_id: i64 = row.take()?;
        let holder: Option<String> = row.take()?;
        let held_until: Option<i64> = row.take()?;
        syncs.push(OutputMispSync {
            server: EntityId(server_id),
            is_running: holder.is_some() && held_until.is_some_and(|until| until >= now_ms),
            started_at: row.take()?,
            ended_at: row.take()?,
            next_at: None,
            created: row.take()?,
            updated: row.take()?,
            problem: row.take()?,
            failures: Vec::new(),
        });
    }
    add_failures(queries, &mut syncs)?;
    Ok(syncs)
}

/// Gives each reading the events that could not be taken, the latest first.
fn add_failures(queries: &dyn Queries, syncs: &mut [OutputMispSync]) -> Result<()> {
    let rows = queries.query(
        "select server_id, event_id, problem, tries, failed_at from misp_failure
         order by failed_at desc, event_id limit ?1",
        &[FAILURES_TOLD_MAX.into()],
    )?;
    for row in rows {
        let mut row = row.reader();
        let server = EntityId(row.take()?);
        let failure = OutputMispFailure {
            event: row.take()?,
            problem: row.take()?,
            tries: row.take()?,
            failed_at: row.take()?,
        };
        if let Some(sync) = syncs.iter_mut().find(|sync| sync.server == server) {
            sync.failures.push(failure);
        }
    }
    Ok(())
}

/// Whether the events of any server are being read.
pub(super) fn is_any_running(queries: &dyn Queries, now_ms: i64) -> Result<bool> {
    let count: i64 = queries.query_scalar(
        "select count(*) from misp_sync where held_by is not null and held_until >= ?1",
        &[now_ms.into()],
    )?;
    Ok(count > 0)
}

/// The alert that was made of an event for an organisation, and which change of the event is in it.
pub(super) fn alert_of(
    queries: &dyn Queries,
    server_id: i64,
    event_id: &str,
    organisation_id: i64,
) -> Result<Option<(i64, i64)>> {
    let row = queries.query_first(
        "select alert_id, done_s from misp_alert where server_id = ?1 and event_id = ?2 and organisation_id = ?3",
        &[server_id.into(), event_id.into(), organisation_id.into()],
    )?;
    row.map(|row| {
        let mut row = row.reader();
        Ok((row.take()?, row.take()?))
    })
    .transpose()
}

/// Which change of an event each organisation has, by the organisations' ids.
pub(super) fn alerts_of(
    queries: &dyn Queries,
    server_id: i64,
    event_id: &str,
) -> Result<HashMap<i64, i64>> {
    let rows = queries.query(
        "select organisation_id, done_s from misp_alert where server_id = ?1 and event_id = ?2",
        &[server_id.into(), event_id.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// Notes that an alert is that of an event; nothing of the event's is in it yet.
pub(super) fn insert_alert(
    tx: &WriteTx,
    alert_id: i64,
    server_id: i64,
    event_id: &str,
    organisation_id: i64,
) -> Result<()> {
    tx.derive(
        "insert into misp_alert (alert_id, server_id, organisation_id, event_id, done_s) values (?1, ?2, ?3, ?4, 0)",
        &[
            alert_id.into(),
            server_id.into(),
            organisation_id.into(),
            event_id.into(),
        ],
    )?;
    Ok(())
}

/// Notes which change of its event is in an alert.
pub(super) fn set_done(tx: &WriteTx, alert_id: i64, done_s: i64) -> Result<()> {
    tx.derive(
        "update misp_alert set done_s = ?2 where alert_id = ?1",
        &[alert_id.into(), done_s.into()],
    )?;
    Ok(())
}

/// The organisation whose case became the event.
pub(super) fn exporter(
    queries: &dyn Queries,
    server_id: i64,
    event_id: &str,
) -> Result<Option<i64>> {
    queries.query_value(
        "select organisation_id from misp_export where server_id = ?1 and event_id = ?2",
        &[server_id.into(), event_id.into()],
    )
}

/// An event that a case became.
pub(super) struct Exported<'a> {
    pub server_id: i64,
    pub event_id: &'a str,
    pub event_uuid: &'a str,
    pub case_id: i64,
    pub organisation_id: i64,
    pub at: i64,
}

pub(super) fn insert_export(tx: &WriteTx, exported: &Exported) -> Result<()> {
    tx.derive(
        "insert into misp_export (server_id, event_id, event_uuid, case_id, organisation_id, exported_at)
         values (?1, ?2, ?3, ?4, ?5, ?6)
         on conflict (server_id, event_id) do update set event_uuid = excluded.event_uuid, case_id = excluded.case_id,
             organisation_id = excluded.organisation_id, exported_at = excluded.exported_at",
        &[
            exported.server_id.into(),
            exported.event_id.into(),
            exported.event_uuid.into(),
            exported.case_id.into(),
            exported.organisation_id.into(),
            exported.at.into(),
        ],
    )?;
    Ok(())
}

/// The event that a case became last on a server.
pub(super) fn previous_export(
    queries: &dyn Queries,
    server_id: i64,
    case_id: i64,
) -> Result<Option<String>> {
    queries.query_value(
        "select event_uuid from misp_export where case_id = ?1 and server_id = ?2 order by exported_at desc limit 1",
        &[case_id.into(), server_id.into()],
    )
}

/// Lets go of all readings of `holder`.
pub(super) fn let_go(tx: &WriteTx, holder: &str) -> Result<()> {
    tx.derive(
        "update misp_sync set held_by = null, held_until = null where held_by = ?1",
        &[holder.into()],
    )?;
    Ok(())
}
