//! What can be asked about profiles.

use serde_json::Value as Json;

use super::model::{OutputProfile, Profile};
use crate::access::{Error, Result};
use crate::query::Source::{Column, Set};
use crate::query::{Choices, Entity, Field, Shaping};
use crate::storage::Row;

/// Profiles in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listProfile"],
    get: &["getProfile"],
    fields: &[
        Field::text("name", Column("name")).folded("name_folded"),
        Field::choice(
            "type",
            Column("type"),
            Choices::Fixed(&["Organisation", "Admin", "External"]),
        ),
        Field::boolean("editable", Column("is_editable")),
        Field::text(
            "permissions",
            Set {
                from: "profile_permission",
                key: "profile_permission.profile_id",
                element: "profile_permission.permission",
            },
        ),
    ],
    ..Entity::of::<Profile>("profile", "profile", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let profiles: Vec<Profile> = shaping.load(rows)?;
    profiles
        .iter()
        .map(|profile| {
            serde_json::to_value(OutputProfile::from(profile))
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
