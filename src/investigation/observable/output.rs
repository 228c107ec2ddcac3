//! An observable as the API gives it.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::access::Viewable;
use crate::investigation::attachment::model::OutputAttachment;
use crate::text::indicators::Indicator;
use crate::wire::labels::{Pap, Tlp};
use crate::wire::{EntityId, Markdown};

use super::model::{Observable, Outcome, Refused};

/// An observable as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputObservable {
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
    pub data_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    pub start_date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<OutputAttachment>,
    #[schema(value_type = Tlp)]
    pub tlp: i64,
    pub tlp_label: &'static str,
    #[schema(value_type = Pap)]
    pub pap: i64,
    pub pap_label: &'static str,
    pub tags: Vec<String>,
    pub ioc: bool,
    pub sighted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sighted_at: Option<i64>,
    /// What analyzers found out, by their names.
    pub reports: Map<String, Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    pub extra_data: Map<String, Json>,
    pub ignore_similarity: bool,
    pub external: bool,
}

impl From<&Observable> for OutputObservable {
    fn from(observable: &Observable) -> Self {
        Self {
            id: EntityId(observable.id),
            entity_type: Observable::KIND,
            created_by: observable.created_by.clone(),
            updated_by: observable.updated_by.clone(),
            created_at: observable.created_at,
            updated_at: observable.updated_at,
            data_type: observable.data_type.clone(),
            data: observable.value.clone(),
            start_date: observable.created_at,
            attachment: observable.attachment.as_ref().map(OutputAttachment::from),
            tlp: observable.tlp,
            tlp_label: Tlp(observable.tlp).label(),
            pap: observable.pap,
            pap_label: Pap(observable.pap).label(),
            tags: observable.tags.clone(),
            ioc: observable.is_ioc,
            sighted: observable.is_sighted,
            sighted_at: observable.sighted_at,
            reports: observable.reports.clone(),
            message: observable.message.clone(),
            extra_data: Map::new(),
            ignore_similarity: observable.ignores_similarity,
            external: observable.is_external,
        }
    }
}

/// Several of which some could not be created.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputObservables {
    pub success: Vec<OutputObservable>,
    pub failure: Vec<OutputFailure>,
}

/// One that could not be created, and why.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputFailure {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub message: String,
    pub object: OutputFailedObject,
}

/// What could not be created.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputFailedObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<OutputFailedFile>,
}

/// A file that could not become an observable.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputFailedFile {
    pub name: String,
}

impl From<Refused> for OutputFailure {
    fn from(refused: Refused) -> Self {
        Self {
            kind: refused.kind,
            message: refused.message,
            object: OutputFailedObject {
                data: refused.value,
                attachment: refused.file_name.map(|name| OutputFailedFile { name }),
            },
        }
    }
}

/// Those that were created, in the order they were given.
pub fn created(outcome: &Outcome) -> Vec<OutputObservable> {
    outcome
        .created
        .iter()
        .map(|observable| OutputObservable::from(&**observable))
        .collect()
}

/// Text to look through: a report, a mail, a log.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
pub struct InputIndicators {
    pub text: Markdown,
}

/// What was found in a text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputIndicators {
    pub indicators: Vec<OutputIndicator>,
}

/// Something that may become an observable.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputIndicator {
    pub data_type: &'static str,
    pub data: String,
    /// How often it is in the text.
    pub count: usize,
    /// That its name only looks like another, or how it is written in plain letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

impl From<Indicator> for OutputIndicator {
    fn from(indicator: Indicator) -> Self {
        Self {
            data_type: indicator.kind,
            data: indicator.value,
            count: indicator.count,
            warning: indicator.warning,
        }
    }
}
