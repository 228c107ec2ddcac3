//! A dashboard and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Error, Permission, Predicate, Result, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Markdown, Text};

use super::store;

/// Who sees a dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum DashboardStatus {
    /// Its owner.
    Private,
    /// The organisation.
    Shared,
    /// Nobody: to set it is to delete it.
    Deleted,
}

impl DashboardStatus {
    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Private => "Private",
            Self::Shared => "Shared",
            Self::Deleted => "Deleted",
        }
    }
}

/// A dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    pub id: i64,
    pub organisation_id: i64,
    /// Nobody's once its owner's account is removed.
    pub owner_id: Option<i64>,
    /// His login.
    pub owner: Option<String>,
    pub title: String,
    pub description: String,
    pub group: String,
    pub is_shared: bool,
    /// A JSON object, as text.
    pub definition: String,
    /// Of the form of the definition.
    pub version: i64,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Dashboard {
    /// The dashboard as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Who may know of it: its organisation, or its owner alone.
    pub fn context(&self) -> Touch {
        match self.owner_id {
            Some(owner_id) if !self.is_shared => Touch {
                kind: "User",
                id: owner_id,
            },
            _ => Touch {
                kind: "Organisation",
                id: self.organisation_id,
            },
        }
    }

    /// Whether the caller may change it: its owner, and for a shared one who manages dashboards.
    pub fn is_writable_by(&self, scope: &Scope) -> bool {
        self.owner_id == Some(scope.user_id)
            || (self.is_shared && scope.permissions.contains(Permission::ManageDashboard))
    }
}

impl Viewable for Dashboard {
    const KIND: &'static str = "Dashboard";
    const SELECT: &'static str = "select dashboard.id, dashboard.organisation_id, dashboard.owner_id, \"user\".login, \
        dashboard.title, dashboard.description, dashboard.group_name, dashboard.is_shared, dashboard.definition, \
        dashboard.version, dashboard.created_at, dashboard.created_by, dashboard.updated_at, dashboard.updated_by \
        from dashboard left join \"user\" on \"user\".id = dashboard.owner_id where";

    /// The organisation's shared ones, and the caller's own.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "dashboard.organisation_id = ? and (dashboard.is_shared = 1 or dashboard.owner_id = ?)",
            vec![scope.organisation.id.into(), scope.user_id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("dashboard.id = ?1", id.into())),
            None => Some(("dashboard.title = ?1", reference.into())),
        }
    }
}

/// A dashboard to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCreateDashboard {
    pub title: Text<1, 512>,
    pub group: Option<Text<1, 32>>,
    pub description: Markdown,
    pub status: DashboardStatus,
    pub definition: Map<String, Json>,
    pub version: Option<i32>,
}

/// What to change of a dashboard.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateDashboard {
    pub title: Option<Text<1, 512>>,
    pub group: Option<Text<1, 32>>,
    pub description: Option<Markdown>,
    pub definition: Option<Map<String, Json>>,
    pub status: Option<DashboardStatus>,
    pub version: Option<i32>,
}

/// Who a dashboard is handed to: a login or an id.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputChangeDashboardOwnership {
    pub user: Text<1, 128>,
}

/// A dashboard as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputDashboard {
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
    pub description: String,
    pub status: DashboardStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[schema(value_type = Map<String, Json>)]
    pub definition: Json,
    /// Whether the caller may change it.
    pub writable: bool,
    pub version: i64,
}

impl OutputDashboard {
    /// The dashboard as the caller gets it.
    ///
    /// # Errors
    /// When its definition is no JSON: a defect.
    pub fn of(dashboard: &Dashboard, scope: &Scope) -> Result<Self> {
        let definition = serde_json::from_str(&dashboard.definition)
            .map_err(|error| Error::Internal(format!("dashboard {}: {error}", dashboard.id)))?;
        Ok(Self {
            id: EntityId(dashboard.id),
            entity_type: Dashboard::KIND,
            created_by: dashboard.created_by.clone(),
            updated_by: dashboard.updated_by.clone(),
            created_at: dashboard.created_at,
            updated_at: dashboard.updated_at,
            title: dashboard.title.clone(),
            group: dashboard.group.clone(),
            description: dashboard.description.clone(),
            status: if dashboard.is_shared {
                DashboardStatus::Shared
            } else {
                DashboardStatus::Private
            },
            owner: dashboard.owner.clone(),
            definition,
            writable: dashboard.is_writable_by(scope),
            version: dashboard.version,
        })
    }
}
