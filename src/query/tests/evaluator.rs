//! A second, naive evaluator of plans, over specimens in memory. It shares nothing with the way to SQL but the plan:
//! where the two disagree, one of them is wrong.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::specimen::{CREATOR, Part, Specimen};
use super::world::{NOW_MS, OWN};
use crate::query::field::{Indexed, Source};
use crate::query::pattern::{Pattern, Piece};
use crate::query::plan::{Answer, Condition, FieldRef, Origin, Plan, Selection, Test};
use crate::storage::Value;
use crate::text::fold::{fold, words};

/// A row of either kind.
#[derive(Clone, Copy)]
pub enum Row<'s> {
    Specimen(&'s Specimen),
    /// With the specimen that it is part of.
    Part(&'s Part, &'s Specimen),
}

impl<'s> Row<'s> {
    pub fn id(self) -> i64 {
        match self {
            Self::Specimen(specimen) => specimen.id,
            Self::Part(part, _) => part.id,
        }
    }

    pub fn code(self) -> &'s str {
        match self {
            Self::Specimen(specimen) => &specimen.code,
            Self::Part(part, _) => &part.code,
        }
    }

    fn is_visible(self) -> bool {
        match self {
            Self::Specimen(specimen) => specimen.organisation_id == OWN,
            Self::Part(part, _) => part.organisation_id == OWN,
        }
    }

    /// The values of a field: none when it is missing, several for a set.
    pub fn values(self, field: &FieldRef) -> Vec<Value> {
        let specimen = match self {
            Self::Specimen(specimen) => specimen,
            Self::Part(part, whole) => {
                return match field.field.name {
                    "_id" => vec![part.id.into()],
                    "code" => vec![part.code.as_str().into()],
                    "_createdAt" => vec![whole.created_at.into()],
                    "_createdBy" => vec![CREATOR.into()],
                    _ => Vec::new(),
                };
            }
        };
        if let Source::Defined { id, .. } = field.field.source {
            return specimen
                .notes
                .iter()
                .filter(|(definition, value)| *definition == id && *value != Value::Null)
                .map(|(_, value)| value.clone())
                .collect();
        }
        let of = |value: Option<Value>| value.into_iter().collect();
        let values: Vec<Value> = match field.field.name {
            "_id" => vec![specimen.id.into()],
            "_createdBy" => vec![CREATOR.into()],
            "_createdAt" => vec![specimen.created_at.into()],
            "title" => vec![specimen.title.as_str().into()],
            "code" => vec![specimen.code.as_str().into()],
            "body" => vec![specimen.body.as_str().into()],
            "severity" => vec![specimen.severity.into()],
            "size" => of(specimen.size.map(Value::from)),
            "weight" => of(specimen.weight.map(Value::from)),
            "flagged" => vec![specimen.is_flagged.into()],
            "found" => of(specimen.found_at.map(Value::from)),
            "sent" => of(specimen.sent_at.map(Value::from)),
            "owner" => of(specimen.owner.clone().map(Value::from)),
            "parent" => of(specimen.parent_id.map(Value::from)),
            "tags" => specimen.tags.iter().map(Value::from).collect(),
            "late" => vec![specimen.sent_at.is_some_and(|at| at < NOW_MS).into()],
            "grade" => of(specimen
                .weight
                .map(|weight| Value::from(if weight > 10.0 { "heavy" } else { "light" }))),
            "travel" => {
                let travel = specimen.sent_at.zip(specimen.found_at);
                of(travel.map(|(sent, found)| Value::from(sent - found)))
            }
            _ => Vec::new(),
        };
        match field.unit_ms {
            None => values,
            Some(unit_ms) => values
                .into_iter()
                .map(|value| in_unit(&value, unit_ms))
                .collect(),
        }
    }

    /// The texts that are in the full-text index.
    fn texts(self, indexed: Indexed) -> Vec<&'s str> {
        let Self::Specimen(specimen) = self else {
            return Vec::new();
        };
        let (title, body, extra) = (&*specimen.title, &*specimen.body, &*specimen.code);
        match indexed {
            Indexed::Title => vec![title],
            Indexed::Body => vec![body],
            Indexed::Summary => vec![""],
            Indexed::Extra => vec![extra],
            Indexed::Everything => vec![title, body, "", extra],
        }
    }
}

fn in_unit(value: &Value, unit_ms: i64) -> Value {
    match value {
        Value::Integer(ms) => Value::Real(*ms as f64 / unit_ms as f64),
        other => other.clone(),
    }
}

/// The rows of a selection, in its order and page.
pub fn rows<'s>(selection: &Selection, world: &'s [Specimen]) -> Vec<Row<'s>> {
    let mut rows: Vec<Row> = everything(selection, world)
        .into_iter()
        .filter(|row| row.is_visible() && is_of(&selection.origin, *row, world))
        .filter(|row| holds(&selection.condition, *row))
        .collect();
    rows.sort_by(|left, right| compare(selection, *left, *right));
    match selection.window {
        None => rows,
        Some(window) => {
            let skipped = usize::try_from(window.offset).unwrap();
            let limit = window
                .limit
                .map_or(usize::MAX, |limit| limit.try_into().unwrap());
            rows.into_iter().skip(skipped).take(limit).collect()
        }
    }
}

fn everything<'s>(selection: &Selection, world: &'s [Specimen]) -> Vec<Row<'s>> {
    if selection.entity.kind == "Specimen" {
        return world.iter().map(Row::Specimen).collect();
    }
    let parts = |whole: &'s Specimen| whole.parts.iter().map(move |part| Row::Part(part, whole));
    world.iter().flat_map(parts).collect()
}

fn is_of(origin: &Origin, row: Row, world: &[Specimen]) -> bool {
    match origin {
        Origin::All => true,
        Origin::Nothing => false,
        Origin::Picked(predicate) => picked(&predicate.sql, &predicate.values, row),
        Origin::Within(selection) => rows(selection, world)
            .iter()
            .any(|one| one.id() == row.id()),
        Origin::Along(edge, selection) => rows(selection, world)
            .iter()
            .any(|from| leads(edge.name, *from, row)),
    }
}

/// Whether an edge leads from one row to another.
fn leads(edge: &str, from: Row, to: Row) -> bool {
    match (edge, from, to) {
        ("parts", Row::Specimen(from), Row::Part(_, whole)) => whole.id == from.id,
        ("specimen", Row::Part(_, whole), Row::Specimen(to)) => whole.id == to.id,
        ("children", Row::Specimen(from), Row::Specimen(to)) => to.parent_id == Some(from.id),
        ("siblings", Row::Specimen(from), Row::Specimen(to)) => {
            from.parent_id.is_some() && from.parent_id == to.parent_id
        }
        ("alike", Row::Specimen(from), Row::Specimen(to)) => {
            from.tags.iter().any(|tag| to.tags.contains(tag))
        }
        _ => panic!("no edge {edge}"),
    }
}

/// The few predicates of the entities' own.
fn picked(sql: &str, values: &[Value], row: Row) -> bool {
    let value = &values[0];
    match (sql, row) {
        ("specimen.id = ?" | "part.id = ?", row) => *value == Value::Integer(row.id()),
        ("specimen.code = ?", row) => *value == Value::from(row.code()),
        ("specimen.is_flagged = ?", Row::Specimen(specimen)) => specimen.is_flagged,
        _ => panic!("no predicate {sql}"),
    }
}

/// Two values: true or false, nothing between.
pub fn holds(condition: &Condition, row: Row) -> bool {
    match condition {
        Condition::Always => true,
        Condition::Never => false,
        Condition::All(inner) => inner.iter().all(|one| holds(one, row)),
        Condition::Any(inner) => inner.iter().any(|one| holds(one, row)),
        Condition::Not(inner) => !holds(inner, row),
        Condition::Test(field, Test::Present) => !row.values(field).is_empty(),
        Condition::Test(field, test) => row.values(field).iter().any(|value| passes(test, value)),
        Condition::Words(indexed, sought) => {
            let found: Vec<String> = row.texts(*indexed).into_iter().flat_map(words).collect();
            sought
                .iter()
                .all(|word| found.iter().any(|other| other.starts_with(word.as_str())))
        }
        Condition::IndexedText(indexed, pattern) => row
            .texts(*indexed)
            .into_iter()
            .any(|text| has_form(pattern.pieces(), &fold(text))),
        Condition::FromIds(inner) | Condition::LookedUp(inner) | Condition::RowByRow(inner) => {
            holds(inner, row)
        }
    }
}

fn passes(test: &Test, value: &Value) -> bool {
    let order = |other: &Value| order_of(value, other);
    match test {
        Test::Equals(other) => order(other).is_eq(),
        Test::Less(other) => order(other).is_lt(),
        Test::LessOrEqual(other) => order(other).is_le(),
        Test::Greater(other) => order(other).is_gt(),
        Test::GreaterOrEqual(other) => order(other).is_ge(),
        Test::Between(from, to) => order(from).is_ge() && order(to).is_lt(),
        Test::OneOf(others) => others.iter().any(|other| order(other).is_eq()),
        Test::Present => true,
        Test::Blank => *value == Value::from(""),
        Test::Form(pattern) => form_of(pattern, value, str::to_owned),
        Test::FoldedForm(pattern) => form_of(pattern, value, fold),
    }
}

fn form_of(pattern: &Pattern, value: &Value, seen_as: fn(&str) -> String) -> bool {
    match value {
        Value::Text(text) => has_form(pattern.pieces(), &seen_as(text)),
        _ => false,
    }
}

fn has_form(pieces: &[Piece], text: &str) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Text(piece), rest @ ..] => text
            .strip_prefix(piece.as_str())
            .is_some_and(|text| has_form(rest, text)),
        [Piece::OneCharacter, rest @ ..] => {
            let mut characters = text.chars();
            characters.next().is_some() && has_form(rest, characters.as_str())
        }
        [Piece::Anything, rest @ ..] => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| has_form(rest, &text[at..])),
    }
}

pub fn order_of(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Real(left), Value::Real(right)) => left.partial_cmp(right).unwrap(),
        (Value::Text(left), Value::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        _ => panic!("{left:?} and {right:?} are of different types"),
    }
}

fn compare(selection: &Selection, left: Row, right: Row) -> Ordering {
    for order in &selection.order {
        let of = |row: Row| -> Option<Value> {
            let values = row.values(&order.field).into_iter();
            let values = values.map(|value| match value {
                Value::Text(text) if order.field.field.folded.is_some() => fold(&text).into(),
                value => value,
            });
            if order.is_descending {
                values.max_by(order_of)
            } else {
                values.min_by(order_of)
            }
        };
        let by = match (of(left), of(right)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => return Ordering::Greater,
            (Some(_), None) => return Ordering::Less,
            (Some(left), Some(right)) => order_of(&left, &right),
        };
        if by.is_ne() {
            return if order.is_descending {
                by.reverse()
            } else {
                by
            };
        }
    }
    let by_id = left.id().cmp(&right.id());
    match selection.order.last() {
        Some(order) if order.is_descending => by_id.reverse(),
        _ => by_id,
    }
}

/// The answer of a plan.
pub fn answer(plan: &Plan, world: &[Specimen]) -> Json {
    let rows = rows(&plan.selection, world);
    match &plan.answer {
        Answer::Entities { .. } => rows.iter().map(|row| Json::from(row.code())).collect(),
        Answer::Made(made) => unreachable!("no specimen has {}", made.ending.name),
        Answer::Count => rows.len().into(),
        Answer::LimitedCount(most) => (rows.len() as u64).min(*most).into(),
        Answer::Values(field) => {
            let mut values: Vec<Value> = rows.iter().flat_map(|row| row.values(field)).collect();
            values.sort_by(order_of);
            values.dedup();
            let text = |value| match value {
                Value::Text(text) => Json::from(text),
                other => panic!("{other:?}"),
            };
            values.into_iter().map(text).collect()
        }
        Answer::Aggregation(aggregation) => {
            let mut result = Map::new();
            super::aggregations::naive(aggregation, &rows, &mut result);
            Json::Object(result)
        }
    }
}
