//! The limits of a query, and the traps that others have fallen into.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::specimen::a_specimen;
use super::world::{with_plan, worlds_with};
use crate::access::Error;
use crate::query::{limits, parse};

fn listed(filter: Json) -> Json {
    let mut operation = filter;
    operation["_name"] = json!("filter");
    json!({"query": [{"_name": "listSpecimen"}, operation]})
}

fn refused(query: &Json) -> String {
    match with_plan(query, |_| ()) {
        Err(error @ (Error::Rule(_) | Error::InvalidFormat(_))) => error.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(()) => panic!("was not refused"),
    }
}

fn nested(levels: usize) -> String {
    let body = r#"{"query":[{"_name":"listSpecimen"},{"_name":"filter","_not":"#;
    let filter = format!(
        r#"{}{{"code":"x"}}{}"#,
        r#"{"_not":"#.repeat(levels),
        "}".repeat(levels)
    );
    format!("{body}{filter}}}]}}")
}

#[test]
fn a_filter_nested_very_deep_is_refused_and_not_followed() {
    let too_deep = |levels: usize| match parse(&nested(levels)) {
        Err(Error::Rule(text)) => assert!(text.contains("deeper than 32 levels"), "{text}"),
        other => panic!("{other:?}"),
    };
    assert!(parse(&nested(limits::DEPTH_MAX - 2)).is_ok());
    too_deep(limits::DEPTH_MAX);
    too_deep(110);
    too_deep(10_000);
}

#[test]
fn a_query_that_is_too_large_is_refused() {
    let terms = |count: usize| listed(json!({"_or": vec![json!({"severity": 1}); count]}));
    assert!(with_plan(&terms(limits::TERMS_MAX), |_| ()).is_ok());
    assert!(refused(&terms(limits::TERMS_MAX + 1)).contains("more than 500 conditions"));

    let values =
        |count: usize| listed(json!({"_in": {"_field": "size", "_values": vec![1; count]}}));
    assert!(with_plan(&values(limits::VALUES_MAX), |_| ()).is_ok());
    assert!(refused(&values(limits::VALUES_MAX + 1)).contains("at most 1000 values"));

    let lists = json!({"_in": {"_field": "size", "_values": vec![1; 1_000]}});
    assert!(refused(&listed(json!({"_or": vec![lists; 11]}))).contains("at most 1000 values"));

    let large = format!(
        r#"{{"query":[{{"_name":"listSpecimen","x":"{}"}}]}}"#,
        "x".repeat(limits::BYTES_MAX)
    );
    assert!(matches!(parse(&large), Err(Error::TooLarge { .. })));

    let text = "x".repeat(limits::PATTERN_MAX + 1);
    for test in ["_like", "_match", "_wildcard", "_startsWith"] {
        let query = listed(json!({test: {"title": text}}));
        assert!(refused(&query).contains("at most 2000 characters"));
    }
    let words = (0..=limits::WORDS_MAX).map(|number| format!("w{number} "));
    let query = listed(json!({"_match": {"keyword": words.collect::<String>()}}));
    assert!(refused(&query).contains("at most 50 words"));

    let many = vec![json!({"_name": "output"}); limits::OPERATIONS_MAX];
    let mut operations = vec![json!({"_name": "listSpecimen"})];
    operations.extend(many);
    assert!(refused(&json!({"query": operations})).contains("more than 50 operations"));

    let mut aggregation = json!({"_agg": "count"});
    for _ in 0..limits::AGGREGATION_DEPTH_MAX {
        aggregation = json!({"_agg": "field", "_field": "severity", "_select": [aggregation]});
    }
    aggregation["_name"] = json!("aggregation");
    let query = json!({"query": [{"_name": "listSpecimen"}, aggregation]});
    assert!(refused(&query).contains("nested deeper than 4 levels"));
}

#[test]
fn the_largest_query_runs() {
    let values = vec![json!({"_in": {"_field": "size", "_values": vec![1; 900]}}); 11];
    let terms = vec![json!({"_not": {"_like": {"title": "x"}}}); 400];
    let mut deep = json!({"_and": [{"_or": values}, {"_and": terms}]});
    for _ in 0..25 {
        deep = json!({"_not": deep});
    }
    for world in worlds_with(&[a_specimen(1, "a")]) {
        let found = world.ask(&listed(deep.clone())).unwrap();
        assert_eq!(found.json.as_array().unwrap().len(), 1, "{}", world.name);
    }
}

#[test]
fn nothing_a_client_sends_becomes_sql() {
    let evil = "x' or 1=1; drop table specimen; --\"?$1";
    for world in worlds_with(&[a_specimen(1, "a")]) {
        for test in ["_eq", "_like", "_match", "_wildcard", "_startsWith", "_lt"] {
            for field in ["title", "code", "body", "tags", "owner"] {
                let statement = world.statement(&listed(json!({test: {field: evil}})));
                assert!(!statement.sql.contains("drop"), "{}", statement.sql);
                world.ask(&listed(json!({test: {field: evil}}))).unwrap();
            }
        }
        for name in [
            evil,
            "code\" = '' or \"1",
            "specimen.code",
            "title_folded",
            "id",
        ] {
            let error = world.ask(&listed(json!({name: "x"}))).unwrap_err();
            assert!(
                error.to_string().contains("was not found"),
                "{name}: {error}"
            );
            let sort =
                json!({"query": [{"_name": "listSpecimen"}, {"_name": "sort", "_fields": [name]}]});
            assert!(world.ask(&sort).is_err());
        }
    }
}

#[test]
fn constants_are_written_out_and_empty_lists_never_reach_the_engine() {
    for world in worlds_with(&[]) {
        let statement = world.statement(&listed(json!({"_or": [
            {"_in": {"_field": "size", "_values": []}},
            {"_not": {"_in": {"_field": "size", "_values": []}}},
        ]})));
        // What always holds is gone; a bound constant would be text to PostgreSQL.
        assert!(
            statement.sql.ends_with(
                "where (specimen.organisation_id = ?1) order by \"specimen\".\"id\" asc"
            )
        );
        let statement = world.statement(&listed(json!({"_or": []})));
        assert!(statement.sql.contains("1 = 0"));
        assert_eq!(statement.values.len(), 1);
    }
}

#[test]
fn every_selection_on_the_way_is_narrowed_to_what_is_visible() {
    for world in worlds_with(&[]) {
        let query = json!({"query": [
            {"_name": "listSpecimen"}, {"_name": "page", "from": 0, "to": 1}, {"_name": "parts"}, {"_name": "specimen"},
        ]});
        let statement = world.statement(&query);
        assert_eq!(
            statement
                .sql
                .matches("specimen.organisation_id = ?")
                .count(),
            2
        );
        assert_eq!(
            statement
                .sql
                .matches("(1 = 0 or part.organisation_id = ?")
                .count(),
            1
        );
    }
}

#[test]
fn the_default_sort_is_read_off_an_index() {
    let sorted = json!({"query": [
        {"_name": "listSpecimen"}, {"_name": "sort", "_fields": [{"_createdAt": "desc"}]},
        {"_name": "page", "from": 0, "to": 30},
    ]});
    let world = &worlds_with(&[])[0];
    let plan = world.explain(&world.statement(&sorted));
    assert!(
        plan.contains("specimen_by_created") && !plan.contains("TEMP B-TREE"),
        "{plan}"
    );
}

/// JSON of any shape, made of the words of the language.
fn anything() -> impl Strategy<Value = Json> {
    let words = || {
        select(vec![
            "_name",
            "_field",
            "_value",
            "_and",
            "_or",
            "_not",
            "_eq",
            "_in",
            "_values",
            "_between",
            "_from",
            "_to",
            "_like",
            "_agg",
            "_select",
            "_fields",
            "_interval",
            "_query",
            "query",
            "filter",
            "sort",
            "page",
            "from",
            "extraData",
            "aggregation",
            "field",
            "time",
            "count",
            "listSpecimen",
            "getSpecimen",
            "idOrName",
            "title",
            "size",
            "found",
            "tags",
            "keyword",
            "amount",
            "unit",
            "days",
            "look",
            "behind",
            "~1",
            "1d",
            "",
        ])
    };
    let leaf = prop_oneof![
        words().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
        Just(Json::Null),
    ];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            proptest::collection::vec((words(), inner), 0..5).prop_map(|pairs| {
                pairs
                    .into_iter()
                    .map(|(word, value)| (word.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_is_read_or_refused(body in anything(), operations in proptest::collection::vec(anything(), 0..4)) {
        for query in [body, json!({"query": operations}), json!({"query": [{"_name": "listSpecimen"}, operations]})] {
            match with_plan(&query, |_| ()) {
                Ok(())
                | Err(Error::Rule(_) | Error::InvalidFormat(_) | Error::Invalid(_) | Error::TooLarge { .. }) => {}
                Err(other) => prop_assert!(false, "{query}: {other:?}"),
            }
        }
    }

    #[test]
    fn text_that_is_no_json_is_refused(text in ".{0,60}") {
        prop_assert!(parse(&text).is_err());
    }
}
