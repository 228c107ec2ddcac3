//! What can be asked about catalogs.

use serde_json::{Value as Json, json};

use super::model::{Catalog, OutputCatalog};
use super::store;
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Edge, Entity, Field, Shaping, ValueList};
use crate::storage::Row;

/// Catalogs in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listCatalog"],
    get: &["getCatalog"],
    fields: &[
        Field::text("name", Column("name")).folded("name_folded"),
        Field::text("description", Column("description")).optional(),
        Field::text("variant", Column("variant")).optional(),
        Field::text("version", Column("version")).optional(),
        // The stamps under the names that catalogs have.
        Field::user("createdBy", Column("created_by")),
        Field::date("createdAt", Column("created_at")),
        Field::user("updatedBy", Column("updated_by")).optional(),
        Field::date("updatedAt", Column("updated_at")).optional(),
    ],
    edges: &[Edge::new("patterns", "Pattern", "id", "catalog_id")],
    values: &[ValueList {
        name: "tactics",
        edge: Some("patterns"),
        field: "tactics",
    }],
    ..Entity::of::<Catalog>("catalog", "catalog", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let catalogs: Vec<Catalog> = shaping.load(rows)?;
    let ids: Vec<i64> = catalogs.iter().map(|catalog| catalog.id).collect();
    let is_asked = |name: &str| shaping.extra().has(name);
    let tactics = is_asked("tactics")
        .then(|| store::tactics(shaping, &ids))
        .transpose()?;
    let counts = is_asked("patternCount")
        .then(|| store::count_patterns(shaping, &ids))
        .transpose()?;
    catalogs
        .iter()
        .map(|catalog| {
            let mut output = OutputCatalog::from(catalog);
            if let Some(tactics) = &tactics {
                let own = tactics
                    .get(&catalog.id)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                output.extra_data.insert("tactics".to_owned(), json!(own));
            }
            if let Some(counts) = &counts {
                let count = counts.get(&catalog.id).copied().unwrap_or(0);
                output
                    .extra_data
                    .insert("patternCount".to_owned(), json!(count));
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
