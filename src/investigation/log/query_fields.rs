//! What can be asked about task logs.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::model::{Log, OutputLog};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Edge, Entity, Field, Indexed, Shaping, Through};
use crate::storage::Row;
use crate::wire::EntityId;

/// Task logs in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listLog"],
    get: &["getLog"],
    fields: &[
        Field::prose("message", Column("message"), Indexed::Body),
        Field::date("date", Column("date_at")),
        Field::date("startDate", Column("date_at")).hidden(),
        Field::user("owner", Column("owner")),
        Field::date("includeInTimeline", Column("include_in_timeline_at")).optional(),
    ],
    edges: &[
        Edge::new("attachments", "Attachment", "id", "log_id"),
        Edge::new("actions", "Action", "id", "object_id"),
        Edge::new("task", "Task", "task_id", "id"),
        Edge::new("case", "Case", "task_id", "id").through(Through {
            from: "task",
            near: "task.id",
            far: "task.case_id",
        }),
    ],
    ..Entity::of::<Log>("log", "log", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let logs: Vec<Log> = shaping.load(rows)?;
    let extra = shaping.extra();
    let ids_of = |id_of: fn(&Log) -> i64| {
        let mut ids: Vec<i64> = logs.iter().map(id_of).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let tasks = if extra.has("task") {
        shaping.entities("Task", &ids_of(|log| log.task_id))?
    } else {
        HashMap::default()
    };
    let cases = if extra.has("case") {
        shaping.entities("Case", &ids_of(|log| log.case_id))?
    } else {
        HashMap::default()
    };
    logs.iter()
        .map(|log| {
            let mut data = Map::new();
            if let Some(task) = tasks.get(&log.task_id) {
                data.insert("task".to_owned(), task.clone());
            }
            if let Some(case) = cases.get(&log.case_id) {
                data.insert("case".to_owned(), case.clone());
            }
            if extra.has("taskId") {
                data.insert("taskId".to_owned(), json!(EntityId(log.task_id)));
            }
            if extra.has("actionCount") {
                data.insert("actionCount".to_owned(), json!(0));
            }
            let output = OutputLog {
                extra_data: data,
                ..OutputLog::from(log)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
