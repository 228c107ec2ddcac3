//! An event of a timeline, as the API gives it.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::wire::EntityId;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputTimelineEvent {
    /// Milliseconds since the epoch.
    pub date: i64,
    /// What happened: `CaseCreated`, `TaskCompleted`…
    pub kind: &'static str,
    /// What it happened to: `Case`, `Task`, `Log`, `Procedure`, `Alert`, `Observable`, or `Custom`.
    pub entity: &'static str,
    pub entity_id: EntityId,
    /// What a reader needs to know of it.
    pub details: Map<String, Json>,
    /// The end of a span of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<i64>,
}

/// The events of a case, the earliest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputTimeline {
    pub events: Vec<OutputTimelineEvent>,
}
