//! A page and its wire types.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::access::sight::case_seen_by;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::EntityId;

use super::store;

pub use crate::vocabulary::page_template::model::{InputCreatePage, InputUpdatePage};

/// A page of a case or of an organisation's knowledge base.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub id: i64,
    pub case_id: Option<i64>,
    pub organisation_id: Option<i64>,
    pub title: String,
    pub content: String,
    pub category: String,
    pub position: i64,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Page {
    /// The page as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Its case or organisation, under which the audit trail shows it.
    pub fn context(&self) -> Touch {
        match (self.case_id, self.organisation_id) {
            (Some(id), _) => Touch { kind: "Case", id },
            (None, id) => Touch {
                kind: "Organisation",
                id: id.unwrap_or_default(),
            },
        }
    }
}

impl Viewable for Page {
    const KIND: &'static str = "Page";
    const SELECT: &'static str = "select page.id, page.case_id, page.organisation_id, page.title, page.content, \
        page.category, page.position, page.created_at, page.created_by, page.updated_at, page.updated_by \
        from page where";

    /// Those of the cases that the caller sees, and the organisation's own.
    fn visible(scope: &Scope) -> Predicate {
        let of_case = case_seen_by(scope, "page.case_id");
        let mut values: Vec<Value> = vec![scope.organisation.id.into()];
        values.extend(of_case.values);
        let of_case = of_case.sql;
        Predicate::new(
            format!("(page.organisation_id = ? or page.case_id is not null and {of_case})"),
            values,
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("page.id = ?1", id.into()))
    }
}

/// A page as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputPage {
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

impl From<&Page> for OutputPage {
    fn from(page: &Page) -> Self {
        Self {
            id: EntityId(page.id),
            entity_type: Page::KIND,
            created_by: page.created_by.clone(),
            updated_by: page.updated_by.clone(),
            created_at: page.created_at,
            updated_at: page.updated_at,
            title: page.title.clone(),
            content: page.content.clone(),
            order: page.position,
            category: page.category.clone(),
            extra_data: Map::new(),
        }
    }
}
