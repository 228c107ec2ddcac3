//! The table of the trail. Rows are only ever added.

use super::chain::Link;
use super::model::AuditRecord;
use crate::access::{Predicate, Viewable};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, Value, WriteTx};

/// The last record's id and hash; zero and zeros before the first.
pub(super) fn head(queries: &dyn Queries) -> Result<(i64, [u8; 32])> {
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

/// A record as it is hashed, with the hash that was kept.
pub(super) struct Kept {
    pub id: i64,
    request_id: String,
    happened_at: i64,
    actor: String,
    organisation_id: i64,
    action: String,
    is_main: bool,
    object_kind: String,
    object_id: i64,
    context_kind: String,
    context_id: i64,
    details: String,
    changes: String,
    pub hash: Vec<u8>,
}

impl Kept {
    pub(super) fn link(&self) -> Link<'_> {
        Link {
            id: self.id,
            request_id: &self.request_id,
            happened_at: self.happened_at,
            actor: &self.actor,
            organisation_id: self.organisation_id,
            action: &self.action,
            is_main: self.is_main,
            object_kind: &self.object_kind,
            object_id: self.object_id,
            context_kind: &self.context_kind,
            context_id: self.context_id,
            details: &self.details,
            changes: &self.changes,
        }
    }
}

/// The records after `after_id` in their order, whoever sees them.
pub(super) fn kept_after(queries: &dyn Queries, after_id: i64, count: i64) -> Result<Vec<Kept>> {
    let rows = queries.query(
        "select id, request_id, happened_at, actor, organisation_id, action, is_main, object_kind, object_id,
             context_kind, context_id, details, changes, hash
         from audit where id > ?1 order by id limit ?2",
        &[after_id.into(), count.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(Kept {
                id: row.take()?,
                request_id: row.take()?,
                happened_at: row.take()?,
                actor: row.take()?,
                organisation_id: row.take()?,
                action: row.take()?,
                is_main: row.take()?,
                object_kind: row.take()?,
                object_id: row.take()?,
                context_kind: row.take()?,
                context_id: row.take()?,
                details: row.take()?,
                changes: row.take()?,
                hash: row.take()?,
            })
        })
        .collect()
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

/// The last record's id, whoever sees it; zero before the first.
pub(super) fn last_id(queries: &dyn Queries) -> Result<i64> {
    queries.query_scalar("select coalesce(max(id), 0) from audit", &[])
}

/// The records after `after_id` that satisfy `visible`, in their order.
pub(super) fn list_after(
    queries: &dyn Queries,
    visible: &Predicate,
    after_id: i64,
    count: i64,
) -> Result<Vec<AuditRecord>> {
    let sql = format!(
        "{} ({}) and audit.id > ?1 order by audit.id limit ?2",
        AuditRecord::SELECT,
        visible.numbered_from(3)
    );
    let mut values: Vec<Value> = vec![after_id.into(), count.into()];
    values.extend(visible.values.iter().cloned());
    queries
        .query(&sql, &values)?
        .into_iter()
        .map(from_row)
        .collect()
}

/// The rows of the newest main records since `since_ms` that satisfy `visible`, the newest first; of one context
/// only if `context_id` says so.
pub(super) fn newest_main_rows(
    queries: &dyn Queries,
    visible: &Predicate,
    context_id: Option<i64>,
    since_ms: i64,
    count: i64,
) -> Result<Vec<Row>> {
    let context = if context_id.is_some() {
        "audit.context_id = ?3"
    } else {
        "?3 = 0"
    };
    let sql = format!(
        "{} ({}) and audit.is_main = 1 and audit.happened_at >= ?1 and {context} order by audit.id desc limit ?2",
        AuditRecord::SELECT,
        visible.numbered_from(4)
    );
    let mut values: Vec<Value> = vec![
        since_ms.into(),
        count.into(),
        context_id.unwrap_or(0).into(),
    ];
    values.extend(visible.values.iter().cloned());
    queries.query(&sql, &values)
}

/// The rows of the records with these ids.
pub(super) fn rows_by_ids(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Row>> {
    let sql = format!(
        "{} audit.id in ({{ids}}) order by audit.id",
        AuditRecord::SELECT
    );
    queries.query_for_ids(&sql, ids, &[])
}

/// How many records of each request there are, by kind of object and action: request, kind, action, number.
pub(super) fn summaries(
    queries: &dyn Queries,
    request_ids: &[String],
) -> Result<Vec<(String, String, String, i64)>> {
    let places: Vec<String> = (1..=request_ids.len())
        .map(|place| format!("?{place}"))
        .collect();
    let sql = format!(
        "select request_id, object_kind, action, count(*) from audit where request_id in ({})
         group by request_id, object_kind, action",
        places.join(", ")
    );
    let values: Vec<Value> = request_ids.iter().map(|id| id.as_str().into()).collect();
    queries
        .query(&sql, &values)?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?, row.take()?, row.take()?))
        })
        .collect()
}

/// The last record by which the property of the object changed.
pub(super) fn last_change(
    queries: &dyn Queries,
    object: Touch,
    field: &str,
) -> Result<Option<AuditRecord>> {
    // A text among the changes has its quotes escaped, so that it cannot say this.
    let sql = format!(
        "{} audit.object_id = ?1 and audit.object_kind = ?2 and audit.changes like ?3 order by audit.id desc limit 1",
        AuditRecord::SELECT
    );
    let changed = format!("%\"field\":\"{field}\"%");
    let values = [object.id.into(), object.kind.into(), changed.into()];
    let found = queries.query_first(&sql, &values)?;
    found.map(from_row).transpose()
}

/// The records of the same request under the same context, in their order.
pub(super) fn of_same_request(
    queries: &dyn Queries,
    record: &AuditRecord,
) -> Result<Vec<AuditRecord>> {
    let sql = format!(
        "{} audit.request_id = ?1 and audit.context_kind = ?2 and audit.context_id = ?3 order by audit.id",
        AuditRecord::SELECT
    );
    let values = [
        record.request_id.as_str().into(),
        record.context_kind.as_str().into(),
        record.context_id.into(),
    ];
    let found = queries.query(&sql, &values)?;
    found.into_iter().map(from_row).collect()
}

/// Whether a request that is neither the record's nor `this_request` left a later record of the same object.
pub(super) fn has_later(
    queries: &dyn Queries,
    record: &AuditRecord,
    this_request: &str,
) -> Result<bool> {
    let found = queries.query_first(
        "select 1 from audit where object_id = ?1 and id > ?2 and object_kind = ?3 and request_id not in (?4, ?5)
         limit 1",
        &[
            record.object_id.into(),
            record.id.into(),
            record.object_kind.as_str().into(),
            record.request_id.as_str().into(),
            this_request.into(),
        ],
    )?;
    Ok(found.is_some())
}
