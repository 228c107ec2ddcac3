//! A case as the API gives it.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::access::Viewable;
use crate::vocabulary::case_status::model::CaseStage;
use crate::vocabulary::custom_field::model::OutputCustomFieldValue;
use crate::wire::EntityId;
use crate::wire::labels::{Pap, Severity, Tlp};

use super::model::{Access, Case};
use super::rules;

/// A case as the API gives it. Dates and durations are milliseconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCase {
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
    pub number: i64,
    pub title: String,
    pub description: String,
    #[schema(value_type = Severity)]
    pub severity: i64,
    pub severity_label: &'static str,
    pub start_date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<i64>,
    pub tags: Vec<String>,
    pub flag: bool,
    #[schema(value_type = Tlp)]
    pub tlp: i64,
    pub tlp_label: &'static str,
    #[schema(value_type = Pap)]
    pub pap: i64,
    pub pap_label: &'static str,
    pub status: String,
    pub stage: CaseStage,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    pub access: Access,
    pub custom_fields: Vec<OutputCustomFieldValue>,
    #[schema(value_type = Vec<crate::access::Permission>)]
    pub user_permissions: Vec<&'static str>,
    pub extra_data: Map<String, Json>,
    pub new_date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_progress_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_new_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_in_progress_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_imported_date: Option<i64>,
    pub time_to_detect: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_triage: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_qualify: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_acknowledge: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_resolve: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handling_duration: Option<i64>,
}

impl From<Case> for OutputCase {
    fn from(case: Case) -> Self {
        let times = rules::times(&case);
        Self {
            id: EntityId(case.id),
            entity_type: Case::KIND,
            created_by: case.created_by,
            updated_by: case.updated_by,
            created_at: case.created_at,
            updated_at: case.updated_at,
            number: case.number,
            title: case.title,
            description: case.description,
            severity: case.severity,
            severity_label: Severity(case.severity).label(),
            start_date: case.start_at,
            end_date: case.end_at,
            due_date: case.due_at,
            tags: case.tags,
            flag: case.flag,
            tlp: case.tlp,
            tlp_label: Tlp(case.tlp).label(),
            pap: case.pap,
            pap_label: Pap(case.pap).label(),
            status: case.status,
            stage: case.stage,
            summary: case.summary,
            impact_status: case.impact_status,
            assignee: case.assignee,
            access: case.access,
            custom_fields: case.custom_fields.iter().map(Into::into).collect(),
            user_permissions: case.permissions.names(),
            extra_data: Map::new(),
            new_date: case.new_at,
            in_progress_date: case.in_progress_at,
            closed_date: case.closed_at,
            alert_date: case.alert_at,
            alert_new_date: case.alert_new_at,
            alert_in_progress_date: case.alert_in_progress_at,
            alert_imported_date: case.alert_imported_at,
            time_to_detect: times.to_detect,
            time_to_triage: times.to_triage,
            time_to_qualify: times.to_qualify,
            time_to_acknowledge: times.to_acknowledge,
            time_to_resolve: times.to_resolve,
            handling_duration: times.handling,
        }
    }
}
