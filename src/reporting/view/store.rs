//! The table `list_view`.

use crate::storage::{Error, Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::text::fold::fold;

use super::model::ListView;

pub(super) fn from_row(row: Row) -> Result<ListView> {
    let mut row = row.reader();
    Ok(ListView {
        id: row.take()?,
        organisation_id: row.take()?,
        owner_id: row.take()?,
        name: row.take()?,
        entity: row.take()?,
        look: serde_json::from_str(&row.take::<String>()?).map_err(|_| Error::Decode {
            column: 5,
            found: "other text",
            expected: "the look of a list",
        })?,
        is_shared: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// How many a user has in all organisations.
pub(super) fn count(queries: &dyn Queries, owner_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from list_view where owner_id = ?1",
        &[owner_id.into()],
    )
}

pub(super) fn insert(tx: &WriteTx, view: &ListView, look: &str) -> Result<()> {
    tx.change(
        view.touch(),
        "insert into list_view (id, organisation_id, owner_id, name, name_folded, entity, look, is_shared, created_at,
             created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            view.id.into(),
            view.organisation_id.into(),
            view.owner_id.into(),
            view.name.as_str().into(),
            fold(&view.name).into(),
            view.entity.as_str().into(),
            look.into(),
            view.is_shared.into(),
            view.created_at.into(),
            view.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, view: &ListView, look: &str) -> Result<()> {
    let values: [Value; 7] = [
        view.id.into(),
        view.name.as_str().into(),
        fold(&view.name).into(),
        look.into(),
        view.is_shared.into(),
        view.updated_at.into(),
        view.updated_by.clone().into(),
    ];
    tx.change(
        view.touch(),
        "update list_view set name = ?2, name_folded = ?3, look = ?4, is_shared = ?5, updated_at = ?6,
             updated_by = ?7 where id = ?1",
        &values,
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, view: &ListView) -> Result<()> {
    tx.change(
        view.touch(),
        "delete from list_view where id = ?1",
        &[view.id.into()],
    )?;
    Ok(())
}
