//! A case template and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::vocabulary::custom_field::model::{
    CustomFieldValue, InputCustomFieldValues, OutputCustomFieldValue,
};
use crate::vocabulary::page_template::model::InputCreatePage;
use crate::wire::labels::{Pap, Severity, Tlp};
use crate::wire::{EntityId, Markdown, Name, Patch, Text};

use super::store;
pub use super::task::{InputCaseTemplateTask, OutputCaseTemplateTask, TemplateTask};

/// A case template.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseTemplate {
    pub id: i64,
    pub organisation_id: i64,
    /// Unique in the organisation.
    pub name: String,
    pub display_name: String,
    pub title_prefix: Option<String>,
    pub description: Option<String>,
    pub severity: Option<i64>,
    pub flag: bool,
    pub tlp: Option<i64>,
    pub pap: Option<i64>,
    pub summary: Option<String>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    pub tags: Vec<String>,
    /// In their order.
    pub tasks: Vec<TemplateTask>,
    /// Fields without a value are to be filled in the case.
    pub custom_fields: Vec<CustomFieldValue>,
    /// The ids of the page templates whose pages a case gets, in their order.
    pub page_templates: Vec<i64>,
}

impl CaseTemplate {
    /// The template as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Its organisation, under which the audit trail shows it.
    pub fn context(&self) -> Touch {
        Touch {
            kind: "Organisation",
            id: self.organisation_id,
        }
    }
}

impl Viewable for CaseTemplate {
    const KIND: &'static str = "CaseTemplate";
    const SELECT: &'static str = "select case_template.id, case_template.organisation_id, case_template.name, \
        case_template.display_name, case_template.title_prefix, case_template.description, case_template.severity, \
        case_template.flag, case_template.tlp, case_template.pap, case_template.summary, case_template.created_at, \
        case_template.created_by, case_template.updated_at, case_template.updated_by from case_template where";

    /// The organisation's own.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "case_template.organisation_id = ?",
            vec![scope.organisation.id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("case_template.id = ?1", id.into())),
            None => Some(("case_template.name = ?1", reference.into())),
        }
    }

    fn complete(scoped: &dyn Scoped, templates: &mut [Self]) -> crate::access::Result<()> {
        store::load_parts(scoped, templates)
    }
}

/// A case template to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateCaseTemplate {
    pub name: Name<128>,
    /// The name when absent.
    pub display_name: Option<Name<128>>,
    pub title_prefix: Option<Text<1, 64>>,
    pub description: Option<Markdown>,
    pub severity: Option<Severity>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub flag: Option<bool>,
    pub tlp: Option<Tlp>,
    pub pap: Option<Pap>,
    pub summary: Option<Markdown>,
    pub tasks: Option<Vec<InputCaseTemplateTask>>,
    /// Page templates that are there, by their ids or titles.
    pub page_template_ids: Option<Vec<String>>,
    /// Page templates to be created and linked.
    pub page_templates: Option<Vec<InputCreatePage>>,
    /// `null` as a value: to be filled in the case.
    pub custom_fields: Option<InputCustomFieldValues>,
}

/// The page templates that are to come along with a case template, by their ids or titles.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputLinkPageTemplatesToCaseTemplate {
    #[serde(default)]
    pub page_template_ids: Vec<String>,
}

/// What to change of a case template. Lists of tags and tasks take the place of those that are there.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateCaseTemplate {
    pub name: Option<Name<128>>,
    pub display_name: Option<Name<128>>,
    /// `null` and the empty text remove it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub title_prefix: Patch<Text<0, 64>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Markdown>,
    #[serde(default)]
    #[schema(value_type = Option<Severity>)]
    pub severity: Patch<Severity>,
    pub tags: Option<Vec<Text<1, 128>>>,
    pub flag: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<Tlp>)]
    pub tlp: Patch<Tlp>,
    #[serde(default)]
    #[schema(value_type = Option<Pap>)]
    pub pap: Patch<Pap>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub summary: Patch<Markdown>,
    /// An object adds values, a list takes the place of all.
    pub custom_fields: Option<InputCustomFieldValues>,
    pub tasks: Option<Vec<InputCaseTemplateTask>>,
}

/// A case template as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCaseTemplate {
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
    pub name: String,
    pub display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Severity>)]
    pub severity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity_label: Option<&'static str>,
    pub tags: Vec<String>,
    pub flag: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Tlp>)]
    pub tlp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp_label: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Pap>)]
    pub pap: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pap_label: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    pub custom_fields: Vec<OutputCustomFieldValue>,
    pub tasks: Vec<OutputCaseTemplateTask>,
    pub extra_data: Map<String, Json>,
}

impl From<&CaseTemplate> for OutputCaseTemplate {
    fn from(template: &CaseTemplate) -> Self {
        Self {
            id: EntityId(template.id),
            entity_type: CaseTemplate::KIND,
            created_by: template.created_by.clone(),
            updated_by: template.updated_by.clone(),
            created_at: template.created_at,
            updated_at: template.updated_at,
            name: template.name.clone(),
            display_name: template.display_name.clone(),
            title_prefix: template.title_prefix.clone(),
            description: template.description.clone(),
            severity: template.severity,
            severity_label: template.severity.map(|value| Severity(value).label()),
            tags: template.tags.clone(),
            flag: template.flag,
            tlp: template.tlp,
            tlp_label: template.tlp.map(|value| Tlp(value).label()),
            pap: template.pap,
            pap_label: template.pap.map(|value| Pap(value).label()),
            summary: template.summary.clone(),
            custom_fields: template.custom_fields.iter().map(Into::into).collect(),
            tasks: template.tasks.iter().map(Into::into).collect(),
            extra_data: Map::new(),
        }
    }
}
