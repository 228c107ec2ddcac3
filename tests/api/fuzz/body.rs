//! Bodies that are almost right: by the endpoint's own schema, with something wrong here and there.

use serde_json::{Map, Value, json};

use super::tape::Tape;

/// Something in place of a fitting value: once in so many.
const WRONG: usize = 12;

/// A body for the schema.
pub fn body(tape: &mut Tape, document: &Value, schema: &Value) -> Value {
    value(tape, document, schema, "", 6)
}

fn value(tape: &mut Tape, document: &Value, schema: &Value, name: &str, depth: usize) -> Value {
    if depth == 0 || tape.is_once_in(WRONG) {
        return tape.json(2);
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let place = reference
            .strip_prefix('#')
            .expect("a reference within the document");
        let schema = document.pointer(place).expect("a schema that is there");
        return value(tape, document, schema, name, depth);
    }
    for union in ["oneOf", "anyOf"] {
        if let Some(list) = schema[union].as_array() {
            let schema = tape.pick(list);
            return value(tape, document, &schema, name, depth);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts
            .iter()
            .map(|part| value(tape, document, part, name, depth - 1));
        return parts.fold(json!({}), merged);
    }
    if let Some(values) = schema["enum"].as_array() {
        return tape.pick(values);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => tape.pick(kinds),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("object") if schema["properties"].is_object() => object(tape, document, schema, depth),
        Some("array") => (0..tape.below(4))
            .map(|_| value(tape, document, &schema["items"], name, depth - 1))
            .collect(),
        Some("string") => text(tape, name).into(),
        Some("integer" | "number") => tape.number(),
        Some("boolean") => (tape.below(2) == 1).into(),
        Some("null") => Value::Null,
        _ => tape.json(3),
    }
}

fn object(tape: &mut Tape, document: &Value, schema: &Value, depth: usize) -> Value {
    let is_required = |name: &str| {
        let list = schema["required"].as_array().into_iter().flatten();
        list.into_iter().any(|required| required == name)
    };
    let mut object = Map::new();
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        let is_there = if is_required(name) {
            !tape.is_once_in(WRONG)
        } else {
            tape.below(3) == 1
        };
        if is_there {
            object.insert(name.clone(), value(tape, document, schema, name, depth - 1));
        }
    }
    if tape.is_once_in(WRONG) {
        object.insert(tape.text(), tape.json(2));
    }
    object.into()
}

fn merged(mut left: Value, right: Value) -> Value {
    match (&mut left, right) {
        (Value::Object(left), Value::Object(right)) => left.extend(right),
        (left, right) => *left = right,
    }
    left
}

/// Mostly a text that the property takes.
fn text(tape: &mut Tape, name: &str) -> String {
    let fitting: &[&str] = match name {
        "login" | "email" | "user" => &["new@acme.test", "Other.One@acme.test"],
        "profile" => &["analyst", "read-only", "org-admin"],
        "organisation" | "defaultOrganisation" => &["acme", "other"],
        "status" => &[
            "New",
            "InProgress",
            "TruePositive",
            "Waiting",
            "Completed",
            "Cancel",
        ],
        "impactStatus" => &["NoImpact", "WithImpact"],
        "assignee" => &["ana@acme.test"],
        "permissions" => &["manageTask", "manageCase/create", "manageUser"],
        "ids" => &["1", "~1", "2"],
        "taskRule" | "observableRule" => &["manual", "autoShare"],
        "color" | "colour" => &["#1A2B3C"],
        _ => &["A title", "words of a text"],
    };
    if tape.below(3) == 0 {
        tape.pick(fitting).to_owned()
    } else {
        tape.text()
    }
}
