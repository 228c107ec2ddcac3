//! The spelling of aggregations.

use serde_json::Value as Json;

use super::{Budget, filter, names, number, object, signed, text, wrong};
use crate::access::{Error, Result};
use crate::query::entity::Parameters;
use crate::query::limits;
use crate::query::operation::{
    Aggregation, AggregationKind, Filter, GroupOrder, Interval, Math, TimeUnit,
};

pub(super) fn aggregation(
    json: &Json,
    at: &str,
    depth: usize,
    budget: &mut Budget,
) -> Result<Aggregation> {
    budget.aggregations += 1;
    if depth >= limits::AGGREGATION_DEPTH_MAX || budget.aggregations > limits::AGGREGATIONS_MAX {
        return Err(Error::Rule(format!(
            "The query has more than {} aggregations, or they are nested deeper than {} levels",
            limits::AGGREGATIONS_MAX,
            limits::AGGREGATION_DEPTH_MAX
        )));
    }
    let parameters = object(json, at)?;
    let name = match parameters.get("_name") {
        None | Some(Json::Null) => None,
        Some(_) => Some(text(parameters, "_name", at)?.to_owned()),
    };
    let filter = match parameters.get("_query") {
        None | Some(Json::Null) => Filter::everything(),
        Some(json) => filter::filter(json, &format!("{at}._query"), 0, budget)?,
    };
    Ok(Aggregation {
        name,
        at: at.to_owned(),
        filter,
        kind: kind(parameters, at, depth, budget)?,
    })
}

fn kind(
    parameters: &Parameters,
    at: &str,
    depth: usize,
    budget: &mut Budget,
) -> Result<AggregationKind> {
    let math = |math| {
        text(parameters, "_field", at).map(|field| AggregationKind::Math(math, field.to_owned()))
    };
    match text(parameters, "_agg", at)? {
        "count" => Ok(AggregationKind::Count),
        "sum" => math(Math::Sum),
        "avg" => math(Math::Average),
        "min" => math(Math::Min),
        "max" => math(Math::Max),
        "field" => Ok(AggregationKind::Field {
            field: text(parameters, "_field", at)?.to_owned(),
            size: number(parameters, "_size", at)?
                .map(|size| usize::try_from(size).unwrap_or(usize::MAX)),
            order: group_order(parameters, at)?,
            select: select(parameters, at, depth, budget)?,
        }),
        "time" => Ok(AggregationKind::Time {
            field: time_field(parameters, at)?,
            interval: interval(parameters, at)?,
            select: select(parameters, at, depth, budget)?,
        }),
        _ => Err(wrong(
            format!("{at}._agg"),
            "must be one of count, sum, avg, min, max, field, time",
        )),
    }
}

/// What to compute in each group; without it, count.
fn select(
    parameters: &Parameters,
    at: &str,
    depth: usize,
    budget: &mut Budget,
) -> Result<Vec<Aggregation>> {
    let at = format!("{at}._select");
    let list = match parameters.get("_select") {
        Some(Json::Array(list)) => list,
        Some(json @ Json::Object(_)) => std::slice::from_ref(json),
        None | Some(Json::Null) => {
            return Ok(vec![Aggregation {
                name: None,
                at,
                filter: Filter::everything(),
                kind: AggregationKind::Count,
            }]);
        }
        Some(_) => return Err(wrong(at, "must be a list of aggregations")),
    };
    list.iter()
        .enumerate()
        .map(|(index, json)| aggregation(json, &format!("{at}[{index}]"), depth + 1, budget))
        .collect()
}

/// `"-count"`, `"+field"`, or a list of them. What is not the count is the value of the group.
fn group_order(parameters: &Parameters, at: &str) -> Result<Vec<GroupOrder>> {
    let order = match parameters.get("_order") {
        Some(Json::String(one)) => vec![one.clone()],
        other => names(other, &format!("{at}._order"))?.unwrap_or_default(),
    };
    Ok(order
        .iter()
        .map(|text| {
            let (name, is_descending) = signed(text);
            GroupOrder {
                is_by_count: matches!(name, "count" | "_count"),
                is_descending,
            }
        })
        .collect())
}

/// The first of `_fields`; a bare text is accepted, and so is `_field`.
fn time_field(parameters: &Parameters, at: &str) -> Result<String> {
    let field = match parameters.get("_fields") {
        Some(Json::Array(list)) => list.first().and_then(Json::as_str),
        Some(json) => json.as_str(),
        None => parameters.get("_field").and_then(Json::as_str),
    };
    field.map(str::to_owned).ok_or_else(|| {
        wrong(
            format!("{at}._fields"),
            "must be a list with one date field",
        )
    })
}

/// `"2w"`, or a number with its `_unit`. Without any: a day.
fn interval(parameters: &Parameters, at: &str) -> Result<Interval> {
    let refused = || {
        wrong(
            format!("{at}._interval"),
            "must be a number from 1 with one of the units s m h d w M y, like \"1d\"",
        )
    };
    let (count, unit) = match (parameters.get("_interval"), parameters.get("_unit")) {
        (None | Some(Json::Null), None) => {
            return Ok(Interval {
                count: 1,
                unit: TimeUnit::Day,
            });
        }
        (Some(Json::String(text)), None) => {
            let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
            let unit = unit(text[digits.len()..].trim()).ok_or_else(refused)?;
            let count = if digits.is_empty() {
                Some(1)
            } else {
                digits.parse().ok()
            };
            (count, unit)
        }
        (interval, Some(Json::String(unit_name))) => {
            let count = match interval {
                None | Some(Json::Null) => Some(1),
                Some(Json::String(digits)) => digits.parse().ok(),
                Some(json) => json.as_u64(),
            };
            (count, chrono_unit(unit_name).ok_or_else(refused)?)
        }
        _ => return Err(refused()),
    };
    match count.map(u32::try_from) {
        Some(Ok(count)) if (1..=1_000_000).contains(&count) => Ok(Interval { count, unit }),
        _ => Err(refused()),
    }
}

fn unit(letter: &str) -> Option<TimeUnit> {
    Some(match letter {
        "s" => TimeUnit::Second,
        "m" => TimeUnit::Minute,
        "h" => TimeUnit::Hour,
        "d" => TimeUnit::Day,
        "w" => TimeUnit::Week,
        "M" => TimeUnit::Month,
        "y" => TimeUnit::Year,
        _ => return None,
    })
}

/// Java's names of the units.
fn chrono_unit(name: &str) -> Option<TimeUnit> {
    Some(match name.to_ascii_lowercase().as_str() {
        "seconds" => TimeUnit::Second,
        "minutes" => TimeUnit::Minute,
        "hours" => TimeUnit::Hour,
        "days" => TimeUnit::Day,
        "weeks" => TimeUnit::Week,
        "months" => TimeUnit::Month,
        "years" => TimeUnit::Year,
        _ => return None,
    })
}
