//! The values of custom fields, and the two forms in which they are given.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema,
};

use super::model::CustomFieldType;
use crate::wire::Text;

/// A value of the column that its type has.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// A string or a URL.
    Text(String),
    /// An integer, a date, or a boolean as 0 or 1.
    Whole(i64),
    Real(f64),
}

/// What has values of custom fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Case,
    Alert,
    CaseTemplate,
}

/// One value of a custom field, or the field without one, as a case has it.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomFieldValue {
    pub field_id: i64,
    pub name: String,
    pub field_type: CustomFieldType,
    pub is_mandatory: bool,
    /// `None`: the field is there and waits to be filled.
    pub value: Option<FieldValue>,
    /// Its place among all values.
    pub position: i64,
}

impl CustomFieldValue {
    /// The value as the API gives it; `null` when there is none.
    pub fn json(&self) -> Json {
        match (&self.value, self.field_type) {
            (None, _) => Json::Null,
            (Some(FieldValue::Whole(whole)), CustomFieldType::Boolean) => (*whole != 0).into(),
            (Some(FieldValue::Whole(whole)), _) => (*whole).into(),
            (Some(FieldValue::Real(real)), _) => (*real).into(),
            (Some(FieldValue::Text(text)), _) => text.as_str().into(),
        }
    }
}

/// A value of a custom field as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OutputCustomFieldValue {
    /// The name and the value.
    #[serde(rename = "_id")]
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub field_type: CustomFieldType,
    /// `null` for a field that waits to be filled.
    pub value: Json,
    pub order: i64,
}

impl From<&CustomFieldValue> for OutputCustomFieldValue {
    fn from(value: &CustomFieldValue) -> Self {
        let json = value.json();
        let shown = match &json {
            Json::Null => String::new(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self {
            id: format!("{}:{shown}", value.name),
            name: value.name.clone(),
            field_type: value.field_type,
            value: json,
            order: value.position,
        }
    }
}

/// One value in the list form.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
pub struct InputCustomFieldValue {
    pub name: Text<1, 64>,
    #[serde(default)]
    pub value: Json,
    pub order: Option<i32>,
}

/// Values of custom fields as clients give them: an object of values by names, or a list.
#[derive(Debug, Clone)]
pub enum InputCustomFieldValues {
    Object(Map<String, Json>),
    List(Vec<InputCustomFieldValue>),
}

impl InputCustomFieldValues {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Object(values) => values.is_empty(),
            Self::List(values) => values.is_empty(),
        }
    }
}

impl<'de> Deserialize<'de> for InputCustomFieldValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EitherForm;
        impl<'de> Visitor<'de> for EitherForm {
            type Value = InputCustomFieldValues;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of values by names, or a list of {name, value, order}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = Map::new();
                while let Some((name, value)) = map.next_entry()? {
                    values.insert(name, value);
                }
                Ok(InputCustomFieldValues::Object(values))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                Ok(InputCustomFieldValues::List(values))
            }
        }
        deserializer.deserialize_any(EitherForm)
    }
}

impl utoipa::PartialSchema for InputCustomFieldValues {
    fn schema() -> RefOr<Schema> {
        let any = || AdditionalProperties::FreeForm(true);
        OneOfBuilder::new()
            .item(ObjectBuilder::new().additional_properties(Some(any())))
            .item(ArrayBuilder::new().items(InputCustomFieldValue::schema()))
            .into()
    }
}
impl utoipa::ToSchema for InputCustomFieldValues {}
