//! A template and its wire types.

use serde::{Deserialize, Serialize};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Markdown, Text};

use super::store;

/// How clients show the reports of an analyzer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalyzerTemplate {
    pub id: i64,
    /// The analyzer's name with its version: `MaxMind_GeoIP_4_0`.
    pub analyzer_id: String,
    pub content: String,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl AnalyzerTemplate {
    /// The template as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for AnalyzerTemplate {
    const KIND: &'static str = "AnalyzerTemplate";
    const SELECT: &'static str = "select analyzer_template.id, analyzer_template.analyzer_id, \
        analyzer_template.content, analyzer_template.created_at, analyzer_template.created_by, \
        analyzer_template.updated_at, analyzer_template.updated_by from analyzer_template where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("analyzer_template.id = ?1", id.into())),
            None => Some(("analyzer_template.analyzer_id = ?1", reference.into())),
        }
    }
}

/// A template to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputAnalyzerTemplate {
    pub analyzer_id: Text<1, 256>,
    pub content: Markdown,
}

/// What to change of a template.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputAnalyzerTemplateUpdate {
    pub content: Option<Markdown>,
}

/// An archive of templates: `<analyzer>/long.html`.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "it describes a form")]
pub struct InputAnalyzerTemplateFiles {
    #[schema(format = Binary)]
    templates: String,
}

/// A template as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputAnalyzerTemplate {
    pub id: EntityId,
    #[serde(rename = "_id")]
    pub entity_id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    pub analyzer_id: String,
    pub content: String,
}

impl From<&AnalyzerTemplate> for OutputAnalyzerTemplate {
    fn from(template: &AnalyzerTemplate) -> Self {
        Self {
            id: EntityId(template.id),
            entity_id: EntityId(template.id),
            entity_type: AnalyzerTemplate::KIND,
            analyzer_id: template.analyzer_id.clone(),
            content: template.content.clone(),
        }
    }
}
