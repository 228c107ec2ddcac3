//! The table `organisation_link`: a row for each direction.

use crate::storage::{Queries, Result, Touch, WriteTx};

use super::model::Link;

/// The links of these organisations, sorted by the name of the other end.
pub(super) fn of(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Link>> {
    let rows = queries.query_for_ids(
        "select link.organisation_id, link.other_organisation_id, organisation.name, organisation.avatar_hash,
             link.link_type, back.link_type
         from organisation_link link
         join organisation on organisation.id = link.other_organisation_id
         join organisation_link back on back.organisation_id = link.other_organisation_id
             and back.other_organisation_id = link.organisation_id
         where link.organisation_id in ({ids}) order by organisation.name",
        ids,
        &[],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(Link {
                organisation_id: row.take()?,
                other_id: row.take()?,
                other: row.take()?,
                other_avatar_hash: row.take()?,
                link_type: row.take()?,
                other_link_type: row.take()?,
            })
        })
        .collect()
}

/// Writes one direction.
pub(super) fn set(tx: &WriteTx, from: Touch, to_id: i64, link_type: &str) -> Result<()> {
    tx.change(
        from,
        "insert into organisation_link (organisation_id, other_organisation_id, link_type) values (?1, ?2, ?3)
         on conflict (organisation_id, other_organisation_id) do update set link_type = excluded.link_type",
        &[from.id.into(), to_id.into(), link_type.into()],
    )?;
    Ok(())
}

/// Removes one direction.
pub(super) fn remove(tx: &WriteTx, from: Touch, to_id: i64) -> Result<()> {
    tx.change(
        from,
        "delete from organisation_link where organisation_id = ?1 and other_organisation_id = ?2",
        &[from.id.into(), to_id.into()],
    )?;
    Ok(())
}
