//! The verbs of custom fields, and what those that have values of them ask.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::access::permission::needs::ManageCustomField;
use crate::access::unit::Scoped;
use crate::access::visible::refuse_name_like_id;
use crate::access::{Error, FieldProblem, Reading, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::query::{Family, Member};
use crate::storage::{Queries, Touch};
use crate::wire::{Markdown, Name};

use super::model::{
    CustomField, CustomFieldType, InputCustomField, InputUpdateCustomField, OutputCustomField,
};
use super::rules::{self, Definitions};
use super::store;
use super::value::{CustomFieldValue, FieldValue, Holder, InputCustomFieldValues};

/// Creates a custom field.
///
/// # Errors
/// A name that is taken, or an option that is not of the type.
pub fn create(
    unit: &Writing<ManageCustomField>,
    input: InputCustomField,
) -> Result<Visible<CustomField>> {
    if !store::by_names(unit, &[&input.name])?.is_empty() {
        return Err(Error::taken("name", &input.name));
    }
    refuse_name_like_id(&input.name)?;
    let scope = unit.scope();
    let name = input.name.into_string();
    let field = CustomField {
        id: unit.tx().new_id()?,
        display_name: input
            .display_name
            .map_or_else(|| name.clone(), Name::into_string),
        name,
        group: input.group.into_string(),
        description: input.description.into_string(),
        field_type: input.field_type,
        options: rules::options(input.field_type, input.options.unwrap_or_default())
            .map_err(Error::invalid)?,
        is_mandatory: input.mandatory.unwrap_or(false),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &field)?;
    let entry = Entry::created(
        field.touch(),
        context(unit),
        &OutputCustomField::from(&field),
    );
    audit::record(unit, entry)?;
    Visible::by_id(unit, field.id)
}

/// Changes a custom field. With another type its values are converted, and emptied where they can't be.
///
/// # Errors
/// An option that is not of the type.
pub fn update(
    unit: &Writing<ManageCustomField>,
    field: &Visible<CustomField>,
    input: InputUpdateCustomField,
) -> Result<()> {
    let before: &CustomField = field;
    let mut after = before.clone();
    if let Some(name) = input.display_name {
        after.display_name = name.into_string();
    }
    if let Some(group) = input.group {
        after.group = group.into_string();
    }
    if let Some(description) = input.description {
        after.description = Markdown::into_string(description);
    }
    after.is_mandatory = input.mandatory.unwrap_or(before.is_mandatory);
    after.field_type = input.field_type.unwrap_or(before.field_type);
    let options = match input.options {
        Some(options) => options,
        None => options_as(before, after.field_type),
    };
    after.options = rules::options(after.field_type, options).map_err(Error::invalid)?;
    let mut changes = Changes::default();
    changes.note("displayName", &before.display_name, &after.display_name);
    changes.note("group", &before.group, &after.group);
    changes.note("description", &before.description, &after.description);
    changes.note("type", &before.field_type, &after.field_type);
    changes.note("options", &before.options, &after.options);
    changes.note("mandatory", &before.is_mandatory, &after.is_mandatory);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let mut entry = Entry::updated(after.touch(), context(unit), changes.into_vec());
    if before.field_type != after.field_type {
        let (converted, emptied) = convert_values(unit, before, &after)?;
        entry = entry
            .with_detail("convertedValues", converted)
            .with_detail("emptiedValues", emptied);
    }
    audit::record(unit, entry)
}

/// The options in another type, without those that can't be of it.
fn options_as(field: &CustomField, to: CustomFieldType) -> Vec<Json> {
    if field.field_type == to {
        return field.options.clone();
    }
    let converted = |option: &Json| {
        let value = rules::value_of(field.field_type, option).ok()?;
        let value = rules::converted(&value, field.field_type, to);
        value.map(|value| json_of(to, Some(value)))
    };
    field.options.iter().filter_map(converted).collect()
}

fn json_of(field_type: CustomFieldType, value: Option<FieldValue>) -> Json {
    CustomFieldValue {
        field_id: 0,
        name: String::new(),
        field_type,
        is_mandatory: false,
        value,
        position: 0,
    }
    .json()
}

/// Converts all values; one statement for each value that differs. Gives how many could be kept, and how many not.
fn convert_values(
    unit: &Writing<ManageCustomField>,
    before: &CustomField,
    after: &CustomField,
) -> Result<(u64, u64)> {
    let (mut kept, mut emptied) = (0, 0);
    for value in store::different_values(unit, before.id)? {
        let converted = rules::converted(&value, before.field_type, after.field_type);
        let rows = store::exchange(unit.tx(), after, &value, converted.as_ref())?;
        if converted.is_some() {
            kept += rows;
        } else {
            emptied += rows;
        }
    }
    Ok((kept, emptied))
}

/// Deletes a custom field; with `is_forced` even while something has it, with all of its values.
///
/// # Errors
/// While it is used, unless it is forced.
pub fn delete(
    unit: &Writing<ManageCustomField>,
    field: &Visible<CustomField>,
    is_forced: bool,
) -> Result<()> {
    let uses = store::count_uses(unit, field.id)?;
    if uses > 0 && !is_forced {
        return Err(Error::Rule(format!(
            "The custom field {} is used by {uses} cases, alerts or case templates; force=true deletes their values too",
            field.name
        )));
    }
    store::delete(unit.tx(), field)?;
    let told = serde_json::json!({ "name": field.name, "uses": uses });
    audit::record(unit, Entry::deleted(field.touch(), context(unit), &told))
}

/// Custom fields are of the whole platform: who administers it sees their changes.
fn context<P: Requirement>(unit: &Writing<P>) -> Touch {
    Touch {
        kind: "Organisation",
        id: unit.scope().organisation.id,
    }
}

/// All definitions, in the order of their groups and names.
///
/// # Errors
/// Only those of the storage.
pub fn all(queries: &dyn Queries) -> Result<Vec<CustomField>> {
    Ok(store::all(queries)?)
}

/// `customFields.<name>` in the query language, of the entity whose ids are in the column `key` of the table of values.
pub const fn family(key: &'static str) -> Family {
    Family {
        prefix: "customFields.",
        from: "custom_field_value",
        key,
        member: "custom_field_value.custom_field_id",
        find: |reading, name| {
            let mut found = store::by_names(reading, &[name])?;
            Ok(found.pop().map(member))
        },
        all: |reading: &Reading| Ok(store::all(reading)?.into_iter().map(member).collect()),
    }
}

fn member(field: CustomField) -> Member {
    let (element, folded) = match field.field_type {
        CustomFieldType::String | CustomFieldType::Url => (
            "custom_field_value.text_value",
            Some("custom_field_value.text_folded"),
        ),
        CustomFieldType::Integer | CustomFieldType::Boolean | CustomFieldType::Date => {
            ("custom_field_value.whole_value", None)
        }
        CustomFieldType::Float => ("custom_field_value.real_value", None),
    };
    Member {
        id: field.id,
        kind: field.field_type.kind(),
        name: field.name,
        element,
        folded,
        options: (!field.options.is_empty()).then_some(field.options),
    }
}

fn definitions<'n>(
    queries: &dyn Queries,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<Definitions> {
    let names: Vec<&str> = names.into_iter().collect();
    if names.len() > rules::VALUES_MAX {
        let message = format!("must be at most {} values", rules::VALUES_MAX);
        return Err(Error::invalid(FieldProblem::format(
            "customFields",
            message,
        )));
    }
    let found = store::by_names(queries, &names)?;
    Ok(found
        .into_iter()
        .map(|field| (field.name.clone(), field))
        .collect())
}

/// The values that a client gives something new.
///
/// # Errors
/// A name that there isn't, or a value that its field can't have.
pub fn given(
    queries: &dyn Queries,
    input: &InputCustomFieldValues,
) -> Result<Vec<CustomFieldValue>> {
    let definitions = definitions(queries, rules::names(input))?;
    rules::created(&definitions, input).map_err(Error::invalid)
}

/// The values after an update: an object adds to those that are there, a list takes their place.
///
/// # Errors
/// As [`given`].
pub fn updated(
    queries: &dyn Queries,
    before: &[CustomFieldValue],
    input: &InputCustomFieldValues,
) -> Result<Vec<CustomFieldValue>> {
    let definitions = definitions(queries, rules::names(input))?;
    rules::updated(&definitions, before, input).map_err(Error::invalid)
}

/// The values after those of some fields are set, whatever they were, and those of others taken away.
///
/// # Errors
/// As [`given`].
pub fn replaced(
    queries: &dyn Queries,
    before: &[CustomFieldValue],
    set: &Map<String, Json>,
    removed: &[String],
) -> Result<Vec<CustomFieldValue>> {
    let definitions = definitions(queries, set.keys().map(String::as_str))?;
    rules::replaced(&definitions, before, set, removed).map_err(Error::invalid)
}

/// The values with those of `more` whose field is not there, or there without a value.
///
/// # Errors
/// When they are too many together.
pub fn with_missing(
    values: &[CustomFieldValue],
    more: &[CustomFieldValue],
) -> Result<Vec<CustomFieldValue>> {
    rules::with_missing(values, more).map_err(Error::invalid)
}

/// The values of both, equal ones once. A field that is there without a value gains those of the other.
///
/// # Errors
/// When they are too many together.
pub fn united(
    values: &[CustomFieldValue],
    more: &[CustomFieldValue],
) -> Result<Vec<CustomFieldValue>> {
    rules::united(values, more).map_err(Error::invalid)
}

/// What the audit trail says of a change of values, beside the new list: `customFieldChanges`.
pub fn changes(before: &[CustomFieldValue], after: &[CustomFieldValue]) -> Json {
    rules::changes(before, after)
}

/// The values that each of the holders has, in their order, by one statement.
///
/// # Errors
/// Only those of the storage.
pub fn values_of(
    queries: &dyn Queries,
    holder: Holder,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<CustomFieldValue>>> {
    Ok(store::values_of(queries, holder, ids)?)
}

/// Gives values to something that is new. The record of its creation is the holder's.
///
/// # Errors
/// Only those of the storage.
pub fn add<P: Requirement>(
    unit: &Writing<P>,
    holder: Holder,
    touch: Touch,
    values: &[CustomFieldValue],
) -> Result<()> {
    Ok(store::insert_values(unit.tx(), holder, touch, values)?)
}

/// Puts these values in place of those that the holder has. The record of the change is the holder's.
///
/// # Errors
/// Only those of the storage.
pub fn replace<P: Requirement>(
    unit: &Writing<P>,
    holder: Holder,
    touch: Touch,
    values: &[CustomFieldValue],
) -> Result<()> {
    Ok(store::replace_values(unit.tx(), holder, touch, values)?)
}

/// The names of the mandatory fields that wait to be filled: what has one can't be closed.
pub fn unset_mandatory(values: &[CustomFieldValue]) -> Vec<&str> {
    values
        .iter()
        .filter(|value| value.is_mandatory && value.value.is_none())
        .map(|value| value.name.as_str())
        .collect()
}

/// Where a value is that is named as the API names it, `<name>:<value>`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedValue {
    pub field_id: i64,
    pub value: Option<FieldValue>,
    /// The cases that have it and that the caller sees; not more than two.
    pub cases: Vec<i64>,
}

/// The value of that `_id`, and the cases that the caller sees it in. A name may have colons in it, and so may a value: the
/// longest name that there is counts.
///
/// # Errors
/// Only those of the storage.
pub fn place_of_value(scoped: &dyn Scoped, id: &str) -> Result<Option<PlacedValue>> {
    let splits: Vec<(&str, &str)> = id
        .match_indices(':')
        .take(rules::VALUES_MAX)
        .map(|(at, _)| (&id[..at], &id[at + 1..]))
        .collect();
    let names: Vec<&str> = splits.iter().map(|(name, _)| *name).collect();
    let fields = store::by_names(scoped, &names)?;
    for (name, shown) in splits.iter().rev() {
        let Some(field) = fields.iter().find(|field| field.name == *name) else {
            continue;
        };
        let Ok(value) = rules::shown(field.field_type, shown) else {
            continue;
        };
        let cases = store::cases_with(scoped, scoped.scope(), field.id, value.as_ref(), 2)?;
        if !cases.is_empty() {
            return Ok(Some(PlacedValue {
                field_id: field.id,
                value,
                cases,
            }));
        }
    }
    Ok(None)
}

/// The words in the values, for a search over the whole entity.
pub fn texts(values: &[CustomFieldValue]) -> String {
    let texts = values.iter().filter_map(|value| match &value.value {
        Some(FieldValue::Text(text)) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}
