//! What can be asked about page templates.

use serde_json::Value as Json;

use super::model::{OutputPageTemplate, PageTemplate};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Entity, Field, Shaping};
use crate::storage::Row;

/// Page templates in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listPageTemplate"],
    get: &["getPageTemplate"],
    fields: &[
        Field::text("title", Column("title")).folded("title_folded"),
        Field::text("content", Column("content")),
        Field::text("category", Column("category")),
        Field::integer("order", Column("position")),
    ],
    has_headers: true,
    ..Entity::of::<PageTemplate>("pageTemplate", "page_template", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let templates: Vec<PageTemplate> = shaping.load(rows)?;
    templates
        .iter()
        .map(|template| {
            let mut json = serde_json::to_value(OutputPageTemplate::from(template))
                .map_err(|error| Error::Internal(error.to_string()))?;
            if let (true, Some(json)) = (shaping.extra().is_header, json.as_object_mut()) {
                json.shift_remove("content");
            }
            Ok(json)
        })
        .collect()
}
