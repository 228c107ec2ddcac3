//! What can be asked about the definitions of custom fields.

use serde_json::Value as Json;

use super::model::{CustomField, OutputCustomField};
use super::store;
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Choices, Entity, Field, Shaping};
use crate::storage::Row;

/// Custom fields in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listCustomField"],
    get: &["getCustomField"],
    fields: &[
        Field::text("name", Column("name")),
        Field::text("displayName", Column("display_name")),
        Field::text("group", Column("group_name")),
        Field::text("description", Column("description")),
        Field::choice(
            "type",
            Column("type"),
            Choices::Fixed(&["boolean", "date", "float", "integer", "string", "url"]),
        ),
        Field::boolean("mandatory", Column("is_mandatory")),
    ],
    ..Entity::of::<CustomField>("customField", "custom_field", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let fields: Vec<CustomField> = shaping.load(rows)?;
    let used = if shaping.extra().has("deletable") {
        let ids: Vec<i64> = fields.iter().map(|field| field.id).collect();
        Some(store::in_use(shaping, &ids)?)
    } else {
        None
    };
    fields
        .iter()
        .map(|field| {
            let mut output = OutputCustomField::from(field);
            if let Some(used) = &used {
                let is_deletable = !used.contains(&field.id);
                output
                    .extra_data
                    .insert("deletable".to_owned(), is_deletable.into());
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
