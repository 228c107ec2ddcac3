//! A case and what the API takes for it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::sight::case_row_seen_by;
pub use crate::access::sight::{case_open_to, case_seen_by};
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{PermissionSet, Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::vocabulary::case_status::model::CaseStage;
use crate::vocabulary::custom_field::model::{CustomFieldValue, InputCustomFieldValues};
use crate::wire::labels::{Pap, Severity, Tlp};
use crate::wire::{Date, Markdown, Patch, Text};

pub use super::output::OutputCase;
pub(crate) use super::rules::tags_after;
use super::store;
use crate::investigation::page::model::InputCreatePage;
use crate::investigation::share::model::InputShare;
use crate::investigation::task::model::InputCreateTask;

/// Which people of the organisations that have the case see it. Users are named by their logins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "_kind")]
pub enum Access {
    /// All of them.
    #[serde(rename = "OrganisationAccessKind")]
    Organisation,
    /// Only these.
    #[serde(rename = "UserAccessKind")]
    Users { users: Vec<String> },
    /// All of them, and these from outside; `*` for everybody from outside who belongs to the organisation.
    #[serde(rename = "ExternalAccessKind")]
    External { users: Vec<String> },
    /// All of them, and everybody from outside.
    #[serde(rename = "AllExternalAccessKind")]
    AllExternal,
}

impl Access {
    /// The API's word for its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Organisation => "OrganisationAccessKind",
            Self::Users { .. } => "UserAccessKind",
            Self::External { .. } => "ExternalAccessKind",
            Self::AllExternal => "AllExternalAccessKind",
        }
    }

    /// Whether only some users see the case.
    pub fn is_restricted(&self) -> bool {
        matches!(self, Self::Users { .. })
    }

    pub(super) fn by_kind(kind: &str) -> Option<Self> {
        let users = Vec::new();
        Some(match kind {
            "OrganisationAccessKind" => Self::Organisation,
            "UserAccessKind" => Self::Users { users },
            "ExternalAccessKind" => Self::External { users },
            "AllExternalAccessKind" => Self::AllExternal,
            _ => return None,
        })
    }
}

/// The values of severity with their words.
pub(crate) const SEVERITIES: &[(i64, &str)] =
    &[(1, "low"), (2, "medium"), (3, "high"), (4, "critical")];

/// The values of TLP with their words.
pub(crate) const TLPS: &[(i64, &str)] = &[
    (0, "clear"),
    (1, "green"),
    (2, "amber"),
    (3, "amber+strict"),
    (4, "red"),
];
/// The values of PAP with their words.
pub(crate) const PAPS: &[(i64, &str)] = &[(0, "clear"), (1, "green"), (2, "amber"), (3, "red")];

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
    pub access: Access,
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
    /// In their order.
    pub custom_fields: Vec<CustomFieldValue>,
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

    /// Its own and those shared with the organisation that are not in the bin, unless they are restricted to others.
    fn visible(scope: &Scope) -> Predicate {
        case_row_seen_by(scope)
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

    fn complete(scoped: &dyn Scoped, cases: &mut [Self]) -> crate::access::Result<()> {
        store::load_tags(scoped, cases)?;
        store::load_access(scoped, cases)?;
        store::load_custom_fields(scoped, cases)?;
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
    pub impact_status: Option<Text<1, 128>>,
    /// A login; the caller when absent.
    pub assignee: Option<Text<1, 128>>,
    pub access: Option<Access>,
    /// An object of values by names, several of one field as a list; or a list.
    pub custom_fields: Option<InputCustomFieldValues>,
    pub case_template: Option<Text<1, 128>>,
    pub tasks: Option<Vec<InputCreateTask>>,
    pub pages: Option<Vec<InputCreatePage>>,
    pub sharing_parameters: Option<Vec<InputShare>>,
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
    /// An object adds each of its values to those that are there; a list takes the place of all values.
    pub custom_fields: Option<InputCustomFieldValues>,
    /// Sets the values of these custom fields, whatever they were, and leaves the others alone: a value, a list of
    /// several, or `null` for none.
    pub set_custom_fields: Option<Map<String, Json>>,
    /// Takes these custom fields away with their values.
    pub remove_custom_fields: Option<Vec<Text<1, 64>>>,
    pub task_rule: Option<Text<1, 128>>,
    pub observable_rule: Option<Text<1, 128>>,
    /// Beside `assignee`: the waiting and started tasks go to the same person.
    #[serde(default)]
    pub reassign_open_tasks: bool,
}

/// Who is to see a case.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
pub struct InputManageCaseAccess {
    pub access: Access,
}

/// Who is to see several cases: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputManageCaseAccessWithIds {
    /// Ids or numbers.
    pub ids: Vec<String>,
    #[serde(flatten)]
    pub update: InputManageCaseAccess,
}

/// Which organisation is to own a case.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputChangeCaseOwnership {
    /// Its id or its name.
    pub organisation: String,
    /// What the present owner may do from then on; absent: it loses the case.
    pub keep_profile: Option<String>,
    pub task_rule: Option<Text<1, 128>>,
    pub observable_rule: Option<Text<1, 128>>,
}

/// The same change for several cases: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateCaseWithIds {
    /// Ids or numbers.
    pub ids: Vec<String>,
    #[serde(flatten)]
    pub update: InputUpdateCase,
}

/// A change of one of several cases.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateOneCase {
    /// Its id or number.
    pub id: String,
    pub update: InputUpdateCase,
}

/// Several cases, each with a change of its own: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateEachCase {
    pub cases: Vec<InputUpdateOneCase>,
}

/// The texts as plain ones.
pub fn into_strings(list: Vec<Text<1, 128>>) -> Vec<String> {
    list.into_iter().map(Text::into_string).collect()
}

/// What a case takes from the alert that it is made of, beside what its input says.
#[derive(Debug)]
pub struct FromAlert {
    /// What the trail says of the alert.
    pub told: Json,
    /// The alert's values; those of the input win.
    pub custom_fields: Vec<CustomFieldValue>,
}

/// What a case says after alerts were merged into it.
#[derive(Debug)]
pub struct TakenIn {
    pub description: String,
    pub tags: Vec<String>,
    pub custom_fields: Vec<CustomFieldValue>,
}

/// What an alert tells of the case it went into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub number: i64,
    pub access_kind: String,
    /// Whether the caller sees it.
    pub is_visible: bool,
}

/// What a case takes from its earliest alert.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlertDates {
    pub at: Option<i64>,
    pub new_at: Option<i64>,
    pub in_progress_at: Option<i64>,
    pub imported_at: Option<i64>,
}
