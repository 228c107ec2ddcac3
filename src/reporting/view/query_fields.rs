//! What can be asked about views.

use serde_json::Value as Json;

use super::model::{ListView, OutputListView};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Entity, Field, Shaping};
use crate::storage::Row;

/// Views in the query language. The contract has no way to list them; the names follow its other entities.
pub const ENTITY: Entity = Entity {
    list: &["listListView"],
    get: &["getListView"],
    fields: &[
        Field::text("name", Column("name")).folded("name_folded"),
        Field::text("entity", Column("entity")),
        Field::boolean("isShared", Column("is_shared")),
    ],
    ..Entity::of::<ListView>("listView", "list_view", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let views: Vec<ListView> = shaping.load(rows)?;
    views
        .iter()
        .map(|view| {
            serde_json::to_value(OutputListView::from(view))
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
