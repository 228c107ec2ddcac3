//! An attack pattern and its wire type.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::vocabulary::catalog::model::Tactic;
use crate::wire::{EntityId, Name, Text};

use super::store;

/// What every pattern of ATT&CK is.
pub const ATTACK_PATTERN: &str = "attack-pattern";

/// An attack pattern: a technique, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    pub id: i64,
    pub catalog_id: i64,
    pub content: Content,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

/// What a catalog says about a pattern.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// As in `T1059.006`.
    pub external_id: String,
    pub name: String,
    pub description: Option<String>,
    /// Short names, in the order of the catalog.
    pub tactics: Vec<String>,
    pub url: String,
    pub pattern_type: String,
    pub capec_id: Option<String>,
    pub capec_url: Option<String>,
    /// Not to be used any more: revoked, or deprecated.
    pub is_revoked: bool,
    pub data_sources: Vec<String>,
    pub defense_bypassed: Vec<String>,
    pub permissions_required: Vec<String>,
    pub platforms: Vec<String>,
    pub system_requirements: Vec<String>,
    pub detection: Option<String>,
    pub has_remote_support: bool,
    pub version: Option<String>,
}

impl Content {
    /// The id of the technique that this is a part of: what stands before the dot.
    pub fn parent_external_id(&self) -> Option<&str> {
        self.external_id.split_once('.').map(|(parent, _)| parent)
    }
}

/// Patterns as they are read from somewhere, with the tactics they belong to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bundle {
    /// In the order of the matrix; empty where the bundle does not say.
    pub tactics: Vec<Tactic>,
    pub patterns: Vec<Content>,
    pub description: Option<String>,
    pub version: Option<String>,
    /// It leaves out what is behind the links: what a pattern has of it already stays.
    pub is_short: bool,
    /// What could not be read, for people.
    pub failures: Vec<String>,
}

impl Pattern {
    /// The pattern as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Pattern {
    const KIND: &'static str = "Pattern";
    const SELECT: &'static str = "select pattern.id, pattern.catalog_id, pattern.external_id, pattern.name, \
        pattern.description, pattern.url, pattern.pattern_type, pattern.capec_id, pattern.capec_url, \
        pattern.is_revoked, pattern.data_sources, pattern.defense_bypassed, pattern.permissions_required, \
        pattern.platforms, pattern.system_requirements, pattern.detection, pattern.has_remote_support, \
        pattern.version, pattern.created_at, pattern.created_by, pattern.updated_at, pattern.updated_by \
        from pattern where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    /// Where several catalogs have it, that of the catalog that was there first.
    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("pattern.id = ?1", id.into())),
            None => Some((
                "pattern.id = (select min(first.id) from pattern as first where first.external_id = ?1)",
                reference.into(),
            )),
        }
    }

    fn complete(scoped: &dyn Scoped, patterns: &mut [Self]) -> crate::access::Result<()> {
        Ok(store::load_tactics(scoped, patterns)?)
    }
}

/// What to import, and into which catalog.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputPatternImport {
    /// The name of the catalog; it is created if there is none of that name.
    pub catalog: Name<128>,
    pub variant: Option<Text<1, 128>>,
    /// Where to fetch the bundle from. The server opens no such connections: send the bundle itself.
    pub url: Option<Text<1, 512>>,
}

/// What became of an import.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputPatternImport {
    pub success: Vec<ImportedPattern>,
    pub failure: Vec<FailedPattern>,
}

/// A pattern that is in the catalog now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportedPattern {
    pub status: &'static str,
    pub mitre_id: String,
    pub pattern_name: String,
}

/// A part of a bundle that could not be read.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FailedPattern {
    pub status: &'static str,
    pub message: String,
}

/// A pattern as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputPattern {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    pub pattern_id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub tactics: Vec<String>,
    pub url: String,
    pub pattern_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capec_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capec_url: Option<String>,
    pub revoked: bool,
    pub data_sources: Vec<String>,
    pub defense_bypassed: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<String>,
    pub permissions_required: Vec<String>,
    pub platforms: Vec<String>,
    pub remote_support: bool,
    pub system_requirements: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub extra_data: Map<String, Json>,
}

impl From<Pattern> for OutputPattern {
    fn from(pattern: Pattern) -> Self {
        let content = pattern.content;
        Self {
            id: EntityId(pattern.id),
            entity_type: Pattern::KIND,
            created_by: pattern.created_by,
            created_at: pattern.created_at,
            updated_by: pattern.updated_by,
            updated_at: pattern.updated_at,
            pattern_id: content.external_id,
            name: content.name,
            description: content.description,
            tactics: content.tactics,
            url: content.url,
            pattern_type: content.pattern_type,
            capec_id: content.capec_id,
            capec_url: content.capec_url,
            revoked: content.is_revoked,
            data_sources: content.data_sources,
            defense_bypassed: content.defense_bypassed,
            detection: content.detection,
            permissions_required: content.permissions_required,
            platforms: content.platforms,
            remote_support: content.has_remote_support,
            system_requirements: content.system_requirements,
            version: content.version,
            extra_data: Map::new(),
        }
    }
}
