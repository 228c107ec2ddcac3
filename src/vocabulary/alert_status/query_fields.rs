//! What can be asked about alert statuses.

use serde_json::Value as Json;

use super::model::{AlertStatus, OutputAlertStatus};
use super::store;
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Choices, Entity, Field, Shaping};
use crate::storage::Row;

/// Alert statuses in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listAlertStatus"],
    get: &["getAlertStatus"],
    fields: &[
        Field::text("value", Column("value")),
        Field::choice(
            "stage",
            Column("stage"),
            Choices::Fixed(&["New", "InProgress", "Closed", "Imported"]),
        ),
        Field::integer("order", Column("position")),
        Field::text("description", Column("description")).optional(),
        Field::text("colour", Column("colour")).optional(),
        Field::boolean("hidden", Column("is_hidden")),
    ],
    ..Entity::of::<AlertStatus>("alertStatus", "alert_status", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let statuses: Vec<AlertStatus> = shaping.load(rows)?;
    let used = if shaping.extra().has("canDelete") {
        Some(store::values_in_use(shaping)?)
    } else {
        None
    };
    statuses
        .into_iter()
        .map(|status| {
            let can_delete = used
                .as_ref()
                .map(|used| !status.is_predefined && !used.contains(&status.value));
            let mut output = OutputAlertStatus::from(&status);
            if let Some(can_delete) = can_delete {
                output
                    .extra_data
                    .insert("canDelete".to_owned(), can_delete.into());
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
