//! A case status and its wire type.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{Colour, EntityId, Name, Patch, Text};

use super::store;

/// Where a case is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum CaseStage {
    /// Nobody has worked on it.
    New,
    /// It is being worked on.
    InProgress,
    /// It has its verdict.
    Closed,
}

impl CaseStage {
    /// All stages, in the order of the way.
    pub const ALL: [Self; 3] = [Self::New, Self::InProgress, Self::Closed];

    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::InProgress => "InProgress",
            Self::Closed => "Closed",
        }
    }

    /// The stage of that word.
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}

/// The status of a case that nobody has touched.
pub const NEW: &str = "New";
/// The status of a case that somebody works on.
pub const IN_PROGRESS: &str = "InProgress";

/// A case status.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseStatus {
    pub id: i64,
    pub value: String,
    pub stage: CaseStage,
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

impl CaseStatus {
    /// The status as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for CaseStatus {
    const KIND: &'static str = "CaseStatus";
    const SELECT: &'static str = "select case_status.id, case_status.value, case_status.stage, \
        case_status.position, case_status.description, case_status.colour, case_status.is_hidden, \
        case_status.is_predefined, case_status.created_at, case_status.created_by, case_status.updated_at, \
        case_status.updated_by from case_status where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("case_status.id = ?1", id.into())),
            None => Some(("case_status.value = ?1", reference.into())),
        }
    }
}

/// A case status to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCreateCaseStatus {
    pub value: Name<64>,
    pub stage: CaseStage,
    pub order: i32,
    pub description: Option<Text<0, 1024>>,
    pub colour: Option<Colour>,
    #[serde(default)]
    pub hidden: bool,
}

/// What to change of a case status. Its value and its stage stay: cases carry them.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateCaseStatus {
    pub order: Option<i32>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Text<0, 1024>>,
    #[serde(default)]
    #[schema(value_type = Option<Colour>)]
    pub colour: Patch<Colour>,
    pub hidden: Option<bool>,
}

/// A case status as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCaseStatus {
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
    pub stage: CaseStage,
    pub order: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    pub hidden: bool,
    pub extra_data: Map<String, Json>,
}

impl From<&CaseStatus> for OutputCaseStatus {
    fn from(status: &CaseStatus) -> Self {
        Self {
            id: EntityId(status.id),
            entity_type: CaseStatus::KIND,
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
