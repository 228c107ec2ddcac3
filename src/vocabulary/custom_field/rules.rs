//! Pure decisions about custom fields: what is a value of a type, what an update makes of the values that are there.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::model::{CustomField, CustomFieldType};
use super::value::{CustomFieldValue, FieldValue, InputCustomFieldValues, OutputCustomFieldValue};
use crate::access::FieldProblem;
use crate::wire::Date;

/// Characters of a string or URL.
const TEXT_MAX: usize = 8_191;
/// Values of all custom fields together that one entity may have.
pub(super) const VALUES_MAX: usize = 500;
/// Values that a field may be limited to.
pub(super) const OPTIONS_MAX: usize = 1_000;

/// The definitions that names stand for.
pub(super) type Definitions = HashMap<String, CustomField>;
type Result<T> = std::result::Result<T, FieldProblem>;

/// The value that JSON is of that type; a sentence when it is none.
pub(super) fn value_of(
    field_type: CustomFieldType,
    json: &Json,
) -> std::result::Result<FieldValue, String> {
    let whole = |least: i64, most: i64| {
        let number = json
            .as_i64()
            .or_else(|| json.as_f64().and_then(whole_number));
        number
            .filter(|number| (least..=most).contains(number))
            .map(FieldValue::Whole)
    };
    let (value, expected) = match field_type {
        CustomFieldType::Integer => (
            whole(i32::MIN.into(), i32::MAX.into()),
            "a whole number of 32 bits",
        ),
        CustomFieldType::Date => (
            whole(i64::MIN, i64::MAX).filter(|value| match value {
                FieldValue::Whole(ms) => Date::new(*ms).is_some(),
                _ => false,
            }),
            "a date: milliseconds since 1970",
        ),
        CustomFieldType::Float => (json.as_f64().map(FieldValue::Real), "a number"),
        CustomFieldType::Boolean => (
            json.as_bool().map(|is| FieldValue::Whole(is.into())),
            "true or false",
        ),
        CustomFieldType::String => (text(json), "text of at most 8191 characters"),
        CustomFieldType::Url => (
            text(json).filter(|value| match value {
                FieldValue::Text(text) => url::Url::parse(text).is_ok(),
                _ => false,
            }),
            "a URL of at most 8191 characters, as https://example.org/",
        ),
    };
    value.ok_or_else(|| format!("must be {expected}"))
}

/// The value that is shown so, as in the `_id` of a value; the empty text is no value.
///
/// # Errors
/// A sentence when none can be shown so.
pub(super) fn shown(
    field_type: CustomFieldType,
    text: &str,
) -> std::result::Result<Option<FieldValue>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let json = match field_type {
        CustomFieldType::String | CustomFieldType::Url => text.into(),
        _ => serde_json::from_str(text).map_err(|error| error.to_string())?,
    };
    value_of(field_type, &json).map(Some)
}

fn text(json: &Json) -> Option<FieldValue> {
    json.as_str()
        .filter(|text| text.chars().count() <= TEXT_MAX)
        .map(|text| FieldValue::Text(text.to_owned()))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be whole and far from the ends of the type"
)]
fn whole_number(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

/// The options, each of the field's type and only once.
pub(super) fn options(field_type: CustomFieldType, options: Vec<Json>) -> Result<Vec<Json>> {
    if options.len() > OPTIONS_MAX {
        let message = format!("must be at most {OPTIONS_MAX}");
        return Err(FieldProblem::format("options", message));
    }
    let mut kept = Vec::with_capacity(options.len());
    for (place, option) in options.into_iter().enumerate() {
        value_of(field_type, &option)
            .map_err(|message| FieldProblem::format(format!("options[{place}]"), message))?;
        if !kept.contains(&option) {
            kept.push(option);
        }
    }
    Ok(kept)
}

/// A value of a field that is given at a place of a request.
fn checked(field: &CustomField, json: &Json, at: &str) -> Result<Option<FieldValue>> {
    if json.is_null() {
        return Ok(None);
    }
    let value = value_of(field.field_type, json)
        .map_err(|message| FieldProblem::format(at, format!("{message} ({})", field.name)))?;
    let is_option = |option: &Json| value_of(field.field_type, option).as_ref() == Ok(&value);
    if !field.options.is_empty() && !field.options.iter().any(is_option) {
        let message = format!("is none of the options of {}", field.name);
        return Err(FieldProblem::format(at, message));
    }
    Ok(Some(value))
}

fn definition<'d>(definitions: &'d Definitions, name: &str, at: &str) -> Result<&'d CustomField> {
    definitions.get(name).ok_or_else(|| {
        FieldProblem::format(
            at,
            format!("names a custom field that does not exist: {name}"),
        )
    })
}

/// The names that an input speaks of.
pub(super) fn names(input: &InputCustomFieldValues) -> Vec<&str> {
    match input {
        InputCustomFieldValues::Object(values) => values.keys().map(String::as_str).collect(),
        InputCustomFieldValues::List(values) => values.iter().map(|value| &*value.name).collect(),
    }
}

/// The values of something new. In the object form a list gives several values.
pub(super) fn created(
    definitions: &Definitions,
    input: &InputCustomFieldValues,
) -> Result<Vec<CustomFieldValue>> {
    let mut values = Vec::new();
    match input {
        InputCustomFieldValues::Object(given) => {
            put_each(definitions, given, "customFields", &mut values)?;
        }
        InputCustomFieldValues::List(given) => {
            for (place, one) in given.iter().enumerate() {
                let at = format!("customFields[{place}]");
                let field = definition(definitions, &one.name, &format!("{at}.name"))?;
                let value = checked(field, &one.value, &format!("{at}.value"))?;
                let position = one
                    .order
                    .map_or_else(|| i64::try_from(place).unwrap_or(i64::MAX), i64::from);
                values.push(new(field, value, position));
            }
        }
    }
    settled(values)
}

/// Puts in what an object gives, after the values that are there.
fn put_each(
    definitions: &Definitions,
    given: &Map<String, Json>,
    property: &str,
    values: &mut Vec<CustomFieldValue>,
) -> Result<()> {
    let mut position = next_position(values);
    for (name, json) in given {
        let at = format!("{property}.{name}");
        let field = definition(definitions, name, &at)?;
        let several = match json {
            Json::Array(several) => several.as_slice(),
            one => std::slice::from_ref(one),
        };
        for json in several {
            values.push(new(field, checked(field, json, &at)?, position));
            position += 1;
        }
    }
    Ok(())
}

fn next_position(values: &[CustomFieldValue]) -> i64 {
    let last = values.iter().map(|value| value.position).max();
    last.map_or(0, |last| last.saturating_add(1))
}

fn new(field: &CustomField, value: Option<FieldValue>, position: i64) -> CustomFieldValue {
    CustomFieldValue {
        field_id: field.id,
        name: field.name.clone(),
        field_type: field.field_type,
        is_mandatory: field.is_mandatory,
        value,
        position,
    }
}

/// The values after an update: an object adds to those that are there, a list takes their place.
pub(super) fn updated(
    definitions: &Definitions,
    before: &[CustomFieldValue],
    input: &InputCustomFieldValues,
) -> Result<Vec<CustomFieldValue>> {
    let InputCustomFieldValues::Object(given) = input else {
        return created(definitions, input);
    };
    if let Some((name, _)) = given.iter().find(|(_, value)| value.is_array()) {
        return Err(FieldProblem::format(
            format!("customFields.{name}"),
            "must be a single value: an update adds it to those that are there",
        ));
    }
    let mut values = before.to_vec();
    put_each(definitions, given, "customFields", &mut values)?;
    settled(values)
}

/// The values after those of some fields are set, whatever they were, and those of others taken away.
pub(super) fn replaced(
    definitions: &Definitions,
    before: &[CustomFieldValue],
    set: &Map<String, Json>,
    removed: &[String],
) -> Result<Vec<CustomFieldValue>> {
    let mut values = before.to_vec();
    values.retain(|value| !removed.contains(&value.name));
    for (name, json) in set {
        let mut new = Vec::new();
        let one = Map::from_iter([(name.clone(), json.clone())]);
        put_each(definitions, &one, "setCustomFields", &mut new)?;
        // They take the place of the first that was there.
        let place = values.iter().position(|value| value.name == *name);
        let position = place.map_or_else(|| next_position(&values), |at| values[at].position);
        values.retain(|value| value.name != *name);
        for value in &mut new {
            value.position = position;
        }
        let at = place.unwrap_or(values.len()).min(values.len());
        values.splice(at..at, new);
    }
    settled(values)
}

/// Equal values once, no empty one beside a value, in their order, and not too many.
fn settled(values: Vec<CustomFieldValue>) -> Result<Vec<CustomFieldValue>> {
    let has_value: Vec<i64> = values
        .iter()
        .filter(|value| value.value.is_some())
        .map(|value| value.field_id)
        .collect();
    let mut kept: Vec<CustomFieldValue> = Vec::with_capacity(values.len());
    for value in values {
        let is_there = |other: &CustomFieldValue| {
            other.field_id == value.field_id && other.value == value.value
        };
        let is_beside_a_value = value.value.is_none() && has_value.contains(&value.field_id);
        if !is_beside_a_value && !kept.iter().any(is_there) {
            kept.push(value);
        }
    }
    if kept.len() > VALUES_MAX {
        let message = format!("must be at most {VALUES_MAX} values");
        return Err(FieldProblem::format("customFields", message));
    }
    kept.sort_by_key(|value| value.position);
    Ok(kept)
}

/// The values with those of `more` whose field is not there, or there without a value.
pub(super) fn with_missing(
    values: &[CustomFieldValue],
    more: &[CustomFieldValue],
) -> Result<Vec<CustomFieldValue>> {
    let has_value = |field_id: i64| {
        values
            .iter()
            .any(|value| value.field_id == field_id && value.value.is_some())
    };
    let mut all = values.to_vec();
    let missing = more.iter().filter(|value| !has_value(value.field_id));
    for (position, value) in (next_position(values)..).zip(missing) {
        all.push(CustomFieldValue {
            position,
            ..value.clone()
        });
    }
    settled(all)
}

/// The values of both, in this order; equal ones are kept once, and a value takes the place of none.
pub(super) fn united(
    values: &[CustomFieldValue],
    more: &[CustomFieldValue],
) -> Result<Vec<CustomFieldValue>> {
    let mut all = values.to_vec();
    for (position, value) in (next_position(values)..).zip(more) {
        all.push(CustomFieldValue {
            position,
            ..value.clone()
        });
    }
    settled(all)
}

/// What the audit trail says of a change of values, beside the new list.
pub(super) fn changes(before: &[CustomFieldValue], after: &[CustomFieldValue]) -> Json {
    let missing_in = |list: &[CustomFieldValue], other: &[CustomFieldValue], operation: &str| {
        let mut by_name: Vec<(String, Vec<Json>)> = Vec::new();
        for value in list.iter().filter(|value| value.value.is_some()) {
            let is_same =
                |one: &CustomFieldValue| one.field_id == value.field_id && one.value == value.value;
            if other.iter().any(is_same) {
                continue;
            }
            match by_name.iter_mut().find(|(name, _)| *name == value.name) {
                Some((_, values)) => values.push(value.json()),
                None => by_name.push((value.name.clone(), vec![value.json()])),
            }
        }
        by_name
            .into_iter()
            .map(|(name, values)| json!({"operation": operation, "name": name, "values": values}))
            .collect::<Vec<Json>>()
    };
    let mut changes = missing_in(before, after, "valuesRemoved");
    changes.extend(missing_in(after, before, "valuesAdded"));
    Json::Array(changes)
}

/// The value as one of another type, if it can be one.
pub(super) fn converted(
    value: &FieldValue,
    from: CustomFieldType,
    to: CustomFieldType,
) -> Option<FieldValue> {
    let shown = CustomFieldValue {
        field_id: 0,
        name: String::new(),
        field_type: from,
        is_mandatory: false,
        value: Some(value.clone()),
        position: 0,
    };
    let json = match (OutputCustomFieldValue::from(&shown).value, to) {
        (Json::String(text), CustomFieldType::String | CustomFieldType::Url) => text.into(),
        (Json::String(text), CustomFieldType::Date) => date_of(&text)?.into(),
        (Json::String(text), _) => {
            let text = text.trim().to_lowercase();
            serde_json::from_str(&text).ok()?
        }
        (Json::Bool(is), CustomFieldType::Integer | CustomFieldType::Float) => i64::from(is).into(),
        (Json::Number(number), CustomFieldType::Boolean) => match number.as_f64()? {
            0.0 => false.into(),
            1.0 => true.into(),
            _ => return None,
        },
        (Json::Number(number), CustomFieldType::String) if from == CustomFieldType::Date => {
            let instant = jiff::Timestamp::from_millisecond(number.as_i64()?).ok()?;
            instant.to_string().into()
        }
        (other, CustomFieldType::String) => other.to_string().into(),
        (other, _) => other,
    };
    value_of(to, &json).ok()
}

/// A date in text: milliseconds, or as ISO 8601 writes it.
fn date_of(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(ms) = text.parse() {
        return Some(ms);
    }
    let instant: jiff::Timestamp = text
        .parse()
        .or_else(|_| format!("{text}T00:00:00Z").parse())
        .ok()?;
    Some(instant.as_millisecond())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{
        Definitions, changes, converted, created, replaced, updated, value_of, with_missing,
    };
    use crate::vocabulary::custom_field::model::{CustomField, CustomFieldType};
    use crate::vocabulary::custom_field::value::{
        CustomFieldValue, FieldValue, InputCustomFieldValues,
    };

    fn definitions() -> Definitions {
        [
            ("site", CustomFieldType::String, json!(["Paris", "Rome"])),
            ("score", CustomFieldType::Integer, json!([])),
            ("note", CustomFieldType::String, json!([])),
        ]
        .into_iter()
        .zip(1..)
        .map(|((name, field_type, options), id)| {
            let field = CustomField {
                id,
                name: name.to_owned(),
                display_name: name.to_owned(),
                group: "g".to_owned(),
                description: String::new(),
                field_type,
                options: options.as_array().unwrap().clone(),
                is_mandatory: false,
                created_at: 0,
                created_by: String::new(),
                updated_at: None,
                updated_by: None,
            };
            (name.to_owned(), field)
        })
        .collect()
    }

    fn input(json: Json) -> InputCustomFieldValues {
        serde_json::from_value(json).unwrap()
    }

    fn shown(values: &[CustomFieldValue]) -> Json {
        values
            .iter()
            .map(|value| json!([value.name, value.json(), value.position]))
            .collect()
    }

    fn creation(json: Json) -> Vec<CustomFieldValue> {
        created(&definitions(), &input(json)).unwrap()
    }

    #[test]
    fn both_forms_give_values_of_their_types() {
        assert_eq!(
            shown(&creation(
                json!({"score": 3, "note": ["a", "b", "a"], "site": null})
            )),
            json!([
                ["score", 3, 0],
                ["note", "a", 1],
                ["note", "b", 2],
                ["site", null, 4]
            ])
        );
        assert_eq!(
            shown(&creation(
                json!([{"name": "note", "value": "b", "order": 7}, {"name": "note", "value": "a"}])
            )),
            json!([["note", "a", 1], ["note", "b", 7]])
        );
        for (wrong, at) in [
            (json!({"score": "3"}), "customFields.score"),
            (json!({"score": 2_147_483_648_i64}), "customFields.score"),
            (json!({"site": "Oslo"}), "customFields.site"),
            (json!({"nothing": 1}), "customFields.nothing"),
            (
                json!([{"name": "score", "value": 1.5}]),
                "customFields[0].value",
            ),
            (
                json!([{"name": "nothing", "value": 1}]),
                "customFields[0].name",
            ),
        ] {
            assert_eq!(created(&definitions(), &input(wrong)).unwrap_err().name, at);
        }
    }

    #[test]
    fn an_object_adds_to_what_is_there_and_a_list_replaces_it() {
        let before = creation(json!({"score": 3, "site": null}));
        let after = updated(
            &definitions(),
            &before,
            &input(json!({"score": 4, "site": "Rome"})),
        )
        .unwrap();
        assert_eq!(
            shown(&after),
            json!([["score", 3, 0], ["score", 4, 2], ["site", "Rome", 3]])
        );
        assert_eq!(
            changes(&before, &after),
            json!([{"operation": "valuesAdded", "name": "score", "values": [4]},
                {"operation": "valuesAdded", "name": "site", "values": ["Rome"]}])
        );
        let list = updated(
            &definitions(),
            &after,
            &input(json!([{"name": "note", "value": "x"}])),
        )
        .unwrap();
        assert_eq!(shown(&list), json!([["note", "x", 0]]));
        assert!(updated(&definitions(), &before, &input(json!({"score": [1, 2]}))).is_err());
    }

    #[test]
    fn the_values_of_one_field_are_set_without_touching_the_others() {
        let before = creation(json!({"score": 3, "note": ["a", "b"], "site": "Rome"}));
        let set = json!({"note": ["c", "d"], "site": null});
        let after = replaced(
            &definitions(),
            &before,
            set.as_object().unwrap(),
            &["score".to_owned()],
        )
        .unwrap();
        assert_eq!(
            shown(&after),
            json!([["note", "c", 1], ["note", "d", 1], ["site", null, 3]])
        );
    }

    #[test]
    fn what_is_missing_comes_from_elsewhere() {
        let own = creation(json!({"score": 3, "site": null}));
        let more = creation(json!({"score": 9, "site": "Rome", "note": null}));
        assert_eq!(
            shown(&with_missing(&own, &more).unwrap()),
            json!([["score", 3, 0], ["site", "Rome", 2], ["note", null, 3]])
        );
    }

    #[test]
    fn values_become_those_of_another_type_where_they_can() {
        use CustomFieldType::{Boolean, Date, Float, Integer, String, Url};
        let text = |text: &str| FieldValue::Text(text.to_owned());
        for (value, from, to, expected) in [
            (text("1.5"), String, Float, Some(FieldValue::Real(1.5))),
            (text(" 12 "), String, Integer, Some(FieldValue::Whole(12))),
            (text("twelve"), String, Integer, None),
            (text("True"), String, Boolean, Some(FieldValue::Whole(1))),
            (
                text("1970-01-02"),
                String,
                Date,
                Some(FieldValue::Whole(86_400_000)),
            ),
            (text("no url"), String, Url, None),
            (FieldValue::Whole(1), Boolean, String, Some(text("true"))),
            (
                FieldValue::Whole(0),
                Date,
                String,
                Some(text("1970-01-01T00:00:00Z")),
            ),
            (FieldValue::Whole(7), Integer, Boolean, None),
            (
                FieldValue::Real(2.0),
                Float,
                Integer,
                Some(FieldValue::Whole(2)),
            ),
            (FieldValue::Real(2.5), Float, Integer, None),
            (
                FieldValue::Whole(3),
                Integer,
                Float,
                Some(FieldValue::Real(3.0)),
            ),
        ] {
            assert_eq!(converted(&value, from, to), expected, "{value:?} as {to:?}");
        }
    }

    #[test]
    fn text_and_urls_have_their_limits() {
        let long = "a".repeat(8_192);
        value_of(CustomFieldType::String, &json!(long)).unwrap_err();
        value_of(CustomFieldType::Url, &json!("example.org")).unwrap_err();
        value_of(CustomFieldType::Url, &json!("https://example.org/?a=b")).unwrap();
        value_of(CustomFieldType::Date, &json!(i64::MAX)).unwrap_err();
    }
}
