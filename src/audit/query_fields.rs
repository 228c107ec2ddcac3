//! What can be asked about the audit trail.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;

use super::model::{AuditRecord, OutputAudit};
use crate::access::visible::parse_id;
use crate::access::{Error, Predicate, Result, Scope};
use crate::query::Source::Column;
use crate::query::{Choices, Edge, End, Entity, Field, Parameters, Shaping, Stamps, Start};
use crate::storage::Row;

/// The audit trail in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listAudit"],
    get: &["getAudit"],
    starts: &[Start {
        name: "listAuditFromObject",
        end: End::Entities,
        pick: of_object,
    }],
    fields: &[
        Field::choice(
            "action",
            Column("action"),
            Choices::Fixed(&["create", "update", "delete", "merge"]),
        ),
        Field::text("operation", Column("action")).hidden(),
        Field::text("objectType", Column("object_kind")),
        Field::id("objectId", Column("object_id")),
        Field::text("requestId", Column("request_id")),
        Field::id("rootId", Column("context_id")),
        Field::date("startDate", Column("happened_at")),
        Field::boolean("mainAction", Column("is_main")),
        Field::boolean("base", Column("is_main")).hidden(),
        Field::text("details", Column("details")),
    ],
    edges: &[Edge::new("case", "Case", "context_id", "id")],
    stamps: Stamps::Created {
        by: "actor",
        at: "happened_at",
    },
    ..Entity::of::<AuditRecord>("audit", "audit", shape)
};

fn of_object(_scope: &Scope, parameters: &Parameters) -> Result<Predicate> {
    let id = parameters
        .get("id")
        .and_then(Json::as_str)
        .and_then(parse_id)
        .unwrap_or(-1);
    Ok(Predicate::new("audit.object_id = ?", vec![id.into()]))
}

pub(super) fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let records: Vec<AuditRecord> = shaping.load(rows)?;
    let mut ids: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for record in &records {
        for (kind, id) in [
            (&record.object_kind, record.object_id),
            (&record.context_kind, record.context_id),
        ] {
            let of_kind = ids.entry(kind).or_default();
            if !of_kind.contains(&id) {
                of_kind.push(id);
            }
        }
    }
    let mut entities: HashMap<i64, Json> = HashMap::new();
    for (kind, ids) in ids {
        entities.extend(shaping.entities(kind, &ids)?);
    }
    records
        .into_iter()
        .map(|record| {
            let output = OutputAudit::of(record, &entities)?;
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
