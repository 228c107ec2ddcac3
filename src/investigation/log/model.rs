//! A task log and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::investigation::attachment;
use crate::investigation::attachment::model::{Attachment, OutputAttachment, Owner};
use crate::storage::{Row, Touch, Value};
use crate::wire::{Date, EntityId, Markdown, Patch};

use super::store;
use crate::investigation::case::model::case_open_to;

/// A note on the work done in a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    pub id: i64,
    pub task_id: i64,
    /// The case of the task.
    pub case_id: i64,
    pub message: String,
    /// The time that the note speaks of.
    pub date_at: i64,
    /// The creator's login.
    pub owner: String,
    /// Where it shows in the timeline of the case, if it does.
    pub include_in_timeline_at: Option<i64>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    /// The files that hang on it, in the order they came.
    pub attachments: Vec<Attachment>,
}

impl Log {
    /// The log as the audit trail names it.
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

impl Viewable for Log {
    const KIND: &'static str = "Log";
    const SELECT: &'static str = "select log.id, log.task_id, \
        (select task.case_id from task where task.id = log.task_id), log.message, log.date_at, log.owner, \
        log.include_in_timeline_at, log.created_at, log.created_by, log.updated_at, log.updated_by from log where";

    /// Those of the tasks that are shared with the organisation, of cases that are not hidden from the caller.
    fn visible(scope: &Scope) -> Predicate {
        let case = case_open_to(scope, "task.case_id");
        let mut values = vec![scope.organisation.id.into()];
        values.extend(case.values);
        let sql = format!(
            "exists (select 1 from task_share join task on task.id = task_share.task_id \
             where task_share.task_id = log.task_id and task_share.organisation_id = ? and {})",
            case.sql
        );
        Predicate::new(sql, values)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("log.id = ?1", id.into()))
    }

    fn complete(scoped: &dyn Scoped, logs: &mut [Self]) -> crate::access::Result<()> {
        let ids: Vec<i64> = logs.iter().map(|log| log.id).collect();
        let mut files = attachment::actions::of_all(scoped, Owner::Log, &ids)?;
        for log in logs {
            log.attachments = files.remove(&log.id).unwrap_or_default();
        }
        Ok(())
    }
}

/// A log to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateLog {
    pub message: Markdown,
    /// The time the note speaks of; now when absent.
    pub start_date: Option<Date>,
    pub include_in_timeline: Option<Date>,
}

/// What to change of a log.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateLog {
    pub message: Option<Markdown>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub include_in_timeline: Patch<Date>,
}

/// A log as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputLog {
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
    pub message: String,
    pub date: i64,
    pub attachments: Vec<OutputAttachment>,
    pub owner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_in_timeline: Option<i64>,
    pub extra_data: Map<String, Json>,
}

impl From<&Log> for OutputLog {
    fn from(log: &Log) -> Self {
        Self {
            id: EntityId(log.id),
            entity_type: Log::KIND,
            created_by: log.created_by.clone(),
            updated_by: log.updated_by.clone(),
            created_at: log.created_at,
            updated_at: log.updated_at,
            message: log.message.clone(),
            date: log.date_at,
            attachments: log.attachments.iter().map(OutputAttachment::from).collect(),
            owner: log.owner.clone(),
            include_in_timeline: log.include_in_timeline_at,
            extra_data: Map::new(),
        }
    }
}
