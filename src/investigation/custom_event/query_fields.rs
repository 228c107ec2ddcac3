//! What can be asked about custom events.

use serde_json::Value as Json;

use super::model::{CustomEvent, OutputCustomEvent};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Edge, Entity, Field, Indexed, Shaping};
use crate::storage::Row;

/// Custom events in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listCustomEvent"],
    get: &["getCustomEvent"],
    fields: &[
        Field::date("date", Column("date_at")),
        Field::date("endDate", Column("end_at")).optional(),
        Field::text("title", Column("title"))
            .folded("title_folded")
            .indexed(Indexed::Title),
        Field::prose("description", Column("description"), Indexed::Body).optional(),
    ],
    edges: &[Edge::new("case", "Case", "case_id", "id")],
    ..Entity::of::<CustomEvent>("customEvent", "custom_event", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let events: Vec<CustomEvent> = shaping.load(rows)?;
    events
        .iter()
        .map(|event| {
            serde_json::to_value(OutputCustomEvent::from(event))
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
