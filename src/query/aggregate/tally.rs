//! What has been counted in a group, in a form in which two groups can be put together.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::{Number as JsonNumber, Value as Json};

use crate::query::field::Kind;
use crate::query::operation::{GroupOrder, Math};
use crate::query::plan::{Aggregation, AggregationKind};
use crate::storage::{self, RowReader, Value};

/// A group: its rows, its computations, and the groups within it by the place of their aggregation.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rows: i64,
    computations: Vec<Computation>,
    groups: BTreeMap<usize, BTreeMap<Key, Tally>>,
}

impl Tally {
    /// The group of that key in the aggregation at `index`.
    pub(super) fn group(&mut self, index: usize, key: Key) -> &mut Self {
        self.groups
            .entry(index)
            .or_default()
            .entry(key)
            .or_default()
    }

    /// The computation at `index`, which come one after the other.
    pub(super) fn computation(&mut self, index: usize, asked: &Aggregation) -> &mut Computation {
        if index == self.computations.len() {
            self.computations.push(Computation::of(asked));
        }
        &mut self.computations[index]
    }

    /// The computations in their order.
    pub(super) fn computations(&self) -> impl Iterator<Item = &Computation> {
        self.computations.iter()
    }

    /// The groups of the aggregation at `index`: in the order asked for, then by their keys.
    pub(super) fn ordered(
        &self,
        index: usize,
        order: &[GroupOrder],
        size: Option<usize>,
    ) -> Vec<(&Key, &Self)> {
        let mut groups: Vec<(&Key, &Self)> =
            self.groups.get(&index).into_iter().flatten().collect();
        // With a size and no order the largest groups are meant.
        let largest_first = [GroupOrder {
            is_by_count: true,
            is_descending: true,
        }];
        let order = if order.is_empty() && size.is_some() {
            &largest_first
        } else {
            order
        };
        groups.sort_by(|left, right| {
            order.iter().fold(Ordering::Equal, |so_far, order| {
                so_far.then_with(|| {
                    let by = if order.is_by_count {
                        left.1.rows.cmp(&right.1.rows)
                    } else {
                        left.0.cmp(right.0)
                    };
                    if order.is_descending {
                        by.reverse()
                    } else {
                        by
                    }
                })
            })
        });
        groups.truncate(size.unwrap_or(usize::MAX));
        groups
    }
}

/// What a group is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(Number),
    Text(String),
}

impl Key {
    /// The key of a value of a field.
    pub(super) fn of(value: Value, kind: Kind) -> Self {
        match (value, kind) {
            (Value::Integer(value), Kind::Boolean) => Self::Text((value != 0).to_string()),
            (Value::Integer(value), Kind::Id) => Self::Text(format!("~{value}")),
            (Value::Text(text), _) => Self::Text(text),
            (value, _) => Self::Number(Number(value)),
        }
    }

    /// The key in the API's object.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.json().to_string(),
        }
    }
}

/// A number as the database gives it, with an order.
#[derive(Debug, Clone)]
pub(super) struct Number(pub(super) Value);

impl Number {
    fn is_missing(&self) -> bool {
        self.0 == Value::Null
    }

    fn json(&self) -> Json {
        match self.0 {
            Value::Integer(value) => value.into(),
            Value::Real(value) => real(value),
            _ => Json::Null,
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
            (Value::Real(left), Value::Real(right)) => left.total_cmp(right),
            // One column gives one type; a missing one comes first.
            (left, right) => (left != &Value::Null).cmp(&(right != &Value::Null)),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

/// A computation so far.
#[derive(Debug)]
pub(super) enum Computation {
    Count(i64),
    /// `None` while there is no value.
    Sum(Option<f64>),
    Average {
        sum: f64,
        count: i64,
    },
    Min(Number),
    Max(Number),
}

impl Computation {
    fn of(asked: &Aggregation) -> Self {
        match &asked.kind {
            AggregationKind::Math(Math::Sum, _) => Self::Sum(None),
            AggregationKind::Math(Math::Average, _) => Self::Average { sum: 0.0, count: 0 },
            AggregationKind::Math(Math::Min, _) => Self::Min(Number(Value::Null)),
            AggregationKind::Math(Math::Max, _) => Self::Max(Number(Value::Null)),
            AggregationKind::Count | AggregationKind::Groups(_) => Self::Count(0),
        }
    }

    /// Adds the next columns of a row.
    pub(super) fn add(&mut self, row: &mut RowReader) -> storage::Result<()> {
        match self {
            Self::Count(count) => *count += row.take::<i64>()?,
            Self::Sum(sum) => {
                if let Some(more) = row.take::<Option<f64>>()? {
                    *sum = Some(sum.unwrap_or(0.0) + more);
                }
            }
            Self::Average { sum, count } => {
                *sum += row.take::<Option<f64>>()?.unwrap_or(0.0);
                *count += row.take::<i64>()?;
            }
            Self::Min(least) => {
                let other = Number(row.take()?);
                if !other.is_missing() && (least.is_missing() || other < *least) {
                    *least = other;
                }
            }
            Self::Max(most) => {
                let other = Number(row.take()?);
                if !other.is_missing() && (most.is_missing() || other > *most) {
                    *most = other;
                }
            }
        }
        Ok(())
    }

    /// The result; `null` where there was no value.
    #[expect(
        clippy::cast_precision_loss,
        reason = "the number of rows is far below 2^53"
    )]
    pub(super) fn json(&self) -> Json {
        match self {
            Self::Count(count) => (*count).into(),
            Self::Sum(sum) => sum.map_or(Json::Null, real),
            Self::Average { count: 0, .. } => Json::Null,
            Self::Average { sum, count } => real(sum / *count as f64),
            Self::Min(number) | Self::Max(number) => number.json(),
        }
    }
}

/// A number without a needless fraction: 3, not 3.0.
fn real(value: f64) -> Json {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and far from the ends of the type"
    )]
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return (value as i64).into();
    }
    JsonNumber::from_f64(value).map_or(Json::Null, Json::Number)
}
