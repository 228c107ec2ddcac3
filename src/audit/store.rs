//! The table of the trail. Rows are only ever added.

use super::chain::Link;
use super::model::AuditRecord;
use crate::storage::{Error, Queries, Result, Row, WriteTx};

/// The last record's id and hash; zero and zeros before the first.
pub(super) fn head(queries: &impl Queries) -> Result<(i64, [u8; 32])> {
    let Some(row) =
        queries.query_first("select id, hash from audit order by id desc limit 1", &[])?
    else {
        return Ok((0, [0; 32]));
    };
    let mut row = row.reader();
    let id = row.take()?;
    let hash: Vec<u8> = row.take()?;
    let hash = hash.try_into().map_err(|_| Error::Decode {
        column: 1,
        found: "a blob of another length",
        expected: "a hash of 32 bytes",
    })?;
    Ok((id, hash))
}

pub(super) fn from_row(row: Row) -> Result<AuditRecord> {
    let mut row = row.reader();
    Ok(AuditRecord {
        id: row.take()?,
        request_id: row.take()?,
        happened_at: row.take()?,
        actor: row.take()?,
        action: row.take()?,
        is_main: row.take()?,
        object_kind: row.take()?,
        object_id: row.take()?,
        context_kind: row.take()?,
        context_id: row.take()?,
        details: row.take()?,
        changes: row.take()?,
    })
}

pub(super) fn insert(tx: &WriteTx, link: &Link, hash: &[u8; 32]) -> Result<()> {
    tx.derive(
        "insert into audit (id, request_id, happened_at, actor, organisation_id, action, is_main, object_kind,
             object_id, context_kind, context_id, details, changes, hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        &[
            link.id.into(),
            link.request_id.into(),
            link.happened_at.into(),
            link.actor.into(),
            link.organisation_id.into(),
            link.action.into(),
            link.is_main.into(),
            link.object_kind.into(),
            link.object_id.into(),
            link.context_kind.into(),
            link.context_id.into(),
            link.details.into(),
            link.changes.into(),
            hash.as_slice().into(),
        ],
    )?;
    Ok(())
}
