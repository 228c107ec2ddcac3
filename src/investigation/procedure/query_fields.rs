//! What can be asked about procedures.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::model::{OutputProcedure, Procedure};
use crate::access::{Error, Result};
use crate::query::Source::{Column, Expression};
use crate::query::{Edge, Entity, Field, Indexed, Shaping};
use crate::storage::Row;
use crate::vocabulary::catalog::model::Tactic;
use crate::vocabulary::{catalog, pattern};

/// Procedures in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listProcedure"],
    get: &["getProcedure"],
    fields: &[
        Field::text("patternId", Expression("pattern.external_id")),
        Field::text("patternName", Expression("pattern.name")),
        Field::text(
            "patternCatalog",
            Expression("(select catalog.name from catalog where catalog.id = pattern.catalog_id)"),
        ),
        Field::text("tactic", Column("tactic")).optional(),
        Field::text("tacticLabel", Expression("tactic.label")).optional(),
        Field::prose("description", Column("description"), Indexed::Body).optional(),
        Field::date("occurDate", Column("occur_at")),
    ],
    edges: &[
        Edge::new("case", "Case", "case_id", "id"),
        Edge::new("alert", "Alert", "alert_id", "id"),
        Edge::new("pattern", "Pattern", "pattern_id", "id"),
    ],
    ..Entity::of::<Procedure>("procedure", "procedure", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let procedures: Vec<Procedure> = shaping.load(rows)?;
    let mut extra: Vec<Map<String, Json>> = vec![Map::new(); procedures.len()];
    for name in &shaping.extra().names {
        if let Some(values) = extra_values(shaping, &procedures, name)? {
            for (data, value) in extra.iter_mut().zip(values) {
                if let Some(value) = value {
                    data.insert(name.clone(), value);
                }
            }
        }
    }
    procedures
        .iter()
        .zip(extra)
        .map(|(procedure, extra_data)| {
            let output = OutputProcedure {
                extra_data,
                ..OutputProcedure::from(procedure)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// The extra datum `name` for each procedure, in their order; `None` for a name that there isn't.
fn extra_values(
    shaping: &Shaping,
    procedures: &[Procedure],
    name: &str,
) -> Result<Option<Vec<Option<Json>>>> {
    let of_each =
        |value: &dyn Fn(&Procedure) -> Option<Json>| Some(procedures.iter().map(value).collect());
    let pattern_ids = distinct(procedures.iter().map(|procedure| procedure.pattern_id));
    let catalog_ids = distinct(procedures.iter().map(|procedure| procedure.catalog_id));
    Ok(match name {
        "tactic" => of_each(&|procedure| {
            let name = procedure.tactic.as_ref()?;
            Some(json!(Tactic {
                name: name.clone(),
                label: procedure
                    .tactic_label
                    .clone()
                    .unwrap_or_else(|| name.clone()),
            }))
        }),
        "pattern" => {
            let patterns = shaping.entities("Pattern", &pattern_ids)?;
            of_each(&|procedure| patterns.get(&procedure.pattern_id).cloned())
        }
        "patternParent" => {
            let pairs = pattern::actions::parents(shaping, &pattern_ids)?;
            let parent_ids = distinct(pairs.iter().map(|(_, parent)| *parent));
            let parents = shaping.entities("Pattern", &parent_ids)?;
            let parent_of: HashMap<i64, i64> = pairs.into_iter().collect();
            of_each(&|procedure| parents.get(parent_of.get(&procedure.pattern_id)?).cloned())
        }
        "patternTactics" => {
            let tactics = catalog::actions::tactics_of(shaping, &catalog_ids)?;
            let patterns = shaping.entities("Pattern", &pattern_ids)?;
            of_each(&|procedure| {
                let own = patterns.get(&procedure.pattern_id)?["tactics"].as_array()?;
                let known = tactics.get(&procedure.catalog_id).map(Vec::as_slice);
                let labelled = own.iter().filter_map(Json::as_str).map(|name| {
                    let known = known.unwrap_or_default().iter();
                    let mut known = known.filter(|tactic| tactic.name == name);
                    known
                        .next()
                        .cloned()
                        .unwrap_or_else(|| Tactic::of_name(name))
                });
                Some(json!(labelled.collect::<Vec<_>>()))
            })
        }
        "patternCatalog" => {
            let catalogs = shaping.entities("Catalog", &catalog_ids)?;
            of_each(&|procedure| catalogs.get(&procedure.catalog_id).cloned())
        }
        _ => None,
    })
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
