//! What operations do one after the other: where a query starts, sorts, pages, goes and ends.

use serde_json::{Value as Json, json};

use super::specimen::{Part, Specimen, a_specimen};
use super::world::{FOREIGN, OWN, World, worlds_with};

fn specimens() -> Vec<Specimen> {
    let part = |id, organisation_id, code: &str| Part {
        id,
        organisation_id,
        code: code.to_owned(),
    };
    vec![
        Specimen {
            size: Some(2),
            tags: vec!["red".to_owned()],
            parts: vec![part(101, OWN, "p1"), part(102, FOREIGN, "hidden")],
            ..a_specimen(1, "a")
        },
        Specimen {
            size: Some(1),
            parent_id: Some(1),
            is_flagged: true,
            created_at: 1_000,
            title: "A".to_owned(),
            tags: vec!["red".to_owned(), "blue".to_owned()],
            ..a_specimen(2, "b")
        },
        Specimen {
            parent_id: Some(1),
            created_at: 1_000,
            owner: Some("ana@acme.test".to_owned()),
            parts: vec![part(301, OWN, "p3")],
            ..a_specimen(3, "c")
        },
        Specimen {
            organisation_id: FOREIGN,
            parent_id: Some(1),
            tags: vec!["red".to_owned()],
            parts: vec![part(401, OWN, "of a hidden one")],
            ..a_specimen(4, "foreign")
        },
        Specimen {
            size: Some(1),
            owner: Some("bob@acme.test".to_owned()),
            ..a_specimen(5, "e")
        },
    ]
}

fn list(steps: Json) -> Json {
    let mut operations = vec![json!({"_name": "listSpecimen"})];
    operations.extend(steps.as_array().unwrap().clone());
    operations.into()
}

fn check(cases: &[(Json, Json)]) {
    for world in worlds_with(&specimens()) {
        for (operations, expected) in cases {
            let answer = world.answer(operations);
            let found = match &answer {
                Json::Array(list) if list.iter().all(|one| one.get("code").is_some()) => {
                    world.codes(operations).into()
                }
                other => other.clone(),
            };
            assert_eq!(found, *expected, "{}: {operations}", world.name);
        }
    }
}

#[test]
fn a_query_starts_from_all_from_one_or_from_some() {
    let get = |reference: Json| json!([{"_name": "getSpecimen", "idOrName": reference}]);
    check(&[
        (list(json!([])), json!(["a", "b", "c", "e"])),
        (get(json!("~2")), json!(["b"])),
        (get(json!("b")), json!(["b"])),
        (get(json!("~4")), json!([])),
        (get(json!("foreign")), json!([])),
        (get(json!("~101")), json!([])),
        (get(json!("~nonsense")), json!([])),
        (get(json!(7)), json!([])),
        (
            json!([{"_name": "getPart", "idOrName": "no id"}]),
            json!([]),
        ),
        (json!([{"_name": "flaggedSpecimens"}]), json!(["b"])),
        (json!([{"_name": "countSpecimen"}]), json!(4)),
        (
            json!([{"_name": "countSpecimen"}, {"_name": "output"}]),
            json!(4),
        ),
    ]);
}

#[test]
fn sorted_with_missing_values_last_and_ties_in_the_order_of_creation() {
    let sort = |fields: Json| list(json!([{"_name": "sort", "_fields": fields}]));
    check(&[
        (sort(json!([])), json!(["a", "b", "c", "e"])),
        (sort(json!([{"size": "asc"}])), json!(["b", "e", "a", "c"])),
        (sort(json!([{"size": "desc"}])), json!(["a", "e", "b", "c"])),
        // Two of the same millisecond: by id, and against it when the newest come first.
        (
            sort(json!([{"_createdAt": "asc"}])),
            json!(["a", "b", "c", "e"]),
        ),
        (
            sort(json!([{"_createdAt": "desc"}])),
            json!(["e", "c", "b", "a"]),
        ),
        (
            sort(json!(["-size", "+_createdAt"])),
            json!(["a", "b", "e", "c"]),
        ),
        // "A" and "a" are the same to a sort by a folded text.
        (sort(json!(["title"])), json!(["a", "b", "c", "e"])),
        (sort(json!(["-code"])), json!(["e", "c", "b", "a"])),
        (sort(json!(["size", "-size"])), json!(["b", "e", "a", "c"])),
        // The last sort wins.
        (
            list(
                json!([{"_name": "sort", "_fields": ["-code"]}, {"_name": "sort", "_fields": ["code"]}]),
            ),
            json!(["a", "b", "c", "e"]),
        ),
    ]);
}

#[test]
fn a_page_is_from_inclusive_to_exclusive_and_further_steps_work_on_it() {
    let page = |from: u64, to: u64| json!({"_name": "page", "from": from, "to": to});
    let by_code = json!({"_name": "sort", "_fields": ["-code"]});
    check(&[
        (list(json!([page(0, 2)])), json!(["a", "b"])),
        (list(json!([page(2, 9)])), json!(["c", "e"])),
        (list(json!([page(3, 2)])), json!([])),
        (list(json!([{"_name": "page", "from": 3}])), json!(["e"])),
        (list(json!([{"_name": "page", "to": 1}])), json!(["a"])),
        (list(json!([by_code, page(1, 3)])), json!(["c", "b"])),
        (list(json!([by_code, page(0, 3), page(1, 2)])), json!(["c"])),
        (
            list(json!([by_code, page(0, 2), {"_name": "count"}])),
            json!(2),
        ),
        (
            list(json!([by_code, page(0, 2), {"_name": "filter", "code": "a"}])),
            json!([]),
        ),
        (
            list(json!([by_code, page(0, 2), {"_name": "filter", "_has": "owner"}])),
            json!(["e", "c"]),
        ),
        (
            list(json!([page(0, 1), {"_name": "children"}])),
            json!(["b", "c"]),
        ),
    ]);
}

#[test]
fn traversals_reach_only_what_is_visible_on_both_sides() {
    let from = |code: &str, steps: Json| {
        let mut operations = vec![json!({"_name": "getSpecimen", "idOrName": code})];
        operations.extend(steps.as_array().unwrap().clone());
        Json::from(operations)
    };
    check(&[
        (from("a", json!([{"_name": "parts"}])), json!(["p1"])),
        (from("foreign", json!([{"_name": "parts"}])), json!([])),
        (
            json!([{"_name": "listPart"}, {"_name": "specimen"}]),
            json!(["a", "c"]),
        ),
        (from("a", json!([{"_name": "children"}])), json!(["b", "c"])),
        (from("b", json!([{"_name": "siblings"}])), json!(["b", "c"])),
        (from("b", json!([{"_name": "alike"}])), json!(["a", "b"])),
        (
            from(
                "a",
                json!([{"_name": "children"}, {"_name": "parts"}, {"_name": "specimen"}, {"_name": "count"}]),
            ),
            json!(1),
        ),
        (
            list(
                json!([{"_name": "filter", "code": "c"}, {"_name": "parts"}, {"_name": "filter", "_like": {"code": "p"}}]),
            ),
            json!(["p3"]),
        ),
    ]);
}

#[test]
fn a_query_ends_with_a_number_or_values() {
    check(&[
        (list(json!([{"_name": "count"}])), json!(4)),
        (
            list(json!([{"_name": "limitedCount", "threshold": 3}])),
            json!(3),
        ),
        (list(json!([{"_name": "limitedCount"}])), json!(4)),
        (
            list(json!([{"_name": "filter", "_or": []}, {"_name": "count"}])),
            json!(0),
        ),
        (
            list(json!([{"_name": "owners"}])),
            json!(["ana@acme.test", "bob@acme.test"]),
        ),
        (list(json!([{"_name": "partCodes"}])), json!(["p1", "p3"])),
    ]);
}

fn one_world() -> World {
    worlds_with(&specimens()).remove(0)
}

#[test]
fn extra_data_goes_to_the_shape_and_total_to_the_answer() {
    let world = one_world();
    let ask = |query: Json| world.ask(&query).unwrap();
    let page = json!({"_name": "page", "from": 1, "to": 2, "extraData": ["total", "colour"]});
    let answered = ask(json!({"query": list(json!([{"_name": "filter", "_has": "size"}, page]))}));
    assert_eq!(answered.total, Some(3));
    assert_eq!(answered.json[0]["extraData"], json!(["total", "colour"]));

    let answered = ask(json!({"query": list(json!([{"_name": "page", "from": 0, "to": 1}]))}));
    assert_eq!(answered.total, None);
    assert_eq!(answered.json[0]["extraData"], json!([]));
}

#[test]
fn properties_are_left_out_or_kept_as_asked() {
    let world = one_world();
    let keys = |query: Json| -> Vec<String> {
        let answered = world.ask(&query).unwrap();
        answered.json[0]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let list = json!([{"_name": "listSpecimen"}]);
    assert_eq!(
        keys(json!({"query": list, "excludeFields": ["code", "unknown"]})),
        ["_id", "_type", "extraData"]
    );
    assert_eq!(
        keys(json!({"query": list, "excludeFields": ["code"], "includeFields": ["code", "_id"]})),
        ["_id", "code"]
    );
}

#[test]
fn all_kinds_are_asked_at_once() {
    let any = |steps: Json| {
        let mut operations = vec![json!({"_name": "listAny"})];
        operations.extend(steps.as_array().unwrap().clone());
        Json::from(operations)
    };
    let get = |id: &str| json!([{"_name": "getAny", "idOrName": id}]);
    check(&[
        (get("~2"), json!(["b"])),
        (get("~301"), json!(["p3"])),
        (get("~4"), json!([])),
        (get("~999"), json!([])),
        (
            any(json!([])),
            json!(["a", "b", "c", "e", "p1", "p3", "of a hidden one"]),
        ),
        (
            any(json!([{"_name": "page", "from": 3, "to": 6}])),
            json!(["e", "p1", "p3"]),
        ),
        (
            any(
                json!([{"_name": "sort", "_fields": ["-_createdAt"]}, {"_name": "page", "from": 0, "to": 3}]),
            ),
            json!(["e", "of a hidden one", "p3"]),
        ),
        (
            any(json!([{"_name": "filter", "_in": {"_field": "_id", "_values": ["~101", "~3"]}}])),
            json!(["c", "p1"]),
        ),
        (
            any(json!([{"_name": "filter", "_match": {"keyword": "e"}}])),
            json!(["e"]),
        ),
        (any(json!([{"_name": "count"}])), json!(7)),
    ]);
    let world = one_world();
    let refused = |steps: Json| {
        world
            .ask(&json!({"query": any(steps)}))
            .unwrap_err()
            .to_string()
    };
    assert!(refused(json!([{"_name": "filter", "code": "a"}])).contains("in all entities"));
    assert!(refused(json!([{"_name": "sort", "_fields": ["code"]}])).contains("fields of all"));
    assert!(refused(json!([{"_name": "parts"}])).contains("possible are"));
    let page = json!({"_name": "page", "from": 0, "to": 2, "extraData": ["total"]});
    let answered = world.ask(&json!({"query": any(json!([page]))})).unwrap();
    assert_eq!(answered.total, Some(7));
}
