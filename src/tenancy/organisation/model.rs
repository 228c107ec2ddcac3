//! An organisation and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Markdown, Name, Patch, Text};

use super::store;
use crate::tenancy::link::model::OrganisationLink;

/// An organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    pub id: i64,
    pub name: String,
    pub description: String,
    /// Whether new tasks of a shared case go to every organisation that has it: `manual` or `autoShare`.
    pub task_rule: String,
    /// The same for observables.
    pub observable_rule: String,
    pub is_locked: bool,
    /// The hash of its picture, by which it is fetched.
    pub avatar_hash: Option<String>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Organisation {
    /// The organisation as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Organisation {
    const KIND: &'static str = "Organisation";
    const SELECT: &'static str = "select organisation.id, organisation.name, organisation.description, \
        organisation.task_rule, organisation.observable_rule, organisation.is_locked, organisation.avatar_hash, \
        organisation.created_at, organisation.created_by, organisation.updated_at, organisation.updated_by \
        from organisation where";

    /// From `admin` all, from any other only itself.
    fn visible(scope: &Scope) -> Predicate {
        if scope.is_admin_organisation() {
            Predicate::everything()
        } else {
            Predicate::new("organisation.id = ?", vec![scope.organisation.id.into()])
        }
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("organisation.id = ?1", id.into())),
            None => Some(("organisation.name = ?1", reference.into())),
        }
    }
}

/// An organisation as others see it: the caller's own, one that is linked with it, or from `admin` any. For telling who
/// it is, not for acting on it: that takes an [`Organisation`].
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour(Organisation);

impl Neighbour {
    /// What is known of it.
    pub fn into_organisation(self) -> Organisation {
        self.0
    }
}

impl std::ops::Deref for Neighbour {
    type Target = Organisation;
    fn deref(&self) -> &Organisation {
        &self.0
    }
}

impl Viewable for Neighbour {
    const KIND: &'static str = Organisation::KIND;
    const SELECT: &'static str = Organisation::SELECT;

    fn visible(scope: &Scope) -> Predicate {
        if scope.is_admin_organisation() {
            return Predicate::everything();
        }
        let own: Value = scope.organisation.id.into();
        Predicate::new(
            "(organisation.id = ? or exists (select 1 from organisation_link \
             where organisation_link.organisation_id = ? \
             and organisation_link.other_organisation_id = organisation.id))",
            vec![own.clone(), own],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        Organisation::from_row(row).map(Self)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        Organisation::named(reference)
    }
}

/// An organisation to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateOrganisation {
    pub name: Name<64>,
    pub description: Markdown,
    pub task_rule: Option<Text<1, 64>>,
    pub observable_rule: Option<Text<1, 64>>,
    pub locked: Option<bool>,
    /// A picture in base64, at most 500 kB (PNG, JPEG, GIF or WebP).
    pub avatar: Option<String>,
}

/// What to change of an organisation.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateOrganisation {
    pub name: Option<Name<64>>,
    pub description: Option<Markdown>,
    pub task_rule: Option<Text<1, 64>>,
    pub observable_rule: Option<Text<1, 64>>,
    pub locked: Option<bool>,
    /// A picture in base64, at most 500 kB (PNG, JPEG, GIF or WebP); the empty text or null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub avatar: Patch<String>,
}

/// An organisation as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputOrganisation {
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
    pub description: String,
    pub task_rule: String,
    pub observable_rule: String,
    /// Links to other organisations.
    pub links: Vec<OrganisationLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    pub locked: bool,
    pub extra_data: Map<String, Json>,
}

impl From<&Organisation> for OutputOrganisation {
    fn from(organisation: &Organisation) -> Self {
        Self {
            id: EntityId(organisation.id),
            entity_type: Organisation::KIND,
            created_by: organisation.created_by.clone(),
            updated_by: organisation.updated_by.clone(),
            created_at: organisation.created_at,
            updated_at: organisation.updated_at,
            name: organisation.name.clone(),
            description: organisation.description.clone(),
            task_rule: organisation.task_rule.clone(),
            observable_rule: organisation.observable_rule.clone(),
            links: Vec::new(),
            avatar: organisation.avatar_hash.clone(),
            locked: organisation.is_locked,
            extra_data: Map::new(),
        }
    }
}
