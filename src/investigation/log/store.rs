//! The table `log`.

use crate::access::Viewable;
use crate::storage::full_text::{self, Texts};
use crate::storage::{Queries, Result, Row, WriteTx};

use super::model::Log;

pub(super) fn from_row(row: Row) -> Result<Log> {
    let mut row = row.reader();
    Ok(Log {
        id: row.take()?,
        task_id: row.take()?,
        case_id: row.take()?,
        message: row.take()?,
        date_at: row.take()?,
        owner: row.take()?,
        include_in_timeline_at: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
        attachments: Vec::new(),
    })
}

pub(super) fn insert(tx: &WriteTx, log: &Log) -> Result<()> {
    tx.change(
        log.touch(),
        "insert into log (id, task_id, message, date_at, owner, include_in_timeline_at, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            log.id.into(),
            log.task_id.into(),
            log.message.as_str().into(),
            log.date_at.into(),
            log.owner.as_str().into(),
            log.include_in_timeline_at.into(),
            log.created_at.into(),
            log.created_by.as_str().into(),
        ],
    )?;
    full_text::insert(tx, "Log", log.id, &texts(log))
}

pub(super) fn update(tx: &WriteTx, log: &Log) -> Result<()> {
    tx.change(
        log.touch(),
        "update log set message = ?2, include_in_timeline_at = ?3, updated_at = ?4, updated_by = ?5 where id = ?1",
        &[
            log.id.into(),
            log.message.as_str().into(),
            log.include_in_timeline_at.into(),
            log.updated_at.into(),
            log.updated_by.clone().into(),
        ],
    )?;
    full_text::replace(tx, "Log", log.id, &texts(log))
}

fn texts(log: &Log) -> Texts<'_> {
    Texts {
        body: &log.message,
        ..Texts::default()
    }
}

/// Puts the texts of these logs into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> Result<()> {
    let sql = format!("{} log.id in ({{ids}})", Log::SELECT);
    for row in tx.query_for_ids(&sql, ids, &[])? {
        let log = from_row(row)?;
        full_text::replace(tx, "Log", log.id, &texts(&log))?;
    }
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, log: &Log) -> Result<()> {
    for attachment in &log.attachments {
        full_text::remove(tx, attachment.id)?;
    }
    full_text::remove(tx, log.id)?;
    tx.change(
        log.touch(),
        "delete from log where id = ?1",
        &[log.id.into()],
    )?;
    Ok(())
}
