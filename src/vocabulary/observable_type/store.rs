//! The table `observable_type`.

use crate::storage::{Queries, QueryValues, Result, Row, WriteTx};
use crate::text::fold::fold;

use super::model::ObservableType;

pub(super) fn from_row(row: Row) -> Result<ObservableType> {
    let mut row = row.reader();
    Ok(ObservableType {
        id: row.take()?,
        name: row.take()?,
        is_attachment: row.take()?,
        is_case_sensitive: row.take()?,
        is_predefined: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn is_any_there(queries: &dyn Queries) -> Result<bool> {
    let count: i64 = queries.query_scalar("select count(*) from observable_type", &[])?;
    Ok(count > 0)
}

/// Whether a name is taken, in any letter case.
pub(super) fn is_name_taken(queries: &dyn Queries, name: &str) -> Result<bool> {
    let found: Option<i64> = queries.query_value(
        "select id from observable_type where name_folded = ?1",
        &[fold(name).into()],
    )?;
    Ok(found.is_some())
}

/// The names of all types, sorted.
pub(super) fn names(queries: &dyn Queries) -> Result<Vec<String>> {
    let mut names: Vec<String> = queries.query_column("select name from observable_type", &[])?;
    names.sort_unstable();
    Ok(names)
}

/// Whether some observable is of the type, in the bin too.
pub(super) fn is_in_use(queries: &dyn Queries, name: &str) -> Result<bool> {
    let found: Option<i64> = queries.query_value(
        "select id from observable where data_type = ?1 limit 1",
        &[name.into()],
    )?;
    Ok(found.is_some())
}

pub(super) fn insert(tx: &WriteTx, kind: &ObservableType) -> Result<()> {
    tx.change(
        kind.touch(),
        "insert into observable_type (id, name, name_folded, is_attachment, is_case_sensitive, is_predefined,
             created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            kind.id.into(),
            kind.name.as_str().into(),
            fold(&kind.name).into(),
            kind.is_attachment.into(),
            kind.is_case_sensitive.into(),
            kind.is_predefined.into(),
            kind.created_at.into(),
            kind.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, kind: &ObservableType) -> Result<()> {
    tx.change(
        kind.touch(),
        "update observable_type set is_case_sensitive = ?2, updated_at = ?3, updated_by = ?4 where id = ?1",
        &[
            kind.id.into(),
            kind.is_case_sensitive.into(),
            kind.updated_at.into(),
            kind.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, kind: &ObservableType) -> Result<()> {
    tx.change(
        kind.touch(),
        "delete from observable_type where id = ?1",
        &[kind.id.into()],
    )?;
    Ok(())
}
