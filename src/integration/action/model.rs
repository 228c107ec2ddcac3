//! An action and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::sight::{alert_seen_by, case_seen_by};
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::labels::Tlp;
use crate::wire::{EntityId, Text};

use super::store;

/// Actions that one request may ask for.
pub const ACTIONS_MAX: usize = 100;

/// A responder that acts on something.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    pub id: i64,
    pub organisation_id: i64,
    /// Today's name of the kind: `Case`.
    pub object_type: String,
    pub object_id: i64,
    pub context: Touch,
    /// The name of the server: `cortexId`.
    pub server_name: String,
    pub responder_id: String,
    pub responder_name: String,
    pub responder_definition: Option<String>,
    pub remote_id: Option<String>,
    /// `Waiting`, `InProgress`, `Success` or `Failure`.
    pub status: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub report: Json,
    pub operations: Json,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Action {
    /// The action as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Action {
    const KIND: &'static str = "Action";
    const SELECT: &'static str = "select action.id, action.organisation_id, action.object_type, action.object_id, \
        action.context_type, action.context_id, action.server_name, action.responder_id, action.responder_name, \
        action.responder_definition, action.remote_id, action.status, action.started_at, action.ended_at, \
        action.report, action.operations, action.created_at, action.created_by, action.updated_at, action.updated_by \
        from action where";

    /// Who sees the case or alert sees what was done to it; what was done to its parts is seen where it was done: others
    /// may not have them.
    fn visible(scope: &Scope) -> Predicate {
        let case = case_seen_by(scope, "action.context_id");
        let alert = alert_seen_by(scope, "action.context_id");
        let sql = format!(
            "(action.organisation_id = ? or action.object_type in ('Case', 'Alert')) \
             and (action.context_type = 'Case' and {} or action.context_type = 'Alert' and {})",
            case.sql, alert.sql
        );
        let mut values = vec![scope.organisation.id.into()];
        values.extend(case.values);
        values.extend(alert.values);
        Predicate::new(sql, values)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("action.id = ?1", id.into()))
    }
}

/// A responder that is to act.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputAction {
    /// The responder, as the Cortex calls it.
    pub responder_id: Text<1, 256>,
    /// The name of the server; the first that knows the responder when absent.
    pub cortex_id: Option<Text<1, 128>>,
    /// `Case`, `Alert`, `Task`, `Log` or `Observable`; the old words (`case_task`) too.
    pub object_type: String,
    pub object_id: String,
    pub parameters: Option<Map<String, Json>>,
    /// In place of that of the object.
    pub tlp: Option<Tlp>,
}

/// An action as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputAction {
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
    pub responder_id: String,
    pub responder_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responder_definition: Option<String>,
    pub cortex_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cortex_job_id: Option<String>,
    pub object_type: String,
    pub object_id: EntityId,
    pub status: String,
    pub start_date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<i64>,
    /// A list in JSON, as text.
    pub operations: String,
    /// An object in JSON, as text.
    pub report: String,
}

impl From<&Action> for OutputAction {
    fn from(action: &Action) -> Self {
        Self {
            id: EntityId(action.id),
            entity_type: Action::KIND,
            created_by: action.created_by.clone(),
            updated_by: action.updated_by.clone(),
            created_at: action.created_at,
            updated_at: action.updated_at,
            responder_id: action.responder_id.clone(),
            responder_name: action.responder_name.clone(),
            responder_definition: action.responder_definition.clone(),
            cortex_id: action.server_name.clone(),
            cortex_job_id: action.remote_id.clone(),
            object_type: action.object_type.clone(),
            object_id: EntityId(action.object_id),
            status: action.status.clone(),
            start_date: action.started_at,
            end_date: action.ended_at,
            operations: action.operations.to_string(),
            report: action.report.to_string(),
        }
    }
}
