//! Filters of the old API: old names of fields and states, parents and children.

use std::future::Future;
use std::pin::Pin;

use serde_json::{Map, Value as Json, json};

use super::api::{Step, operation};
use super::http::Api;
use super::kinds::{Kind, by_word, way};
use crate::access::{Error, FieldProblem};

/// Filters nested deeper than this are refused, before anything walks them.
const DEPTH_MAX: usize = 32;
/// Comparisons of one field with one value.
const COMPARISONS: [&str; 12] = [
    "_eq",
    "_is",
    "_ne",
    "_lt",
    "_lte",
    "_gt",
    "_gte",
    "_startsWith",
    "_endsWith",
    "_like",
    "_match",
    "_wildcard",
];

/// The operations that begin a query for the entities of `kind` that an old filter lets pass.
pub fn operations<'a>(
    api: &'a Api,
    kind: &'static Kind,
    filter: &'a Json,
) -> Pin<Box<dyn Future<Output = Step<Vec<Json>>> + Send + 'a>> {
    Box::pin(async move {
        if !is_shallow(filter, DEPTH_MAX) {
            return Err(wrong(format!("is nested deeper than {DEPTH_MAX} levels")).into());
        }
        let mut conditions = Vec::new();
        if !filter.is_null() {
            flatten(filter, &mut conditions)?;
        }
        let mut operations = vec![operation(kind.list)];
        // The first relation is walked, which has no limit; others are looked up.
        let related = conditions.iter().position(|each| relation(each).is_some());
        if let Some(at) = related {
            let condition = conditions.remove(at);
            if let Some((word, asked)) = relation(&condition) {
                operations = through(api, kind, &word, &asked).await?;
            }
        }
        let mut all = Vec::new();
        for condition in &conditions {
            let plain = without_relations(api, kind, condition).await?;
            all.push(convert(kind, &plain));
        }
        if !all.is_empty() {
            operations.push(json!({ "_name": "filter", "_and": all }));
        }
        Ok(operations)
    })
}

fn is_shallow(json: &Json, levels: usize) -> bool {
    let within = |json: &Json| levels > 0 && is_shallow(json, levels - 1);
    match json {
        Json::Array(list) => list.iter().all(within),
        Json::Object(map) => map.values().all(within),
        _ => true,
    }
}

/// The conditions that all have to hold. What is none is refused: dropped, it would let everything pass.
fn flatten(filter: &Json, conditions: &mut Vec<Json>) -> Result<(), Error> {
    if let Some(list) = filter.as_array() {
        return list.iter().try_for_each(|each| flatten(each, conditions));
    }
    let Some(keys) = filter.as_object() else {
        return Err(wrong(format!("has {filter} where a condition should be")));
    };
    if keys.contains_key("_field") {
        conditions.push(filter.clone());
        return Ok(());
    }
    for (key, value) in keys {
        if key == "_and" {
            flatten(value, conditions)?;
        } else {
            let one = Map::from_iter([(key.clone(), value.clone())]);
            conditions.push(Json::Object(one));
        }
    }
    Ok(())
}

/// A condition on parents or children: their kind, and what is asked of them.
fn relation(condition: &Json) -> Option<(String, Json)> {
    let keys = condition.as_object()?;
    let of = keys.get("_parent").or_else(|| keys.get("_child"))?;
    let word = of.get("_type").and_then(Json::as_str).unwrap_or_default();
    let asked = match of.get("_id") {
        Some(id) => json!({ "_id": id }),
        None => of.get("_query").cloned().unwrap_or_else(|| json!({})),
    };
    Some((word.to_owned(), asked))
}

/// The operations that lead to entities of `kind` from those that they are related to.
async fn through(api: &Api, kind: &'static Kind, word: &str, asked: &Json) -> Step<Vec<Json>> {
    let refused = || wrong(format!("a {} has no {word}", kind.word));
    let other = by_word(word).ok_or_else(refused)?;
    let way = way(word, kind.word).ok_or_else(refused)?;
    let by_id = asked
        .get("_id")
        .filter(|_| asked.as_object().is_some_and(|keys| keys.len() == 1));
    let mut operations = match by_id.and_then(Json::as_str) {
        Some(id) => vec![json!({ "_name": other.get, "idOrName": id })],
        None => operations(api, other, asked).await?,
    };
    operations.extend(way.iter().map(|name| operation(name)));
    Ok(operations)
}

/// The condition with every relation within it replaced by the ids of those that have it.
fn without_relations<'a>(
    api: &'a Api,
    kind: &'static Kind,
    condition: &'a Json,
) -> Pin<Box<dyn Future<Output = Step<Json>> + Send + 'a>> {
    Box::pin(async move {
        if let Some((word, asked)) = relation(condition) {
            let mut query = through(api, kind, &word, &asked).await?;
            query.push(json!({ "_name": "page", "from": 0, "to": 1_000, "extraData": ["total"] }));
            let (found, total) = api.query(query).await?;
            if total.is_some_and(|total| total > 1_000) {
                let message = format!(
                    "more than 1,000 have such a {word}; ask for it outside of _or and _not"
                );
                return Err(wrong(message).into());
            }
            let ids: Vec<Json> = found
                .as_array()
                .into_iter()
                .flatten()
                .map(|each| each["_id"].clone())
                .collect();
            return Ok(json!({ "_in": { "_field": "_id", "_values": ids } }));
        }
        match condition {
            Json::Array(list) => {
                let mut converted = Vec::with_capacity(list.len());
                for each in list {
                    converted.push(without_relations(api, kind, each).await?);
                }
                Ok(Json::Array(converted))
            }
            Json::Object(keys) => {
                let mut converted = Map::new();
                for (key, value) in keys {
                    let value = match key.as_str() {
                        "_and" | "_or" | "_not" => without_relations(api, kind, value).await?,
                        _ => value.clone(),
                    };
                    converted.insert(key.clone(), value);
                }
                Ok(Json::Object(converted))
            }
            other => Ok(other.clone()),
        }
    })
}

/// A filter without relations in today's words.
pub fn convert(kind: &Kind, filter: &Json) -> Json {
    let Some(keys) = filter.as_object() else {
        return filter.clone();
    };
    if let (Some(field), Some(value)) = (keys.get("_field"), keys.get("_value")) {
        return term(kind, "_eq", field.as_str().unwrap_or_default(), value);
    }
    let all: Vec<Json> = keys
        .iter()
        .map(|(key, value)| one(kind, key, value))
        .collect();
    match <[Json; 1]>::try_from(all) {
        Ok([only]) => only,
        Err(all) => json!({ "_and": all }),
    }
}

fn one(kind: &Kind, key: &str, value: &Json) -> Json {
    // What is no list is refused where the filter is read.
    let list = |value: &Json| match value.as_array() {
        Some(each) => each.iter().map(|filter| convert(kind, filter)).collect(),
        None => value.clone(),
    };
    if COMPARISONS.contains(&key) {
        let Some(keys) = value.as_object() else {
            return json!({ key: value });
        };
        if let (Some(field), Some(value)) = (keys.get("_field"), keys.get("_value")) {
            return term(kind, key, field.as_str().unwrap_or_default(), value);
        }
        let terms = keys
            .iter()
            .map(|(field, value)| term(kind, key, field, value));
        return json!({ "_and": terms.collect::<Vec<Json>>() });
    }
    match key {
        "_and" | "_or" => json!({ key: list(value) }),
        "_not" => json!({ key: convert(kind, value) }),
        "_in" => {
            let field = value["_field"].as_str().unwrap_or_default();
            let values = &value["_values"];
            if is_state(kind, field)
                && let Some(values) = values.as_array()
            {
                let terms = values.iter().map(|value| term(kind, "_eq", field, value));
                return json!({ "_or": terms.collect::<Vec<Json>>() });
            }
            json!({ "_in": { "_field": kind.field(field), "_values": values } })
        }
        "_between" => {
            let mut between = value.clone();
            if let Some(field) = value["_field"].as_str() {
                between["_field"] = kind.field(field).into();
            }
            json!({ key: between })
        }
        "_has" | "_contains" | "_empty" => {
            let field = value.as_str().or_else(|| value["_field"].as_str());
            json!({ key: kind.field(field.unwrap_or_default()) })
        }
        _ if key.starts_with('_') && key != "_type" => json!({ key: value }),
        field => term(kind, "_eq", field, value),
    }
}

/// Fields whose words are others today.
fn is_state(kind: &Kind, field: &str) -> bool {
    match field {
        "_type" => true,
        "status" => {
            ["case", "alert", "user", "case_task_log", "case_artifact"].contains(&kind.word)
        }
        _ => false,
    }
}

fn term(kind: &Kind, comparison: &str, field: &str, value: &Json) -> Json {
    if is_state(kind, field) && ["_eq", "_is", "_ne"].contains(&comparison) {
        let holds = state(kind, field, value.as_str().unwrap_or_default());
        return if comparison == "_ne" {
            json!({ "_not": holds })
        } else {
            holds
        };
    }
    json!({ comparison: { "_field": kind.field(field), "_value": value } })
}

/// What an old state is today.
fn state(kind: &Kind, field: &str, word: &str) -> Json {
    let is = |field: &str, value: Json| json!({ "_eq": { "_field": field, "_value": value } });
    let all = || json!({ "_and": [] });
    let none = || json!({ "_or": [] });
    match (kind.word, field, word) {
        (_, "_type", _) => {
            if word == kind.word {
                all()
            } else {
                none()
            }
        }
        ("case", _, "Open") => json!({ "_not": is("stage", json!("Closed")) }),
        ("case", _, "Resolved") => is("stage", json!("Closed")),
        ("case", _, "Duplicate") => is("status", json!("Duplicated")),
        ("alert", _, "New") => is("stage", json!("New")),
        ("alert", _, "Ignored") => {
            json!({ "_in": { "_field": "stage", "_values": ["InProgress", "Closed"] } })
        }
        ("alert", _, "Imported") => is("stage", json!("Imported")),
        ("user", _, "Ok") => is("locked", json!(false)),
        ("user", _, "Locked") => is("locked", json!(true)),
        ("case_task_log" | "case_artifact", _, "Ok") => all(),
        ("alert", _, "Updated")
        | ("case_task_log" | "case_artifact" | "case" | "user", _, "Deleted") => none(),
        _ => is("status", json!(word)),
    }
}

fn wrong(message: String) -> Error {
    Error::invalid(FieldProblem::format("query", message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{convert, flatten};
    use crate::legacy::kinds::{ALERT, CASE, TASK};

    #[test]
    fn fields_and_states_get_their_names_of_today() {
        for (kind, old, now) in [
            (
                &CASE,
                json!({ "_field": "owner", "_value": "a" }),
                json!({ "_eq": { "_field": "assignee", "_value": "a" } }),
            ),
            (
                &CASE,
                json!({ "caseId": 3 }),
                json!({ "_eq": { "_field": "number", "_value": 3 } }),
            ),
            (
                &CASE,
                json!({ "_gt": { "createdAt": 3 } }),
                json!({ "_and": [{ "_gt": { "_field": "_createdAt", "_value": 3 } }] }),
            ),
            (
                &CASE,
                json!({ "status": "Open" }),
                json!({ "_not": { "_eq": { "_field": "stage", "_value": "Closed" } } }),
            ),
            (
                &CASE,
                json!({ "_contains": "customFields.site.string" }),
                json!({ "_contains": "customFields.site" }),
            ),
            (
                &ALERT,
                json!({ "_in": { "_field": "status", "_values": ["New", "Updated"] } }),
                json!({ "_or": [{ "_eq": { "_field": "stage", "_value": "New" } }, { "_or": [] }] }),
            ),
            (
                &TASK,
                json!({ "status": "Waiting" }),
                json!({ "_eq": { "_field": "status", "_value": "Waiting" } }),
            ),
            (
                &TASK,
                json!({ "_not": { "_or": [{ "owner": "a" }] } }),
                json!({ "_not": { "_or": [{ "_eq": { "_field": "assignee", "_value": "a" } }] } }),
            ),
        ] {
            assert_eq!(convert(kind, &old), now, "{old}");
        }
    }

    #[test]
    fn what_has_to_hold_is_found_however_it_is_nested() {
        let mut found = Vec::new();
        flatten(
            &json!({ "_and": [{ "a": 1 }, { "_and": [{ "b": 2, "c": 3 }] }, { "_or": [] }] }),
            &mut found,
        )
        .unwrap();
        assert_eq!(
            found,
            [
                json!({ "a": 1 }),
                json!({ "b": 2 }),
                json!({ "c": 3 }),
                json!({ "_or": [] })
            ]
        );
    }
}
