//! A comment and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Markdown};

use super::store;
use crate::access::sight::{alert_seen_by, case_seen_by};

/// A comment on a case or on an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    pub id: i64,
    pub case_id: Option<i64>,
    pub alert_id: Option<i64>,
    pub message: String,
    pub is_edited: bool,
    /// Shown to people outside too.
    pub is_external: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Comment {
    /// The comment as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Its case or alert, under which the audit trail shows it.
    pub fn context(&self) -> Touch {
        match self.alert_id {
            Some(id) => Touch { kind: "Alert", id },
            None => Touch {
                kind: "Case",
                id: self.case_id.unwrap_or_default(),
            },
        }
    }
}

impl Viewable for Comment {
    const KIND: &'static str = "Comment";
    const SELECT: &'static str = "select comment.id, comment.case_id, comment.alert_id, comment.message, comment.is_edited, \
        comment.is_external, comment.created_at, comment.created_by, comment.updated_at, comment.updated_by \
        from comment where";

    /// Those of the cases and alerts that the caller sees.
    fn visible(scope: &Scope) -> Predicate {
        let mut case = case_seen_by(scope, "comment.case_id");
        let alert = alert_seen_by(scope, "comment.alert_id");
        case.values.extend(alert.values);
        Predicate::new(format!("({} or {})", case.sql, alert.sql), case.values)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("comment.id = ?1", id.into()))
    }
}

/// A comment to be written, or its new text.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputComment {
    pub message: Markdown,
    pub external: Option<bool>,
}

/// A comment as the API gives it. Its stamps have no underscore, unlike those of all other entities.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputComment {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    pub created_by: String,
    pub created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    pub message: String,
    pub is_edited: bool,
    pub extra_data: Map<String, Json>,
    pub external: bool,
}

impl From<&Comment> for OutputComment {
    fn from(comment: &Comment) -> Self {
        Self {
            id: EntityId(comment.id),
            entity_type: Comment::KIND,
            created_by: comment.created_by.clone(),
            created_at: comment.created_at,
            updated_at: comment.updated_at,
            updated_by: comment.updated_by.clone(),
            message: comment.message.clone(),
            is_edited: comment.is_edited,
            extra_data: Map::new(),
            external: comment.is_external,
        }
    }
}
