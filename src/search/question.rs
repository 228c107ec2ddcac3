//! What is searched for, as a filter of the query language on one kind of entity.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::parser::{Is, Wanted};
use crate::access::{Reading, Result};
use crate::query::{Choices, Entity, Field, Kind, described};
use crate::text::fold::fold;

/// What people call a property, and what it is called in the API. The first that the entity has is meant.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("tag", &["tags"]),
    ("created", &["_createdAt"]),
    ("createdat", &["_createdAt"]),
    ("updated", &["_updatedAt"]),
    ("updatedat", &["_updatedAt"]),
    ("by", &["_createdBy"]),
    ("createdby", &["_createdBy"]),
    ("updatedby", &["_updatedBy"]),
    ("id", &["_id"]),
    ("type", &["type", "dataType"]),
    ("value", &["data"]),
    ("due", &["dueDate"]),
    ("ref", &["sourceRef"]),
    ("technique", &["patternId"]),
];

/// The property of an entity that goes by this name, in any letter case.
pub(super) fn field_of(entity: &Entity, name: &str) -> Option<Field> {
    let name = fold(name);
    let fields = described(entity);
    let called = |wanted: &str| fields.iter().find(|field| fold(field.name) == wanted);
    let other = || {
        let (_, meant) = OTHER_NAMES.iter().find(|(other, _)| *other == name)?;
        meant.iter().find_map(|name| called(&fold(name)))
    };
    called(&name)
        .or_else(other)
        .filter(|field| field.name != "keyword")
        .copied()
}

/// Whether entities of the kind can be searched for by words.
pub(super) fn is_searched(entity: &Entity) -> bool {
    has_words(entity) || entity.fields.iter().any(|field| field.folded.is_some())
}

fn has_words(entity: &Entity) -> bool {
    entity.fields.iter().any(|field| field.indexed.is_some())
}

/// Turns what is wanted into filters on an entity.
pub(super) struct Question<'a> {
    pub reading: &'a Reading<'a>,
    pub entity: &'a Entity,
    /// Whether any kind of entity has a property of the name; else it was meant as a word.
    pub is_known: &'a dyn Fn(&str) -> bool,
    /// The caller, whom `me` stands for.
    pub login: &'a str,
}

impl Question<'_> {
    /// The filter; `None` when entities of the kind can't be meant, since they have no such property.
    ///
    /// # Errors
    /// Only those of the storage.
    pub fn filter(&self, wanted: &Wanted) -> Result<Option<Json>> {
        Ok(match wanted {
            Wanted::All(parts) => {
                let mut filters = Vec::with_capacity(parts.len());
                for part in parts {
                    match self.filter(part)? {
                        Some(filter) => filters.push(filter),
                        None => return Ok(None),
                    }
                }
                Some(json!({ "_and": filters }))
            }
            Wanted::Any(parts) => {
                let mut filters = Vec::with_capacity(parts.len());
                for part in parts {
                    filters.extend(self.filter(part)?);
                }
                (!filters.is_empty()).then(|| json!({ "_or": filters }))
            }
            Wanted::Not(part) => self.filter(part)?.map(|filter| json!({ "_not": filter })),
            Wanted::Word(word) => Some(self.word(word)),
            Wanted::Phrase(text) => Some(self.phrase(text)),
            Wanted::Field {
                name,
                is,
                value,
                typed,
            } => match field_of(self.entity, name) {
                Some(field) => self.property(&field, *is, value)?,
                None if (self.is_known)(name) => None,
                None => Some(self.word(typed)),
            },
        })
    }

    fn word(&self, word: &str) -> Json {
        // `#12` is case 12, which has its number among its words too.
        if let Some(number) = word
            .strip_prefix('#')
            .and_then(|rest| rest.parse::<i64>().ok())
            && field_of(self.entity, "number").is_some()
        {
            return json!({ "_eq": { "_field": "number", "_value": number } });
        }
        if !has_words(self.entity) {
            return self.in_names(word.trim_matches('*'));
        }
        // The index finds the beginnings of words by itself; other wildcards look at the texts.
        let beginning = word.trim_end_matches('*');
        if beginning.contains('*') {
            return json!({ "_like": { "_field": "keyword", "_value": word } });
        }
        json!({ "_match": { "_field": "keyword", "_value": beginning } })
    }

    /// The words are in the index; that they stand side by side is seen in the texts of those that have them.
    fn phrase(&self, text: &str) -> Json {
        if !has_words(self.entity) {
            return self.in_names(text);
        }
        json!({ "_and": [
            { "_match": { "_field": "keyword", "_value": text } },
            { "_like": { "_field": "keyword", "_value": text.trim() } },
        ] })
    }

    fn in_names(&self, text: &str) -> Json {
        let named = self.entity.fields.iter().filter(|field| {
            field.folded.is_some() || (matches!(field.kind, Kind::User) && field.name == "login")
        });
        let filters: Vec<Json> = named
            .map(|field| json!({ "_like": { "_field": field.name, "_value": text } }))
            .collect();
        json!({ "_or": filters })
    }

    fn property(&self, field: &Field, is: Is, value: &str) -> Result<Option<Json>> {
        let compare = |value: Json| Some(compared(field.name, is, &value));
        Ok(match field.kind {
            Kind::Integer => value
                .parse::<i64>()
                .ok()
                .and_then(|number| compare(number.into())),
            Kind::Float => value
                .parse::<f64>()
                .ok()
                .and_then(|number| compare(number.into())),
            Kind::Boolean => match fold(value).as_str() {
                "true" | "yes" | "1" => compare(true.into()),
                "false" | "no" | "0" => compare(false.into()),
                _ => None,
            },
            Kind::Scale(scale) => {
                let labelled = scale.iter().find(|(_, label)| *label == fold(value));
                let number = labelled
                    .map(|(number, _)| *number)
                    .or_else(|| value.parse().ok());
                number.and_then(|number| compare(number.into()))
            }
            Kind::Date => dated(field.name, is, value),
            Kind::Id => compare(value.into()),
            Kind::User if fold(value) == "me" => compare(self.login.into()),
            Kind::User if value.contains('@') => compare(fold(value).into()),
            Kind::User => Some(json!({ "_like": { "_field": field.name, "_value": value } })),
            Kind::Choice(choices) => {
                let stored;
                let values: Vec<&str> = match choices {
                    Choices::Fixed(values) => values.to_vec(),
                    Choices::Stored(values) => {
                        stored = values(self.reading)?;
                        stored.iter().map(String::as_str).collect()
                    }
                };
                let meant = values.into_iter().find(|one| fold(one) == fold(value));
                compare(meant.unwrap_or(value).into())
            }
            Kind::Text => Some(texted(field, value)),
        })
    }
}

fn compared(name: &str, is: Is, value: &Json) -> Json {
    let operator = match is {
        Is::Equal => "_eq",
        Is::Less => "_lt",
        Is::LessOrEqual => "_lte",
        Is::Greater => "_gt",
        Is::GreaterOrEqual => "_gte",
    };
    json!({ operator: { "_field": name, "_value": value } })
}

/// Texts with words have them; other texts are as a whole what was typed, in the letter cases that people write in.
fn texted(field: &Field, value: &str) -> Json {
    if field.indexed.is_some() || field.folded.is_some() {
        return if value.contains('*') {
            json!({ "_wildcard": { "_field": field.name, "_value": value } })
        } else if value.contains(char::is_whitespace) {
            json!({ "_like": { "_field": field.name, "_value": value } })
        } else {
            json!({ "_match": { "_field": field.name, "_value": value } })
        };
    }
    let operator = if value.contains('*') {
        "_wildcard"
    } else {
        "_eq"
    };
    let filters: Vec<Json> = letter_cases(value)
        .into_iter()
        .map(|value| json!({ operator: { "_field": field.name, "_value": value } }))
        .collect();
    json!({ "_or": filters })
}

/// As typed, small, large, and with a large first letter.
fn letter_cases(value: &str) -> Vec<String> {
    let small = value.to_lowercase();
    let mut characters = small.chars();
    let first: String = characters
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    let titled = first + characters.as_str();
    let mut cases = vec![value.to_owned(), small, value.to_uppercase(), titled];
    cases.sort_unstable();
    cases.dedup();
    cases
}

const DAY_MS: i64 = 86_400_000;

/// A day (`2026-03-02`, in UTC) or how long ago (`7d`: within the last seven days).
fn dated(name: &str, is: Is, value: &str) -> Option<Json> {
    if let Some(ago) = ago(value) {
        let operator = match is {
            Is::Less | Is::LessOrEqual => "_lt",
            Is::Equal | Is::Greater | Is::GreaterOrEqual => "_gte",
        };
        return Some(json!({ operator: { "_field": name, "_value": ago } }));
    }
    let day: Date = value.parse().ok()?;
    let from = day
        .to_zoned_datetime(TimeZone::UTC)
        .ok()?
        .timestamp()
        .as_millisecond();
    let to = from + DAY_MS;
    Some(match is {
        Is::Equal => json!({ "_between": { "_field": name, "_from": from, "_to": to } }),
        Is::Less => compared(name, Is::Less, &from.into()),
        Is::LessOrEqual => compared(name, Is::Less, &to.into()),
        Is::Greater => compared(name, Is::GreaterOrEqual, &to.into()),
        Is::GreaterOrEqual => compared(name, Is::GreaterOrEqual, &from.into()),
    })
}

fn ago(value: &str) -> Option<Json> {
    let letter = value.chars().last()?;
    let unit = match letter {
        'm' => "minutes",
        'h' => "hours",
        'd' => "days",
        'w' => "weeks",
        'M' => "months",
        'y' => "years",
        _ => return None,
    };
    let amount: u32 = value[..value.len() - letter.len_utf8()].parse().ok()?;
    (amount <= 10_000).then(|| json!({ "amount": amount, "unit": unit, "look": "behind" }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ago, dated, letter_cases};
    use crate::search::parser::Is;

    #[test]
    fn days_begin_at_midnight_in_greenwich() {
        let table = [
            (
                Is::Equal,
                json!({"_between": {"_field": "f", "_from": 86_400_000, "_to": 172_800_000}}),
            ),
            (
                Is::Less,
                json!({"_lt": {"_field": "f", "_value": 86_400_000}}),
            ),
            (
                Is::LessOrEqual,
                json!({"_lt": {"_field": "f", "_value": 172_800_000}}),
            ),
            (
                Is::Greater,
                json!({"_gte": {"_field": "f", "_value": 172_800_000}}),
            ),
            (
                Is::GreaterOrEqual,
                json!({"_gte": {"_field": "f", "_value": 86_400_000}}),
            ),
        ];
        for (is, filter) in table {
            assert_eq!(dated("f", is, "1970-01-02"), Some(filter));
        }
        assert_eq!(dated("f", Is::Equal, "yesterday"), None);
    }

    #[test]
    fn how_long_ago_is_a_number_and_a_letter() {
        assert_eq!(
            ago("7d"),
            Some(json!({"amount": 7, "unit": "days", "look": "behind"}))
        );
        for none in ["", "d", "7", "-7d", "7é", "99999d"] {
            assert_eq!(ago(none), None, "{none}");
        }
    }

    #[test]
    fn letter_cases_are_those_people_write_in() {
        assert_eq!(letter_cases("pHish"), ["PHISH", "Phish", "pHish", "phish"]);
        assert_eq!(letter_cases("12"), ["12"]);
    }
}
