//! From JSON to [operations](super::operation). Knows JSON only: no entity, no field, no table. Limits come first.

mod aggregation;
mod filter;

use serde_json::Value as Json;

use super::entity::Parameters;
use super::limits;
use super::operation::{Filter, Operation, Page, Query, SortKey, Step};
use super::shaping::Extra;
use crate::access::{Error, FieldProblem, Result};

/// Reads the body of a query.
///
/// # Errors
/// [`Error::Rule`] and [`Error::TooLarge`] for what breaks a limit, [`Error::InvalidFormat`] with the place for what is
/// no query.
pub fn parse(body: &str) -> Result<Query> {
    if depth(body) > limits::JSON_DEPTH_MAX {
        return Err(too_deep());
    }
    if body.len() > limits::BYTES_MAX {
        return Err(Error::TooLarge {
            limit_bytes: limits::BYTES_MAX,
        });
    }
    let json: Json = serde_json::from_str(body)
        .map_err(|error| Error::Rule(format!("The query is not JSON: {error}")))?;
    parse_json(&json)
}

/// Reads a query that is JSON already.
///
/// # Errors
/// As [`parse`].
pub fn parse_json(json: &Json) -> Result<Query> {
    let body = object(json, "body")?;
    let list = match body.get("query") {
        Some(Json::Array(list)) => list,
        Some(_) => return Err(wrong("query", "must be a list of operations")),
        None => return Err(Error::invalid(FieldProblem::missing("query"))),
    };
    if list.is_empty() {
        return Err(Error::Rule(
            "The query is empty: it must begin with an operation like listCase".to_owned(),
        ));
    }
    if list.len() > limits::OPERATIONS_MAX {
        return Err(Error::Rule(format!(
            "The query has more than {} operations",
            limits::OPERATIONS_MAX
        )));
    }
    let mut budget = Budget::default();
    let mut operations = Vec::with_capacity(list.len());
    for (index, json) in list.iter().enumerate() {
        operations.push(operation(json, format!("query[{index}]"), &mut budget)?);
    }
    Ok(Query {
        operations,
        exclude: names(body.get("excludeFields"), "excludeFields")?.unwrap_or_default(),
        include: names(body.get("includeFields"), "includeFields")?,
    })
}

/// Reads a filter by itself, which is a parameter of an operation at the place `at`.
///
/// # Errors
/// As [`parse`].
pub fn parse_filter(json: &Json, at: &str) -> Result<Filter> {
    filter::filter(json, at, 0, &mut Budget::default())
}

/// What has been used of the limits that hold for the whole query.
#[derive(Default)]
struct Budget {
    terms: usize,
    values: usize,
    aggregations: usize,
}

fn operation(json: &Json, at: String, budget: &mut Budget) -> Result<Operation> {
    let parameters = object(json, &at)?;
    let name = match parameters.get("_name") {
        Some(Json::String(name)) => name.clone(),
        Some(_) => return Err(wrong(format!("{at}._name"), "must be text")),
        None => return Err(Error::invalid(FieldProblem::missing(format!("{at}._name")))),
    };
    let step = match name.as_str() {
        "filter" => {
            let mut filter = parameters.clone();
            filter.shift_remove("_name");
            Step::Filter(filter::filter(&Json::Object(filter), &at, 0, budget)?)
        }
        "sort" => Step::Sort(sort(parameters, &at)?),
        "page" => Step::Page(page(parameters, &at)?),
        "headerPage" => Step::HeaderPage(page(parameters, &at)?),
        "count" => Step::Count,
        "limitedCount" => Step::LimitedCount {
            threshold: number(parameters, "threshold", &at)?.unwrap_or(1_000),
        },
        "aggregation" => {
            // The operation's own `_name` is "aggregation": it says nothing about the result.
            let mut unnamed = parameters.clone();
            unnamed.shift_remove("_name");
            Step::Aggregation(aggregation::aggregation(
                &Json::Object(unnamed),
                &at,
                0,
                budget,
            )?)
        }
        "output" => Step::Output,
        _ => Step::Named(parameters.clone()),
    };
    Ok(Operation { name, at, step })
}

fn sort(parameters: &Parameters, at: &str) -> Result<Vec<SortKey>> {
    let at = format!("{at}._fields");
    let mut keys = Vec::new();
    match parameters.get("_fields") {
        Some(Json::Array(list)) => {
            for (index, json) in list.iter().enumerate() {
                sort_keys(json, &format!("{at}[{index}]"), &mut keys)?;
            }
        }
        Some(json @ (Json::Object(_) | Json::String(_))) => sort_keys(json, &at, &mut keys)?,
        Some(_) => return Err(wrong(at, "must be a list of fields")),
        None => return Err(Error::invalid(FieldProblem::missing(at))),
    }
    if keys.len() > limits::SORT_FIELDS_MAX {
        let most = limits::SORT_FIELDS_MAX;
        return Err(wrong(at, format!("must have at most {most} fields")));
    }
    Ok(keys)
}

/// One element of a sort: `{"f": "desc"}`, `{"field": "f", "direction": "desc"}`, `"-f"`, `"+f"`, `"f"`.
fn sort_keys(json: &Json, at: &str, keys: &mut Vec<SortKey>) -> Result<()> {
    if let Json::String(text) = json {
        let (field, is_descending) = signed(text);
        keys.push(SortKey {
            field: field.to_owned(),
            is_descending,
        });
        return Ok(());
    }
    let key = object(json, at)?;
    if let (Some(Json::String(field)), Some(direction)) = (key.get("field"), key.get("direction")) {
        keys.push(SortKey {
            field: field.clone(),
            is_descending: is_descending(direction, at)?,
        });
        return Ok(());
    }
    for (field, direction) in key {
        keys.push(SortKey {
            field: field.clone(),
            is_descending: is_descending(direction, at)?,
        });
    }
    Ok(())
}

fn is_descending(direction: &Json, at: &str) -> Result<bool> {
    match direction.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("asc") => Ok(false),
        Some("desc") => Ok(true),
        _ => Err(wrong(at, "must have the direction \"asc\" or \"desc\"")),
    }
}

/// `-f` is `f` descending; `+f` and `f` ascending.
fn signed(text: &str) -> (&str, bool) {
    match text.strip_prefix('-') {
        Some(field) => (field, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    }
}

fn page(parameters: &Parameters, at: &str) -> Result<Page> {
    let organisation = match parameters.get("organisation") {
        Some(Json::String(organisation)) => Some(organisation.clone()),
        Some(Json::Null) | None => None,
        Some(_) => return Err(wrong(format!("{at}.organisation"), "must be text")),
    };
    Ok(Page {
        from: number(parameters, "from", at)?.unwrap_or(0),
        to: number(parameters, "to", at)?,
        extra: Extra {
            names: names(parameters.get("extraData"), &format!("{at}.extraData"))?
                .unwrap_or_default(),
            organisation,
            is_header: false,
        },
    })
}

/// A list of names; `null` is none.
fn names(json: Option<&Json>, at: &str) -> Result<Option<Vec<String>>> {
    let list = match json {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Array(list)) => list,
        Some(_) => return Err(wrong(at, "must be a list of names")),
    };
    if list.len() > limits::VALUES_MAX {
        return Err(too_many_values(at));
    }
    let names = list.iter().map(|name| name.as_str().map(str::to_owned));
    names
        .collect::<Option<Vec<String>>>()
        .map(Some)
        .ok_or_else(|| wrong(at, "must be a list of names"))
}

/// A whole number that is not negative, and that the database can hold.
fn number(parameters: &Parameters, name: &str, at: &str) -> Result<Option<u64>> {
    match parameters.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => json
            .as_u64()
            .filter(|number| i64::try_from(*number).is_ok())
            .map(Some)
            .ok_or_else(|| wrong(format!("{at}.{name}"), "must be a whole number from 0")),
    }
}

fn object<'a>(json: &'a Json, at: &str) -> Result<&'a Parameters> {
    json.as_object()
        .ok_or_else(|| wrong(at, "must be an object"))
}

fn text<'a>(parameters: &'a Parameters, name: &str, at: &str) -> Result<&'a str> {
    match parameters.get(name) {
        Some(Json::String(text)) => Ok(text),
        Some(_) => Err(wrong(format!("{at}.{name}"), "must be text")),
        None => Err(Error::invalid(FieldProblem::missing(format!(
            "{at}.{name}"
        )))),
    }
}

fn wrong(at: impl Into<String>, message: impl Into<String>) -> Error {
    Error::InvalidFormat(FieldProblem::format(at, message))
}

fn too_deep() -> Error {
    Error::Rule(format!(
        "The filter is nested deeper than {} levels",
        limits::DEPTH_MAX
    ))
}

fn too_many_values(at: &str) -> Error {
    wrong(
        at,
        format!("must have at most {} values", limits::VALUES_MAX),
    )
}

/// How deep lists and objects stand in one another, seen without recursion.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        if is_text {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => is_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => is_text = true,
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
