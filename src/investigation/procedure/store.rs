//! The table `procedure`.

use std::collections::HashMap;

use crate::access::Viewable;
use crate::storage::full_text::{self, Texts};
use crate::storage::{FromValue, Queries, Result, Row, WriteTx};

use super::model::Procedure;

pub(super) fn from_row(row: Row) -> Result<Procedure> {
    let mut row = row.reader();
    Ok(Procedure {
        id: row.take()?,
        case_id: row.take()?,
        alert_id: row.take()?,
        pattern_id: row.take()?,
        external_id: row.take()?,
        pattern_name: row.take()?,
        catalog_id: row.take()?,
        tactic: row.take()?,
        tactic_label: row.take()?,
        description: row.take()?,
        occur_at: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn insert(tx: &WriteTx, procedure: &Procedure) -> Result<()> {
    tx.change(
        procedure.touch(),
        "insert into procedure (id, case_id, alert_id, pattern_id, tactic, description, occur_at, created_at,
             created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            procedure.id.into(),
            procedure.case_id.into(),
            procedure.alert_id.into(),
            procedure.pattern_id.into(),
            procedure.tactic.clone().into(),
            procedure.description.clone().into(),
            procedure.occur_at.into(),
            procedure.created_at.into(),
            procedure.created_by.as_str().into(),
        ],
    )?;
    full_text::insert(tx, "Procedure", procedure.id, &texts(procedure))
}

pub(super) fn update(tx: &WriteTx, procedure: &Procedure) -> Result<()> {
    tx.change(
        procedure.touch(),
        "update procedure set pattern_id = ?2, tactic = ?3, description = ?4, occur_at = ?5, updated_at = ?6,
             updated_by = ?7 where id = ?1",
        &[
            procedure.id.into(),
            procedure.pattern_id.into(),
            procedure.tactic.clone().into(),
            procedure.description.clone().into(),
            procedure.occur_at.into(),
            procedure.updated_at.into(),
            procedure.updated_by.clone().into(),
        ],
    )?;
    full_text::replace(tx, "Procedure", procedure.id, &texts(procedure))
}

pub(super) fn delete(tx: &WriteTx, procedure: &Procedure) -> Result<()> {
    full_text::remove(tx, procedure.id)?;
    tx.change(
        procedure.touch(),
        "delete from procedure where id = ?1",
        &[procedure.id.into()],
    )?;
    Ok(())
}

fn texts(procedure: &Procedure) -> Texts<'_> {
    Texts {
        title: &procedure.pattern_name,
        body: procedure.description.as_deref().unwrap_or_default(),
        extra: procedure.external_id.as_str().into(),
        ..Texts::default()
    }
}

/// Puts the texts of these procedures into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> Result<()> {
    let sql = format!("{} procedure.id in ({{ids}})", Procedure::SELECT);
    for row in tx.query_for_ids(&sql, ids, &[])? {
        let procedure = from_row(row)?;
        full_text::replace(tx, "Procedure", procedure.id, &texts(&procedure))?;
    }
    Ok(())
}

fn pairs<K, V, C>(rows: Vec<Row>) -> Result<C>
where
    K: FromValue,
    V: FromValue,
    C: FromIterator<(K, V)>,
{
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// How many procedures each of these cases has.
pub(super) fn count_of_cases(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    pairs(queries.query_for_ids(
        "select case_id, count(*) from procedure where case_id in ({ids}) group by case_id",
        ids,
        &[],
    )?)
}

/// How many procedures each of these alerts has.
pub(super) fn count_of_alerts(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    pairs(queries.query_for_ids(
        "select alert_id, count(*) from procedure where alert_id in ({ids}) group by alert_id",
        ids,
        &[],
    )?)
}

/// The procedures of these alerts, the oldest first.
pub(super) fn of_alerts(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Procedure>> {
    let sql = format!(
        "{} procedure.alert_id in ({{ids}}) order by procedure.id",
        Procedure::SELECT
    );
    let rows = queries.query_for_ids(&sql, ids, &[])?;
    rows.into_iter().map(from_row).collect()
}

/// The procedures of a case, the oldest first.
pub(super) fn of_case(queries: &dyn Queries, id: i64) -> Result<Vec<Procedure>> {
    let sql = format!(
        "{} procedure.case_id = ?1 order by procedure.occur_at, procedure.id",
        Procedure::SELECT
    );
    let rows = queries.query(&sql, &[id.into()])?;
    rows.into_iter().map(from_row).collect()
}
