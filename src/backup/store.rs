//! What is asked of a database to know whether a copy of it is the same.

use crate::storage::{Queries, ReadTx, Result, snapshot, usable_schema};

use super::contents::Contents;
use super::manifest::{AuditHead, hexadecimal};

/// Counts what is in the snapshot.
pub(super) fn contents(tx: &ReadTx) -> Result<Contents> {
    let mut rows = std::collections::BTreeMap::new();
    for table in snapshot::tables(tx)? {
        let count = snapshot::count_rows(tx, &table)?;
        rows.insert(table, count);
    }
    Ok(Contents {
        schema: usable_schema(tx)?,
        rows,
        audit_head: audit_head(tx)?,
    })
}

fn audit_head(tx: &ReadTx) -> Result<Option<AuditHead>> {
    let last = tx.query_first("select id, hash from audit order by id desc limit 1", &[])?;
    last.map(|row| {
        let mut row = row.reader();
        Ok(AuditHead {
            id: row.take()?,
            hash: hexadecimal(&row.take::<Vec<u8>>()?),
        })
    })
    .transpose()
}
