//! What can be asked about dashboards.

use serde_json::Value as Json;

use super::model::{Dashboard, OutputDashboard};
use crate::access::unit::Scoped;
use crate::access::{Error, Result};
use crate::query::Source::{Column, Expression};
use crate::query::{Choices, Entity, Field, Shaping};
use crate::storage::Row;

const STATUS: &str = "case when dashboard.is_shared = 1 then 'Shared' else 'Private' end";

/// Dashboards in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listDashboard"],
    get: &["getDashboard"],
    fields: &[
        Field::text("title", Column("title")).folded("title_folded"),
        Field::text("description", Column("description")),
        Field::text("group", Column("group_name")),
        Field::choice(
            "status",
            Expression(STATUS),
            Choices::Fixed(&["Private", "Shared"]),
        ),
        Field::user(
            "owner",
            Expression(
                "(select owner.login from \"user\" as owner where owner.id = dashboard.owner_id)",
            ),
        )
        .optional(),
        Field::integer("version", Column("version")),
    ],
    ..Entity::of::<Dashboard>("dashboard", "dashboard", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let dashboards: Vec<Dashboard> = shaping.load(rows)?;
    dashboards
        .iter()
        .map(|dashboard| {
            let output = OutputDashboard::of(dashboard, shaping.scope())?;
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
