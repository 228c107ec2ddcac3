//! What can be asked about organisations.

use serde_json::{Value as Json, json};

use super::model::{Organisation, OutputOrganisation};
use super::store;
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Edge, Entity, Field, Shaping, Through};
use crate::storage::Row;

/// Organisations in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listOrganisation"],
    get: &["getOrganisation"],
    fields: &[
        Field::text("name", Column("name")).folded("name_folded"),
        Field::text("description", Column("description")),
        Field::text("taskRule", Column("task_rule")),
        Field::text("observableRule", Column("observable_rule")),
        Field::boolean("locked", Column("is_locked")),
    ],
    edges: &[
        Edge::new("users", "User", "id", "id").through(Through {
            from: "membership",
            near: "membership.organisation_id",
            far: "membership.user_id",
        }),
        // Links to other organisations do not exist yet: an organisation sees itself.
        Edge::new("visible", "Organisation", "id", "id"),
    ],
    ..Entity::of::<Organisation>("organisation", "organisation", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let organisations: Vec<Organisation> = shaping.load(rows)?;
    let users = if shaping.extra().has("userCount") {
        let ids: Vec<i64> = organisations
            .iter()
            .map(|organisation| organisation.id)
            .collect();
        Some(store::count_users(shaping, &ids)?)
    } else {
        None
    };
    organisations
        .iter()
        .map(|organisation| {
            let mut output = OutputOrganisation::from(organisation);
            if let Some(users) = &users {
                let count = users.get(&organisation.id).copied().unwrap_or(0);
                output
                    .extra_data
                    .insert("userCount".to_owned(), json!(count));
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
