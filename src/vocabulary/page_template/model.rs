//! A page template and its wire types, which are those of pages.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Markdown, Text};

use super::store;

/// A page that is copied into cases.
#[derive(Debug, Clone, PartialEq)]
pub struct PageTemplate {
    pub id: i64,
    pub organisation_id: i64,
    pub title: String,
    pub content: String,
    pub category: String,
    pub position: i64,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl PageTemplate {
    /// The template as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Its organisation, under which the audit trail shows it.
    pub fn context(&self) -> Touch {
        Touch {
            kind: "Organisation",
            id: self.organisation_id,
        }
    }
}

impl Viewable for PageTemplate {
    const KIND: &'static str = "PageTemplate";
    const SELECT: &'static str = "select page_template.id, page_template.organisation_id, page_template.title, page_template.content, \
        page_template.category, page_template.position, page_template.created_at, page_template.created_by, page_template.updated_at, page_template.updated_by \
        from page_template where";

    /// The organisation's own.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "page_template.organisation_id = ?",
            vec![scope.organisation.id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("page_template.id = ?1", id.into())),
            None => Some((
                "page_template.id = (select min(same.id) from page_template as same \
                 where same.title = ?1 and same.organisation_id = page_template.organisation_id)",
                reference.into(),
            )),
        }
    }
}

/// A page, or a page template, to be created.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
pub struct InputCreatePage {
    pub title: Text<1, 512>,
    pub content: Markdown,
    /// Its place among the others; after the last when absent.
    pub order: Option<i32>,
    pub category: Text<1, 128>,
}

/// What to change of a page or a page template.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdatePage {
    pub title: Option<Text<1, 512>>,
    pub content: Option<Markdown>,
    pub order: Option<i32>,
    pub category: Option<Text<1, 128>>,
}

/// A page template as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputPageTemplate {
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
    pub title: String,
    pub content: String,
    pub order: i64,
    pub category: String,
    pub extra_data: Map<String, Json>,
}

impl From<&PageTemplate> for OutputPageTemplate {
    fn from(template: &PageTemplate) -> Self {
        Self {
            id: EntityId(template.id),
            entity_type: PageTemplate::KIND,
            created_by: template.created_by.clone(),
            updated_by: template.updated_by.clone(),
            created_at: template.created_at,
            updated_at: template.updated_at,
            title: template.title.clone(),
            content: template.content.clone(),
            order: template.position,
            category: template.category.clone(),
            extra_data: Map::new(),
        }
    }
}
