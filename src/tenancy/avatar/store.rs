//! The table `avatar`.

use crate::storage::{Queries, Result, WriteTx};

use super::Picture;

pub(super) fn insert(tx: &WriteTx, hash: &str, content_type: &str, bytes: Vec<u8>) -> Result<()> {
    tx.derive(
        "insert into avatar (hash, content_type, bytes) values (?1, ?2, ?3) on conflict (hash) do nothing",
        &[hash.into(), content_type.into(), bytes.into()],
    )?;
    Ok(())
}

pub(super) fn find(queries: &dyn Queries, hash: &str) -> Result<Option<Picture>> {
    let row = queries.query_first(
        "select content_type, bytes from avatar where hash = ?1",
        &[hash.into()],
    )?;
    row.map(|row| {
        let mut row = row.reader();
        Ok(Picture {
            content_type: row.take()?,
            bytes: row.take()?,
        })
    })
    .transpose()
}
