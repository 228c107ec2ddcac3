//! The table `page`.

use crate::access::Viewable;
use crate::storage::full_text::{self, Texts};
use crate::storage::{Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::text::fold::fold;

use super::model::Page;

pub(super) fn from_row(row: Row) -> Result<Page> {
    let mut row = row.reader();
    Ok(Page {
        id: row.take()?,
        case_id: row.take()?,
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
fn changeable(page: &Page) -> [Value; 7] {
    [
        page.title.as_str().into(),
        fold(&page.title).into(),
        page.content.as_str().into(),
        page.category.as_str().into(),
        page.position.into(),
        page.updated_at.into(),
        page.updated_by.clone().into(),
    ]
}

pub(super) fn insert(tx: &WriteTx, page: &Page) -> Result<()> {
    let mut values: Vec<Value> = vec![
        page.id.into(),
        page.case_id.into(),
        page.organisation_id.into(),
        page.created_at.into(),
        page.created_by.as_str().into(),
    ];
    values.extend(changeable(page));
    tx.change(
        page.touch(),
        "insert into page (id, case_id, organisation_id, created_at, created_by, title, title_folded, content,
             category, position, updated_at, updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &values,
    )?;
    full_text::insert(tx, "Page", page.id, &texts(page))
}

pub(super) fn update(tx: &WriteTx, page: &Page) -> Result<()> {
    let mut values: Vec<Value> = vec![page.id.into()];
    values.extend(changeable(page));
    tx.change(
        page.touch(),
        "update page set title = ?2, title_folded = ?3, content = ?4, category = ?5, position = ?6,
             updated_at = ?7, updated_by = ?8 where id = ?1",
        &values,
    )?;
    full_text::replace(tx, "Page", page.id, &texts(page))
}

pub(super) fn delete(tx: &WriteTx, page: &Page) -> Result<()> {
    full_text::remove(tx, page.id)?;
    tx.change(
        page.touch(),
        "delete from page where id = ?1",
        &[page.id.into()],
    )?;
    Ok(())
}

fn texts(page: &Page) -> Texts<'_> {
    Texts {
        title: &page.title,
        body: &page.content,
        extra: page.category.as_str().into(),
        ..Texts::default()
    }
}

/// Puts the texts of these pages into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> Result<()> {
    let sql = format!("{} page.id in ({{ids}})", Page::SELECT);
    for row in tx.query_for_ids(&sql, ids, &[])? {
        let page = from_row(row)?;
        full_text::replace(tx, "Page", page.id, &texts(&page))?;
    }
    Ok(())
}

/// The place after the last page of the case, or of the organisation.
pub(super) fn next_position(
    queries: &dyn Queries,
    case_id: Option<i64>,
    organisation_id: i64,
) -> Result<i64> {
    match case_id {
        Some(id) => queries.query_scalar(
            "select coalesce(max(position) + 1, 0) from page where case_id = ?1",
            &[id.into()],
        ),
        None => queries.query_scalar(
            "select coalesce(max(position) + 1, 0) from page where organisation_id = ?1",
            &[organisation_id.into()],
        ),
    }
}
