//! A tag and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{Colour, EntityId, Markdown, Name, Patch};

use super::store;

/// The colour of a tag that nobody gave one.
pub const DEFAULT_COLOUR: &str = "#000000";

/// A tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub id: i64,
    /// Of a free tag.
    pub organisation_id: Option<i64>,
    /// Of any other.
    pub taxonomy_id: Option<i64>,
    /// As entities carry it.
    pub text: String,
    pub namespace: String,
    pub predicate: String,
    pub value: Option<String>,
    pub description: Option<String>,
    pub colour: String,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Tag {
    /// The tag as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

/// The text of a taxonomy's tag.
pub fn text_of(namespace: &str, predicate: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{namespace}:{predicate}=\"{value}\""),
        None => format!("{namespace}:{predicate}"),
    }
}

impl Viewable for Tag {
    const KIND: &'static str = "Tag";
    const SELECT: &'static str = "select tag.id, tag.organisation_id, tag.taxonomy_id, tag.text, tag.namespace, \
        tag.predicate, tag.value, tag.description, tag.colour, tag.created_at, tag.created_by, tag.updated_at, \
        tag.updated_by from tag where";

    /// The organisation's own free ones, and those of taxonomies.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "(tag.organisation_id = ? or tag.taxonomy_id is not null)",
            vec![scope.organisation.id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("tag.id = ?1", id.into()))
    }
}

/// What to change of a free tag.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateTag {
    /// Its new text, wherever it is used.
    pub predicate: Option<Name<128>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Markdown>,
    /// The empty text gives it the usual one.
    pub colour: Option<Colour>,
}

/// A tag as the API gives it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputTag {
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
    /// `_freetags_…` of a free tag.
    pub namespace: String,
    pub predicate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub colour: String,
    pub extra_data: Map<String, Json>,
}

impl From<&Tag> for OutputTag {
    fn from(tag: &Tag) -> Self {
        Self {
            id: EntityId(tag.id),
            entity_type: Tag::KIND,
            created_by: tag.created_by.clone(),
            updated_by: tag.updated_by.clone(),
            created_at: tag.created_at,
            updated_at: tag.updated_at,
            namespace: tag.namespace.clone(),
            predicate: tag.predicate.clone(),
            value: tag.value.clone(),
            description: tag.description.clone(),
            colour: tag.colour.clone(),
            extra_data: Map::new(),
        }
    }
}
