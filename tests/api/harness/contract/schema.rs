//! Compares a value with a schema of the contract. It knows the words that the contract uses, and refuses any other, so
//! that none is passed over.

use serde_json::{Map, Value};

/// Words that describe and don't restrict an answer: `discriminator` only tells which of `oneOf` it is, `default` is for
/// inputs.
const SILENT: [&str; 3] = ["discriminator", "default", "deprecated"];

/// The schemas that others refer to by name.
pub struct Schemas<'a>(pub &'a Map<String, Value>);

impl Schemas<'_> {
    /// What is wrong with `value`, each with its place. Nothing, when it is as the schema says.
    pub fn problems(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.compare(schema, value, "$", &mut found);
        found
    }

    fn compare(&self, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
        let words = schema.as_object().expect("a schema is an object");
        let mut say = |text: String| found.push(format!("{place} {text}"));
        for (word, rule) in words {
            match word.as_str() {
                "type" if !is_of_type(rule.as_str().unwrap(), value) => {
                    say(format!("is no {rule}: {value}"));
                    return;
                }
                "const" if rule != value => say(format!("is not {rule}: {value}")),
                "enum" if !rule.as_array().unwrap().contains(value) => {
                    say(format!("is none of {rule}: {value}"));
                }
                "minLength" | "maxLength" | "maxItems" | "exclusiveMinimum" | "uniqueItems"
                    if !is_within(word, rule, value) =>
                {
                    say(format!("breaks {word} {rule}: {value}"));
                }
                "format" if !is_of_format(rule.as_str().unwrap(), value) => {
                    say(format!("is not of the format {rule}: {value}"));
                }
                "required" => {
                    for name in rule.as_array().unwrap() {
                        if value.get(name.as_str().unwrap()).is_none() {
                            say(format!("lacks {name}"));
                        }
                    }
                }
                _ => {}
            }
        }
        self.compare_parts(words, value, place, found);
    }

    fn compare_parts(
        &self,
        words: &Map<String, Value>,
        value: &Value,
        place: &str,
        found: &mut Vec<String>,
    ) {
        for (word, rule) in words {
            match word.as_str() {
                "$ref" => self.compare(self.named(rule), value, place, found),
                "items" => {
                    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.compare(rule, item, &format!("{place}[{at}]"), found);
                    }
                }
                "properties" => {
                    for (name, schema) in rule.as_object().unwrap() {
                        if let Some(part) = value.get(name) {
                            self.compare(schema, part, &format!("{place}.{name}"), found);
                        }
                    }
                }
                "additionalProperties" if rule.is_object() => {
                    let known = words.get("properties").and_then(Value::as_object);
                    for (name, part) in value.as_object().into_iter().flatten() {
                        if known.is_none_or(|known| !known.contains_key(name)) {
                            self.compare(rule, part, &format!("{place}.{name}"), found);
                        }
                    }
                }
                "oneOf" | "anyOf" => {
                    let kinds = rule.as_array().unwrap().iter();
                    let tries: Vec<Vec<String>> =
                        kinds.map(|each| self.problems(each, value)).collect();
                    if !tries.iter().any(Vec::is_empty) {
                        found.push(format!("{place} is none of its {word}: {tries:?}"));
                    }
                }
                other => assert!(
                    is_known(other),
                    "the contract uses {other}: say what it means"
                ),
            }
        }
    }

    fn named(&self, reference: &Value) -> &Value {
        let name = reference.as_str().unwrap();
        let name = name.strip_prefix("#/components/schemas/").unwrap();
        &self.0[name]
    }
}

/// Panics at a word, a type or a format that isn't known here, however deep it is.
pub fn read(schema: &Value) {
    for (word, rule) in schema.as_object().unwrap() {
        match word.as_str() {
            "properties" => rule.as_object().unwrap().values().for_each(read),
            "items" => read(rule),
            "additionalProperties" if rule.is_object() => read(rule),
            "oneOf" | "anyOf" => rule.as_array().unwrap().iter().for_each(read),
            "type" => {
                is_of_type(rule.as_str().unwrap(), &Value::Null);
            }
            "format" => {
                is_of_format(rule.as_str().unwrap(), &Value::Null);
            }
            "$ref" => {}
            other => assert!(
                is_known(other),
                "the contract uses {other}: say what it means"
            ),
        }
    }
}

fn is_known(word: &str) -> bool {
    let rules = [
        "type",
        "const",
        "enum",
        "minLength",
        "maxLength",
        "maxItems",
        "exclusiveMinimum",
        "uniqueItems",
        "format",
        "required",
        "additionalProperties",
    ];
    rules.contains(&word) || SILENT.contains(&word)
}

fn is_of_type(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("the contract has the type {other}: say what it means"),
    }
}

fn is_within(word: &str, rule: &Value, value: &Value) -> bool {
    let length = || value.as_str().map_or(0, |text| text.chars().count());
    let limit = || usize::try_from(rule.as_u64().unwrap()).unwrap();
    match word {
        "minLength" => length() >= limit(),
        "maxLength" => length() <= limit(),
        "maxItems" => value.as_array().map_or(0, Vec::len) <= limit(),
        "exclusiveMinimum" => value.as_f64() > rule.as_f64(),
        "uniqueItems" => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            !(rule == &Value::Bool(true))
                || items
                    .iter()
                    .enumerate()
                    .all(|(at, item)| !items[..at].contains(item))
        }
        _ => unreachable!(),
    }
}

fn is_of_format(format: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    match format {
        "int32" => value
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        "int64" => value.is_i64(),
        "colour-#RRGGBB-or-empty" => {
            text.is_empty()
                || (text.len() == 7
                    && text.starts_with('#')
                    && text[1..].chars().all(|digit| digit.is_ascii_hexdigit()))
        }
        // What a text means is its domain's business: an answer gives back what was put in.
        "double" | "binary" | "url" | "email" | "printable-ascii" => true,
        other => panic!("the contract has the format {other}: say what it means"),
    }
}
