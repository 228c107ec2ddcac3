//! The tables `catalog`, `tactic` and `catalog_edition`.

use std::collections::HashMap;

use crate::storage::{Queries, QueryValues, Result, Row, WriteTx};
use crate::text::fold::fold;

use super::model::{Catalog, Tactic};

pub(super) fn from_row(row: Row) -> Result<Catalog> {
    let mut row = row.reader();
    Ok(Catalog {
        id: row.take()?,
        name: row.take()?,
        description: row.take()?,
        variant: row.take()?,
        version: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn insert(tx: &WriteTx, catalog: &Catalog) -> Result<()> {
    tx.change(
        catalog.touch(),
        "insert into catalog (id, name, name_folded, description, variant, version, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            catalog.id.into(),
            catalog.name.as_str().into(),
            fold(&catalog.name).into(),
            catalog.description.clone().into(),
            catalog.variant.clone().into(),
            catalog.version.clone().into(),
            catalog.created_at.into(),
            catalog.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, catalog: &Catalog) -> Result<()> {
    tx.change(
        catalog.touch(),
        "update catalog set name = ?2, name_folded = ?3, description = ?4, variant = ?5, version = ?6,
             updated_at = ?7, updated_by = ?8 where id = ?1",
        &[
            catalog.id.into(),
            catalog.name.as_str().into(),
            fold(&catalog.name).into(),
            catalog.description.clone().into(),
            catalog.variant.clone().into(),
            catalog.version.clone().into(),
            catalog.updated_at.into(),
            catalog.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

/// Deletes a catalog with its tactics and patterns.
pub(super) fn delete(tx: &WriteTx, catalog: &Catalog) -> Result<()> {
    tx.change(
        catalog.touch(),
        "delete from catalog where id = ?1",
        &[catalog.id.into()],
    )?;
    Ok(())
}

pub(super) fn is_name_taken(queries: &dyn Queries, name: &str) -> Result<bool> {
    let found: Option<i64> =
        queries.query_value("select id from catalog where name = ?1", &[name.into()])?;
    Ok(found.is_some())
}

/// How many procedures use a pattern of the catalog, on whatever case or alert.
pub(super) fn count_uses(queries: &dyn Queries, catalog_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from procedure join pattern on pattern.id = procedure.pattern_id
         where pattern.catalog_id = ?1",
        &[catalog_id.into()],
    )
}

/// The tactics of these catalogs, each in the order of its matrix.
pub(super) fn tactics(
    queries: &dyn Queries,
    catalog_ids: &[i64],
) -> Result<HashMap<i64, Vec<Tactic>>> {
    let rows = queries.query_for_ids(
        "select catalog_id, name, label from tactic where catalog_id in ({ids}) order by catalog_id, position, name",
        catalog_ids,
        &[],
    )?;
    let mut tactics: HashMap<i64, Vec<Tactic>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        tactics.entry(row.take()?).or_default().push(Tactic {
            name: row.take()?,
            label: row.take()?,
        });
    }
    Ok(tactics)
}

/// How many patterns each catalog has.
pub(super) fn count_patterns(
    queries: &dyn Queries,
    catalog_ids: &[i64],
) -> Result<HashMap<i64, i64>> {
    queries
        .query_for_ids(
            "select catalog_id, count(*) from pattern where catalog_id in ({ids}) group by catalog_id",
            catalog_ids,
            &[],
        )?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// Gives the catalog these tactics, in place of those it had.
pub(super) fn set_tactics(tx: &WriteTx, catalog: &Catalog, tactics: &[Tactic]) -> Result<()> {
    let id = catalog.id;
    tx.change(
        catalog.touch(),
        "delete from tactic where catalog_id = ?1",
        &[id.into()],
    )?;
    for (position, tactic) in (0_i64..).zip(tactics) {
        tx.change(
            catalog.touch(),
            "insert into tactic (catalog_id, name, label, position) values (?1, ?2, ?3, ?4)",
            &[
                id.into(),
                tactic.name.as_str().into(),
                tactic.label.as_str().into(),
                position.into(),
            ],
        )?;
    }
    Ok(())
}

/// Which edition of the catalog of a domain was loaded last, and into which; nothing when none was.
pub(super) fn edition(
    queries: &dyn Queries,
    domain: &str,
) -> Result<Option<(String, Option<i64>)>> {
    let row = queries.query_first(
        "select version, catalog_id from catalog_edition where domain = ?1",
        &[domain.into()],
    )?;
    row.map(|row| {
        let mut row = row.reader();
        Ok((row.take()?, row.take()?))
    })
    .transpose()
}

/// Notes which edition is loaded.
pub(super) fn set_edition(
    tx: &WriteTx,
    domain: &str,
    version: &str,
    catalog_id: i64,
) -> Result<()> {
    tx.derive(
        "insert into catalog_edition (domain, version, catalog_id) values (?1, ?2, ?3)
         on conflict (domain) do update set version = excluded.version, catalog_id = excluded.catalog_id",
        &[domain.into(), version.into(), catalog_id.into()],
    )?;
    Ok(())
}
