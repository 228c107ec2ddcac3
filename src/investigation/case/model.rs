//! A case and what the API takes for it.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{PermissionSet, Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::vocabulary::case_status::model::CaseStage;
use crate::wire::labels::{Pap, Severity, Tlp};
use crate::wire::{Date, Markdown, Patch, Text};

use super::store;
use crate::investigation::task::model::InputCreateTask;

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub id: i64,
    /// Consecutive from 1 over the whole server, never given twice.
    pub number: i64,
    /// The owning organisation.
    pub organisation_id: i64,
    pub title: String,
    pub description: String,
    pub severity: i64,
    pub start_at: i64,
    pub end_at: Option<i64>,
    pub due_at: Option<i64>,
    pub flag: bool,
    pub tlp: i64,
    pub pap: i64,
    pub status: String,
    pub stage: CaseStage,
    pub summary: Option<String>,
    pub impact_status: Option<String>,
    /// The assignee's login.
    pub assignee: Option<String>,
    pub access_kind: String,
    pub task_rule: String,
    pub observable_rule: String,
    /// When the case first was in each stage.
    pub new_at: i64,
    pub in_progress_at: Option<i64>,
    pub closed_at: Option<i64>,
    /// Dates of the earliest linked alert.
    pub alert_at: Option<i64>,
    pub alert_new_at: Option<i64>,
    pub alert_in_progress_at: Option<i64>,
    pub alert_imported_at: Option<i64>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    /// In the order they were given.
    pub tags: Vec<String>,
    /// What the caller may do with it: the caller's profile and that of the organisation's share together.
    pub permissions: PermissionSet,
}

impl Case {
    /// The case as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Case {
    const KIND: &'static str = "Case";
    const SELECT: &'static str = "select \"case\".id, \"case\".number, \"case\".organisation_id, \"case\".title, \
        \"case\".description, \"case\".severity, \"case\".start_at, \"case\".end_at, \"case\".due_at, \"case\".flag, \
        \"case\".tlp, \"case\".pap, \"case\".status, \"case\".stage, \"case\".summary, \"case\".impact_status, \
        \"case\".assignee, \"case\".access_kind, \"case\".task_rule, \"case\".observable_rule, \"case\".new_at, \
        \"case\".in_progress_at, \"case\".closed_at, \"case\".alert_at, \"case\".alert_new_at, \
        \"case\".alert_in_progress_at, \"case\".alert_imported_at, \"case\".created_at, \"case\".created_by, \
        \"case\".updated_at, \"case\".updated_by from \"case\" where";

    /// Its own and those shared with the organisation that are not in the bin. Its own have a share too, but to see
    /// that they are its own the index of a list is enough.
    fn visible(scope: &Scope) -> Predicate {
        let organisation: Value = scope.organisation.id.into();
        Predicate::new(
            "\"case\".deleted_at is null and (\"case\".organisation_id = ? or exists (select 1 from share \
             where share.case_id = \"case\".id and share.organisation_id = ?))",
            vec![organisation.clone(), organisation],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match (parse_id(reference), reference.parse::<i64>()) {
            (Some(id), _) => Some(("\"case\".id = ?1", id.into())),
            (None, Ok(number)) => Some(("\"case\".number = ?1", number.into())),
            (None, Err(_)) => None,
        }
    }

    fn complete<S: Scoped>(scoped: &S, cases: &mut [Self]) -> crate::access::Result<()> {
        store::load_tags(scoped, cases)?;
        store::load_permissions(scoped, scoped.scope(), cases)?;
        Ok(())
    }
}

/// A case to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateCase {
    pub title: Text<1, 512>,
    pub description: Markdown,
    pub severity: Option<Severity>,
    /// Milliseconds since the epoch, as all dates; now when absent.
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    /// When it should be resolved.
    pub due_date: Option<Date>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub flag: Option<bool>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    pub status: Option<Text<1, 64>>,
    pub summary: Option<Markdown>,
    /// A login; the caller when absent.
    pub assignee: Option<Text<1, 128>>,
    pub access: Option<Json>,
    pub custom_fields: Option<Json>,
    pub case_template: Option<Text<1, 128>>,
    pub tasks: Option<Vec<InputCreateTask>>,
    pub pages: Option<Vec<Json>>,
    pub sharing_parameters: Option<Vec<Json>>,
    pub task_rule: Option<Text<1, 128>>,
    pub observable_rule: Option<Text<1, 128>>,
}

/// What to change of a case. Only what is given changes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateCase {
    pub title: Option<Text<1, 512>>,
    pub description: Option<Markdown>,
    pub severity: Option<Severity>,
    pub start_date: Option<Date>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub end_date: Patch<Date>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub due_date: Patch<Date>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub add_tags: Option<Vec<Text<1, 128>>>,
    pub remove_tags: Option<Vec<Text<1, 128>>>,
    pub flag: Option<bool>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    pub status: Option<Text<1, 64>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub summary: Patch<Markdown>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub assignee: Patch<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub impact_status: Patch<Text<1, 128>>,
    pub custom_fields: Option<Json>,
    pub task_rule: Option<Text<1, 128>>,
    pub observable_rule: Option<Text<1, 128>>,
    /// Beside `assignee`: the waiting and started tasks go to the same person.
    #[serde(default)]
    pub reassign_open_tasks: bool,
}

/// The same change for several cases: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateCaseWithIds {
    /// Ids or numbers.
    pub ids: Vec<String>,
    #[serde(flatten)]
    pub update: InputUpdateCase,
}
