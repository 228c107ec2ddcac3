//! What can be asked about tags.

use serde_json::{Map, Value as Json};

use super::model::{OutputTag, Tag};
use super::store;
use crate::access::unit::Scoped;
use crate::access::{Error, Predicate, Result, Scope};
use crate::query::Source::Column;
use crate::query::{Edge, End, Entity, Field, Parameters, Shaping, Start, Through, ValueList};
use crate::storage::{Row, Value};
use crate::text::fold::fold;

/// Proposals that are given when nothing is said of their number, and at most.
const PROPOSALS: i64 = 20;
const PROPOSALS_MAX: i64 = 500;

/// Tags in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listTag"],
    get: &["getTag"],
    starts: &[
        Start {
            name: "freetags",
            end: End::Entities,
            pick: free,
        },
        Start {
            name: "countFreetags",
            end: End::Count,
            pick: free,
        },
        Start {
            name: "tagAutoComplete",
            end: End::Entities,
            pick: proposed,
        },
    ],
    fields: &[
        Field::text("text", Column("text")).folded("text_folded"),
        Field::text("namespace", Column("namespace")),
        Field::text("predicate", Column("predicate")),
        Field::text("value", Column("value")).optional(),
        Field::text("description", Column("description")).optional(),
        Field::text("colour", Column("colour")),
    ],
    edges: &[
        Edge::new("freetags", "Tag", "id", "id").through(Through {
            from: "tag as own join organisation on organisation.id = own.organisation_id",
            near: "own.id",
            far: "own.id",
        }),
        Edge::new("taxonomy", "Taxonomy", "taxonomy_id", "id"),
    ],
    values: &[ValueList {
        name: "text",
        edge: None,
        field: "text",
    }],
    ..Entity::of::<Tag>("tag", "tag", shape)
};

fn free(scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new(
        "tag.organisation_id = ?",
        vec![scope.organisation.id.into()],
    ))
}

/// What somebody who is typing may mean: with `freeTag`, free tags that contain it; otherwise tags of active taxonomies
/// whose parts begin so.
fn proposed(scope: &Scope, parameters: &Parameters) -> Result<Predicate> {
    let text = |name: &str| {
        let text = parameters.get(name).and_then(Json::as_str);
        text.map(fold).filter(|text| !text.is_empty())
    };
    let limit = parameters.get("limit").and_then(Json::as_i64);
    let limit = limit.unwrap_or(PROPOSALS).clamp(1, PROPOSALS_MAX);
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = String::new();
    if parameters.contains_key("freeTag") {
        conditions.push_str("shown.organisation_id = ?");
        values.push(scope.organisation.id.into());
        if let Some(part) = text("freeTag") {
            conditions.push_str(
                " and replace(shown.text_folded, cast(? as text), '') <> shown.text_folded",
            );
            values.push(part.into());
        }
    } else {
        conditions.push_str(
            "shown.taxonomy_id in (select taxonomy.id from taxonomy where taxonomy.is_enabled = 1)",
        );
        // The folded text begins with namespace, predicate and value in this order.
        let namespace = text("namespace");
        let mut beginning = namespace.clone().unwrap_or_default();
        if let Some(predicate) = text("predicate") {
            beginning = format!("{beginning}:{predicate}");
            if let Some(value) = text("value") {
                beginning = format!("{beginning}=\"{value}");
            }
        }
        if namespace.is_some() {
            conditions.push_str(
                " and substr(shown.text_folded, 1, length(cast(? as text))) = cast(? as text)",
            );
            values.push(beginning.as_str().into());
            values.push(beginning.into());
        }
    }
    Ok(Predicate::new(
        format!(
            "tag.id in (select shown.id from tag as shown where {conditions}
             order by shown.text_folded, shown.id limit {limit})"
        ),
        values,
    ))
}

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let tags: Vec<Tag> = shaping.load(rows)?;
    let usage = if shaping.extra().has("usage") {
        let texts: Vec<&str> = tags.iter().map(|tag| tag.text.as_str()).collect();
        Some(store::usage(shaping, shaping.scope(), &texts)?)
    } else {
        None
    };
    tags.iter()
        .map(|tag| {
            let mut output = OutputTag::from(tag);
            if let Some(usage) = &usage {
                let counts = usage.get(&tag.text).into_iter().flatten();
                let counts: Map<String, Json> = counts
                    .map(|(name, count)| ((*name).to_owned(), (*count).into()))
                    .collect();
                output.extra_data.insert("usage".to_owned(), counts.into());
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
