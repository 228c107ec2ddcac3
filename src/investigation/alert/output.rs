//! An alert as the API gives it.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::access::Viewable;
use crate::vocabulary::alert_status::model::AlertStage;
use crate::vocabulary::custom_field::model::OutputCustomFieldValue;
use crate::wire::EntityId;
use crate::wire::labels::{Pap, Severity, Tlp};

use super::model::Alert;
use super::rules;

/// An alert as the API gives it. Dates and durations are milliseconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputAlert {
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
    #[serde(rename = "type")]
    pub alert_type: String,
    pub source: String,
    pub source_ref: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_link: Option<String>,
    pub title: String,
    pub description: String,
    #[schema(value_type = Severity)]
    pub severity: i64,
    pub severity_label: &'static str,
    pub date: i64,
    pub tags: Vec<String>,
    #[schema(value_type = Tlp)]
    pub tlp: i64,
    pub tlp_label: &'static str,
    #[schema(value_type = Pap)]
    pub pap: i64,
    pub pap_label: &'static str,
    pub follow: bool,
    pub custom_fields: Vec<OutputCustomFieldValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_template: Option<String>,
    pub observable_count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<EntityId>,
    pub status: String,
    pub stage: AlertStage,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    pub extra_data: Map<String, Json>,
    pub new_date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_progress_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported_date: Option<i64>,
    pub time_to_detect: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_triage: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_qualify: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_acknowledge: Option<i64>,
}

impl OutputAlert {
    /// An alert as its creation is answered: what it brought along is no change of it yet.
    pub fn of_new(alert: Alert) -> Self {
        Self {
            updated_by: None,
            updated_at: None,
            ..Self::from(alert)
        }
    }
}

impl From<Alert> for OutputAlert {
    fn from(alert: Alert) -> Self {
        let times = rules::times(&alert);
        Self {
            id: EntityId(alert.id),
            entity_type: Alert::KIND,
            created_by: alert.created_by,
            updated_by: alert.updated_by,
            created_at: alert.created_at,
            updated_at: alert.updated_at,
            alert_type: alert.alert_type,
            source: alert.source,
            source_ref: alert.source_ref,
            external_link: alert.external_link,
            title: alert.title,
            description: alert.description,
            severity: alert.severity,
            severity_label: Severity(alert.severity).label(),
            date: alert.date_at,
            tags: alert.tags,
            tlp: alert.tlp,
            tlp_label: Tlp(alert.tlp).label(),
            pap: alert.pap,
            pap_label: Pap(alert.pap).label(),
            follow: alert.follow,
            custom_fields: alert.custom_fields.iter().map(Into::into).collect(),
            case_template: alert.case_template,
            observable_count: alert.observable_count,
            case_id: alert.case_id.map(EntityId),
            status: alert.status,
            stage: alert.stage,
            assignee: alert.assignee,
            summary: alert.summary,
            extra_data: Map::new(),
            new_date: alert.new_at,
            in_progress_date: alert.in_progress_at,
            closed_date: alert.closed_at,
            imported_date: alert.imported_at,
            time_to_detect: times.to_detect,
            time_to_triage: times.to_triage,
            time_to_qualify: times.to_qualify,
            time_to_acknowledge: times.to_acknowledge,
        }
    }
}
