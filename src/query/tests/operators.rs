//! What each operator means, on each kind of field: a table of filters with the specimens they find.

use serde_json::{Value as Json, json};

use super::specimen::{Specimen, a_specimen};
use super::world::{FOREIGN, NOW_MS, worlds_with};

const DAY: i64 = 86_400_000;

/// Three specimens with everything, one with next to nothing, one of another organisation.
fn specimens() -> Vec<Specimen> {
    vec![
        Specimen {
            title: "Phishing Wave".to_owned(),
            body: "Mail from Évil@Bad.example, urgent".to_owned(),
            severity: 1,
            size: Some(10),
            weight: Some(1.5),
            is_flagged: true,
            found_at: Some(NOW_MS - DAY),
            sent_at: Some(NOW_MS - DAY + 3_600_000),
            owner: Some("ana@acme.test".to_owned()),
            tags: vec!["red".to_owned(), "Blue_1".to_owned()],
            ..a_specimen(11, "A-1")
        },
        Specimen {
            title: "phish 100% [sure]".to_owned(),
            body: "Nothing urgently bad".to_owned(),
            severity: 3,
            size: Some(20),
            weight: Some(20.0),
            found_at: Some(NOW_MS + DAY),
            sent_at: Some(NOW_MS + 2 * DAY),
            owner: Some("bob@acme.test".to_owned()),
            parent_id: Some(11),
            tags: vec!["red".to_owned()],
            ..a_specimen(12, "a_2")
        },
        Specimen {
            title: "ÉTÉ".to_owned(),
            severity: 4,
            size: Some(-5),
            weight: Some(0.0),
            found_at: Some(NOW_MS),
            owner: Some(String::new()),
            parent_id: Some(12),
            ..a_specimen(13, "b*3")
        },
        a_specimen(14, "none"),
        Specimen {
            organisation_id: FOREIGN,
            title: "Phishing Wave".to_owned(),
            size: Some(10),
            tags: vec!["red".to_owned()],
            ..a_specimen(15, "foreign")
        },
    ]
}

const ALL: [&str; 4] = ["A-1", "a_2", "b*3", "none"];

fn check(cases: &[(Json, &[&str])]) {
    for world in worlds_with(&specimens()) {
        for (filter, expected) in cases {
            let mut operation = filter.clone();
            operation["_name"] = json!("filter");
            let found = world.codes(&json!([{"_name": "listSpecimen"}, operation]));
            assert_eq!(found, *expected, "{} finds for {filter}", world.name);
        }
    }
}

fn on(operator: &str, field: &str, value: impl Into<Json>) -> Json {
    json!({operator: {"_field": field, "_value": value.into()}})
}

#[test]
fn equal_and_not_equal() {
    check(&[
        (on("_eq", "severity", 3), &["a_2"]),
        (on("_is", "severity", 3), &["a_2"]),
        (on("_eq", "severity", 3.0), &["a_2"]),
        (on("_eq", "code", "A-1"), &["A-1"]),
        (on("_eq", "code", "a-1"), &[]),
        (on("_eq", "title", "Phishing Wave"), &["A-1"]),
        (on("_eq", "title", "phishing wave"), &[]),
        (on("_eq", "weight", 20), &["a_2"]),
        (on("_eq", "weight", 1.5), &["A-1"]),
        (on("_eq", "flagged", true), &["A-1"]),
        (on("_eq", "flagged", false), &["a_2", "b*3", "none"]),
        (on("_eq", "late", true), &["A-1"]),
        (on("_eq", "found", NOW_MS), &["b*3"]),
        (on("_eq", "owner", "bob@acme.test"), &["a_2"]),
        (on("_eq", "grade", "heavy"), &["a_2"]),
        (on("_eq", "parent", "~12"), &["b*3"]),
        (on("_eq", "parent", "no id"), &[]),
        (on("_eq", "travelInHours", 1), &["A-1"]),
        (on("_eq", "travel", 3_600_000), &["A-1"]),
        // On a set: contains.
        (on("_eq", "tags", "red"), &["A-1", "a_2"]),
        (on("_ne", "tags", "red"), &["b*3", "none"]),
        // Missing values: equal to nothing, not equal to anything.
        (on("_ne", "size", 10), &["a_2", "b*3", "none"]),
        (on("_ne", "parent", "~12"), &["A-1", "a_2", "none"]),
        (on("_ne", "_id", "ana@acme.test"), &ALL),
        (on("_ne", "severity", 2), &["A-1", "a_2", "b*3"]),
        // Equal to null is to have no value.
        (on("_eq", "size", Json::Null), &["none"]),
        (on("_ne", "size", Json::Null), &["A-1", "a_2", "b*3"]),
    ]);
}

#[test]
fn order_and_between() {
    check(&[
        (on("_lt", "size", 10), &["b*3"]),
        (on("_lte", "size", 10), &["A-1", "b*3"]),
        (on("_gt", "size", 10), &["a_2"]),
        (on("_gte", "size", 10), &["A-1", "a_2"]),
        (on("_lt", "weight", 1.5), &["b*3"]),
        (on("_gte", "weight", 1), &["A-1", "a_2"]),
        // Text goes by its bytes: capitals come first.
        (on("_lt", "code", "a"), &["A-1"]),
        (on("_gte", "code", "a_2"), &["a_2", "b*3", "none"]),
        (on("_gt", "tags", "a"), &["A-1", "a_2"]),
        (on("_lt", "tags", "a"), &["A-1"]),
        (on("_gt", "travelInDays", 0.5), &["a_2"]),
        (on("_gt", "_createdAt", 12_000), &["b*3", "none"]),
        (on("_gt", "parent", "~11"), &["b*3"]),
        (
            json!({"_between": {"_field": "size", "_from": 10, "_to": 20}}),
            &["A-1"],
        ),
        (
            json!({"_between": {"_field": "size", "_from": 20, "_to": 10}}),
            &[],
        ),
        (
            json!({"_between": {"_field": "_createdAt", "_from": 0, "_to": 13_000}}),
            &["A-1", "a_2"],
        ),
        (
            json!({"_between": {"_field": "code", "_from": "A", "_to": "a_2"}}),
            &["A-1"],
        ),
    ]);
}

#[test]
fn one_of() {
    let one_of = |field: &str, values: Json| json!({"_in": {"_field": field, "_values": values}});
    check(&[
        (one_of("severity", json!([1, 4, 9])), &["A-1", "b*3"]),
        (one_of("severity", json!([1])), &["A-1"]),
        (one_of("severity", json!([])), &[]),
        (json!({"_not": one_of("severity", json!([]))}), &ALL),
        (one_of("tags", json!(["Blue_1", "green"])), &["A-1"]),
        (one_of("_id", json!(["~12", "nonsense", "~99"])), &["a_2"]),
        (one_of("_id", json!(["nonsense"])), &[]),
        (
            json!({"_not": one_of("size", json!([10, 20]))}),
            &["b*3", "none"],
        ),
    ]);
}

#[test]
fn has_and_empty() {
    check(&[
        (json!({"_has": "size"}), &["A-1", "a_2", "b*3"]),
        (json!({"_contains": "size"}), &["A-1", "a_2", "b*3"]),
        (json!({"_has": {"_field": "size"}}), &["A-1", "a_2", "b*3"]),
        (json!({"_has": "code"}), &ALL),
        (json!({"_has": "tags"}), &["A-1", "a_2"]),
        (json!({"_has": "travel"}), &["A-1", "a_2"]),
        (json!({"_has": "travelInDays"}), &["A-1", "a_2"]),
        (json!({"_has": "owner"}), &["A-1", "a_2", "b*3"]),
        (json!({"_empty": "owner"}), &["b*3", "none"]),
        (json!({"_empty": "tags"}), &["b*3", "none"]),
        (json!({"_empty": "size"}), &["none"]),
        (json!({"_empty": "severity"}), &[]),
        (json!({"_empty": "body"}), &["b*3", "none"]),
        (json!({"_not": {"_has": "size"}}), &["none"]),
    ]);
}

#[test]
fn parts_of_text() {
    check(&[
        // A folded text ignores letter case, beyond ASCII too.
        (on("_startsWith", "title", "PHISH"), &["A-1", "a_2"]),
        (on("_endsWith", "title", "wave"), &["A-1"]),
        (on("_like", "title", "hish"), &["A-1", "a_2"]),
        (on("_like", "title", "été"), &["b*3"]),
        (on("_like", "title", "phish*"), &["A-1", "a_2"]),
        (on("_like", "title", "*WAVE"), &["A-1"]),
        (on("_like", "title", "*wave*"), &["A-1"]),
        (on("_like", "title", ""), &ALL),
        (on("_wildcard", "title", "phish*%*"), &["a_2"]),
        (on("_wildcard", "title", "?t?"), &["b*3"]),
        (on("_wildcard", "title", "phish"), &[]),
        // A plain text heeds it, and its signs are only signs.
        (on("_startsWith", "code", "a"), &["a_2"]),
        (on("_startsWith", "code", "A"), &["A-1"]),
        (on("_endsWith", "code", "*3"), &["b*3"]),
        (on("_like", "code", "_"), &["a_2"]),
        (on("_wildcard", "code", "?-1"), &["A-1"]),
        (on("_wildcard", "code", "b*"), &["b*3"]),
        (on("_like", "tags", "Blue_"), &["A-1"]),
        (on("_like", "tags", "blue"), &[]),
        (on("_like", "title", "100%"), &["a_2"]),
        (on("_like", "title", "[sure]"), &["a_2"]),
        (on("_like", "title", "100_"), &[]),
        (on("_like", "title", "'; drop table specimen; --"), &[]),
        // Logins are lower case, however they are typed.
        (on("_like", "owner", "ANA@"), &["A-1"]),
        (on("_endsWith", "owner", "acme.test"), &["A-1", "a_2"]),
        (on("_match", "owner", "ana@acme.test"), &["A-1"]),
        // Long texts: parts of words, by the index's folded text.
        (on("_like", "body", "URGENT"), &["A-1", "a_2"]),
        (on("_like", "body", "évil@bad"), &["A-1"]),
        (on("_startsWith", "body", "mail"), &["A-1"]),
        (on("_endsWith", "body", "bad"), &["a_2"]),
        (on("_wildcard", "body", "*bad*urgent"), &["A-1"]),
        (on("_like", "grade", "hea"), &["a_2"]),
    ]);
}

#[test]
fn words() {
    check(&[
        // The index has words, and parts of words joined by dots and the like; a search may stop within a word.
        (on("_match", "body", "urgent"), &["A-1", "a_2"]),
        (on("_match", "body", "bad"), &["A-1", "a_2"]),
        (on("_match", "body", "BAD.example"), &["A-1"]),
        (on("_match", "body", "évil@bad.exam"), &["A-1"]),
        (on("_match", "body", "from mail"), &["A-1"]),
        (on("_match", "body", "rgent"), &[]),
        (on("_match", "body", "(!)"), &[]),
        (on("_match", "body", " "), &ALL),
        // A title is also found by any part, for those who type ahead.
        (on("_match", "title", "wave phish"), &["A-1"]),
        (on("_match", "title", "ave"), &["A-1"]),
        (on("_match", "title", "%"), &["a_2"]),
        (on("_match", "title", "ét"), &["b*3"]),
        // What is not searched by words is matched as a whole.
        (on("_match", "code", "A-1"), &["A-1"]),
        (on("_match", "code", "A"), &[]),
        (on("_match", "severity", 3), &["a_2"]),
        (on("_match", "tags", "red"), &["A-1", "a_2"]),
        // Over the whole entity.
        (on("_match", "keyword", "wave"), &["A-1"]),
        (on("_eq", "keyword", "bad wave"), &["A-1"]),
        (on("_match", "keyword", "a_2"), &["a_2"]),
        (on("_like", "keyword", "hish"), &["A-1", "a_2"]),
        (on("_ne", "keyword", "wave"), &["a_2", "b*3", "none"]),
        (on("_match", "keyword", "\" OR \"x"), &[]),
    ]);
}

#[test]
fn logic() {
    let red = on("_eq", "tags", "red");
    let big = on("_gt", "size", 10);
    check(&[
        (json!({"_and": [red, big]}), &["a_2"]),
        (
            json!({"_or": [red, on("_eq", "code", "none")]}),
            &["A-1", "a_2", "none"],
        ),
        (json!({"_and": []}), &ALL),
        (json!({"_or": []}), &[]),
        (json!({"_not": {"_or": []}}), &ALL),
        (json!({"_not": {"_not": red}}), &["A-1", "a_2"]),
        // The inside is unknown for what has no size: "not" is true there.
        (json!({"_not": big}), &["A-1", "b*3", "none"]),
        (json!({"_not": {"_not": big}}), &["a_2"]),
        (
            json!({"_not": {"_and": [red, big]}}),
            &["A-1", "b*3", "none"],
        ),
        (
            json!({"_not": {"_and": [{"_not": big}, {"_or": [red, {"_not": on("_lt", "size", 0)}]}]}}),
            &["a_2", "b*3"],
        ),
    ]);
}

#[test]
fn dates_relative_to_now() {
    let relative =
        |amount: i64, unit: &str, look: &str| json!({"amount": amount, "unit": unit, "look": look});
    check(&[
        (
            on("_gte", "found", relative(1, "days", "behind")),
            &["A-1", "a_2", "b*3"],
        ),
        (
            on("_gt", "found", relative(1, "days", "behind")),
            &["a_2", "b*3"],
        ),
        (
            on("_lte", "found", relative(0, "minutes", "ahead")),
            &["A-1", "b*3"],
        ),
        (
            on("_gt", "found", relative(2, "weeks", "behind")),
            &["A-1", "a_2", "b*3"],
        ),
        (
            json!({"_between": {"_field": "found", "_from": relative(1, "hours", "behind"),
                "_to": relative(1, "years", "ahead")}}),
            &["a_2", "b*3"],
        ),
        (
            json!({"_lt": {"found": {"amount": 0, "unit": "days", "look": "behind", "modifier": "startOfDay"}}}),
            &["A-1"],
        ),
    ]);
}
