//! The contract with TheHive's clients. Every answer in every test of the API is compared with it (`harness::contract`);
//! here is what holds for all of it together.

use serde_json::json;
use skep::server::router::endpoints;

use crate::harness::{contract, nameless, seen};

/// The operations that both the contract and the program have.
fn operations() -> Vec<String> {
    let ours: Vec<String> = endpoints()
        .catalogue
        .iter()
        .map(|entry| format!("{} {}", entry.method, nameless(&entry.path)))
        .collect();
    let names = contract()
        .operations
        .iter()
        .map(|operation| operation.name.clone());
    names.filter(|name| ours.contains(name)).collect()
}

#[test]
fn the_comparison_knows_every_word_of_the_contract() {
    contract().read_all_schemas();
    assert!(operations().len() >= 60, "{}", operations().len());
}

/// What is never answered by anything but a refusal: there are no licenses that one could ask for.
const ALWAYS_REFUSED: [&str; 1] = ["GET /api/v1/license/{}"];

/// `scripts/test` runs it after the others; by hand: `cargo test --test api && cargo test --test api -- --ignored contract::`.
#[test]
#[ignore = "reads what the other tests have seen, so it comes after them"]
fn every_operation_was_answered_as_the_contract_says() {
    let seen = seen();
    let without: Vec<String> = operations()
        .into_iter()
        .filter(|name| !seen.contains(name) && !ALWAYS_REFUSED.contains(&&**name))
        .collect();
    assert!(
        without.is_empty(),
        "no test has a successful answer of these operations:\n{}",
        without.join("\n")
    );
}

#[test]
fn an_answer_that_breaks_the_contract_is_seen() {
    let whole = json!({
        "_id": "~1", "_type": "Task", "_createdBy": "ana@acme.test", "_createdAt": 1, "title": "t", "group": "default",
        "status": "Waiting", "flag": false, "order": 0, "mandatory": false, "extraData": {},
    });
    let problems = |change: serde_json::Value| {
        let mut task = whole.clone();
        for (name, value) in change.as_object().unwrap() {
            task[name] = value.clone();
        }
        contract().problems_of("OutputTask", &task)
    };
    assert_eq!(problems(json!({})), Vec::<String>::new());
    assert_eq!(problems(json!({ "another": 1 })), Vec::<String>::new());
    assert_eq!(
        problems(json!({ "flag": "no" })),
        ["$.flag is no \"boolean\": \"no\""]
    );
    assert_eq!(
        problems(json!({ "assignee": null })),
        ["$.assignee is no \"string\": null"]
    );
    assert_eq!(
        problems(json!({ "order": 1.5 })),
        ["$.order is no \"integer\": 1.5"]
    );
    assert_eq!(problems(json!({ "order": 3_000_000_000_u64 })).len(), 1);
    let mut half = whole.clone();
    half.as_object_mut().unwrap().remove("group");
    assert_eq!(
        contract().problems_of("OutputTask", &half),
        ["$ lacks \"group\""]
    );
    let access = |kind: &str| contract().problems_of("Access", &json!({ "_kind": kind }));
    assert_eq!(access("OrganisationAccessKind"), Vec::<String>::new());
    assert_eq!(access("Nobody").len(), 1);
    let tags = json!({ "namespace": "a", "tags": ["x", "x"] });
    assert!(
        contract()
            .problems_of("OutputCase", &tags)
            .iter()
            .any(|problem| problem.contains("uniqueItems"))
    );
}
