//! What can be asked about pages.

use serde_json::Value as Json;

use super::model::{OutputPage, Page};
use crate::access::{Error, Predicate, Result, Scope};
use crate::query::Source::{Column, Expression};
use crate::query::{Edge, End, Entity, Field, Indexed, Parameters, Shaping, Start};
use crate::storage::Row;

/// Pages in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listPage"],
    get: &["getPage"],
    starts: &[Start {
        name: "listOrganisationPage",
        end: End::Entities,
        pick: of_knowledge_base,
    }],
    fields: &[
        Field::text("title", Column("title"))
            .folded("title_folded")
            .indexed(Indexed::Title),
        Field::prose("content", Column("content"), Indexed::Body),
        Field::text("category", Column("category")),
        Field::integer("order", Column("position")),
        Field::boolean(
            "inCase",
            Expression("case when page.case_id is null then 0 else 1 end"),
        ),
    ],
    edges: &[Edge::new("case", "Case", "case_id", "id")],
    has_headers: true,
    ..Entity::of::<Page>("page", "page", shape)
};

fn of_knowledge_base(_scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new("page.case_id is null", Vec::new()))
}

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let pages: Vec<Page> = shaping.load(rows)?;
    pages
        .iter()
        .map(|page| {
            let mut json = serde_json::to_value(OutputPage::from(page))
                .map_err(|error| Error::Internal(error.to_string()))?;
            if let (true, Some(json)) = (shaping.extra().is_header, json.as_object_mut()) {
                json.shift_remove("content");
            }
            Ok(json)
        })
        .collect()
}
