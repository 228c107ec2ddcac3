//! An observable type and its wire types.

use serde::{Deserialize, Serialize};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Name};

use super::store;

/// The type of a file of which nothing else is said.
pub const FILE: &str = "file";
/// The type of a value of which nothing else is known.
pub const OTHER: &str = "other";

/// A kind of observable.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservableType {
    pub id: i64,
    pub name: String,
    /// Its observables are files, not values.
    pub is_attachment: bool,
    /// If not, values are kept in lower case.
    pub is_case_sensitive: bool,
    pub is_predefined: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl ObservableType {
    /// The type as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for ObservableType {
    const KIND: &'static str = "ObservableType";
    const SELECT: &'static str = "select observable_type.id, observable_type.name, observable_type.is_attachment, \
        observable_type.is_case_sensitive, observable_type.is_predefined, observable_type.created_at, \
        observable_type.created_by, observable_type.updated_at, observable_type.updated_by from observable_type where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("observable_type.id = ?1", id.into())),
            None => Some(("observable_type.name = ?1", reference.into())),
        }
    }
}

/// An observable type to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputObservableType {
    pub name: Name<64>,
    /// Its observables are files; values when absent.
    pub is_attachment: Option<bool>,
    /// Whether letter case matters; it does when absent.
    pub is_case_sensitive: Option<bool>,
}

/// What to change of an observable type: observables carry the rest.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateObservableType {
    pub is_case_sensitive: Option<bool>,
}

/// An observable type as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputObservableType {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    pub name: String,
    pub is_attachment: bool,
    pub is_case_sensitive: bool,
}

impl From<&ObservableType> for OutputObservableType {
    fn from(kind: &ObservableType) -> Self {
        Self {
            id: EntityId(kind.id),
            entity_type: ObservableType::KIND,
            updated_at: kind.updated_at,
            updated_by: kind.updated_by.clone(),
            created_at: kind.created_at,
            created_by: kind.created_by.clone(),
            name: kind.name.clone(),
            is_attachment: kind.is_attachment,
            is_case_sensitive: kind.is_case_sensitive,
        }
    }
}
