//! An alert and what the API takes for it.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::vocabulary::alert_status::model::AlertStage;
use crate::wire::labels::{Pap, Severity, Tlp};
use crate::wire::{Date, Markdown, Patch, Text};

use super::store;

pub use super::output::OutputAlert;
use crate::investigation::attachment::actions::KeptFile;
use crate::investigation::observable::model::InputCreateObservable;
use crate::investigation::page::model::InputCreatePage;
use crate::investigation::procedure::model::InputProcedure;
use crate::investigation::share::model::InputShare;
use crate::investigation::task::model::InputCreateTask;
use crate::vocabulary::custom_field::model::{CustomFieldValue, InputCustomFieldValues};

/// An alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    pub id: i64,
    pub organisation_id: i64,
    /// What kind of thing reports it: `siem`, `mail`. The API calls it `type`.
    pub alert_type: String,
    pub source: String,
    /// The source's own name for it.
    pub source_ref: String,
    pub external_link: Option<String>,
    pub title: String,
    pub description: String,
    pub severity: i64,
    /// When it happened, by its source.
    pub date_at: i64,
    pub tlp: i64,
    pub pap: i64,
    /// Whether what its source says later is of interest.
    pub follow: bool,
    pub status: String,
    pub stage: AlertStage,
    pub summary: Option<String>,
    /// The assignee's login.
    pub assignee: Option<String>,
    /// The name of the template that a case made of it follows.
    pub case_template: Option<String>,
    /// The case it went into, unless that is in the bin.
    pub case_id: Option<i64>,
    /// When the alert first was in each stage.
    pub new_at: i64,
    pub in_progress_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub imported_at: Option<i64>,
    pub last_sync_at: Option<i64>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    /// In the order they were given.
    pub tags: Vec<String>,
    /// In their order.
    pub custom_fields: Vec<CustomFieldValue>,
    pub observable_count: i64,
}

impl Alert {
    /// The alert as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Alert {
    const KIND: &'static str = "Alert";
    const SELECT: &'static str = "select alert.id, alert.organisation_id, alert.type, alert.source, \
        alert.source_ref, alert.external_link, alert.title, alert.description, alert.severity, alert.date_at, \
        alert.tlp, alert.pap, alert.follow, alert.status, alert.stage, alert.summary, alert.assignee, \
        alert.case_template, (select \"case\".id from \"case\" where \"case\".id = alert.case_id \
            and \"case\".deleted_at is null), alert.new_at, alert.in_progress_at, alert.closed_at, \
        alert.imported_at, alert.last_sync_at, alert.created_at, alert.created_by, alert.updated_at, \
        alert.updated_by from alert where";

    /// The organisation's own that are not in the bin.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "alert.deleted_at is null and alert.organisation_id = ?",
            vec![scope.organisation.id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("alert.id = ?1", id.into()))
    }

    /// By its id, or as `type;source;sourceRef`.
    fn named_by_parts(reference: &str) -> Option<(&'static str, Vec<Value>)> {
        if let Some((condition, id)) = Self::named(reference) {
            return Some((condition, vec![id]));
        }
        let parts: Vec<Value> = reference.splitn(3, ';').map(Value::from).collect();
        (parts.len() == 3).then_some((
            "alert.type = ?1 and alert.source = ?2 and alert.source_ref = ?3",
            parts,
        ))
    }

    fn complete(scoped: &dyn Scoped, alerts: &mut [Self]) -> crate::access::Result<()> {
        store::load_tags(scoped, alerts)?;
        store::load_custom_fields(scoped, alerts)?;
        store::load_observable_counts(scoped, alerts)?;
        Ok(())
    }
}

/// An alert to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateAlert {
    #[serde(rename = "type")]
    pub alert_type: Text<1, 32>,
    pub source: Text<1, 32>,
    pub source_ref: Text<1, 128>,
    pub external_link: Option<Text<1, 4096>>,
    pub title: Text<1, 512>,
    pub description: Markdown,
    pub severity: Option<Severity>,
    /// When it happened; now when absent.
    pub date: Option<Date>,
    pub tags: Option<Vec<Text<1, 128>>>,
    /// Taken and not kept: alerts have no flag.
    pub flag: Option<bool>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    /// An object of values by names, several of one field as a list; or a list.
    pub custom_fields: Option<InputCustomFieldValues>,
    pub summary: Option<Markdown>,
    pub status: Option<Text<1, 64>>,
    /// A login.
    pub assignee: Option<Text<1, 128>>,
    /// The template for a case made of it; the name of none is dropped.
    pub case_template: Option<Text<1, 128>>,
    /// What was seen. One that is there twice is made once. A file is named by the part of the form that it comes in, or
    /// is one that the server has.
    #[serde(alias = "artifacts")]
    pub observables: Option<Vec<InputCreateObservable>>,
    pub procedures: Option<Vec<InputProcedure>>,
}

/// What comes with a new alert beside what its input says.
#[derive(Debug, Default)]
pub struct Enclosure {
    /// What the sender sent.
    pub payload: Option<Payload>,
    /// The files of the input's observables: those of each, in their order. Where it ends early, the others have none.
    pub observable_files: Vec<Vec<KeptFile>>,
    /// Files that hang on the alert itself.
    pub attachments: Vec<KeptFile>,
}

/// What to change of an alert. Only what is given changes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateAlert {
    #[serde(rename = "type")]
    pub alert_type: Option<Text<1, 32>>,
    pub source: Option<Text<1, 32>>,
    pub source_ref: Option<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub external_link: Patch<Text<1, 4096>>,
    pub title: Option<Text<1, 512>>,
    pub description: Option<Markdown>,
    pub severity: Option<Severity>,
    pub date: Option<Date>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub last_sync_date: Patch<Date>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub add_tags: Option<Vec<Text<1, 128>>>,
    pub remove_tags: Option<Vec<Text<1, 128>>>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    pub follow: Option<bool>,
    /// An object adds each of its values to those that are there; a list takes the place of all values.
    pub custom_fields: Option<InputCustomFieldValues>,
    /// Sets the values of these custom fields, whatever they were, and leaves the others alone: a value, a list of
    /// several, or `null` for none.
    pub set_custom_fields: Option<Map<String, Json>>,
    /// Takes these custom fields away with their values.
    pub remove_custom_fields: Option<Vec<Text<1, 64>>>,
    pub status: Option<Text<1, 64>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub summary: Patch<Markdown>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub assignee: Patch<Text<1, 128>>,
}

/// The same change for several alerts: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateAlertWithIds {
    pub ids: Vec<String>,
    #[serde(flatten)]
    pub update: InputUpdateAlert,
}

/// Several alerts.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputAlertIds {
    pub ids: Vec<String>,
}

/// What of a case shall not be taken from the alert it is made of.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateCaseFromAlert {
    pub title: Option<Text<1, 512>>,
    pub description: Option<Markdown>,
    pub severity: Option<Severity>,
    /// The alert's date when absent.
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub flag: Option<bool>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    pub status: Option<Text<1, 64>>,
    pub summary: Option<Markdown>,
    /// A login; the caller when absent.
    pub assignee: Option<Text<1, 128>>,
    pub custom_fields: Option<InputCustomFieldValues>,
    pub case_template: Option<Text<1, 128>>,
    pub tasks: Option<Vec<InputCreateTask>>,
    pub pages: Option<Vec<InputCreatePage>>,
    pub sharing_parameters: Option<Vec<InputShare>>,
    pub task_rule: Option<Text<1, 128>>,
    pub observable_rule: Option<Text<1, 128>>,
}

/// Alerts to be made into one case, and what of it shall not be taken from the first of them.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCaseFromAlerts {
    pub alert_ids: Vec<String>,
    #[serde(default)]
    pub case: InputCreateCaseFromAlert,
}

/// Alerts to be merged into a case.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputAlertsMergeWithCase {
    /// An id or a number.
    pub case_id: String,
    #[serde(default)]
    pub alert_ids: Vec<String>,
}

/// Where an alert of a case came from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Origin {
    #[serde(rename = "type")]
    pub alert_type: String,
    pub source: String,
}

/// What the sender sent, as it was sent.
#[derive(Debug)]
pub struct Payload {
    pub content_type: String,
    pub bytes: Vec<u8>,
}
