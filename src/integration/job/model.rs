//! A job, its artifacts, and their wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::investigation::observable::model::Observable;
use crate::storage::{Row, Touch, Value};
use crate::wire::labels::{Pap, Tlp};
use crate::wire::{EntityId, Text};

use super::store;

/// What the API calls the type of a job.
const TYPE: &str = "case_artifact_job";
/// Jobs that one request may ask for.
pub const JOBS_MAX: usize = 200;

/// An observable that an analyzer looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: i64,
    pub observable_id: i64,
    pub organisation_id: i64,
    /// The name of the server: `cortexId`.
    pub server_name: String,
    pub analyzer_id: String,
    pub analyzer_name: String,
    pub analyzer_definition: String,
    /// What the Cortex calls it, once it has it.
    pub remote_id: Option<String>,
    /// `Waiting`, `InProgress`, `Success` or `Failure`.
    pub status: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub report: Option<Json>,
    /// What the report asked for, and what came of it.
    pub operations: Json,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Job {
    /// The job as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

/// The condition that the observable in the column is one that the caller sees.
fn of_visible_observable(scope: &Scope, column: &str) -> Predicate {
    let observable = Observable::visible(scope);
    Predicate::new(
        format!(
            "exists (select 1 from observable where observable.id = {column} and ({}))",
            observable.sql
        ),
        observable.values,
    )
}

impl Viewable for Job {
    const KIND: &'static str = "Job";
    const SELECT: &'static str = "select job.id, job.observable_id, job.organisation_id, job.server_name, \
        job.analyzer_id, job.analyzer_name, job.analyzer_definition, job.remote_id, job.status, job.started_at, \
        job.ended_at, job.report, job.operations, job.created_at, job.created_by, job.updated_at, job.updated_by \
        from job where";

    /// Who sees the observable sees what was found out about it.
    fn visible(scope: &Scope) -> Predicate {
        of_visible_observable(scope, "job.observable_id")
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("job.id = ?1", id.into()))
    }
}

/// Something that an analyzer found beside.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    pub id: i64,
    pub job_id: i64,
    pub data_type: String,
    /// The value, or the name of the file.
    pub data: String,
    /// Where the Cortex keeps the file.
    pub remote_file: Option<String>,
    pub content_type: Option<String>,
    pub message: Option<String>,
    pub tlp: i64,
    pub tags: Vec<String>,
    pub created_at: i64,
    pub created_by: String,
}

impl Viewable for Artifact {
    const KIND: &'static str = "JobArtifact";
    const SELECT: &'static str = "select job_artifact.id, job_artifact.job_id, job_artifact.data_type, \
        job_artifact.data, job_artifact.remote_file, job_artifact.content_type, job_artifact.message, \
        job_artifact.tlp, job_artifact.tags, job_artifact.created_at, job_artifact.created_by from job_artifact where";

    fn visible(scope: &Scope) -> Predicate {
        let of_job = of_visible_observable(scope, "own_job.observable_id");
        Predicate::new(
            format!(
                "exists (select 1 from job as own_job where own_job.id = job_artifact.job_id and {})",
                of_job.sql
            ),
            of_job.values,
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::artifact_from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("job_artifact.id = ?1", id.into()))
    }
}

/// A job to be done.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputJob {
    /// The analyzer, as the Cortex calls it.
    pub analyzer_id: Text<1, 256>,
    /// The name of the server.
    pub cortex_id: Text<1, 128>,
    /// The observable.
    pub artifact_id: String,
    pub parameters: Option<Map<String, Json>>,
}

/// Several jobs to be done: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputJobBulk {
    #[serde(default)]
    pub jobs: Vec<InputJob>,
}

/// Artifacts of a job that are to become observables of the case or alert.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputImportArtifacts {
    /// All of them, when absent.
    pub ids: Option<Vec<String>>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub ioc: Option<bool>,
}

/// A job as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputJob {
    #[serde(rename = "_id")]
    pub entity_id: EntityId,
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
    pub analyzer_id: String,
    pub analyzer_name: String,
    pub analyzer_definition: String,
    pub status: String,
    pub start_date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<i64>,
    /// Only where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Map<String, Json>>)]
    pub report: Option<Json>,
    pub cortex_id: String,
    pub cortex_job_id: String,
    pub id: EntityId,
    /// A list in JSON, as text.
    pub operations: String,
}

impl OutputJob {
    /// With its report.
    pub fn whole(job: &Job) -> Self {
        Self {
            report: job.report.clone(),
            ..Self::from(job)
        }
    }
}

impl From<&Job> for OutputJob {
    /// Without its report.
    fn from(job: &Job) -> Self {
        Self {
            entity_id: EntityId(job.id),
            entity_type: TYPE,
            created_by: job.created_by.clone(),
            updated_by: job.updated_by.clone(),
            created_at: job.created_at,
            updated_at: job.updated_at,
            analyzer_id: job.analyzer_id.clone(),
            analyzer_name: job.analyzer_name.clone(),
            analyzer_definition: job.analyzer_definition.clone(),
            status: job.status.clone(),
            start_date: job.started_at,
            end_date: job.ended_at,
            report: None,
            cortex_id: job.server_name.clone(),
            cortex_job_id: job.remote_id.clone().unwrap_or_default(),
            id: EntityId(job.id),
            operations: job.operations.to_string(),
        }
    }
}

/// An artifact as the API gives it: in the form of an observable, though it is none yet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputJobArtifact {
    #[serde(rename = "_id")]
    id: EntityId,
    #[serde(rename = "_type")]
    entity_type: &'static str,
    #[serde(rename = "_createdBy")]
    created_by: String,
    #[serde(rename = "_createdAt")]
    created_at: i64,
    data_type: String,
    data: String,
    is_file: bool,
    start_date: i64,
    tlp: i64,
    tlp_label: &'static str,
    pap: i64,
    pap_label: &'static str,
    tags: Vec<String>,
    ioc: bool,
    sighted: bool,
    reports: Map<String, Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    extra_data: Map<String, Json>,
    ignore_similarity: bool,
    external: bool,
}

impl From<&Artifact> for OutputJobArtifact {
    fn from(artifact: &Artifact) -> Self {
        const PAP: i64 = 2;
        Self {
            id: EntityId(artifact.id),
            entity_type: Observable::KIND,
            created_by: artifact.created_by.clone(),
            created_at: artifact.created_at,
            data_type: artifact.data_type.clone(),
            data: artifact.data.clone(),
            is_file: artifact.remote_file.is_some(),
            start_date: artifact.created_at,
            tlp: artifact.tlp,
            tlp_label: Tlp(artifact.tlp).label(),
            pap: PAP,
            pap_label: Pap(PAP).label(),
            tags: artifact.tags.clone(),
            ioc: false,
            sighted: false,
            reports: Map::new(),
            message: artifact.message.clone(),
            extra_data: Map::new(),
            ignore_similarity: false,
            external: false,
        }
    }
}
