//! The table `custom_event`.

use crate::access::Viewable;
use crate::storage::full_text::{self, Texts};
use crate::storage::{Queries, Result, Row, Value, WriteTx};
use crate::text::fold::fold;

use super::model::CustomEvent;

pub(super) fn from_row(row: Row) -> Result<CustomEvent> {
    let mut row = row.reader();
    Ok(CustomEvent {
        id: row.take()?,
        case_id: row.take()?,
        date_at: row.take()?,
        end_at: row.take()?,
        title: row.take()?,
        description: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// The columns that an update may change, in the order of the statements below.
fn changeable(event: &CustomEvent) -> [Value; 7] {
    [
        event.date_at.into(),
        event.end_at.into(),
        event.title.as_str().into(),
        fold(&event.title).into(),
        event.description.clone().into(),
        event.updated_at.into(),
        event.updated_by.clone().into(),
    ]
}

pub(super) fn insert(tx: &WriteTx, event: &CustomEvent) -> Result<()> {
    let mut values: Vec<Value> = vec![
        event.id.into(),
        event.case_id.into(),
        event.created_at.into(),
        event.created_by.as_str().into(),
    ];
    values.extend(changeable(event));
    tx.change(
        event.touch(),
        "insert into custom_event (id, case_id, created_at, created_by, date_at, end_at, title, title_folded,
             description, updated_at, updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &values,
    )?;
    full_text::insert(tx, "CustomEvent", event.id, &texts(event))
}

pub(super) fn update(tx: &WriteTx, event: &CustomEvent) -> Result<()> {
    let mut values: Vec<Value> = vec![event.id.into()];
    values.extend(changeable(event));
    tx.change(
        event.touch(),
        "update custom_event set date_at = ?2, end_at = ?3, title = ?4, title_folded = ?5, description = ?6,
             updated_at = ?7, updated_by = ?8 where id = ?1",
        &values,
    )?;
    full_text::replace(tx, "CustomEvent", event.id, &texts(event))
}

pub(super) fn delete(tx: &WriteTx, event: &CustomEvent) -> Result<()> {
    full_text::remove(tx, event.id)?;
    tx.change(
        event.touch(),
        "delete from custom_event where id = ?1",
        &[event.id.into()],
    )?;
    Ok(())
}

fn texts(event: &CustomEvent) -> Texts<'_> {
    Texts {
        title: &event.title,
        body: event.description.as_deref().unwrap_or_default(),
        ..Texts::default()
    }
}

/// Puts the texts of these events into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> Result<()> {
    let sql = format!("{} custom_event.id in ({{ids}})", CustomEvent::SELECT);
    for row in tx.query_for_ids(&sql, ids, &[])? {
        let event = from_row(row)?;
        full_text::replace(tx, "CustomEvent", event.id, &texts(&event))?;
    }
    Ok(())
}
