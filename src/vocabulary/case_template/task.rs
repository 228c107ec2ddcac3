//! The tasks that a case template plans, and their wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Value};
use crate::wire::{Date, EntityId, Markdown, Text};

use super::store;

/// A task that a case template plans.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateTask {
    pub id: i64,
    pub template_id: i64,
    pub title: String,
    pub group: String,
    pub description: Option<String>,
    pub flag: bool,
    pub start_at: Option<i64>,
    pub end_at: Option<i64>,
    pub due_at: Option<i64>,
    /// A login. Who can't work on the case when it is made does not get the task.
    pub assignee: Option<String>,
    pub position: i64,
    pub is_mandatory: bool,
    pub created_at: i64,
    pub created_by: String,
}

impl Viewable for TemplateTask {
    const KIND: &'static str = "CaseTemplateTask";
    const SELECT: &'static str = store::SELECT_TASK;

    /// Those of the organisation's templates.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "exists (select 1 from case_template where case_template.id = case_template_task.case_template_id \
                 and case_template.organisation_id = ?)",
            vec![scope.organisation.id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::task_from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("case_template_task.id = ?1", id.into()))
    }
}

/// A task of a case template. It has no status: what becomes of it is waiting.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCaseTemplateTask {
    pub title: Text<1, 128>,
    pub group: Option<Text<1, 64>>,
    pub description: Option<Markdown>,
    pub flag: Option<bool>,
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    pub order: Option<i32>,
    pub due_date: Option<Date>,
    /// A login.
    pub assignee: Option<Text<1, 128>>,
    pub mandatory: Option<bool>,
}

/// A task of a case template as the API gives it: as any task.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCaseTemplateTask {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    pub title: String,
    pub group: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub status: &'static str,
    pub flag: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    pub order: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<i64>,
    pub mandatory: bool,
    pub extra_data: Map<String, Json>,
}

impl From<&TemplateTask> for OutputCaseTemplateTask {
    fn from(task: &TemplateTask) -> Self {
        Self {
            id: EntityId(task.id),
            entity_type: "Task",
            created_by: task.created_by.clone(),
            created_at: task.created_at,
            title: task.title.clone(),
            group: task.group.clone(),
            description: task.description.clone(),
            status: "Waiting",
            flag: task.flag,
            start_date: task.start_at,
            end_date: task.end_at,
            assignee: task.assignee.clone(),
            order: task.position,
            due_date: task.due_at,
            mandatory: task.is_mandatory,
            extra_data: Map::new(),
        }
    }
}
