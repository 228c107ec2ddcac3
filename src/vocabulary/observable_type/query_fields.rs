//! What can be asked about observable types.

use serde_json::Value as Json;

use super::model::{ObservableType, OutputObservableType};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Entity, Field, Shaping};
use crate::storage::Row;

/// Observable types in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listObservableType"],
    get: &["getObservableType"],
    fields: &[
        Field::text("name", Column("name")).folded("name_folded"),
        Field::boolean("isAttachment", Column("is_attachment")),
        Field::boolean("isCaseSensitive", Column("is_case_sensitive")),
    ],
    ..Entity::of::<ObservableType>("observableType", "observable_type", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let kinds: Vec<ObservableType> = shaping.load(rows)?;
    kinds
        .iter()
        .map(|kind| {
            serde_json::to_value(OutputObservableType::from(kind))
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
