//! The table `cortex_run`.

use serde_json::Value as Json;

use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, WriteTx};

use super::model::{Order, Run};

const SELECT: &str =
    "select id, action_id is not null, server_id, user_id, organisation_id, worker_order,
    handed_over_at, remote_id, operations_done, error_count, give_up_at from cortex_run where";

fn from_row(row: Row) -> Result<Run> {
    let unreadable =
        |error: serde_json::Error| Error::Unusable(format!("cortex_run holds no JSON: {error}"));
    let mut row = row.reader();
    Ok(Run {
        id: row.take()?,
        is_action: row.take()?,
        server_id: row.take()?,
        user_id: row.take()?,
        organisation_id: row.take()?,
        order: serde_json::from_str(&row.take::<String>()?).map_err(unreadable)?,
        handed_over_at: row.take()?,
        remote_id: row.take()?,
        operations_done: serde_json::from_str(&row.take::<String>()?).map_err(unreadable)?,
        error_count: row.take()?,
        give_up_at: row.take()?,
    })
}

/// Who asks, and until when.
pub(super) struct Asker {
    pub user_id: i64,
    pub organisation_id: i64,
    pub now_ms: i64,
    pub give_up_at: i64,
}

/// Puts a job or action into the line.
pub(super) fn insert(
    tx: &WriteTx,
    what: Touch,
    server_id: Option<i64>,
    order: &Order,
    asker: &Asker,
) -> Result<()> {
    let order = serde_json::to_string(order)
        .map_err(|error| Error::Unusable(format!("an order is no JSON: {error}")))?;
    let is_action = what.kind == "Action";
    tx.derive(
        "insert into cortex_run (id, job_id, action_id, server_id, user_id, organisation_id, worker_order,
             operations_done, error_count, next_at, give_up_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, '[]', 0, ?8, ?9)",
        &[
            what.id.into(),
            (!is_action).then_some(what.id).into(),
            is_action.then_some(what.id).into(),
            server_id.into(),
            asker.user_id.into(),
            asker.organisation_id.into(),
            order.into(),
            asker.now_ms.into(),
            asker.give_up_at.into(),
        ],
    )?;
    Ok(())
}

/// Takes those that are due, the longest waiting first. Nobody else takes them until `until_ms`.
pub(super) fn claim(tx: &WriteTx, now_ms: i64, until_ms: i64, count: i64) -> Result<Vec<Run>> {
    let sql = format!("{SELECT} next_at <= ?1 order by next_at, id limit ?2");
    let rows = tx.query(&sql, &[now_ms.into(), count.into()])?;
    let runs = rows
        .into_iter()
        .map(from_row)
        .collect::<Result<Vec<Run>>>()?;
    for run in &runs {
        set_next(tx, run.id, until_ms, run.error_count)?;
    }
    Ok(runs)
}

/// When it is to be looked at again.
pub(super) fn set_next(tx: &WriteTx, id: i64, next_at: i64, error_count: i64) -> Result<()> {
    tx.derive(
        "update cortex_run set next_at = ?2, error_count = ?3 where id = ?1",
        &[id.into(), next_at.into(), error_count.into()],
    )?;
    Ok(())
}

/// It is being handed over.
pub(super) fn set_handed_over(tx: &WriteTx, id: i64, at: Option<i64>) -> Result<()> {
    tx.derive(
        "update cortex_run set handed_over_at = ?2 where id = ?1",
        &[id.into(), at.into()],
    )?;
    Ok(())
}

/// The Cortex has it.
pub(super) fn set_remote(tx: &WriteTx, id: i64, remote_id: &str, next_at: i64) -> Result<()> {
    tx.derive(
        "update cortex_run set remote_id = ?2, next_at = ?3, error_count = 0 where id = ?1",
        &[id.into(), remote_id.into(), next_at.into()],
    )?;
    Ok(())
}

/// These operations are done.
pub(super) fn set_done(tx: &WriteTx, id: i64, operations: &[Json]) -> Result<()> {
    tx.derive(
        "update cortex_run set operations_done = ?2 where id = ?1",
        &[
            id.into(),
            Json::from(operations.to_vec()).to_string().into(),
        ],
    )?;
    Ok(())
}

/// It is over.
pub(super) fn remove(tx: &WriteTx, id: i64) -> Result<()> {
    tx.derive("delete from cortex_run where id = ?1", &[id.into()])?;
    Ok(())
}

/// When the next is due.
pub(super) fn next_at(queries: &dyn Queries) -> Result<Option<i64>> {
    queries.query_scalar("select min(next_at) from cortex_run", &[])
}
