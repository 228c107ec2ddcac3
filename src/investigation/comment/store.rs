//! The table `comment`.

use crate::access::Viewable;
use crate::storage::full_text::{self, Texts};
use crate::storage::{Queries, Result, Row, WriteTx};

use super::model::Comment;

pub(super) fn from_row(row: Row) -> Result<Comment> {
    let mut row = row.reader();
    Ok(Comment {
        id: row.take()?,
        case_id: row.take()?,
        alert_id: row.take()?,
        message: row.take()?,
        is_edited: row.take()?,
        is_external: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn insert(tx: &WriteTx, comment: &Comment) -> Result<()> {
    tx.change(
        comment.touch(),
        "insert into comment (id, case_id, alert_id, message, is_edited, is_external, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            comment.id.into(),
            comment.case_id.into(),
            comment.alert_id.into(),
            comment.message.as_str().into(),
            comment.is_edited.into(),
            comment.is_external.into(),
            comment.created_at.into(),
            comment.created_by.as_str().into(),
        ],
    )?;
    full_text::insert(tx, "Comment", comment.id, &texts(comment))
}

pub(super) fn update(tx: &WriteTx, comment: &Comment) -> Result<()> {
    tx.change(
        comment.touch(),
        "update comment set message = ?2, is_edited = ?3, is_external = ?4, updated_at = ?5, updated_by = ?6
         where id = ?1",
        &[
            comment.id.into(),
            comment.message.as_str().into(),
            comment.is_edited.into(),
            comment.is_external.into(),
            comment.updated_at.into(),
            comment.updated_by.clone().into(),
        ],
    )?;
    full_text::replace(tx, "Comment", comment.id, &texts(comment))
}

fn texts(comment: &Comment) -> Texts<'_> {
    Texts {
        body: &comment.message,
        ..Texts::default()
    }
}

/// Puts the texts of these comments into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> Result<()> {
    let sql = format!("{} comment.id in ({{ids}})", Comment::SELECT);
    for row in tx.query_for_ids(&sql, ids, &[])? {
        let comment = from_row(row)?;
        full_text::replace(tx, "Comment", comment.id, &texts(&comment))?;
    }
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, comment: &Comment) -> Result<()> {
    full_text::remove(tx, comment.id)?;
    tx.change(
        comment.touch(),
        "delete from comment where id = ?1",
        &[comment.id.into()],
    )?;
    Ok(())
}
