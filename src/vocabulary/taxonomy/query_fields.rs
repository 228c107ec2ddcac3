//! What can be asked about taxonomies.

use serde_json::Value as Json;

use super::actions;
use super::model::{OutputTaxonomy, Taxonomy};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Edge, Entity, Field, Shaping};
use crate::storage::Row;

/// Taxonomies in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listTaxonomy"],
    get: &["getTaxonomy"],
    fields: &[
        Field::text("namespace", Column("namespace")),
        Field::text("description", Column("description")),
        Field::integer("version", Column("version")),
        Field::boolean("enabled", Column("is_enabled")),
        Field::boolean("exclusive", Column("is_exclusive")),
        Field::boolean("predefined", Column("is_predefined")),
        Field::integer("numberOfTags", Column("tag_count")),
    ],
    edges: &[Edge::new("tags", "Tag", "id", "taxonomy_id")],
    ..Entity::of::<Taxonomy>("taxonomy", "taxonomy", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let taxonomies: Vec<Taxonomy> = shaping.load(rows)?;
    // Who asks for their number has no use for thousands of tags.
    let with_tags = !shaping.extra().has("numberOfTags");
    let mut tags = if with_tags {
        actions::tags_of(shaping, &taxonomies.iter().collect::<Vec<_>>())?
    } else {
        std::collections::HashMap::new()
    };
    taxonomies
        .iter()
        .map(|taxonomy| {
            let tags = tags.remove(&taxonomy.id).unwrap_or_default();
            let mut output = OutputTaxonomy::of(taxonomy, tags);
            for name in &shaping.extra().names {
                let value: Json = match name.as_str() {
                    "enabled" => taxonomy.is_enabled.into(),
                    "numberOfTags" => taxonomy.tag_count.into(),
                    "exclusive" => taxonomy.is_exclusive.into(),
                    "predefined" => taxonomy.is_predefined.into(),
                    _ => continue,
                };
                output.extra_data.insert(name.clone(), value);
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
