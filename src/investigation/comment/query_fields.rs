//! What can be asked about comments.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::model::{Comment, OutputComment};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Edge, Entity, Field, Indexed, Shaping};
use crate::storage::Row;

/// Comments in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listComment"],
    get: &["getComment"],
    fields: &[
        Field::prose("message", Column("message"), Indexed::Body),
        Field::boolean("isEdited", Column("is_edited")),
        Field::boolean("external", Column("is_external")),
        // The stamps under the names that comments have.
        Field::user("createdBy", Column("created_by")),
        Field::date("createdAt", Column("created_at")),
        Field::user("updatedBy", Column("updated_by")).optional(),
        Field::date("updatedAt", Column("updated_at")).optional(),
    ],
    edges: &[
        Edge::new("case", "Case", "case_id", "id"),
        Edge::new("alert", "Alert", "alert_id", "id"),
    ],
    ..Entity::of::<Comment>("comment", "comment", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let comments: Vec<Comment> = shaping.load(rows)?;
    let (cases, alerts) = if shaping.extra().has("links") {
        let linked = |kind: &str, id_of: fn(&Comment) -> Option<i64>| {
            let mut ids: Vec<i64> = comments.iter().filter_map(id_of).collect();
            ids.sort_unstable();
            ids.dedup();
            shaping.entities(kind, &ids)
        };
        (
            linked("Case", |comment| comment.case_id)?,
            linked("Alert", |comment| comment.alert_id)?,
        )
    } else {
        (HashMap::default(), HashMap::default())
    };
    comments
        .iter()
        .map(|comment| {
            let mut data = Map::new();
            if let Some(case) = comment.case_id.and_then(|id| cases.get(&id)) {
                data.insert("links".to_owned(), serde_json::json!({ "case": case }));
            }
            if let Some(alert) = comment.alert_id.and_then(|id| alerts.get(&id)) {
                data.insert("links".to_owned(), serde_json::json!({ "alert": alert }));
            }
            let output = OutputComment {
                extra_data: data,
                ..OutputComment::from(comment)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
