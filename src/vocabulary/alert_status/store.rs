//! The table `alert_status`.

use std::collections::HashSet;

use crate::storage::{Error, Queries, QueryValues, Result, Row, WriteTx};

use super::model::{AlertStage, AlertStatus};

pub(super) fn from_row(row: Row) -> Result<AlertStatus> {
    let mut row = row.reader();
    Ok(AlertStatus {
        id: row.take()?,
        value: row.take()?,
        stage: stage(2, &row.take::<String>()?)?,
        position: row.take()?,
        description: row.take()?,
        colour: row.take()?,
        is_hidden: row.take()?,
        is_predefined: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

fn stage(column: usize, word: &str) -> Result<AlertStage> {
    AlertStage::by_word(word).ok_or(Error::Decode {
        column,
        found: "another word",
        expected: "a stage",
    })
}

/// The stage of the status `value`, if there is such a status.
pub(super) fn stage_of(queries: &dyn Queries, value: &str) -> Result<Option<AlertStage>> {
    let word: Option<String> = queries.query_value(
        "select stage from alert_status where value = ?1",
        &[value.into()],
    )?;
    word.map(|word| stage(0, &word)).transpose()
}

/// All statuses, in the order of choice lists.
pub(crate) fn all(queries: &dyn Queries) -> Result<Vec<AlertStatus>> {
    let sql = format!(
        "{} 1 = 1 order by position, id",
        <AlertStatus as crate::access::Viewable>::SELECT
    );
    queries
        .query(&sql, &[])?
        .into_iter()
        .map(from_row)
        .collect()
}

pub(super) fn is_value_taken(queries: &dyn Queries, value: &str) -> Result<bool> {
    Ok(stage_of(queries, value)?.is_some())
}

/// The words of all statuses, sorted.
pub(super) fn values(queries: &dyn Queries) -> Result<Vec<String>> {
    let mut values: Vec<String> = queries.query_column("select value from alert_status", &[])?;
    values.sort_unstable();
    Ok(values)
}

/// The words that some alert carries, an alert in the bin too.
pub(super) fn values_in_use(queries: &dyn Queries) -> Result<HashSet<String>> {
    let used: Vec<String> = queries.query_column(
        "select value from alert_status
         where exists (select 1 from alert where alert.status = alert_status.value)",
        &[],
    )?;
    Ok(used.into_iter().collect())
}

pub(super) fn insert(tx: &WriteTx, status: &AlertStatus) -> Result<()> {
    tx.change(
        status.touch(),
        "insert into alert_status (id, value, stage, position, description, colour, is_hidden, is_predefined,
             created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            status.id.into(),
            status.value.as_str().into(),
            status.stage.word().into(),
            status.position.into(),
            status.description.clone().into(),
            status.colour.clone().into(),
            status.is_hidden.into(),
            status.is_predefined.into(),
            status.created_at.into(),
            status.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, status: &AlertStatus) -> Result<()> {
    tx.change(
        status.touch(),
        "update alert_status set position = ?2, description = ?3, colour = ?4, is_hidden = ?5, updated_at = ?6,
             updated_by = ?7 where id = ?1",
        &[
            status.id.into(),
            status.position.into(),
            status.description.clone().into(),
            status.colour.clone().into(),
            status.is_hidden.into(),
            status.updated_at.into(),
            status.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

/// The place after the last.
pub(super) fn next_position(queries: &dyn Queries) -> Result<i64> {
    queries.query_scalar(
        "select coalesce(max(position), -1) + 1 from alert_status",
        &[],
    )
}

pub(super) fn delete(tx: &WriteTx, status: &AlertStatus) -> Result<()> {
    tx.change(
        status.touch(),
        "delete from alert_status where id = ?1",
        &[status.id.into()],
    )?;
    Ok(())
}
