//! What can be asked about patterns.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::model::{OutputPattern, Pattern};
use super::store;
use crate::access::{Error, Result};
use crate::query::Source::{Column, Set};
use crate::query::{Edge, Entity, Field, Shaping};
use crate::storage::Row;
use crate::vocabulary::catalog;
use crate::vocabulary::catalog::model::Tactic;

/// Patterns in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listPattern"],
    get: &["getPattern"],
    fields: &[
        Field::text("patternId", Column("external_id")),
        // The technique's id, of which this is a part.
        Field::text("parent", Column("parent_external_id")).optional(),
        Field::text("name", Column("name")).folded("name_folded"),
        Field::text("description", Column("description")).optional(),
        Field::text(
            "tactics",
            Set {
                from: "pattern_tactic",
                key: "pattern_tactic.pattern_id",
                element: "pattern_tactic.tactic",
            },
        ),
        Field::text("url", Column("url")),
        Field::text("patternType", Column("pattern_type")),
        Field::text("capecId", Column("capec_id")).optional(),
        Field::text("capecUrl", Column("capec_url")).optional(),
        Field::boolean("revoked", Column("is_revoked")),
        Field::text("detection", Column("detection")).optional(),
        Field::boolean("remoteSupport", Column("has_remote_support")),
        Field::text("version", Column("version")).optional(),
    ],
    edges: &[Edge::new("catalog", "Catalog", "catalog_id", "id")],
    ..Entity::of::<Pattern>("pattern", "pattern", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let patterns: Vec<Pattern> = shaping.load(rows)?;
    let around = Around::load(shaping, &patterns)?;
    patterns
        .into_iter()
        .map(|pattern| {
            let extra_data = around.extra_of(&pattern);
            let output = OutputPattern {
                extra_data,
                ..OutputPattern::from(pattern)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// What stands around the patterns of a page, as far as it is asked for.
#[derive(Default)]
struct Around {
    parents: Option<HashMap<i64, Json>>,
    children: Option<HashMap<i64, Vec<Json>>>,
    tactics: Option<HashMap<i64, Vec<Tactic>>>,
    catalogs: Option<HashMap<i64, Json>>,
}

impl Around {
    fn load(shaping: &Shaping, patterns: &[Pattern]) -> Result<Self> {
        let ids: Vec<i64> = patterns.iter().map(|pattern| pattern.id).collect();
        let mut catalog_ids: Vec<i64> = patterns.iter().map(|pattern| pattern.catalog_id).collect();
        catalog_ids.sort_unstable();
        catalog_ids.dedup();
        let mut around = Self::default();
        for name in &shaping.extra().names {
            match name.as_str() {
                "parent" => around.parents = Some(parents(shaping, &ids)?),
                "children" => around.children = Some(children(shaping, &ids)?),
                "tactics" => {
                    around.tactics = Some(catalog::actions::tactics_of(shaping, &catalog_ids)?);
                }
                "catalog" => around.catalogs = Some(shaping.entities("Catalog", &catalog_ids)?),
                _ => {}
            }
        }
        Ok(around)
    }

    fn extra_of(&self, pattern: &Pattern) -> Map<String, Json> {
        let mut extra = Map::new();
        if let Some(parent) = self.parents.as_ref().and_then(|all| all.get(&pattern.id)) {
            extra.insert("parent".to_owned(), parent.clone());
        }
        if let Some(children) = &self.children {
            let own = children.get(&pattern.id).map(Vec::as_slice);
            extra.insert("children".to_owned(), json!(own.unwrap_or_default()));
        }
        if let Some(tactics) = &self.tactics {
            let known = tactics.get(&pattern.catalog_id).map(Vec::as_slice);
            let own = tactics_of(known.unwrap_or_default(), &pattern.content.tactics);
            extra.insert("tactics".to_owned(), json!(own));
        }
        let catalogs = self.catalogs.as_ref();
        if let Some(catalog) = catalogs.and_then(|all| all.get(&pattern.catalog_id)) {
            extra.insert("catalog".to_owned(), catalog.clone());
        }
        extra
    }
}

/// The tactics of these names, in their order.
fn tactics_of(known: &[Tactic], names: &[String]) -> Vec<Tactic> {
    names
        .iter()
        .map(|name| {
            let tactic = known.iter().find(|tactic| tactic.name == *name);
            tactic.cloned().unwrap_or_else(|| Tactic::of_name(name))
        })
        .collect()
}

fn parents(shaping: &Shaping, ids: &[i64]) -> Result<HashMap<i64, Json>> {
    let pairs = store::parents(shaping, ids)?;
    let entities = entities(shaping, &pairs)?;
    Ok(pairs
        .into_iter()
        .filter_map(|(id, parent)| Some((id, entities.get(&parent)?.clone())))
        .collect())
}

fn children(shaping: &Shaping, ids: &[i64]) -> Result<HashMap<i64, Vec<Json>>> {
    let pairs = store::children(shaping, ids)?;
    let entities = entities(shaping, &pairs)?;
    let mut children: HashMap<i64, Vec<Json>> = HashMap::new();
    for (id, child) in pairs {
        if let Some(child) = entities.get(&child) {
            children.entry(id).or_default().push(child.clone());
        }
    }
    Ok(children)
}

/// The second of each pair.
fn entities(shaping: &Shaping, pairs: &[(i64, i64)]) -> Result<HashMap<i64, Json>> {
    let mut ids: Vec<i64> = pairs.iter().map(|(_, other)| *other).collect();
    ids.sort_unstable();
    ids.dedup();
    shaping.entities(<Pattern as crate::access::Viewable>::KIND, &ids)
}
