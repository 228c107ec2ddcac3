//! The definition of a custom field and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::query::Kind;
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Markdown, Name};

use super::store;
pub use super::value::{
    CustomFieldValue, FieldValue, Holder, InputCustomFieldValue, InputCustomFieldValues,
    OutputCustomFieldValue,
};

/// What the values of a custom field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CustomFieldType {
    String,
    /// A whole number of 32 bits.
    Integer,
    Float,
    Boolean,
    /// Milliseconds since the epoch.
    Date,
    Url,
}

impl CustomFieldType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::String,
        Self::Integer,
        Self::Float,
        Self::Boolean,
        Self::Date,
        Self::Url,
    ];

    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Url => "url",
        }
    }

    /// The type of that word.
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What its values are to the query language.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::String | Self::Url => Kind::Text,
            Self::Integer => Kind::Integer,
            Self::Float => Kind::Float,
            Self::Boolean => Kind::Boolean,
            Self::Date => Kind::Date,
        }
    }
}

/// A custom field.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomField {
    pub id: i64,
    /// The key everywhere; it never changes.
    pub name: String,
    pub display_name: String,
    pub group: String,
    pub description: String,
    pub field_type: CustomFieldType,
    /// The only values that it may have; any, where there is none.
    pub options: Vec<Json>,
    /// What has it can't be closed while it has no value.
    pub is_mandatory: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl CustomField {
    /// The field as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for CustomField {
    const KIND: &'static str = "CustomField";
    const SELECT: &'static str = "select custom_field.id, custom_field.name, custom_field.display_name, \
        custom_field.group_name, custom_field.description, custom_field.type, custom_field.options, \
        custom_field.is_mandatory, custom_field.created_at, custom_field.created_by, custom_field.updated_at, \
        custom_field.updated_by from custom_field where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("custom_field.id = ?1", id.into())),
            None => Some(("custom_field.name = ?1", reference.into())),
        }
    }
}

/// A custom field to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCustomField {
    /// By which values are given and asked for. It never changes.
    pub name: Name<64>,
    /// The name when absent.
    pub display_name: Option<Name<64>>,
    pub group: Name<64>,
    pub description: Markdown,
    #[serde(rename = "type")]
    pub field_type: CustomFieldType,
    pub mandatory: Option<bool>,
    /// The only values that it may have.
    pub options: Option<Vec<Json>>,
}

/// What to change of a custom field. With another type its values are converted where that is possible, and emptied where
/// it is not.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateCustomField {
    pub display_name: Option<Name<64>>,
    pub group: Option<Name<64>>,
    pub description: Option<Markdown>,
    #[serde(rename = "type")]
    pub field_type: Option<CustomFieldType>,
    pub options: Option<Vec<Json>>,
    pub mandatory: Option<bool>,
}

/// A custom field as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCustomField {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    pub name: String,
    pub display_name: String,
    pub group: String,
    pub description: String,
    #[serde(rename = "type")]
    pub field_type: CustomFieldType,
    pub options: Vec<Json>,
    pub mandatory: bool,
    pub extra_data: Map<String, Json>,
}

impl From<&CustomField> for OutputCustomField {
    fn from(field: &CustomField) -> Self {
        Self {
            id: EntityId(field.id),
            entity_type: CustomField::KIND,
            created_by: field.created_by.clone(),
            updated_by: field.updated_by.clone(),
            created_at: field.created_at,
            updated_at: field.updated_at,
            name: field.name.clone(),
            display_name: field.display_name.clone(),
            group: field.group.clone(),
            description: field.description.clone(),
            field_type: field.field_type,
            options: field.options.clone(),
            mandatory: field.is_mandatory,
            extra_data: Map::new(),
        }
    }
}
