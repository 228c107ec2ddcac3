//! Statistics of the old API: several aggregations, one merged object.

use serde_json::{Map, Value as Json, json};

use super::api::{Step, operation};
use super::filter;
use super::http::Api;
use super::kinds::{Kind, by_word};
use crate::access::{Error, FieldProblem};

/// Aggregations in one request, each of which is a query.
const AGGREGATIONS_MAX: usize = 50;

/// `POST …/_stats` of one kind.
pub async fn of_kind(api: &Api, kind: &'static Kind) -> Step<Json> {
    let input = api.input()?;
    let mut merged = Json::Object(Map::new());
    one(api, kind, &input, &mut merged).await?;
    Ok(merged)
}

/// `POST _stats`, of several kinds.
pub async fn of_all(api: &Api) -> Step<Json> {
    let input = api.input()?;
    let mut merged = Json::Object(Map::new());
    for request in list(&input)? {
        let word = request["model"].as_str().unwrap_or_default();
        let kind = by_word(word).ok_or_else(|| {
            let problem = FieldProblem::format("model", format!("is no kind of entity: {word}"));
            Error::invalid(problem)
        })?;
        one(api, kind, request, &mut merged).await?;
    }
    Ok(merged)
}

async fn one(api: &Api, kind: &'static Kind, request: &Json, merged: &mut Json) -> Step<()> {
    let filter = request.get("query").cloned().unwrap_or(Json::Null);
    let begin = filter::operations(api, kind, &filter).await?;
    let usual = [json!({ "_agg": "count" })];
    let asked = match request["stats"] {
        Json::Null => &usual[..],
        _ => list(request)?,
    };
    for aggregation in asked {
        let mut operations = begin.clone();
        let mut last = now(kind, aggregation);
        if let Some(keys) = last.as_object_mut() {
            keys.remove("_name");
            keys.insert(
                "_name".to_owned(),
                operation("aggregation")["_name"].clone(),
            );
        }
        operations.push(last);
        let (mut answer, _) = api.query(operations).await?;
        in_old_words(kind, aggregation, &mut answer);
        merge(merged, answer);
    }
    Ok(())
}

/// The list `stats`.
fn list(input: &Json) -> Step<&[Json]> {
    match input["stats"].as_array() {
        Some(list) if list.len() <= AGGREGATIONS_MAX => Ok(list),
        _ => {
            let message = format!("must be a list of at most {AGGREGATIONS_MAX}");
            Err(Error::invalid(FieldProblem::format("stats", message)).into())
        }
    }
}

/// An aggregation in today's words.
fn now(kind: &Kind, old: &Json) -> Json {
    let mut now = old.clone();
    let group = |field: &str| match (kind.word, field) {
        // The old states follow from the stage.
        ("case" | "alert", "status") => "stage".to_owned(),
        _ => kind.field(field),
    };
    if let Some(field) = old["_field"].as_str() {
        let renamed = if old["_agg"] == "field" {
            group(field)
        } else {
            kind.field(field)
        };
        now["_field"] = renamed.into();
        if old.get("_name").is_none() && old["_agg"] != "field" {
            let function = old["_agg"].as_str().unwrap_or_default();
            now["_name"] = format!("{function}_{field}").into();
        }
    }
    if let Some(fields) = old["_fields"].as_array() {
        let fields = fields.iter().filter_map(Json::as_str);
        now["_fields"] = fields.map(|field| kind.field(field)).collect();
    }
    if let Some(select) = old["_select"].as_array() {
        now["_select"] = select.iter().map(|inner| self::now(kind, inner)).collect();
    }
    if old["_query"].is_object() {
        now["_query"] = filter::convert(kind, &old["_query"]);
    }
    now
}

/// Gives the answer its old names: the name that was asked for, and the old states as groups.
fn in_old_words(kind: &Kind, aggregation: &Json, answer: &mut Json) {
    let Some(keys) = answer.as_object_mut() else {
        return;
    };
    match aggregation["_agg"].as_str() {
        Some("field") => {
            regroup(kind, aggregation, keys);
            keys.values_mut()
                .for_each(|group| inner(kind, aggregation, group));
        }
        Some("time") => keys
            .values_mut()
            .for_each(|group| inner(kind, aggregation, group)),
        function => {
            let function = function.unwrap_or_default();
            let name = match (
                aggregation["_name"].as_str(),
                aggregation["_field"].as_str(),
            ) {
                (Some(name), _) => name.to_owned(),
                (None, Some(field)) => format!("{function}_{field}"),
                (None, None) => function.to_owned(),
            };
            if let Some((_, value)) = std::mem::take(keys).into_iter().next() {
                keys.insert(name, value);
            }
        }
    }
}

fn inner(kind: &Kind, aggregation: &Json, group: &mut Json) {
    let select = aggregation["_select"].as_array().into_iter().flatten();
    for each in select.filter(|each| each["_agg"] == "field") {
        if let Some(keys) = group.as_object_mut() {
            regroup(kind, each, keys);
        }
    }
}

fn regroup(kind: &Kind, aggregation: &Json, keys: &mut Map<String, Json>) {
    if aggregation["_field"] != "status" || !["case", "alert"].contains(&kind.word) {
        return;
    }
    let mut grouped = Json::Object(Map::new());
    for (stage, value) in std::mem::take(keys) {
        let state = match (kind.word, stage.as_str()) {
            ("case", "New" | "InProgress") => "Open",
            ("case", "Closed") => "Resolved",
            ("alert", "InProgress" | "Closed") => "Ignored",
            (_, other) => other,
        };
        let one = Map::from_iter([(state.to_owned(), value)]);
        merge(&mut grouped, Json::Object(one));
    }
    if let Json::Object(grouped) = grouped {
        *keys = grouped;
    }
}

/// Puts `more` into `merged`; numbers of one name are added up.
fn merge(merged: &mut Json, more: Json) {
    match (merged, more) {
        (Json::Object(merged), Json::Object(more)) => {
            for (name, value) in more {
                match merged.get_mut(&name) {
                    Some(there) => merge(there, value),
                    None => drop(merged.insert(name, value)),
                }
            }
        }
        (Json::Number(merged), Json::Number(more)) => {
            let sum = match (merged.as_i64(), more.as_i64()) {
                (Some(a), Some(b)) => a.checked_add(b).map(Into::into),
                _ => merged
                    .as_f64()
                    .zip(more.as_f64())
                    .and_then(|(a, b)| serde_json::Number::from_f64(a + b)),
            };
            if let Some(sum) = sum {
                *merged = sum;
            }
        }
        (merged, more) => *merged = more,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{in_old_words, merge, now};
    use crate::legacy::kinds::CASE;

    #[test]
    fn groups_by_state_are_groups_by_stage() {
        let asked = json!({ "_agg": "field", "_field": "status", "_select": [{ "_agg": "count" }, { "_agg": "max", "_field": "createdAt" }] });
        let translated = now(&CASE, &asked);
        assert_eq!(translated["_field"], "stage");
        assert_eq!(
            translated["_select"][1],
            json!({ "_agg": "max", "_field": "_createdAt", "_name": "max_createdAt" })
        );
        let mut answer = json!({ "New": { "count": 2 }, "InProgress": { "count": 3 }, "Closed": { "count": 1 } });
        in_old_words(&CASE, &asked, &mut answer);
        assert_eq!(
            answer,
            json!({ "Open": { "count": 5 }, "Resolved": { "count": 1 } })
        );
    }

    #[test]
    fn a_result_has_the_name_that_was_asked_for() {
        for (asked, expected) in [
            (
                json!({ "_agg": "sum", "_field": "createdAt" }),
                json!({ "sum_createdAt": 4 }),
            ),
            (json!({ "_agg": "count", "_name": "n" }), json!({ "n": 4 })),
            (json!({ "_agg": "count" }), json!({ "count": 4 })),
        ] {
            let mut answer = json!({ "whatever": 4 });
            in_old_words(&CASE, &asked, &mut answer);
            assert_eq!(answer, expected);
        }
    }

    #[test]
    fn results_are_merged_deeply() {
        let mut merged = json!({ "a": { "x": 1 } });
        merge(&mut merged, json!({ "a": { "y": 2 }, "b": 3 }));
        assert_eq!(merged, json!({ "a": { "x": 1, "y": 2 }, "b": 3 }));
    }
}
