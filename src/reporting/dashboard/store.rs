//! The table `dashboard`, and the list of organisations that have none yet.

use crate::storage::{Queries, QueryValues, Result, Row, WriteTx};
use crate::text::fold::fold;

use super::model::Dashboard;

pub(super) fn from_row(row: Row) -> Result<Dashboard> {
    let mut row = row.reader();
    Ok(Dashboard {
        id: row.take()?,
        organisation_id: row.take()?,
        owner_id: row.take()?,
        owner: row.take()?,
        title: row.take()?,
        description: row.take()?,
        group: row.take()?,
        is_shared: row.take()?,
        definition: row.take()?,
        version: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// How many an organisation has, everybody's own among them.
pub(super) fn count(queries: &dyn Queries, organisation_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from dashboard where organisation_id = ?1",
        &[organisation_id.into()],
    )
}

pub(super) fn insert(tx: &WriteTx, dashboard: &Dashboard) -> Result<()> {
    tx.change(
        dashboard.touch(),
        "insert into dashboard (id, organisation_id, owner_id, title, title_folded, description, group_name,
             is_shared, definition, version, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &[
            dashboard.id.into(),
            dashboard.organisation_id.into(),
            dashboard.owner_id.into(),
            dashboard.title.as_str().into(),
            fold(&dashboard.title).into(),
            dashboard.description.as_str().into(),
            dashboard.group.as_str().into(),
            dashboard.is_shared.into(),
            dashboard.definition.as_str().into(),
            dashboard.version.into(),
            dashboard.created_at.into(),
            dashboard.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, dashboard: &Dashboard) -> Result<()> {
    tx.change(
        dashboard.touch(),
        "update dashboard set owner_id = ?2, title = ?3, title_folded = ?4, description = ?5, group_name = ?6,
             is_shared = ?7, definition = ?8, version = ?9, updated_at = ?10, updated_by = ?11 where id = ?1",
        &[
            dashboard.id.into(),
            dashboard.owner_id.into(),
            dashboard.title.as_str().into(),
            fold(&dashboard.title).into(),
            dashboard.description.as_str().into(),
            dashboard.group.as_str().into(),
            dashboard.is_shared.into(),
            dashboard.definition.as_str().into(),
            dashboard.version.into(),
            dashboard.updated_at.into(),
            dashboard.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, dashboard: &Dashboard) -> Result<()> {
    tx.change(
        dashboard.touch(),
        "delete from dashboard where id = ?1",
        &[dashboard.id.into()],
    )?;
    Ok(())
}

/// The organisations that were there before dashboards were.
pub(super) fn organisations_without(queries: &dyn Queries) -> Result<Vec<i64>> {
    queries.query_column(
        "select organisation_id from organisation_without_dashboards order by organisation_id",
        &[],
    )
}

pub(super) fn no_longer_without(tx: &WriteTx, organisation_id: i64) -> Result<()> {
    tx.derive(
        "delete from organisation_without_dashboards where organisation_id = ?1",
        &[organisation_id.into()],
    )?;
    Ok(())
}
