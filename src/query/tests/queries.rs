//! Random specimens and random queries.

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::specimen::{Part, Specimen, a_specimen};
use super::world::{FOREIGN, NOW_MS, OWN};
use crate::storage::Value;

const DAY: i64 = 86_400_000;

/// Texts that have tripped somebody up somewhere.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "A",
    "ab",
    "É",
    "é",
    "100%",
    "a_b",
    "a*b",
    "a?b",
    "[a]",
    "[^a]",
    "a!b",
    "\\",
    "'",
    "\"",
    "*a",
    "a*",
    "Phishing Wave",
    "phish@bad.example",
    "bad-example",
    "bad",
    "ß",
    "İ",
    "日本 語",
    "😀",
    "null",
    "Σ",
    "ς",
];
const LOGINS: &[&str] = &["ana@acme.test", "bob@acme.test", ""];
/// Around now, the epoch, and the night in which Paris goes to summer time.
const INSTANTS: &[i64] = &[
    0,
    123,
    NOW_MS,
    NOW_MS - 1,
    NOW_MS - DAY,
    NOW_MS + 40 * DAY,
    -DAY,
    1_774_738_800_000,
    1_774_994_400_000,
    1_774_994_399_999,
];
const SIZES: &[i64] = &[-5, 0, 1, 2, 3, 10];
const WEIGHTS: &[f64] = &[-0.5, 0.0, 1.5, 10.0, 20.0];

fn text() -> impl Strategy<Value = String> {
    select(TEXTS).prop_map(str::to_owned)
}

/// Up to a dozen of them, with the ids 1, 2, 3…
pub fn specimens() -> impl Strategy<Value = Vec<Specimen>> {
    vec(specimen(), 0..12).prop_map(|mut specimens| {
        for (id, specimen) in (1..).zip(&mut specimens) {
            specimen.id = id;
            specimen.code = format!("{}{id}", specimen.code);
            for (index, part) in (1..).zip(&mut specimen.parts) {
                part.id = id * 100 + index;
                part.code = format!("{}/{index}", specimen.code);
            }
        }
        specimens
    })
}

fn specimen() -> impl Strategy<Value = Specimen> {
    let organisation = || select(vec![OWN, OWN, OWN, FOREIGN]);
    let texts = (text(), text(), text(), btree_set(text(), 0..3));
    let numbers = (
        1..=4_i64,
        option::of(select(SIZES)),
        option::of(select(WEIGHTS)),
        any::<bool>(),
        select(vec![1_000, 1_000, 2_000, NOW_MS]),
    );
    let links = (
        option::of(select(LOGINS)),
        option::of(1..8_i64),
        organisation(),
        vec(organisation(), 0..3),
    );
    let dates = (option::of(select(INSTANTS)), option::of(select(INSTANTS)));
    (texts, numbers, links, dates, notes()).prop_map(|(texts, numbers, links, dates, notes)| {
        let part = |organisation_id| Part {
            organisation_id,
            ..Part::default()
        };
        Specimen {
            title: texts.0,
            body: texts.1,
            tags: texts.3.into_iter().collect(),
            severity: numbers.0,
            size: numbers.1,
            weight: numbers.2,
            is_flagged: numbers.3,
            created_at: numbers.4,
            owner: links.0.map(str::to_owned),
            parent_id: links.1,
            organisation_id: links.2,
            parts: links.3.into_iter().map(part).collect(),
            found_at: dates.0,
            sent_at: dates.1,
            notes,
            ..a_specimen(0, &texts.2)
        }
    })
}

/// Values of the fields that people have defined: mostly one of each, at times several or an empty one, never two alike.
fn notes() -> impl Strategy<Value = Vec<(i64, Value)>> {
    let note = prop_oneof![
        2 => text().prop_map(|text| (1, Value::from(text))),
        1 => select(SIZES).prop_map(|size| (2, Value::from(size))),
        1 => select(WEIGHTS).prop_map(|weight| (3, Value::from(weight))),
        1 => any::<bool>().prop_map(|is| (4, Value::from(is))),
        1 => select(INSTANTS).prop_map(|instant| (5, Value::from(instant))),
        1 => (1..=5_i64).prop_map(|definition| (definition, Value::Null)),
    ];
    vec(note, 0..5).prop_map(|notes| {
        let mut kept: Vec<(i64, Value)> = Vec::new();
        for note in notes {
            if !kept.contains(&note) {
                kept.push(note);
            }
        }
        kept
    })
}

/// A filter on specimens.
pub fn filter() -> impl Strategy<Value = Json> {
    leaf().prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|filters| json!({"_and": filters})),
            vec(inner.clone(), 0..4).prop_map(|filters| json!({"_or": filters})),
            inner.prop_map(|filter| json!({"_not": filter})),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Json> {
    let text_fields = [
        "title",
        "code",
        "body",
        "tags",
        "owner",
        "grade",
        "_createdBy",
        "notes.word",
    ];
    let text_tests = [
        "_eq",
        "_ne",
        "_is",
        "_lt",
        "_lte",
        "_gt",
        "_gte",
        "_like",
        "_match",
        "_wildcard",
        "_startsWith",
        "_endsWith",
    ];
    let tests = ["_eq", "_ne", "_lt", "_lte", "_gt", "_gte", "_match"];
    let whole = || prop_oneof![select(SIZES), Just(i64::MAX), Just(i64::MIN)];
    let instant = || {
        prop_oneof![
            select(INSTANTS).prop_map(Json::from),
            Just(Json::from(i64::MAX)),
        ]
    };
    let id = || {
        prop_oneof![
            (0..9_i64).prop_map(|id| format!("~{id}")),
            Just("no id".to_owned()),
        ]
    };
    let fields = || {
        select(vec![
            "title",
            "code",
            "body",
            "tags",
            "owner",
            "grade",
            "size",
            "weight",
            "severity",
            "found",
            "parent",
            "travel",
            "travelInDays",
            "flagged",
            "_id",
            "_updatedAt",
            "notes.word",
            "notes.whole",
            "notes.real",
            "notes.yes",
            "notes.day",
        ])
    };
    prop_oneof![
        4 => (select(text_fields.to_vec()), select(text_tests.to_vec()), text(), any::<bool>())
            .prop_map(|(field, test, text, is_short)| spelled(test, field, text.into(), is_short)),
        2 => (select(vec!["size", "severity", "notes.whole"]), select(tests.to_vec()), whole(), any::<bool>())
            .prop_map(|(field, test, number, is_short)| spelled(test, field, number.into(), is_short)),
        1 => (select(vec!["weight", "travelInDays", "travelInHours", "notes.real"]), select(tests.to_vec()), select(WEIGHTS))
            .prop_map(|(field, test, number)| spelled(test, field, number.into(), true)),
        2 => (select(vec!["found", "sent", "_createdAt", "notes.day"]), select(tests.to_vec()), instant(), any::<bool>())
            .prop_map(|(field, test, instant, is_short)| spelled(test, field, instant, is_short)),
        1 => (select(vec!["found", "sent"]), select(vec!["_lt", "_gte"]), relative())
            .prop_map(|(field, test, date)| spelled(test, field, date, false)),
        1 => (select(vec!["flagged", "late", "notes.yes"]), any::<bool>()).prop_map(|(field, is)| json!({field: is})),
        1 => (select(vec!["parent", "_id"]), select(vec!["_eq", "_ne", "_gt"]), id())
            .prop_map(|(field, test, id)| spelled(test, field, id.into(), false)),
        1 => id().prop_map(|id| json!({"_id": id})),
        1 => (select(text_fields.to_vec()), vec(text(), 0..4))
            .prop_map(|(field, values)| json!({"_in": {"_field": field, "_values": values}})),
        1 => vec(id(), 0..4).prop_map(|values| json!({"_in": {"_field": "_id", "_values": values}})),
        1 => (whole(), whole())
            .prop_map(|(from, to)| json!({"_between": {"_field": "size", "_from": from, "_to": to}})),
        1 => (select(vec!["title", "tags", "notes.word"]), text(), text())
            .prop_map(|(field, from, to)| json!({"_between": {"_field": field, "_from": from, "_to": to}})),
        1 => (fields(), select(vec!["_has", "_contains", "_empty"])).prop_map(|(field, test)| json!({test: field})),
        1 => fields().prop_map(|field| json!({"_eq": {"_field": field, "_value": null}})),
        2 => (select(vec!["_match", "_like", "_eq", "_ne", "_endsWith"]), text())
            .prop_map(|(test, text)| json!({test: {"keyword": text}})),
    ]
}

fn spelled(test: &str, field: &str, value: Json, is_short: bool) -> Json {
    if is_short {
        json!({test: {field: value}})
    } else {
        json!({test: {"_field": field, "_value": value}})
    }
}

fn relative() -> impl Strategy<Value = Json> {
    (
        0..3_i64,
        select(vec!["minutes", "days", "weeks", "months", "years"]),
        select(vec!["behind", "ahead"]),
        option::of(select(vec!["startOfDay", "endOfDay"])),
    )
        .prop_map(|(amount, unit, look, modifier)| {
            json!({"amount": amount, "unit": unit, "look": look, "modifier": modifier})
        })
}

fn sort() -> impl Strategy<Value = Json> {
    let fields = select(vec![
        "title",
        "code",
        "size",
        "weight",
        "severity",
        "found",
        "owner",
        "grade",
        "travel",
        "travelInHours",
        "flagged",
        "late",
        "parent",
        "_createdAt",
        "_id",
        "notes.word",
        "notes.whole",
        "notes.real",
        "notes.yes",
        "notes.day",
    ]);
    let key = (fields, any::<bool>())
        .prop_map(|(field, is_down)| json!({field: if is_down { "desc" } else { "asc" }}));
    vec(key, 0..3).prop_map(|keys| json!({"_name": "sort", "_fields": keys}))
}

fn page() -> impl Strategy<Value = Json> {
    (0..6_u64, option::of(0..9_u64))
        .prop_map(|(from, to)| json!({"_name": "page", "from": from, "to": to}))
}

/// Operations that work on specimens and leave specimens.
fn steps() -> impl Strategy<Value = Vec<Json>> {
    let filtered = filter().prop_map(|mut filter| {
        filter["_name"] = json!("filter");
        filter
    });
    let edge =
        select(vec!["children", "siblings", "alike"]).prop_map(|edge| json!({"_name": edge}));
    let there_and_back = Just(json!([{"_name": "parts"}, {"_name": "specimen"}]));
    let step = prop_oneof![4 => filtered, 2 => sort(), 1 => page(), 1 => edge, 1 => there_and_back];
    vec(step, 0..4).prop_map(|steps| {
        let flat = |step| match step {
            Json::Array(several) => several,
            one => vec![one],
        };
        steps.into_iter().flat_map(flat).collect()
    })
}

/// A whole query.
pub fn query() -> impl Strategy<Value = Json> {
    let start = prop_oneof![
        4 => Just(json!({"_name": "listSpecimen"})),
        1 => Just(json!({"_name": "flaggedSpecimens"})),
        1 => (0..13_i64).prop_map(|id| json!({"_name": "getSpecimen", "idOrName": format!("~{id}")})),
    ];
    let end = prop_oneof![
        4 => Just(json!({"_name": "output"})),
        1 => Just(json!({"_name": "parts"})),
        1 => Just(json!({"_name": "count"})),
        1 => Just(json!({"_name": "limitedCount", "threshold": 3})),
        1 => Just(json!({"_name": "owners"})),
        1 => Just(json!({"_name": "partCodes"})),
        3 => aggregation().prop_map(|mut aggregation| {
            aggregation["_name"] = json!("aggregation");
            aggregation
        }),
    ];
    (start, steps(), end).prop_map(|(start, steps, end)| {
        let mut operations = vec![start];
        operations.extend(steps);
        operations.push(end);
        json!({"query": operations})
    })
}

fn aggregation() -> impl Strategy<Value = Json> {
    let number = select(vec![
        "size",
        "weight",
        "severity",
        "travel",
        "travelInHours",
        "found",
        "notes.whole",
        "notes.real",
        "notes.day",
    ]);
    let math = select(vec!["sum", "avg", "min", "max"]);
    let name = || option::of(select(vec!["one", "two"]));
    let leaf = prop_oneof![
        name().prop_map(|name| json!({"_agg": "count", "_name": name})),
        (math, number, name())
            .prop_map(|(math, field, name)| json!({"_agg": math, "_field": field, "_name": name})),
    ];
    let narrowed = (leaf, option::weighted(0.3, filter())).prop_map(|(mut leaf, query)| {
        leaf["_query"] = query.unwrap_or(Json::Null);
        leaf
    });
    narrowed.prop_recursive(3, 12, 3, |inner| {
        let by_value = (
            select(vec![
                "severity", "title", "owner", "tags", "flagged", "late", "parent", "weight", "grade", "_createdBy",
                "notes.word", "notes.whole", "notes.yes",
            ]),
            option::of(0..3_u64),
            option::of(select(vec!["-count", "+count", "-field", "+field"])),
            vec(inner.clone(), 0..3),
        )
            .prop_map(|(field, size, order, select)| {
                let select = if select.is_empty() { Json::Null } else { select.into() };
                let mut groups = json!({"_agg": "field", "_field": field, "_size": size, "_select": select});
                if let Some(order) = order {
                    groups["_order"] = json!([order]);
                }
                groups
            });
        let by_time = (
            select(vec!["found", "sent", "_createdAt", "notes.day"]),
            select(vec!["5s", "90m", "1h", "1d", "3d", "1w", "2w", "1M", "5M", "1y", "2y"]),
            vec(inner, 1..3),
        )
            .prop_map(|(field, interval, select)| {
                json!({"_agg": "time", "_fields": [field], "_interval": interval, "_select": select})
            });
        prop_oneof![by_value, by_time]
    })
}
