//! A custom event and its wire types.

use serde::{Deserialize, Serialize};

use crate::access::sight::case_seen_by;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{Date, EntityId, Markdown, Patch, Text};

use super::store;

/// An event, or a span of time, on the timeline of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomEvent {
    pub id: i64,
    pub case_id: i64,
    pub date_at: i64,
    pub end_at: Option<i64>,
    pub title: String,
    pub description: Option<String>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl CustomEvent {
    /// The event as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Its case, under which the audit trail shows it.
    pub fn context(&self) -> Touch {
        Touch {
            kind: "Case",
            id: self.case_id,
        }
    }
}

impl Viewable for CustomEvent {
    const KIND: &'static str = "CustomEvent";
    const SELECT: &'static str = "select custom_event.id, custom_event.case_id, custom_event.date_at, \
        custom_event.end_at, custom_event.title, custom_event.description, custom_event.created_at, \
        custom_event.created_by, custom_event.updated_at, custom_event.updated_by from custom_event where";

    /// Those of the cases that the caller sees.
    fn visible(scope: &Scope) -> Predicate {
        case_seen_by(scope, "custom_event.case_id")
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("custom_event.id = ?1", id.into()))
    }
}

/// An event to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCustomEvent {
    pub date: Date,
    /// For a span of time.
    pub end_date: Option<Date>,
    pub title: Text<1, 128>,
    pub description: Option<Markdown>,
}

/// What to change of an event.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateCustomEvent {
    pub date: Option<Date>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub end_date: Patch<Date>,
    pub title: Option<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Markdown>,
}

/// An event as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCustomEvent {
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
    pub date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<i64>,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl From<&CustomEvent> for OutputCustomEvent {
    fn from(event: &CustomEvent) -> Self {
        Self {
            id: EntityId(event.id),
            entity_type: CustomEvent::KIND,
            created_by: event.created_by.clone(),
            updated_by: event.updated_by.clone(),
            created_at: event.created_at,
            updated_at: event.updated_at,
            date: event.date_at,
            end_date: event.end_at,
            title: event.title.clone(),
            description: event.description.clone(),
        }
    }
}
