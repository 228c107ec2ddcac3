//! What can be asked about attachments.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::model::{Attachment, OutputAttachment};
use super::store;
use crate::access::{Error, Result};
use crate::query::Source::{Column, Set};
use crate::query::{Entity, Field, Indexed, Shaping};
use crate::storage::Row;

/// Attachments in the query language. They are reached from what they hang on.
pub const ENTITY: Entity = Entity {
    fields: &[
        Field::text("name", Column("name"))
            .folded("name_folded")
            .indexed(Indexed::Title),
        Field::integer("size", Column("size_bytes")),
        Field::text("contentType", Column("content_type")),
        Field::text("id", Column("sha256")),
        Field::text(
            "hashes",
            Set {
                from: HASHES,
                key: "file_hash.attachment_id",
                element: "file_hash.hash",
            },
        ),
        Field::boolean("external", Column("is_external")),
    ],
    ..Entity::of::<Attachment>("attachment", "attachment", shape)
};

const HASHES: &str = "(select id as attachment_id, sha256 as hash from attachment \
    union all select id, sha1 from attachment union all select id, md5 from attachment) as file_hash";

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let attachments: Vec<Attachment> = shaping.load(rows)?;
    let (task_of, tasks) = if shaping.extra().has("task") {
        let ids: Vec<i64> = attachments.iter().map(|attachment| attachment.id).collect();
        let task_of = store::tasks_of(shaping, &ids)?;
        let mut tasks: Vec<i64> = task_of.values().copied().collect();
        tasks.sort_unstable();
        tasks.dedup();
        (task_of, shaping.entities("Task", &tasks)?)
    } else {
        (HashMap::new(), HashMap::new())
    };
    attachments
        .iter()
        .map(|attachment| {
            let mut data = Map::new();
            if let Some(task) = task_of.get(&attachment.id).and_then(|id| tasks.get(id)) {
                data.insert("task".to_owned(), task.clone());
            }
            let output = OutputAttachment {
                extra_data: data,
                ..OutputAttachment::from(attachment)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
