//! Each spelling of a filter, a sort and a query: the old ones mean what the new ones mean, and what is no query is
//! refused with its place.

use serde_json::{Value as Json, json};

use super::world::with_plan;
use crate::access::Error;
use crate::query::operation::Step;
use crate::query::parse_json;

fn step(operation: &Json) -> Step {
    let query = parse_json(&json!({"query": [operation]})).unwrap();
    // Places differ with the spelling; they are not part of the meaning.
    strip(query.operations.into_iter().next().unwrap().step)
}

fn strip(step: Step) -> Step {
    use crate::query::operation::Filter;
    fn filter(one: Filter) -> Filter {
        match one {
            Filter::And(mut all) if all.len() == 1 => filter(all.remove(0)),
            Filter::And(all) => Filter::And(all.into_iter().map(filter).collect()),
            Filter::Or(any) => Filter::Or(any.into_iter().map(filter).collect()),
            Filter::Not(inner) => Filter::Not(Box::new(filter(*inner))),
            Filter::Test(mut test) => {
                test.at = String::new();
                Filter::Test(test)
            }
        }
    }
    match step {
        Step::Filter(one) => Step::Filter(filter(one)),
        other => other,
    }
}

#[test]
fn the_spellings_of_a_filter_mean_the_same() {
    let named = |filter: Json| {
        let mut operation = filter;
        operation["_name"] = json!("filter");
        operation
    };
    let groups: &[&[Json]] = &[
        &[
            json!({"_eq": {"_field": "code", "_value": "x"}}),
            json!({"_is": {"_field": "code", "_value": "x"}}),
            json!({"_eq": {"code": "x"}}),
            json!({"_field": "code", "_value": "x"}),
            json!({"code": "x"}),
            json!({"_and": [{"code": "x"}]}),
        ],
        &[
            json!({"_lt": {"_field": "size", "_value": 1}}),
            json!({"_lt": {"size": 1}}),
        ],
        &[
            json!({"_like": {"_field": "title", "_value": "x"}}),
            json!({"_like": {"title": "x"}}),
        ],
        &[
            json!({"_and": [{"code": "x"}, {"_has": "size"}]}),
            json!({"code": "x", "_contains": "size"}),
            json!({"_field": "code", "_value": "x", "_has": {"_field": "size"}}),
        ],
        &[
            json!({"_and": [{"_gt": {"size": 1}}, {"_gt": {"severity": 2}}]}),
            json!({"_gt": {"size": 1, "severity": 2}}),
        ],
        &[
            json!({}),
            json!({"_any": null}),
            json!({"_any": {"whatever": 1}}),
            json!({"_string": "as it was typed"}),
            json!({"_and": []}),
        ],
        &[
            json!({"_id": "~1"}),
            json!({"_eq": {"_field": "_id", "_value": "~1"}}),
        ],
    ];
    for group in groups {
        let first = step(&named(group[0].clone()));
        for other in &group[1..] {
            assert_eq!(step(&named(other.clone())), first, "{other}");
        }
    }
}

#[test]
fn the_spellings_of_a_sort_mean_the_same() {
    let sort = |fields: Json| step(&json!({"_name": "sort", "_fields": fields}));
    let expected = sort(json!([{"a": "desc"}, {"b": "asc"}]));
    for other in [
        json!(["-a", "+b"]),
        json!(["-a", "b"]),
        json!([{"a": "DESC", "b": "asc"}]),
        json!({"a": "desc", "b": "asc"}),
        json!([{"field": "a", "direction": "desc"}, {"field": "b", "direction": "asc"}]),
    ] {
        assert_eq!(sort(other.clone()), expected, "{other}");
    }
}

/// The message and the class of the refusal of a query.
fn refusal(query: &Json) -> (String, &'static str) {
    let Err(error) = with_plan(query, |_| ()) else {
        panic!("{query} was not refused");
    };
    let class = match error {
        Error::InvalidFormat(_) => "format",
        Error::Invalid(_) => "missing",
        Error::Rule(_) => "rule",
        ref other => panic!("{query}: {other}"),
    };
    (error.to_string(), class)
}

#[test]
fn what_is_no_query_is_refused_with_its_place() {
    let after_list = |operation: Json| json!({"query": [{"_name": "listSpecimen"}, operation]});
    let filter = |filter: Json| {
        let mut operation = filter;
        operation["_name"] = json!("filter");
        after_list(operation)
    };
    for (query, class, words) in [
        (json!([]), "format", "body must be an object"),
        (json!({}), "missing", "query is required"),
        (json!({"query": 3}), "format", "query must be a list"),
        (json!({"query": []}), "rule", "empty"),
        (
            json!({"query": [3]}),
            "format",
            "query[0] must be an object",
        ),
        (
            json!({"query": [{}]}),
            "missing",
            "query[0]._name is required",
        ),
        (
            json!({"query": [{"_name": "getSpecimen"}]}),
            "missing",
            "query[0].idOrName",
        ),
        (
            json!({"query": [{"_name": "listNothing"}]}),
            "format",
            "flaggedSpecimens, getAny, getPart",
        ),
        (
            json!({"query": [{"_name": "filter"}]}),
            "format",
            "listSpecimen",
        ),
        (after_list(json!({"_name": "tasks"})), "format", "parts"),
        (
            after_list(json!({"_name": "page", "from": -1})),
            "format",
            "query[1].from",
        ),
        (
            after_list(json!({"_name": "page", "to": "x"})),
            "format",
            "query[1].to",
        ),
        (
            after_list(json!({"_name": "page", "extraData": "x"})),
            "format",
            "query[1].extraData",
        ),
        (
            after_list(json!({"_name": "sort"})),
            "missing",
            "query[1]._fields",
        ),
        (
            after_list(json!({"_name": "sort", "_fields": [{"code": "up"}]})),
            "format",
            "query[1]._fields[0]",
        ),
        (
            after_list(json!({"_name": "sort", "_fields": ["tags"]})),
            "format",
            "cannot sort by tags",
        ),
        (
            after_list(json!({"_name": "sort", "_fields": ["keyword"]})),
            "format",
            "cannot sort by keyword",
        ),
        (
            after_list(json!({"_name": "sort", "_fields": ["colour"]})),
            "rule",
            "colour was not found in Specimen",
        ),
        (
            filter(json!({"_almost": {"code": 1}})),
            "format",
            "query[1]._almost is no filter operator; there are _and",
        ),
        (
            filter(json!({"_and": {"code": "x"}})),
            "format",
            "query[1]._and must be a list",
        ),
        (
            filter(json!({"_or": [{"code": "x"}, 3]})),
            "format",
            "query[1]._or[1] must be an object",
        ),
        (
            filter(json!({"_not": [3]})),
            "format",
            "query[1]._not must be an object",
        ),
        (
            filter(json!({"_eq": {"_field": "code"}})),
            "missing",
            "query[1]._eq._value is required",
        ),
        (
            filter(json!({"_eq": {}})),
            "missing",
            "query[1]._eq._field is required",
        ),
        (
            filter(json!({"_field": "code"})),
            "missing",
            "query[1]._value is required",
        ),
        (
            filter(json!({"_field": 3, "_value": 1})),
            "format",
            "query[1]._field must be text",
        ),
        (
            filter(json!({"_between": {"_field": "size", "_from": 1}})),
            "missing",
            "query[1]._between._to",
        ),
        (
            filter(json!({"_in": {"size": [1]}})),
            "missing",
            "query[1]._in._field",
        ),
        (
            filter(json!({"_in": {"_field": "size", "_values": 1}})),
            "format",
            "query[1]._in._values",
        ),
        (
            filter(json!({"_has": 3})),
            "format",
            "query[1]._has must name a field",
        ),
        (
            filter(json!({"_id": 3})),
            "format",
            "query[1]._id must be an id",
        ),
        (
            filter(json!({"colour": "x"})),
            "rule",
            "query[1].colour: the property colour was not found in Specimen; it has _createdAt",
        ),
        (
            filter(json!({"organisation_id": 2})),
            "rule",
            "organisation_id was not found",
        ),
        (
            filter(json!({"size": "10"})),
            "format",
            "query[1].size does not suit size, which is a whole number",
        ),
        (filter(json!({"size": 1.5})), "format", "a whole number"),
        (filter(json!({"size": 1e300})), "format", "a whole number"),
        (filter(json!({"weight": "heavy"})), "format", "a number"),
        (filter(json!({"flagged": 1})), "format", "true or false"),
        (filter(json!({"code": 3})), "format", "text"),
        (filter(json!({"found": "yesterday"})), "format", "a date"),
        (filter(json!({"_id": {"_field": "x"}})), "format", "an id"),
        (
            filter(json!({"_eq": {"_field": "parent", "_value": 3}})),
            "format",
            "an id",
        ),
        (
            filter(json!({"_like": {"size": "1"}})),
            "format",
            "a whole number",
        ),
        (filter(json!({"_like": {"code": 1}})), "format", "text"),
        (
            filter(json!({"_lt": {"keyword": "x"}})),
            "format",
            "keyword can only be searched",
        ),
        (
            filter(json!({"_has": "keyword"})),
            "format",
            "keyword can only be searched",
        ),
        (
            filter(json!({"_eq": {"found": {"amount": 1, "unit": "days", "look": "behind"}}})),
            "format",
            "a date",
        ),
        (
            filter(json!({"_lt": {"found": {"amount": 1, "unit": "moons", "look": "behind"}}})),
            "format",
            "query[1]._lt.found.unit",
        ),
        (
            json!({"query": [{"_name": "listSpecimen"}, {"_name": "count"}, {"_name": "filter"}]}),
            "format",
            "query[2]._name cannot be filter here; possible are: output",
        ),
    ] {
        let (message, found) = refusal(&query);
        assert_eq!(found, class, "{query}: {message}");
        assert!(message.contains(words), "{query}: {message}");
    }
}
