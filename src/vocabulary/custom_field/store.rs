//! The tables `custom_field` and `custom_field_value`.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::access::sight::case_seen_by;
use crate::access::{Scope, Viewable};
use crate::storage::{Error, Queries, QueryValues, Result, Row, RowReader, Touch, Value, WriteTx};
use crate::text::fold::fold;

use super::model::{CustomField, CustomFieldType};
use super::value::{CustomFieldValue, FieldValue, Holder};

pub(super) fn from_row(row: Row) -> Result<CustomField> {
    let mut row = row.reader();
    Ok(CustomField {
        id: row.take()?,
        name: row.take()?,
        display_name: row.take()?,
        group: row.take()?,
        description: row.take()?,
        field_type: type_of(5, &row.take::<String>()?)?,
        options: options(&row.take::<String>()?)?,
        is_mandatory: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

fn type_of(column: usize, word: &str) -> Result<CustomFieldType> {
    CustomFieldType::by_word(word).ok_or(Error::Decode {
        column,
        found: "another word",
        expected: "a type of custom fields",
    })
}

fn options(json: &str) -> Result<Vec<Json>> {
    serde_json::from_str(json).map_err(|_| Error::Decode {
        column: 6,
        found: "text",
        expected: "a JSON list",
    })
}

/// All definitions, in the order of their groups and names.
pub(super) fn all(queries: &dyn Queries) -> Result<Vec<CustomField>> {
    let sql = format!("{} 1 = 1 order by group_name, name", CustomField::SELECT);
    queries
        .query(&sql, &[])?
        .into_iter()
        .map(from_row)
        .collect()
}

/// The definitions of these names.
pub(super) fn by_names(queries: &dyn Queries, names: &[&str]) -> Result<Vec<CustomField>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let sql = format!(
        "{} custom_field.name in ({})",
        CustomField::SELECT,
        places.join(", ")
    );
    let names: Vec<Value> = names.iter().map(|name| (*name).into()).collect();
    queries
        .query(&sql, &names)?
        .into_iter()
        .map(from_row)
        .collect()
}

pub(super) fn insert(tx: &WriteTx, field: &CustomField) -> Result<()> {
    let mut values: Vec<Value> = vec![
        field.id.into(),
        field.name.as_str().into(),
        field.created_at.into(),
        field.created_by.as_str().into(),
    ];
    values.extend(changeable(field));
    tx.change(
        field.touch(),
        "insert into custom_field (id, name, created_at, created_by, display_name, group_name, description, type,
             options, is_mandatory, updated_at, updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &values,
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, field: &CustomField) -> Result<()> {
    let mut values: Vec<Value> = vec![field.id.into()];
    values.extend(changeable(field));
    tx.change(
        field.touch(),
        "update custom_field set display_name = ?2, group_name = ?3, description = ?4, type = ?5, options = ?6,
             is_mandatory = ?7, updated_at = ?8, updated_by = ?9
         where id = ?1",
        &values,
    )?;
    Ok(())
}

/// The columns that an update may change, in the order of the statements above.
fn changeable(field: &CustomField) -> [Value; 8] {
    [
        field.display_name.as_str().into(),
        field.group.as_str().into(),
        field.description.as_str().into(),
        field.field_type.word().into(),
        Json::Array(field.options.clone()).to_string().into(),
        field.is_mandatory.into(),
        field.updated_at.into(),
        field.updated_by.clone().into(),
    ]
}

/// Deletes the definition and all of its values.
pub(super) fn delete(tx: &WriteTx, field: &CustomField) -> Result<()> {
    tx.change(
        field.touch(),
        "delete from custom_field where id = ?1",
        &[field.id.into()],
    )?;
    Ok(())
}

/// How many cases, alerts and templates have the field, each with or without a value.
pub(super) fn count_uses(queries: &dyn Queries, field_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(distinct coalesce(case_id, alert_id, case_template_id)) from custom_field_value
         where custom_field_id = ?1",
        &[field_id.into()],
    )
}

/// Which of the definitions something has.
pub(super) fn in_use(queries: &dyn Queries, ids: &[i64]) -> Result<HashSet<i64>> {
    let rows = queries.query_for_ids(
        "select custom_field.id from custom_field where custom_field.id in ({ids}) and exists (
             select 1 from custom_field_value where custom_field_value.custom_field_id = custom_field.id)",
        ids,
        &[],
    )?;
    rows.into_iter().map(Row::single).collect()
}

/// The different values that there are of a field.
pub(super) fn different_values(queries: &dyn Queries, field_id: i64) -> Result<Vec<FieldValue>> {
    let rows = queries.query(
        "select distinct text_value, whole_value, real_value from custom_field_value
         where custom_field_id = ?1",
        &[field_id.into()],
    )?;
    let mut values = Vec::new();
    for row in rows {
        values.extend(value(&mut row.reader())?);
    }
    Ok(values)
}

/// Cases that the caller sees and that have this value of the field, at most `count`.
pub(super) fn cases_with(
    queries: &dyn Queries,
    scope: &Scope,
    field_id: i64,
    value: Option<&FieldValue>,
    count: i64,
) -> Result<Vec<i64>> {
    let seen = case_seen_by(scope, "custom_field_value.case_id");
    let mut values: Vec<Value> = vec![field_id.into(), count.into()];
    let condition = match value {
        Some(FieldValue::Text(text)) => {
            values.push(text.into());
            "text_value = ?3"
        }
        Some(FieldValue::Whole(whole)) => {
            values.push((*whole).into());
            "whole_value = ?3"
        }
        Some(FieldValue::Real(real)) => {
            values.push((*real).into());
            "real_value = ?3"
        }
        None => "text_value is null and whole_value is null and real_value is null",
    };
    let sql = format!(
        "select distinct case_id from custom_field_value
         where custom_field_id = ?1 and case_id is not null and {condition} and {} limit ?2",
        seen.numbered_from(values.len() + 1)
    );
    values.extend(seen.values);
    queries.query_column(&sql, &values)
}

/// Puts one value of the field in place of another, wherever it is.
pub(super) fn exchange(
    tx: &WriteTx,
    field: &CustomField,
    before: &FieldValue,
    after: Option<&FieldValue>,
) -> Result<u64> {
    let (column, before): (&str, Value) = match before {
        FieldValue::Text(text) => ("text_value", text.into()),
        FieldValue::Whole(whole) => ("whole_value", (*whole).into()),
        FieldValue::Real(real) => ("real_value", (*real).into()),
    };
    let sql = format!(
        "update custom_field_value set text_value = ?3, text_folded = ?4, whole_value = ?5, real_value = ?6
         where custom_field_id = ?1 and {column} = ?2"
    );
    let mut values = vec![field.id.into(), before];
    values.extend(columns(after));
    tx.change(field.touch(), &sql, &values)
}

/// The columns of a value: text, folded text, whole number, real number.
fn columns(value: Option<&FieldValue>) -> [Value; 4] {
    let mut columns = [Value::Null, Value::Null, Value::Null, Value::Null];
    match value {
        Some(FieldValue::Text(text)) => {
            columns[0] = text.into();
            columns[1] = fold(text).into();
        }
        Some(FieldValue::Whole(whole)) => columns[2] = (*whole).into(),
        Some(FieldValue::Real(real)) => columns[3] = (*real).into(),
        None => {}
    }
    columns
}

fn value(row: &mut RowReader) -> Result<Option<FieldValue>> {
    let text: Option<String> = row.take()?;
    let whole: Option<i64> = row.take()?;
    let real: Option<f64> = row.take()?;
    Ok(text
        .map(FieldValue::Text)
        .or(whole.map(FieldValue::Whole))
        .or(real.map(FieldValue::Real)))
}

fn column_of(holder: Holder) -> &'static str {
    match holder {
        Holder::Case => "case_id",
        Holder::Alert => "alert_id",
        Holder::CaseTemplate => "case_template_id",
    }
}

/// The values that each of the holders has, in their order, by one statement.
pub(super) fn values_of(
    queries: &dyn Queries,
    holder: Holder,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<CustomFieldValue>>> {
    let column = column_of(holder);
    let sql = format!(
        "select custom_field_value.{column}, custom_field.id, custom_field.name, custom_field.type,
             custom_field.is_mandatory, custom_field_value.position, custom_field_value.text_value,
             custom_field_value.whole_value, custom_field_value.real_value
         from custom_field_value join custom_field on custom_field.id = custom_field_value.custom_field_id
         where custom_field_value.{column} in ({{ids}})
         order by custom_field_value.{column}, custom_field_value.position, custom_field_value.id"
    );
    let mut found: HashMap<i64, Vec<CustomFieldValue>> = HashMap::new();
    for row in queries.query_for_ids(&sql, ids, &[])? {
        let mut row = row.reader();
        found
            .entry(row.take()?)
            .or_default()
            .push(CustomFieldValue {
                field_id: row.take()?,
                name: row.take()?,
                field_type: type_of(3, &row.take::<String>()?)?,
                is_mandatory: row.take()?,
                position: row.take()?,
                value: value(&mut row)?,
            });
    }
    Ok(found)
}

/// Puts these values in place of those that the holder has.
pub(super) fn replace_values(
    tx: &WriteTx,
    holder: Holder,
    touch: Touch,
    values: &[CustomFieldValue],
) -> Result<()> {
    let column = column_of(holder);
    tx.change(
        touch,
        &format!("delete from custom_field_value where {column} = ?1"),
        &[touch.id.into()],
    )?;
    insert_values(tx, holder, touch, values)
}

/// Gives values to a holder that has none.
pub(super) fn insert_values(
    tx: &WriteTx,
    holder: Holder,
    touch: Touch,
    values: &[CustomFieldValue],
) -> Result<()> {
    let sql = format!(
        "insert into custom_field_value (id, custom_field_id, {}, position, text_value, text_folded, whole_value,
             real_value)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        column_of(holder)
    );
    for value in values {
        let mut row: Vec<Value> = vec![
            tx.new_id()?.into(),
            value.field_id.into(),
            touch.id.into(),
            value.position.into(),
        ];
        row.extend(columns(value.value.as_ref()));
        tx.change(touch, &sql, &row)?;
    }
    Ok(())
}
