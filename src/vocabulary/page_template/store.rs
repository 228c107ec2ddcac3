//! The table `page_template`.

use crate::storage::{Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::text::fold::fold;

use super::model::PageTemplate;

pub(super) fn from_row(row: Row) -> Result<PageTemplate> {
    let mut row = row.reader();
    Ok(PageTemplate {
        id: row.take()?,
        organisation_id: row.take()?,
        title: row.take()?,
        content: row.take()?,
        category: row.take()?,
        position: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// The columns that an update may change, in the order of the statements below.
fn changeable(template: &PageTemplate) -> [Value; 7] {
    [
        template.title.as_str().into(),
        fold(&template.title).into(),
        template.content.as_str().into(),
        template.category.as_str().into(),
        template.position.into(),
        template.updated_at.into(),
        template.updated_by.clone().into(),
    ]
}

pub(super) fn insert(tx: &WriteTx, template: &PageTemplate) -> Result<()> {
    let mut values: Vec<Value> = vec![
        template.id.into(),
        template.organisation_id.into(),
        template.created_at.into(),
        template.created_by.as_str().into(),
    ];
    values.extend(changeable(template));
    tx.change(
        template.touch(),
        "insert into page_template (id, organisation_id, created_at, created_by, title, title_folded, content,
             category, position, updated_at, updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &values,
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, template: &PageTemplate) -> Result<()> {
    let mut values: Vec<Value> = vec![template.id.into()];
    values.extend(changeable(template));
    tx.change(
        template.touch(),
        "update page_template set title = ?2, title_folded = ?3, content = ?4, category = ?5, position = ?6,
             updated_at = ?7, updated_by = ?8 where id = ?1",
        &values,
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, template: &PageTemplate) -> Result<()> {
    tx.change(
        template.touch(),
        "delete from page_template where id = ?1",
        &[template.id.into()],
    )?;
    Ok(())
}

/// The place after the organisation's last.
pub(super) fn next_position(queries: &dyn Queries, organisation_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select coalesce(max(position) + 1, 0) from page_template where organisation_id = ?1",
        &[organisation_id.into()],
    )
}
