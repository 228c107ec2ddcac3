//! Runs a plan on a snapshot and shapes its answer.

use serde_json::Value as Json;

use super::aggregate::aggregate;
use super::any;
use super::catalogue::Catalogue;
use super::entity::Asked;
use super::field::Kind;
use super::limits::ENDING_ROWS_MAX;
use super::lower::Select;
use super::moment::Moment;
use super::operation::Query;
use super::plan::{Answer, Made, Plan, Selection, Window};
use super::resolve::Resolver;
use super::shaping::{Extra, Shaping};
use super::steer::{FEW, spare_frequent_words, steer};
use crate::access::unit::Scoped;
use crate::access::{Error, Reading, Result};
use crate::storage::{Queries, QueryValues, Value};
use crate::wire::EntityId;

/// What a query answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub json: Json,
    /// The size of the set before it was paged, if that was asked for.
    pub total: Option<i64>,
}

/// Runs a query in the eyes of the caller of `reading`.
///
/// # Errors
/// When the query is not possible, or the storage fails.
pub fn run(
    reading: &Reading,
    catalogue: &Catalogue,
    query: &Query,
    moment: &Moment,
) -> Result<Answered> {
    let resolver = Resolver {
        catalogue,
        scope: reading.scope(),
        moment,
        members: reading,
    };
    if let Some(fixed) = catalogue.fixed(&query.operations) {
        return Ok(Answered {
            json: Json::Array(fixed),
            total: None,
        });
    }
    let mut answered = match any::resolve(&resolver, &query.operations)? {
        Some(plan) => any::run(reading, catalogue, plan)?,
        None => run_plan(
            reading,
            catalogue,
            &resolver.resolve(&query.operations)?,
            moment,
        )?,
    };
    keep_asked(&mut answered.json, query);
    Ok(answered)
}

/// Runs a plan.
///
/// # Errors
/// When the storage fails, or a row cannot be shaped.
pub fn run_plan(
    reading: &Reading,
    catalogue: &Catalogue,
    plan: &Plan,
    moment: &Moment,
) -> Result<Answered> {
    let selection = steer(reading, plan.selection.clone(), FEW)?;
    let select = Select::of(&selection, reading.scope(), reading.dialect());
    let mut total = None;
    let json = match &plan.answer {
        Answer::Entities { extra } => {
            let statement = select.rows();
            let rows = reading.query(&statement.sql, &statement.values)?;
            if extra.has("total") {
                // To count is another thing than to fill a page, and may have another best way.
                let counted = Selection {
                    window: None,
                    ..plan.selection.clone()
                };
                let counted = steer(reading, counted, FEW)?;
                let statement = Select::of(&counted, reading.scope(), reading.dialect()).count();
                total = Some(reading.query_scalar(&statement.sql, &statement.values)?);
            }
            let shaping = Shaping::new(reading, catalogue, extra);
            Json::Array((plan.selection.entity.shape)(&shaping, rows)?)
        }
        Answer::Count => {
            let statement = select.count();
            let count: i64 = reading.query_scalar(&statement.sql, &statement.values)?;
            count.into()
        }
        Answer::LimitedCount(most) => {
            let statement = select.limited_count(*most);
            let count: i64 = reading.query_scalar(&statement.sql, &statement.values)?;
            count.into()
        }
        Answer::Aggregation(aggregation) => aggregate(reading, select, aggregation, moment)?,
        Answer::Values(field) => {
            let statement = select.values(field);
            let mut values: Vec<Value> = reading.query_column(&statement.sql, &statement.values)?;
            values.sort_by(any::by_value);
            let json = values.into_iter().map(|value| json(value, field.kind()));
            Json::Array(json.collect())
        }
        Answer::Made(made) => answer_made(reading, catalogue, selection, made)?,
    };
    Ok(Answered { json, total })
}

/// The ids of the newest of the entities that a query selects, at most `most`: those with the highest ids, since ids
/// are given in order. For a search: what has a word is read off the index of words, however many have it.
///
/// # Errors
/// When the query is not possible, or the storage fails.
pub fn newest(
    reading: &Reading,
    catalogue: &Catalogue,
    query: &Query,
    moment: &Moment,
    most: u64,
) -> Result<Vec<i64>> {
    let resolver = Resolver {
        catalogue,
        scope: reading.scope(),
        moment,
        members: reading,
    };
    let mut selection = resolver.resolve(&query.operations)?.selection;
    selection.window = Some(Window {
        offset: 0,
        limit: Some(most),
    });
    let selection = spare_frequent_words(reading, selection)?;
    let select = Select::of(&selection, reading.scope(), reading.dialect());
    let statement = if let Some(read_off) = select.newest_with_words(most) {
        read_off
    } else {
        let selection = steer(reading, selection, FEW)?;
        Select::of(&selection, reading.scope(), reading.dialect()).ids()
    };
    Ok(reading.query_column(&statement.sql, &statement.values)?)
}

/// What the domain makes of the rows of a selection.
fn answer_made(
    reading: &Reading,
    catalogue: &Catalogue,
    mut selection: Selection,
    made: &Made,
) -> Result<Json> {
    let kind = selection.entity.kind;
    selection.window = Some(Window {
        offset: 0,
        limit: Some(ENDING_ROWS_MAX + 1),
    });
    let statement = Select::of(&selection, reading.scope(), reading.dialect()).ids();
    let ids: Vec<i64> = reading.query_column(&statement.sql, &statement.values)?;
    if ids.len() as u64 > ENDING_ROWS_MAX {
        return Err(Error::Rule(format!(
            "{}: {} can be asked of at most {ENDING_ROWS_MAX} of them; narrow the filter",
            made.at, made.ending.name
        )));
    }
    let extra = &Extra::default();
    (made.ending.answer)(&Asked {
        shaping: &Shaping::new(reading, catalogue, extra),
        kind,
        ids: &ids,
        parameters: &made.parameters,
        at: &made.at,
    })
}

/// A value of a field as the API gives it.
pub(super) fn json(value: Value, kind: Kind) -> Json {
    match (value, kind) {
        (Value::Integer(id), Kind::Id) => EntityId(id).to_string().into(),
        (Value::Integer(value), Kind::Boolean) => (value != 0).into(),
        (Value::Integer(value), _) => value.into(),
        (Value::Real(value), _) => value.into(),
        (Value::Text(text), _) => text.into(),
        (Value::Null | Value::Blob(_), _) => Json::Null,
    }
}

/// Leaves only the properties that the query wants.
fn keep_asked(json: &mut Json, query: &Query) {
    let Json::Array(entities) = json else { return };
    if query.include.is_none() && query.exclude.is_empty() {
        return;
    }
    for entity in entities.iter_mut().filter_map(Json::as_object_mut) {
        match &query.include {
            Some(include) => entity.retain(|name, _| include.contains(name)),
            None => entity.retain(|name, _| !query.exclude.contains(name)),
        }
    }
}
