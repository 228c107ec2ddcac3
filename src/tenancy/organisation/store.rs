//! The table `organisation`.

use crate::storage::{Error, Queries, QueryValues, Result, Row, WriteTx};
use crate::text::fold::fold;

use super::model::Organisation;

pub(super) fn from_row(row: Row) -> Result<Organisation> {
    let mut row = row.reader();
    Ok(Organisation {
        id: row.take()?,
        name: row.take()?,
        description: row.take()?,
        task_rule: row.take()?,
        observable_rule: row.take()?,
        is_locked: row.take()?,
        avatar_hash: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn all(queries: &dyn Queries) -> Result<Vec<Organisation>> {
    let sql = format!(
        "{} 1 = 1 order by name",
        <Organisation as crate::access::Viewable>::SELECT
    );
    queries
        .query(&sql, &[])?
        .into_iter()
        .map(from_row)
        .collect()
}

pub(super) fn insert(tx: &WriteTx, organisation: &Organisation) -> Result<()> {
    tx.change(
        organisation.touch(),
        "insert into organisation (id, name, name_folded, description, task_rule, observable_rule, is_locked,
             avatar_hash, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            organisation.id.into(),
            organisation.name.as_str().into(),
            fold(&organisation.name).into(),
            organisation.description.as_str().into(),
            organisation.task_rule.as_str().into(),
            organisation.observable_rule.as_str().into(),
            organisation.is_locked.into(),
            organisation.avatar_hash.clone().into(),
            organisation.created_at.into(),
            organisation.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, organisation: &Organisation) -> Result<()> {
    tx.change(
        organisation.touch(),
        "update organisation set name = ?2, name_folded = ?3, description = ?4, task_rule = ?5,
             observable_rule = ?6, is_locked = ?7, avatar_hash = ?8, updated_at = ?9, updated_by = ?10
         where id = ?1",
        &[
            organisation.id.into(),
            organisation.name.as_str().into(),
            fold(&organisation.name).into(),
            organisation.description.as_str().into(),
            organisation.task_rule.as_str().into(),
            organisation.observable_rule.as_str().into(),
            organisation.is_locked.into(),
            organisation.avatar_hash.clone().into(),
            organisation.updated_at.into(),
            organisation.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn is_name_taken(queries: &dyn Queries, name: &str) -> Result<bool> {
    let found: Option<i64> = queries.query_value(
        "select id from organisation where name = ?1",
        &[name.into()],
    )?;
    Ok(found.is_some())
}

pub(super) fn sharing_rules(
    queries: &dyn Queries,
    organisation_id: i64,
) -> Result<(String, String)> {
    let row = queries
        .query_first(
            "select task_rule, observable_rule from organisation where id = ?1",
            &[organisation_id.into()],
        )?
        .ok_or_else(|| Error::NoRow("organisation".to_owned()))?;
    let mut row = row.reader();
    Ok((row.take()?, row.take()?))
}

pub(super) fn is_any_there(queries: &dyn Queries) -> Result<bool> {
    let found: Option<i64> = queries.query_value("select id from organisation limit 1", &[])?;
    Ok(found.is_some())
}

/// The number of users of each organisation in `ids`.
pub(super) fn count_users(
    queries: &dyn Queries,
    ids: &[i64],
) -> Result<std::collections::HashMap<i64, i64>> {
    queries
        .query_for_ids(
            "select organisation_id, count(*) from membership where organisation_id in ({ids})
             group by organisation_id",
            ids,
            &[],
        )?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}
