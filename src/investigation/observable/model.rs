//! An observable and what the API takes for it.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::access::sight::case_open_to;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable, Visible};
use crate::investigation::attachment;
use crate::investigation::attachment::model::{Attachment, Owner, Place};
use crate::storage::{Row, Touch, Value};
use crate::wire::labels::{Pap, Tlp};
use crate::wire::{Date, Markdown, Text};

use super::store;

pub use super::output::{OutputObservable, OutputObservables, created};

/// Values that one request may bring.
pub const VALUES_MAX: usize = 1_000;
/// The longest value, in characters.
pub const VALUE_CHARACTERS_MAX: usize = 4_096;

/// A value or a file that was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Observable {
    pub id: i64,
    /// It is of a case or of an alert, never of both.
    pub case_id: Option<i64>,
    pub alert_id: Option<i64>,
    /// The organisation that made it.
    pub organisation_id: i64,
    pub data_type: String,
    /// The value; nothing for a file.
    pub value: Option<String>,
    /// What makes two of them alike.
    pub likeness: Vec<u8>,
    pub message: Option<String>,
    pub tlp: i64,
    pub pap: i64,
    pub is_ioc: bool,
    pub is_sighted: bool,
    pub sighted_at: Option<i64>,
    pub ignores_similarity: bool,
    /// Shown to people outside too.
    pub is_external: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    /// What analyzers found out, by their names.
    pub reports: Map<String, Json>,
    /// In the order they were given.
    pub tags: Vec<String>,
    /// The file, if it is one.
    pub attachment: Option<Attachment>,
}

impl Observable {
    /// The observable as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Its case or alert, under which the audit trail shows it.
    pub fn context(&self) -> Touch {
        match (self.case_id, self.alert_id) {
            (_, Some(id)) => Touch { kind: "Alert", id },
            (id, None) => Touch {
                kind: "Case",
                id: id.unwrap_or_default(),
            },
        }
    }

    /// Where its file hangs.
    pub(super) fn place(&self) -> Place {
        Place::on(Owner::Observable(self.id), self.context())
    }

    /// The value, or the name of the file: what people call it.
    pub fn label(&self) -> &str {
        self.value
            .as_deref()
            .or(self.attachment.as_ref().map(|file| file.name.as_str()))
            .unwrap_or_default()
    }
}

impl Viewable for Observable {
    const KIND: &'static str = "Observable";
    const SELECT: &'static str = "select observable.id, observable.case_id, observable.alert_id, \
        observable.organisation_id, observable.data_type, observable.data, observable.likeness, observable.message, \
        observable.tlp, observable.pap, observable.is_ioc, observable.is_sighted, observable.sighted_at, \
        observable.ignores_similarity, observable.is_external, observable.created_at, observable.created_by, \
        observable.updated_at, observable.updated_by, observable.reports from observable where";

    /// Those of cases that are shared with the organisation, and those of its own alerts.
    fn visible(scope: &Scope) -> Predicate {
        let organisation: Value = scope.organisation.id.into();
        let open = case_open_to(scope, "observable.case_id");
        let sql = format!(
            "exists (select 1 from observable_share where observable_share.observable_id = observable.id \
                 and observable_share.organisation_id = ?) and {} \
             or exists (select 1 from alert where alert.id = observable.alert_id and alert.organisation_id = ? \
                 and alert.deleted_at is null)",
            open.sql
        );
        let mut values = vec![organisation.clone()];
        values.extend(open.values);
        values.push(organisation);
        Predicate::new(sql, values)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("observable.id = ?1", id.into()))
    }

    fn complete(scoped: &dyn Scoped, observables: &mut [Self]) -> crate::access::Result<()> {
        store::load_tags(scoped, observables)?;
        let ids: Vec<i64> = observables
            .iter()
            .filter(|observable| observable.value.is_none())
            .map(|observable| observable.id)
            .collect();
        let mut files = attachment::actions::of_all(scoped, Owner::Observable, &ids)?;
        for observable in observables {
            let of_it = files.remove(&observable.id).unwrap_or_default();
            observable.attachment = of_it.into_iter().next();
        }
        Ok(())
    }
}

/// Values: one, or several that everything else holds for alike.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(untagged, expecting = "must be a text or a list of texts")]
pub enum InputObservableData {
    One(String),
    Several(Vec<String>),
}

impl InputObservableData {
    /// The values, without those that are blank.
    pub fn into_values(self) -> Vec<String> {
        let mut values = match self {
            Self::One(value) => vec![value],
            Self::Several(values) => values,
        };
        values.retain(|value| !value.trim().is_empty());
        values
    }
}

/// A file that the server has already.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputAttachment {
    pub name: Text<1, 255>,
    pub content_type: Text<1, 128>,
    /// The hash of the content, or the id of an attachment.
    pub id: Text<1, 128>,
}

/// Files: those that the server has, or the names of the parts of the form that they come in.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(
    untagged,
    expecting = "must be a file that is here (name, contentType, id), the name of a part of the form, or a list of these"
)]
pub enum InputObservableFiles {
    Stored(InputAttachment),
    AllStored(Vec<InputAttachment>),
    Part(String),
    Parts(Vec<String>),
}

/// Observables to be created: one for each value or file.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateObservable {
    /// The type `file` when absent and a file is given.
    pub data_type: Option<Text<1, 64>>,
    pub data: Option<InputObservableData>,
    pub message: Option<Markdown>,
    /// When it was observed: becomes `_createdAt`.
    pub start_date: Option<Date>,
    pub attachment: Option<InputObservableFiles>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub ioc: Option<bool>,
    pub sighted: Option<bool>,
    pub sighted_at: Option<Date>,
    pub ignore_similarity: Option<bool>,
    pub external: Option<bool>,
    /// The files are archives, and each file in them becomes an observable.
    pub is_zip: Option<bool>,
    /// The archives' password; `malware` when absent.
    pub zip_password: Option<Text<1, 512>>,
}

impl InputCreateObservable {
    /// Whether files may have to be made ready for it: it names some, or its text may be one, as old clients send it.
    pub fn may_be_file(&self) -> bool {
        let is_file = |text: &String| text.bytes().filter(|byte| *byte == b';').count() >= 2;
        let in_text = match &self.data {
            Some(InputObservableData::One(text)) => is_file(text),
            Some(InputObservableData::Several(texts)) => texts.iter().any(is_file),
            None => false,
        };
        in_text || self.attachment.is_some()
    }
}

/// What to change of an observable. Only what is given changes; its value stays.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateObservable {
    pub data_type: Option<Text<1, 64>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub message: crate::wire::Patch<Markdown>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub add_tags: Option<Vec<Text<1, 128>>>,
    pub remove_tags: Option<Vec<Text<1, 128>>>,
    pub ioc: Option<bool>,
    pub sighted: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<Date>)]
    pub sighted_at: crate::wire::Patch<Date>,
    pub ignore_similarity: Option<bool>,
    pub external: Option<bool>,
}

/// The same change for several observables: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateObservableWithIds {
    pub ids: Vec<String>,
    #[serde(flatten)]
    pub update: InputUpdateObservable,
}

/// What came of the creation of several.
#[derive(Debug, Default)]
pub struct Outcome {
    pub created: Vec<Visible<Observable>>,
    pub refused: Vec<Refused>,
}

/// One that could not be created, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The API's class of error.
    pub kind: &'static str,
    pub message: String,
    pub value: Option<String>,
    pub file_name: Option<String>,
}
