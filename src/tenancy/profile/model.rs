//! A profile and its wire types.

use serde::{Deserialize, Serialize};

use crate::access::permission::PermissionScope;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Permission, PermissionSet, Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Name, Text};

use super::rules;
use super::store;

/// For which kind of organisation a profile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum ProfileType {
    /// For ordinary organisations.
    Organisation,
    /// For the organisation `admin`.
    Admin,
    /// For people outside.
    External,
}

impl ProfileType {
    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Organisation => "Organisation",
            Self::Admin => "Admin",
            Self::External => "External",
        }
    }

    pub(super) fn by_word(word: &str) -> Option<Self> {
        [Self::Organisation, Self::Admin, Self::External]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    pub id: i64,
    pub name: String,
    pub kind: ProfileType,
    pub is_editable: bool,
    pub is_predefined: bool,
    pub permissions: PermissionSet,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Profile {
    /// The profile as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Profile {
    const KIND: &'static str = "Profile";
    const SELECT: &'static str = "select profile.id, profile.name, profile.type, profile.is_editable, \
        profile.is_predefined, profile.created_at, profile.created_by, profile.updated_at, profile.updated_by \
        from profile where";

    /// Profiles hold no secret of an organisation: everybody who gives or has one may read them all.
    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("profile.id = ?1", id.into())),
            None => Some(("profile.name = ?1", reference.into())),
        }
    }

    fn complete(scoped: &dyn Scoped, profiles: &mut [Self]) -> crate::access::Result<()> {
        Ok(store::load_permissions(scoped, profiles)?)
    }
}

/// A profile to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCreateProfile {
    #[serde(rename = "type")]
    pub kind: Option<ProfileType>,
    pub name: Name<64>,
    #[serde(default)]
    pub permissions: Vec<Text<1, 64>>,
}

/// What to change of a profile.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateProfile {
    pub name: Option<Name<64>>,
    pub permissions: Option<Vec<Text<1, 64>>>,
}

/// A profile as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputProfile {
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
    #[serde(rename = "type")]
    pub kind: ProfileType,
    pub name: String,
    /// Sorted by name.
    pub permissions: Vec<&'static str>,
    pub editable: bool,
    pub for_admin: bool,
    pub for_org: bool,
    pub for_external: bool,
    /// Always false in effect: nothing here needs a licence. Kept for the clients that read it.
    pub consumes_license: bool,
}

impl From<&Profile> for OutputProfile {
    fn from(profile: &Profile) -> Self {
        Self {
            id: EntityId(profile.id),
            entity_type: Profile::KIND,
            created_by: profile.created_by.clone(),
            updated_by: profile.updated_by.clone(),
            created_at: profile.created_at,
            updated_at: profile.updated_at,
            kind: profile.kind,
            name: profile.name.clone(),
            permissions: profile.permissions.names(),
            editable: profile.is_editable,
            for_admin: profile.kind == ProfileType::Admin,
            for_org: profile.kind == ProfileType::Organisation,
            for_external: profile.kind == ProfileType::External,
            consumes_license: rules::consumes_license(profile.kind, profile.permissions),
        }
    }
}

/// A permission, described.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PermissionDesc {
    pub name: Permission,
    pub label: &'static str,
    pub consumes_license: bool,
    /// `admin`, `organisation` or both.
    pub scope: Vec<&'static str>,
}

impl From<Permission> for PermissionDesc {
    fn from(permission: Permission) -> Self {
        Self {
            name: permission,
            label: permission.label(),
            consumes_license: rules::permission_consumes_license(permission),
            scope: match permission.scope() {
                PermissionScope::Admin => vec!["admin"],
                PermissionScope::Organisation => vec!["organisation"],
                PermissionScope::Both => vec!["admin", "organisation"],
            },
        }
    }
}
