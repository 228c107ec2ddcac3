//! What can be asked about actions.

use serde_json::Value as Json;

use super::model::{Action, OutputAction};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Choices, Entity, Field, Shaping};
use crate::storage::Row;

/// Actions in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listAction"],
    get: &["getAction"],
    fields: &[
        Field::text("objectType", Column("object_type")),
        Field::id("objectId", Column("object_id")),
        Field::text("responderId", Column("responder_id")),
        Field::text("responderName", Column("responder_name")),
        Field::text("responderDefinition", Column("responder_definition")).optional(),
        Field::text("cortexId", Column("server_name")),
        Field::text("cortexJobId", Column("remote_id")).optional(),
        Field::choice(
            "status",
            Column("status"),
            Choices::Fixed(&["Waiting", "InProgress", "Success", "Failure"]),
        ),
        Field::date("startDate", Column("started_at")),
        Field::date("endDate", Column("ended_at")).optional(),
    ],
    ..Entity::of::<Action>("action", "action", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let actions: Vec<Action> = shaping.load(rows)?;
    actions
        .iter()
        .map(|action| {
            serde_json::to_value(OutputAction::from(action))
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
