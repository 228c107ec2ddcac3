//! An alert status and its wire type.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{Colour, EntityId, Markdown, Name, Patch};

use super::store;

/// Where an alert is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum AlertStage {
    /// Nobody has worked on it.
    New,
    /// It is being worked on.
    InProgress,
    /// It has its verdict.
    Closed,
    /// It went into a case.
    Imported,
}

impl AlertStage {
    /// All stages, in the order of the way.
    pub const ALL: [Self; 4] = [Self::New, Self::InProgress, Self::Closed, Self::Imported];

    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::InProgress => "InProgress",
            Self::Closed => "Closed",
            Self::Imported => "Imported",
        }
    }

    /// The stage of that word.
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}

/// The status of an alert that nobody has touched.
pub const NEW: &str = "New";
/// The status of an alert that went into a case.
pub const IMPORTED: &str = "Imported";

/// An alert status.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertStatus {
    pub id: i64,
    pub value: String,
    pub stage: AlertStage,
    /// Its place in choice lists.
    pub position: i64,
    pub description: Option<String>,
    pub colour: Option<String>,
    /// Not offered in choice lists; still valid.
    pub is_hidden: bool,
    pub is_predefined: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl AlertStatus {
    /// The status as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for AlertStatus {
    const KIND: &'static str = "AlertStatus";
    const SELECT: &'static str = "select alert_status.id, alert_status.value, alert_status.stage, \
        alert_status.position, alert_status.description, alert_status.colour, alert_status.is_hidden, \
        alert_status.is_predefined, alert_status.created_at, alert_status.created_by, alert_status.updated_at, \
        alert_status.updated_by from alert_status where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("alert_status.id = ?1", id.into())),
            None => Some(("alert_status.value = ?1", reference.into())),
        }
    }
}

/// An alert status to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCreateAlertStatus {
    pub value: Name<64>,
    pub stage: AlertStage,
    /// Its place in choice lists; the last one when absent.
    pub order: Option<i32>,
    pub description: Option<Markdown>,
    pub colour: Option<Colour>,
    pub hidden: Option<bool>,
}

/// What to change of an alert status. Its value and its stage stay: alerts carry them.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateAlertStatus {
    pub order: Option<i32>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Markdown>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub colour: Patch<Colour>,
    pub hidden: Option<bool>,
}

/// An alert status as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputAlertStatus {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    pub value: String,
    pub stage: AlertStage,
    pub order: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    pub hidden: bool,
    pub extra_data: Map<String, Json>,
}

impl From<&AlertStatus> for OutputAlertStatus {
    fn from(status: &AlertStatus) -> Self {
        Self {
            id: EntityId(status.id),
            entity_type: AlertStatus::KIND,
            updated_at: status.updated_at,
            updated_by: status.updated_by.clone(),
            created_at: status.created_at,
            created_by: status.created_by.clone(),
            value: status.value.clone(),
            stage: status.stage,
            order: status.position,
            description: status.description.clone(),
            colour: status.colour.clone(),
            hidden: status.is_hidden,
            extra_data: Map::new(),
        }
    }
}
