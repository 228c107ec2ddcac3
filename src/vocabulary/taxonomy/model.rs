//! A taxonomy and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::vocabulary::tag::model::OutputTag;
use crate::wire::{Colour, EntityId, Markdown, Text};

use super::store;

/// A taxonomy. Its tags are many; they are loaded where they are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Taxonomy {
    pub id: i64,
    pub namespace: String,
    pub description: String,
    pub version: i64,
    /// Only one of its tags is to be used at a time.
    pub is_exclusive: bool,
    /// Its tags are offered.
    pub is_enabled: bool,
    /// The program brought it along.
    pub is_predefined: bool,
    pub tag_count: i64,
    /// The id of the first of the tags that the program brings along.
    pub first_tag_id: i64,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Taxonomy {
    /// The taxonomy as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Taxonomy {
    const KIND: &'static str = "Taxonomy";
    const SELECT: &'static str = "select taxonomy.id, taxonomy.namespace, taxonomy.description, taxonomy.version, \
        taxonomy.is_exclusive, taxonomy.is_enabled, taxonomy.is_predefined, taxonomy.tag_count, \
        taxonomy.first_tag_id, taxonomy.created_at, taxonomy.created_by, taxonomy.updated_at, taxonomy.updated_by \
        from taxonomy where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("taxonomy.id = ?1", id.into())),
            None => Some(("taxonomy.namespace = ?1", reference.into())),
        }
    }
}

/// A taxonomy in the form of MISP's `machinetag.json`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputTaxonomy {
    pub namespace: Text<1, 128>,
    pub description: Markdown,
    pub version: i32,
    pub exclusive: Option<bool>,
    #[serde(default)]
    pub predicates: Vec<InputPredicate>,
    #[serde(default)]
    pub values: Vec<InputTaxonomyValue>,
}

/// A predicate of a taxonomy.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputPredicate {
    pub value: Text<1, 512>,
    /// What it means.
    pub expanded: Option<Markdown>,
    pub exclusive: Option<bool>,
    pub description: Option<Markdown>,
    pub colour: Option<Colour>,
}

/// The values of a predicate.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputTaxonomyValue {
    pub predicate: Text<1, 512>,
    #[serde(default)]
    pub entry: Vec<InputTaxonomyEntry>,
}

/// A value of a predicate.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputTaxonomyEntry {
    pub value: Text<1, 512>,
    /// What it means.
    pub expanded: Option<Markdown>,
    pub colour: Option<Colour>,
    pub description: Option<Markdown>,
}

/// A taxonomy as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputTaxonomy {
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
    pub namespace: String,
    pub description: String,
    pub version: i64,
    pub tags: Vec<OutputTag>,
    pub extra_data: Map<String, Json>,
}

impl OutputTaxonomy {
    /// The taxonomy with its tags.
    pub fn of(taxonomy: &Taxonomy, tags: Vec<OutputTag>) -> Self {
        Self {
            id: EntityId(taxonomy.id),
            entity_type: Taxonomy::KIND,
            created_by: taxonomy.created_by.clone(),
            updated_by: taxonomy.updated_by.clone(),
            created_at: taxonomy.created_at,
            updated_at: taxonomy.updated_at,
            namespace: taxonomy.namespace.clone(),
            description: taxonomy.description.clone(),
            version: taxonomy.version,
            tags,
            extra_data: Map::new(),
        }
    }
}

/// An archive of taxonomies, as the part of a form.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form, which is read piece by piece")]
pub struct InputTaxonomyFile {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What became of the taxonomies of an archive.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub struct OutputTaxonomyImport {
    pub imported: Vec<ImportedTaxonomy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FailedTaxonomy>,
}

/// A taxonomy of an archive that is here now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportedTaxonomy {
    pub namespace: String,
    pub number_of_tags: i64,
    /// `Success`, or `Skipped` where it was here already in this version or a newer one.
    pub status: &'static str,
}

/// A file of an archive that is no taxonomy.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FailedTaxonomy {
    /// Its name in the archive.
    pub file: String,
    /// What is wrong with it, for people.
    pub error: String,
    pub status: &'static str,
}
