//! The blueprint as it is written: one object for each thing, by the names of the API.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use super::of_organisation::{CaseTemplatePlan, DashboardPlan, PageTemplatePlan};
use crate::tenancy::organisation::model::Organisation;
use crate::tenancy::profile::model::{Profile, ProfileType};
use crate::vocabulary::case_status::model::{CaseStage, CaseStatus};
use crate::vocabulary::custom_field::model::{CustomField, CustomFieldType};

/// The form of the text. A program refuses those that are newer than the one it writes.
pub const FORMAT: u32 = 2;

/// All that is configured.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Blueprint {
    /// The form of the text.
    pub format: u32,
    /// The organisations, `admin` among them.
    #[serde(default)]
    pub organisations: Vec<OrganisationPlan>,
    /// The profiles, the predefined ones too: `analyst` can be changed.
    #[serde(default)]
    pub profiles: Vec<ProfilePlan>,
    /// The case statuses.
    #[serde(default)]
    pub case_statuses: Vec<CaseStatusPlan>,
    /// The custom fields, without the values that cases have.
    #[serde(default)]
    pub custom_fields: Vec<CustomFieldPlan>,
    /// The page templates of all organisations.
    #[serde(default)]
    pub page_templates: Vec<PageTemplatePlan>,
    /// The case templates of all organisations.
    #[serde(default)]
    pub case_templates: Vec<CaseTemplatePlan>,
    /// The dashboards that organisations share; those that somebody keeps to himself go with him.
    #[serde(default)]
    pub dashboards: Vec<DashboardPlan>,
}

/// An organisation, without its picture.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationPlan {
    pub name: String,
    pub description: String,
    pub task_rule: String,
    pub observable_rule: String,
    #[serde(default)]
    pub locked: bool,
}

/// A profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePlan {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ProfileType,
    pub permissions: Vec<String>,
}

/// A case status.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseStatusPlan {
    pub value: String,
    pub stage: CaseStage,
    pub order: i64,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub colour: Option<String>,
    #[serde(default)]
    pub hidden: bool,
}

/// A custom field.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomFieldPlan {
    pub name: String,
    pub display_name: String,
    pub group: String,
    pub description: String,
    #[serde(rename = "type")]
    pub field_type: CustomFieldType,
    #[serde(default)]
    pub options: Vec<Json>,
    #[serde(default)]
    pub mandatory: bool,
}

impl From<&Organisation> for OrganisationPlan {
    fn from(organisation: &Organisation) -> Self {
        Self {
            name: organisation.name.clone(),
            description: organisation.description.clone(),
            task_rule: organisation.task_rule.clone(),
            observable_rule: organisation.observable_rule.clone(),
            locked: organisation.is_locked,
        }
    }
}

impl From<&Profile> for ProfilePlan {
    fn from(profile: &Profile) -> Self {
        let names = profile.permissions.names();
        Self {
            name: profile.name.clone(),
            kind: profile.kind,
            permissions: names.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl From<&CaseStatus> for CaseStatusPlan {
    fn from(status: &CaseStatus) -> Self {
        Self {
            value: status.value.clone(),
            stage: status.stage,
            order: status.position,
            description: status.description.clone(),
            colour: status.colour.clone(),
            hidden: status.is_hidden,
        }
    }
}

impl From<&CustomField> for CustomFieldPlan {
    fn from(field: &CustomField) -> Self {
        Self {
            name: field.name.clone(),
            display_name: field.display_name.clone(),
            group: field.group.clone(),
            description: field.description.clone(),
            field_type: field.field_type,
            options: field.options.clone(),
            mandatory: field.is_mandatory,
        }
    }
}

impl Blueprint {
    /// The same with lists in one order where the order means nothing.
    pub(super) fn in_order(mut self) -> Self {
        for profile in &mut self.profiles {
            profile.permissions.sort_unstable();
            profile.permissions.dedup();
        }
        self
    }
}
