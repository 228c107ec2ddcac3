//! Rows as columns: which entities a query gives, in their order, and the values of some of their fields. For lists
//! that leave as files: the ids are found once, and the values are read a part at a time, each in the eyes of the caller.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::catalogue::Catalogue;
use super::entity::Entity;
use super::field::{Field, Kind, Source};
use super::lower::Select;
use super::moment::Moment;
use super::operation::Query;
use super::plan::{Answer, Condition, FieldRef, Origin, Selection, Test, Window};
use super::resolve::{Resolver, field};
use super::run::json;
use super::shaping::{Extra, Shaping};
use super::steer::{FEW, steer};
use crate::access::unit::Scoped;
use crate::access::{Error, Reading, Result};
use crate::storage::{Queries, QueryValues, Value};

/// Ids that are read by one statement. With each more the rows before are passed again.
const IDS_AT_A_TIME: u64 = 50_000;
const ID: Field = Field::id("_id", Source::Column("id"));

/// The kind of the entities that a query gives, and their ids in its order.
///
/// # Errors
/// When the query is not possible or gives no entities; when there are more than `most`.
pub fn ids_of<'c>(
    reading: &Reading,
    catalogue: &'c Catalogue,
    query: &Query,
    moment: &Moment,
    most: u64,
) -> Result<(&'c Entity, Vec<i64>)> {
    let resolver = Resolver {
        catalogue,
        scope: reading.scope(),
        moment,
        members: reading,
    };
    let plan = resolver.resolve(&query.operations)?;
    if !matches!(plan.answer, Answer::Entities { .. }) {
        return Err(Error::Rule(
            "The query must give entities, not a number or a computation".to_owned(),
        ));
    }
    let kind = plan.selection.entity.kind;
    let entity = catalogue
        .entity(kind)
        .ok_or_else(|| Error::Internal(format!("{kind} is in no catalogue")))?;
    let asked = plan.selection.window.unwrap_or(Window {
        offset: 0,
        limit: None,
    });
    let mut selection = steer(reading, plan.selection, FEW)?;
    let mut ids = Vec::new();
    loop {
        let passed = ids.len() as u64;
        let left = asked.limit.map_or(u64::MAX, |limit| limit - passed);
        selection.window = Some(Window {
            offset: asked.offset.saturating_add(passed),
            limit: Some(left.min(IDS_AT_A_TIME)),
        });
        let statement = Select::of(&selection, reading.scope(), reading.dialect()).ids();
        let found: Vec<i64> = reading.query_column(&statement.sql, &statement.values)?;
        let is_end = (found.len() as u64) < left.min(IDS_AT_A_TIME) || found.is_empty();
        ids.extend(found);
        if ids.len() as u64 > most {
            return Err(Error::Rule(format!(
                "There are more than {most} of them; narrow the filter"
            )));
        }
        if is_end {
            return Ok((entity, ids));
        }
    }
}

/// Some fields of an entity.
#[derive(Clone)]
pub struct Columns {
    entity: Entity,
    fields: Vec<FieldRef>,
}

impl Columns {
    /// The fields of these names.
    ///
    /// # Errors
    /// When there is no such field; the text names those that there are.
    pub fn new(reading: &Reading, entity: &Entity, names: &[String], at: &str) -> Result<Self> {
        let fields = names
            .iter()
            .map(|name| field(reading, entity, name, at))
            .collect::<Result<_>>()?;
        Ok(Self {
            entity: *entity,
            fields,
        })
    }

    /// What the values of each are.
    pub fn kinds(&self) -> Vec<Kind> {
        self.fields.iter().map(FieldRef::kind).collect()
    }

    /// The values of each of the entities that the caller (still) sees, in the order of `ids`: one statement for all
    /// single values, and one for each field with several.
    ///
    /// # Errors
    /// Only those of the storage.
    pub fn values(&self, reading: &Reading, ids: &[i64]) -> Result<Vec<Vec<Json>>> {
        let mut selection = Selection::new(&self.entity, Origin::All);
        let known = ids.iter().map(|id| Value::Integer(*id)).collect();
        selection.condition = Condition::test(ID.into(), Test::OneOf(known));
        let statement =
            Select::of(&selection, reading.scope(), reading.dialect()).single_values(&self.fields);
        let mut rows: HashMap<i64, Vec<Json>> = HashMap::with_capacity(ids.len());
        for row in reading.query(&statement.sql, &statement.values)? {
            let mut row = row.reader();
            let id: i64 = row.take()?;
            let mut values = Vec::with_capacity(self.fields.len());
            for field in &self.fields {
                values.push(if field.field.is_set() {
                    Json::Array(Vec::new())
                } else {
                    json(row.take()?, field.kind())
                });
            }
            rows.insert(id, values);
        }
        for (place, field) in self.fields.iter().enumerate() {
            if let Source::Set { from, key, element } = field.field.source {
                let sql = format!(
                    "select {key}, {element} from {from} where {key} in ({{ids}}) order by {element}"
                );
                for row in reading.query_for_ids(&sql, ids, &[])? {
                    let mut row = row.reader();
                    let id: i64 = row.take()?;
                    let value: Value = row.take()?;
                    if let Some(Json::Array(list)) =
                        rows.get_mut(&id).and_then(|values| values.get_mut(place))
                    {
                        list.push(json(value, field.kind()));
                    }
                }
            }
        }
        Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
    }
}

/// The entities themselves as the API gives them, in the order of `ids`; those that the caller no longer sees are left
/// out.
///
/// # Errors
/// Only those of the storage.
pub fn entities(
    reading: &Reading,
    catalogue: &Catalogue,
    kind: &str,
    ids: &[i64],
) -> Result<Vec<Json>> {
    let extra = Extra::default();
    let mut found = Shaping::new(reading, catalogue, &extra).entities(kind, ids)?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}
