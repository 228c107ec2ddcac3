//! Aggregations: what they answer, and the naive way to compute them.

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Map, Value as Json, json};

use super::evaluator::{Row, holds, order_of};
use super::specimen::{Specimen, a_specimen};
use super::world::{moment, worlds_with};
use crate::query::field::Kind;
use crate::query::operation::{Interval, Math, TimeUnit};
use crate::query::plan::{Aggregation, AggregationKind, FieldRef, GroupBy, Grouping};
use crate::storage::Value;

/// Computes an aggregation over rows, one by one, and puts it into a result.
pub fn naive(asked: &Aggregation, rows: &[Row], result: &mut Map<String, Json>) {
    let rows: Vec<Row> = rows
        .iter()
        .copied()
        .filter(|row| holds(&asked.condition, *row))
        .collect();
    let value = match &asked.kind {
        AggregationKind::Count => rows.len().into(),
        AggregationKind::Math(math, field) => computed(*math, field, &rows),
        AggregationKind::Groups(grouping) => Json::Object(groups(grouping, &rows)),
    };
    match (&asked.name, value) {
        (Some(name), value) => merge(result, name, value),
        (None, Json::Object(groups)) => {
            for (key, value) in groups {
                merge(result, &key, value);
            }
        }
        (None, value) => panic!("{value} has no name"),
    }
}

fn merge(into: &mut Map<String, Json>, key: &str, value: Json) {
    match (into.get_mut(key), value) {
        (Some(Json::Object(present)), Json::Object(more)) => {
            for (key, value) in more {
                merge(present, &key, value);
            }
        }
        (_, value) => {
            into.insert(key.to_owned(), value);
        }
    }
}

fn computed(math: Math, field: &FieldRef, rows: &[Row]) -> Json {
    let values: Vec<Value> = rows.iter().flat_map(|row| row.values(field)).collect();
    if values.is_empty() {
        return Json::Null;
    }
    let sum: f64 = values.iter().map(number).sum();
    match math {
        Math::Sum => plain(sum),
        Math::Average => plain(sum / values.len() as f64),
        Math::Min => plain(number(values.iter().min_by(|a, b| order_of(a, b)).unwrap())),
        Math::Max => plain(number(values.iter().max_by(|a, b| order_of(a, b)).unwrap())),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Integer(value) => *value as f64,
        Value::Real(value) => *value,
        other => panic!("{other:?} is no number"),
    }
}

fn plain(number: f64) -> Json {
    if number.fract() == 0.0 {
        (number as i64).into()
    } else {
        number.into()
    }
}

fn groups(grouping: &Grouping, rows: &[Row]) -> Map<String, Json> {
    let mut found: Vec<(Value, Vec<Row>)> = Vec::new();
    for row in rows {
        for value in row.values(&grouping.field) {
            let key = match &grouping.by {
                GroupBy::Time(interval) => Value::Integer(start(*interval, &value)),
                GroupBy::Value { .. } => value,
            };
            match found.iter_mut().find(|(other, _)| *other == key) {
                Some((_, rows)) => rows.push(*row),
                None => found.push((key, vec![*row])),
            }
        }
    }
    let kind = grouping.field.kind();
    // Ids and booleans are put in the order of their words.
    found.sort_by(|left, right| match kind {
        Kind::Id | Kind::Boolean => key(&left.0, kind).cmp(&key(&right.0, kind)),
        _ => order_of(&left.0, &right.0),
    });
    if let GroupBy::Value { size, order } = &grouping.by {
        match order.first() {
            None if size.is_some() => found.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len())),
            Some(order) if order.is_by_count && order.is_descending => {
                found.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
            }
            Some(order) if order.is_by_count => found.sort_by_key(|(_, rows)| rows.len()),
            Some(order) if order.is_descending => found.reverse(),
            _ => {}
        }
        found.truncate(size.unwrap_or(usize::MAX));
    }
    let json = |(value, rows): (Value, Vec<Row>)| {
        let mut result = Map::new();
        for asked in &grouping.select {
            naive(asked, &rows, &mut result);
        }
        (key(&value, kind), Json::Object(result))
    };
    found.into_iter().map(json).collect()
}

fn key(value: &Value, kind: Kind) -> String {
    match (value, kind) {
        (Value::Integer(value), Kind::Id) => format!("~{value}"),
        (Value::Integer(value), Kind::Boolean) => (*value == 1).to_string(),
        (Value::Text(text), _) => text.clone(),
        (value, _) => plain(number(value)).to_string(),
    }
}

/// The start of the interval, by the calendar.
fn start(interval: Interval, value: &Value) -> i64 {
    let Value::Integer(ms) = *value else {
        panic!("{value:?} is no instant")
    };
    let count = i64::from(interval.count);
    let floor = |width_ms: i64| ms.div_euclid(width_ms) * width_ms;
    let day = Timestamp::from_millisecond(ms)
        .unwrap()
        .to_zoned_datetime(moment().zone)
        .date();
    let months = match interval.unit {
        TimeUnit::Second => return floor(count * 1_000),
        TimeUnit::Minute => return floor(count * 60_000),
        TimeUnit::Hour => return floor(count * 3_600_000),
        TimeUnit::Day => return floor(count * 86_400_000),
        TimeUnit::Week => {
            let monday = date(1970, 1, 5)
                .to_zoned_datetime(jiff::tz::TimeZone::UTC)
                .unwrap();
            let monday_ms = monday.timestamp().as_millisecond();
            let width_ms = count * 7 * 86_400_000;
            return (ms - monday_ms).div_euclid(width_ms) * width_ms + monday_ms;
        }
        TimeUnit::Month => count,
        TimeUnit::Year => count * 12,
    };
    let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
    let first = month.div_euclid(months) * months;
    let first = date(
        first.div_euclid(12) as i16,
        (first.rem_euclid(12) + 1) as i8,
        1,
    );
    let midnight = first.to_zoned_datetime(moment().zone).unwrap();
    midnight.timestamp().as_millisecond()
}

fn specimens() -> Vec<Specimen> {
    let day = |day: i64| Some(day * 86_400_000);
    vec![
        Specimen {
            severity: 1,
            size: Some(10),
            found_at: day(0),
            owner: Some("ana".to_owned()),
            tags: vec!["red".to_owned(), "blue".to_owned()],
            ..a_specimen(1, "a")
        },
        Specimen {
            severity: 1,
            size: Some(5),
            found_at: day(0),
            owner: Some("bob".to_owned()),
            tags: vec!["red".to_owned()],
            ..a_specimen(2, "b")
        },
        Specimen {
            severity: 3,
            found_at: day(40),
            owner: Some("bob".to_owned()),
            ..a_specimen(3, "c")
        },
        a_specimen(4, "d"),
    ]
}

#[test]
fn each_kind_answers_as_the_contract_says() {
    let cases = [
        (json!({"_agg": "count"}), json!({"count": 4})),
        // The operation's own name is no name of a result.
        (
            json!({"_agg": "count", "_query": {"severity": 1}}),
            json!({"count": 2}),
        ),
        (
            json!({"_agg": "sum", "_field": "size"}),
            json!({"sum_size": 15}),
        ),
        (
            json!({"_agg": "avg", "_field": "size"}),
            json!({"avg_size": 7.5}),
        ),
        (
            json!({"_agg": "min", "_field": "size"}),
            json!({"min_size": 5}),
        ),
        (
            json!({"_agg": "max", "_field": "size"}),
            json!({"max_size": 10}),
        ),
        (
            json!({"_agg": "max", "_field": "size", "_query": {"code": "x"}}),
            json!({"max_size": null}),
        ),
        (
            json!({"_agg": "field", "_field": "severity", "_select": [{"_agg": "count"}, {"_agg": "sum", "_field": "size"}]}),
            json!({"1": {"count": 2, "sum_size": 15}, "2": {"count": 1, "sum_size": null}, "3": {"count": 1, "sum_size": null}}),
        ),
        (
            json!({"_agg": "field", "_field": "tags", "_select": [{"_agg": "count", "_name": "n"}]}),
            json!({"blue": {"n": 1}, "red": {"n": 2}}),
        ),
        (
            json!({"_agg": "field", "_field": "owner", "_order": "-count", "_size": 1}),
            json!({"bob": {"count": 2}}),
        ),
        (
            json!({"_agg": "field", "_field": "owner",
                "_select": [{"_agg": "count", "_name": "big", "_query": {"_gt": {"size": 6}}}]}),
            json!({"ana": {"big": 1}, "bob": {"big": 0}}),
        ),
        (
            json!({"_agg": "time", "_fields": ["found"], "_interval": "1d"}),
            json!({"0": {"count": 2}, "3456000000": {"count": 1}}),
        ),
        (
            json!({"_agg": "time", "_fields": "found", "_interval": 1, "_unit": "Days",
                "_select": [{"_agg": "field", "_field": "owner"}]}),
            json!({"0": {"ana": {"count": 1}, "bob": {"count": 1}}, "3456000000": {"bob": {"count": 1}}}),
        ),
        (
            // The first day of the month in Paris begins an hour before that in Greenwich.
            json!({"_agg": "time", "_fields": ["found"], "_interval": "1M", "_select": [{"_agg": "max", "_field": "size"}]}),
            json!({"-3600000": {"max_size": 10}, "2674800000": {"max_size": null}}),
        ),
        (
            // Groups of the same name come together.
            json!({"_agg": "field", "_field": "code", "_select": [
                {"_agg": "field", "_field": "owner", "_select": [{"_agg": "count"}]},
                {"_agg": "field", "_field": "owner", "_select": [{"_agg": "sum", "_field": "size"}]},
            ], "_query": {"code": "a"}}),
            json!({"a": {"ana": {"count": 1, "sum_size": 10}}}),
        ),
    ];
    for world in worlds_with(&specimens()) {
        for (aggregation, expected) in &cases {
            let mut operation = aggregation.clone();
            operation["_name"] = json!("aggregation");
            let found = world.answer(&json!([{"_name": "listSpecimen"}, operation]));
            assert_eq!(
                found.to_string(),
                expected.to_string(),
                "{}: {aggregation}",
                world.name
            );
        }
    }
}
