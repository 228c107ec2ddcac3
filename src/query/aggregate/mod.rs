//! Aggregations: one statement for each level of groups, folded here into the API's object.

pub mod bucket;
mod tally;

use serde_json::{Map, Value as Json};

use super::limits;
use super::lower::{Level, Select};
use super::moment::Moment;
use super::plan::{Aggregation, AggregationKind, GroupBy, Grouping};
use crate::access::{Error, Result};
use crate::storage::{Queries, QueryValues, Row, RowReader, Value, group_counts};
use tally::{Key, Number, Tally};

/// The answer of an aggregation over the rows of `select`.
///
/// # Errors
/// When there are more groups than the limit, or the storage fails.
pub fn aggregate(
    queries: &dyn Queries,
    select: Select,
    aggregation: &Aggregation,
    moment: &Moment,
) -> Result<Json> {
    let mut tally = Tally::default();
    let asked = std::slice::from_ref(aggregation);
    Counting {
        queries,
        select,
        moment,
        root: &mut tally,
    }
    .count(asked, &mut Vec::new())?;
    Ok(Json::Object(answer(&tally, asked)))
}

/// One grouping on the way down, with its place among its siblings.
#[derive(Clone, Copy)]
struct Step<'p> {
    index: usize,
    grouping: &'p Grouping,
    aggregation: &'p Aggregation,
}

struct Counting<'q, 'p> {
    queries: &'q dyn Queries,
    select: Select<'p>,
    moment: &'q Moment,
    root: &'q mut Tally,
}

impl<'p> Counting<'_, 'p> {
    /// Counts one level, then the levels within it.
    fn count(&mut self, asked: &'p [Aggregation], way: &mut Vec<Step<'p>>) -> Result<()> {
        let computations: Vec<&Aggregation> = asked
            .iter()
            .filter(|one| !matches!(one.kind, AggregationKind::Groups(_)))
            .collect();
        if !(computations.is_empty() && way.is_empty()) {
            self.count_level(&computations, way)?;
        }
        for (index, aggregation) in asked.iter().enumerate() {
            if let AggregationKind::Groups(grouping) = &aggregation.kind {
                way.push(Step {
                    index,
                    grouping,
                    aggregation,
                });
                self.count(&grouping.select, way)?;
                way.pop();
            }
        }
        Ok(())
    }

    fn count_level(&mut self, computations: &[&Aggregation], way: &[Step]) -> Result<()> {
        let levels: Vec<Level> = way
            .iter()
            .enumerate()
            .map(|(index, step)| Level {
                alias: format!("grouped_{index}"),
                field: &step.grouping.field,
                condition: &step.aggregation.condition,
                width: match step.grouping.by {
                    GroupBy::Time(interval) => Some(bucket::width(interval, &self.moment.zone)),
                    GroupBy::Value { .. } => None,
                },
            })
            .collect();
        let rows = self.groups(&levels, computations)?;
        if rows.len() > limits::GROUPS_MAX {
            return Err(Error::Rule(format!(
                "The aggregation has more than {} groups",
                limits::GROUPS_MAX
            )));
        }
        rows.into_iter()
            .try_for_each(|row| self.add(row, computations, way))
    }

    fn groups(&self, levels: &[Level], computations: &[&Aggregation]) -> Result<Vec<RowReader>> {
        let queries = self.queries;
        if let Some(statement) = self.select.group_counts(levels, computations) {
            let counts: String = queries.query_scalar(&statement.sql, &statement.values)?;
            return Ok(group_counts::rows(&counts, 1 + computations.len())?);
        }
        let statement = self.select.groups(levels, computations);
        let rows = queries.query(&statement.sql, &statement.values)?;
        Ok(rows.into_iter().map(Row::reader).collect())
    }

    fn add(
        &mut self,
        mut row: RowReader,
        computations: &[&Aggregation],
        way: &[Step],
    ) -> Result<()> {
        let mut tally = &mut *self.root;
        for step in way {
            let value: Value = row.take()?;
            let key = match (&step.grouping.by, value) {
                (GroupBy::Time(interval), Value::Integer(group_ms)) => Key::Number(Number(
                    Value::Integer(bucket::start(*interval, group_ms, &self.moment.zone)),
                )),
                (_, value) => Key::of(value, step.grouping.field.kind()),
            };
            tally = tally.group(step.index, key);
        }
        tally.rows += row.take::<i64>()?;
        for (index, computation) in computations.iter().enumerate() {
            tally.computation(index, computation).add(&mut row)?;
        }
        Ok(())
    }
}

/// The JSON of what was asked of a group.
fn answer(tally: &Tally, asked: &[Aggregation]) -> Map<String, Json> {
    let mut result = Map::new();
    let mut computations = tally.computations();
    for (index, aggregation) in asked.iter().enumerate() {
        let value = match &aggregation.kind {
            AggregationKind::Groups(grouping) => Json::Object(groups(tally, index, grouping)),
            _ => computations
                .next()
                .map_or(Json::Null, tally::Computation::json),
        };
        match &aggregation.name {
            Some(name) => merge(&mut result, name.clone(), value),
            None => {
                if let Json::Object(groups) = value {
                    for (key, value) in groups {
                        merge(&mut result, key, value);
                    }
                }
            }
        }
    }
    result
}

fn groups(tally: &Tally, index: usize, grouping: &Grouping) -> Map<String, Json> {
    let found = match &grouping.by {
        GroupBy::Value { size, order } => tally.ordered(index, order, *size),
        GroupBy::Time(_) => tally.ordered(index, &[], None),
    };
    let json =
        |(key, tally): (&Key, &Tally)| (key.text(), Json::Object(answer(tally, &grouping.select)));
    found.into_iter().map(json).collect()
}

/// Two aggregations side by side may have groups of the same name: their results come together.
fn merge(into: &mut Map<String, Json>, key: String, value: Json) {
    match (into.get_mut(&key), value) {
        (Some(Json::Object(present)), Json::Object(more)) => {
            for (key, value) in more {
                merge(present, key, value);
            }
        }
        (_, value) => {
            into.insert(key, value);
        }
    }
}
