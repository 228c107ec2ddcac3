//! The table `analyzer_template`.

use crate::storage::{Queries, QueryValues, Result, Row, WriteTx};

use super::model::AnalyzerTemplate;

pub(super) fn from_row(row: Row) -> Result<AnalyzerTemplate> {
    let mut row = row.reader();
    Ok(AnalyzerTemplate {
        id: row.take()?,
        analyzer_id: row.take()?,
        content: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// Whether an analyzer has a template.
pub(super) fn is_there(queries: &dyn Queries, analyzer_id: &str) -> Result<bool> {
    let found: Option<i64> = queries.query_value(
        "select id from analyzer_template where analyzer_id = ?1",
        &[analyzer_id.into()],
    )?;
    Ok(found.is_some())
}

pub(super) fn insert(tx: &WriteTx, template: &AnalyzerTemplate) -> Result<()> {
    tx.change(
        template.touch(),
        "insert into analyzer_template (id, analyzer_id, content, created_at, created_by) values (?1, ?2, ?3, ?4, ?5)",
        &[
            template.id.into(),
            template.analyzer_id.as_str().into(),
            template.content.as_str().into(),
            template.created_at.into(),
            template.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, template: &AnalyzerTemplate) -> Result<()> {
    tx.change(
        template.touch(),
        "update analyzer_template set content = ?2, updated_at = ?3, updated_by = ?4 where id = ?1",
        &[
            template.id.into(),
            template.content.as_str().into(),
            template.updated_at.into(),
            template.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, template: &AnalyzerTemplate) -> Result<()> {
    tx.change(
        template.touch(),
        "delete from analyzer_template where id = ?1",
        &[template.id.into()],
    )?;
    Ok(())
}
