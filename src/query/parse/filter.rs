//! The spellings of filters, old and new.

use serde_json::Value as Json;

use super::{Budget, object, too_deep, too_many_values, wrong};
use crate::access::{Error, FieldProblem, Result};
use crate::query::entity::Parameters;
use crate::query::limits;
use crate::query::operation::{Comparison, FieldTest, Filter, Test};

const OPERATORS: &str = "_and, _or, _not, _any, _eq, _is, _ne, _lt, _lte, _gt, _gte, _between, _in, _startsWith, \
    _endsWith, _like, _match, _wildcard, _has, _contains, _empty, _id, _string, _field with _value";

/// A filter is an object; all its keys must hold.
pub(super) fn filter(json: &Json, at: &str, depth: usize, budget: &mut Budget) -> Result<Filter> {
    if depth >= limits::DEPTH_MAX {
        return Err(too_deep());
    }
    let keys = object(json, at)?;
    let mut all = Vec::with_capacity(keys.len());
    if keys.contains_key("_field") {
        let value = required(keys, "_value", at)?;
        all.push(equal(keys, value, at, budget)?);
    }
    for (key, value) in keys {
        if key == "_field" || (key == "_value" && keys.contains_key("_field")) {
            continue;
        }
        all.push(one(key, value, &format!("{at}.{key}"), depth, budget)?);
    }
    Ok(if all.len() == 1 {
        all.remove(0)
    } else {
        Filter::And(all)
    })
}

/// `{"_field": f, "_value": v}` by itself.
fn equal(keys: &Parameters, value: &Json, at: &str, budget: &mut Budget) -> Result<Filter> {
    let field = super::text(keys, "_field", at)?;
    term(
        field,
        at,
        Test::Compare(Comparison::Equal, value.clone()),
        budget,
    )
}

/// One key of a filter with its value.
fn one(key: &str, value: &Json, at: &str, depth: usize, budget: &mut Budget) -> Result<Filter> {
    if let Some(comparison) = comparison(key) {
        return compare(comparison, value, at, budget);
    }
    match key {
        "_and" => list(value, at, depth, budget).map(Filter::And),
        "_or" => list(value, at, depth, budget).map(Filter::Or),
        "_not" => Ok(Filter::Not(Box::new(filter(value, at, depth + 1, budget)?))),
        // `_string` is for the reader: it was the search as a person typed it.
        "_any" | "_string" => Ok(Filter::everything()),
        "_between" => {
            let parameters = object(value, at)?;
            let field = super::text(parameters, "_field", at)?;
            let from = required(parameters, "_from", at)?.clone();
            let to = required(parameters, "_to", at)?.clone();
            term(field, at, Test::Between(from, to), budget)
        }
        "_in" => {
            let parameters = object(value, at)?;
            let field = super::text(parameters, "_field", at)?;
            let values = required(parameters, "_values", at)?;
            let values = values
                .as_array()
                .ok_or_else(|| wrong(format!("{at}._values"), "must be a list"))?;
            budget.values += values.len();
            if values.len() > limits::VALUES_MAX || budget.values > limits::VALUES_IN_ALL_MAX {
                return Err(too_many_values(&format!("{at}._values")));
            }
            term(field, at, Test::In(values.clone()), budget)
        }
        "_has" | "_contains" => term(named(value, at)?, at, Test::Has, budget),
        "_empty" => term(named(value, at)?, at, Test::Empty, budget),
        "_id" => {
            if !value.is_string() {
                return Err(wrong(at, "must be an id: text"));
            }
            let test = Test::Compare(Comparison::Equal, value.clone());
            term("_id", at, test, budget)
        }
        _ if key.starts_with('_') => Err(wrong(
            at,
            format!("is no filter operator; there are {OPERATORS}"),
        )),
        _ => {
            let test = Test::Compare(Comparison::Equal, value.clone());
            term(key, at, test, budget)
        }
    }
}

fn comparison(key: &str) -> Option<Comparison> {
    Some(match key {
        "_eq" | "_is" => Comparison::Equal,
        "_ne" => Comparison::NotEqual,
        "_lt" => Comparison::Less,
        "_lte" => Comparison::LessOrEqual,
        "_gt" => Comparison::Greater,
        "_gte" => Comparison::GreaterOrEqual,
        "_startsWith" => Comparison::StartsWith,
        "_endsWith" => Comparison::EndsWith,
        "_like" => Comparison::Like,
        "_match" => Comparison::Match,
        "_wildcard" => Comparison::Wildcard,
        _ => return None,
    })
}

/// `{"_field": f, "_value": v}`, or the older `{"f": v}`.
fn compare(comparison: Comparison, value: &Json, at: &str, budget: &mut Budget) -> Result<Filter> {
    let parameters = object(value, at)?;
    if parameters.contains_key("_field") {
        let field = super::text(parameters, "_field", at)?;
        let value = required(parameters, "_value", at)?.clone();
        return term(field, at, Test::Compare(comparison, value), budget);
    }
    if parameters.is_empty() {
        return Err(Error::invalid(FieldProblem::missing(format!(
            "{at}._field"
        ))));
    }
    let all = parameters
        .iter()
        .map(|(field, value)| {
            let at = format!("{at}.{field}");
            term(field, &at, Test::Compare(comparison, value.clone()), budget)
        })
        .collect::<Result<Vec<Filter>>>()?;
    Ok(Filter::And(all))
}

fn list(value: &Json, at: &str, depth: usize, budget: &mut Budget) -> Result<Vec<Filter>> {
    let list = value
        .as_array()
        .ok_or_else(|| wrong(at, "must be a list of filters"))?;
    list.iter()
        .enumerate()
        .map(|(index, json)| filter(json, &format!("{at}[{index}]"), depth + 1, budget))
        .collect()
}

/// The field's name as text, or as `{"_field": f}`.
fn named<'a>(value: &'a Json, at: &str) -> Result<&'a str> {
    match value {
        Json::String(field) => Ok(field),
        Json::Object(parameters) => super::text(parameters, "_field", at),
        _ => Err(wrong(at, "must name a field")),
    }
}

fn required<'a>(parameters: &'a Parameters, name: &str, at: &str) -> Result<&'a Json> {
    parameters
        .get(name)
        .ok_or_else(|| Error::invalid(FieldProblem::missing(format!("{at}.{name}"))))
}

fn term(field: &str, at: &str, test: Test, budget: &mut Budget) -> Result<Filter> {
    budget.terms += 1;
    if budget.terms > limits::TERMS_MAX {
        return Err(Error::Rule(format!(
            "The filters have more than {} conditions",
            limits::TERMS_MAX
        )));
    }
    Ok(Filter::Test(FieldTest {
        field: field.to_owned(),
        at: at.to_owned(),
        test,
    }))
}
