//! A task and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{Date, EntityId, Markdown, Patch, Text};

use super::store;
use crate::investigation::case::model::case_open_to;

/// Where a task is on its way. There are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum TaskStatus {
    Waiting,
    InProgress,
    Completed,
    Cancel,
}

impl TaskStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Waiting,
        Self::InProgress,
        Self::Completed,
        Self::Cancel,
    ];

    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::InProgress => "InProgress",
            Self::Completed => "Completed",
            Self::Cancel => "Cancel",
        }
    }

    pub(super) fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::InProgress)
    }
}

/// A task of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    pub id: i64,
    pub case_id: i64,
    pub title: String,
    pub group: String,
    pub description: Option<String>,
    pub status: TaskStatus,
    pub flag: bool,
    pub start_at: Option<i64>,
    pub end_at: Option<i64>,
    pub due_at: Option<i64>,
    /// The assignee's login.
    pub assignee: Option<String>,
    /// Its place among the tasks of the case.
    pub position: i64,
    /// It needs a log to be completed, and the case can't be closed without it.
    pub is_mandatory: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Task {
    /// The task as the audit trail names it.
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

impl Viewable for Task {
    const KIND: &'static str = "Task";
    const SELECT: &'static str = "select task.id, task.case_id, task.title, task.group_name, task.description, \
        task.status, task.flag, task.start_at, task.end_at, task.due_at, task.assignee, task.position, \
        task.is_mandatory, task.created_at, task.created_by, task.updated_at, task.updated_by from task where";

    /// Those shared with the organisation, of cases that are not hidden from the caller.
    fn visible(scope: &Scope) -> Predicate {
        let case = case_open_to(scope, "task.case_id");
        let mut values = vec![scope.organisation.id.into()];
        values.extend(case.values);
        let sql = format!(
            "exists (select 1 from task_share where task_share.task_id = task.id \
             and task_share.organisation_id = ?) and {}",
            case.sql
        );
        Predicate::new(sql, values)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("task.id = ?1", id.into()))
    }
}

/// A task to be created.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateTask {
    pub title: Text<1, 128>,
    pub group: Option<Text<1, 64>>,
    pub description: Option<Markdown>,
    pub status: Option<TaskStatus>,
    pub flag: Option<bool>,
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    pub order: Option<i32>,
    pub due_date: Option<Date>,
    /// A login.
    pub assignee: Option<Text<1, 128>>,
    pub mandatory: Option<bool>,
}

/// What to change of a task. Only what is given changes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateTask {
    pub title: Option<Text<1, 128>>,
    pub group: Option<Text<1, 64>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Markdown>,
    pub status: Option<TaskStatus>,
    pub flag: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub start_date: Patch<Date>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub end_date: Patch<Date>,
    pub order: Option<i32>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub due_date: Patch<Date>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub assignee: Patch<Text<1, 128>>,
    pub mandatory: Option<bool>,
}

/// The same change for several tasks: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateTaskWithIds {
    pub ids: Vec<String>,
    #[serde(flatten)]
    pub update: InputUpdateTask,
}

/// A task as the API gives it. Dates and durations are milliseconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputTask {
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
    pub title: String,
    pub group: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub status: TaskStatus,
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
    /// From start to end, of a completed task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_handle: Option<i64>,
}

impl From<&Task> for OutputTask {
    fn from(task: &Task) -> Self {
        let is_completed = task.status == TaskStatus::Completed;
        Self {
            id: EntityId(task.id),
            entity_type: Task::KIND,
            created_by: task.created_by.clone(),
            updated_by: task.updated_by.clone(),
            created_at: task.created_at,
            updated_at: task.updated_at,
            title: task.title.clone(),
            group: task.group.clone(),
            description: task.description.clone(),
            status: task.status,
            flag: task.flag,
            start_date: task.start_at,
            end_date: task.end_at,
            assignee: task.assignee.clone(),
            order: task.position,
            due_date: task.due_at,
            mandatory: task.is_mandatory,
            extra_data: Map::new(),
            time_to_handle: match (is_completed, task.start_at, task.end_at) {
                (true, Some(start_at), Some(end_at)) => Some(end_at - start_at),
                _ => None,
            },
        }
    }
}
