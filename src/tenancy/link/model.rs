//! A link and the sharing profiles it can have.

use serde::{Deserialize, Serialize};

use crate::tenancy::organisation::model::OutputOrganisation;
use crate::wire::Text;

/// What an organisation shares with another by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharingProfile {
    pub name: &'static str,
    pub description: &'static str,
    /// Whether new cases are shared.
    pub is_auto_share: bool,
    /// The profile that a share has: of an automatic one always, of another unless another is chosen.
    pub permission_profile: Option<&'static str>,
    /// Whether another profile can be chosen.
    pub is_editable: bool,
}

impl SharingProfile {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self {
            name: "default",
            description: "Cases are shared one by one",
            is_auto_share: false,
            permission_profile: None,
            is_editable: true,
        },
        Self {
            name: "supervised",
            description: "New cases are shared, to be worked on",
            is_auto_share: true,
            permission_profile: Some("analyst"),
            is_editable: false,
        },
        Self {
            name: "notify",
            description: "New cases are shared, to be read",
            is_auto_share: true,
            permission_profile: Some("read-only"),
            is_editable: false,
        },
    ];

    /// The one of that name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        const ALL: &[SharingProfile] = &SharingProfile::ALL;
        ALL.iter().find(|profile| profile.name == name)
    }
}

/// A link as one of its ends has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The end that has it.
    pub organisation_id: i64,
    /// The other end.
    pub other_id: i64,
    pub other: String,
    pub other_avatar_hash: Option<String>,
    /// The sharing profile for what this end shares with the other.
    pub link_type: String,
    /// The one for the other direction.
    pub other_link_type: String,
}

/// The sharing profiles of a link; `default` when absent.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputOrganisationLink {
    pub link_type: Option<Text<1, 64>>,
    pub other_link_type: Option<Text<1, 64>>,
}

/// All links of an organisation, in place of those it has.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputOrganisationBulkLink {
    #[serde(default)]
    pub links: Vec<InputLinkTo>,
}

/// A link to an organisation, named by its id or its name.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputLinkTo {
    pub to_organisation: String,
    pub link_type: Text<1, 64>,
    pub other_link_type: Text<1, 64>,
}

/// A link as the organisation's own answer gives it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationLink {
    pub to_organisation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    pub link_type: String,
    pub other_link_type: String,
}

impl From<&Link> for OrganisationLink {
    fn from(link: &Link) -> Self {
        Self {
            to_organisation: link.other.clone(),
            avatar: link.other_avatar_hash.clone(),
            link_type: link.link_type.clone(),
            other_link_type: link.other_link_type.clone(),
        }
    }
}

/// A link with the organisation at its other end.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputOrganisationLink {
    pub link_type: String,
    pub other_link_type: String,
    pub organisation: OutputOrganisation,
}

/// A sharing profile as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputSharingProfile {
    pub name: &'static str,
    pub description: &'static str,
    pub auto_share: bool,
    pub editable: bool,
    /// Empty when any can be chosen.
    pub permission_profile: &'static str,
    pub task_rule: &'static str,
    pub observable_rule: &'static str,
}

impl From<&SharingProfile> for OutputSharingProfile {
    fn from(profile: &SharingProfile) -> Self {
        Self {
            name: profile.name,
            description: profile.description,
            auto_share: profile.is_auto_share,
            editable: profile.is_editable,
            permission_profile: profile.permission_profile.unwrap_or_default(),
            task_rule: "manual",
            observable_rule: "manual",
        }
    }
}
