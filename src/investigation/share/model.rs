//! A share and its wire type.

use serde::{Deserialize, Serialize};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Value};
use crate::wire::{EntityId, Text};

use super::store;
use crate::investigation::case::model::case_seen_by;

/// A case as an organisation has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    pub id: i64,
    pub case_id: i64,
    pub organisation_id: i64,
    pub organisation: String,
    /// What the organisation's people may do at most.
    pub profile: String,
    pub is_owner: bool,
    pub task_rule: String,
    pub observable_rule: String,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Viewable for Share {
    const KIND: &'static str = "Share";
    const SELECT: &'static str = "select share.id, share.case_id, share.organisation_id, organisation.name, profile.name, share.is_owner, \
        share.task_rule, share.observable_rule, share.created_at, share.created_by, share.updated_at, \
        share.updated_by from share join organisation on organisation.id = share.organisation_id \
        join profile on profile.id = share.profile_id where";

    /// Whoever sees the case sees with whom it is shared.
    fn visible(scope: &Scope) -> Predicate {
        case_seen_by(scope, "share.case_id")
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("share.id = ?1", id.into()))
    }
}

/// A case to be shared with an organisation, or how it is to be shared.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputShare {
    /// Its id or its name.
    pub organisation: String,
    /// Whether the organisation gets tasks and observables as the rules say; at the creation of a case, whether it gets
    /// the case at all. True when absent.
    pub share: Option<bool>,
    /// What its people may do at most; `analyst` when absent.
    pub profile: Option<Text<1, 64>>,
    /// `manual` or `autoShare`; the case's when absent.
    pub task_rule: Option<Text<1, 64>>,
    pub observable_rule: Option<Text<1, 64>>,
}

/// The organisations that a case is to be shared with.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCreateShares {
    #[serde(default)]
    pub shares: Vec<InputShare>,
}

/// Organisations, by their ids or names: those that are to get a task or an observable.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCreateShare {
    #[serde(default)]
    pub organisations: Vec<String>,
}

/// Organisations, by their ids or names: those that are to lose what is shared.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputRemoveShares {
    #[serde(default)]
    pub organisations: Vec<String>,
}

/// Shares, by their ids.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputShareIds {
    pub ids: Vec<String>,
}

/// What a share allows from now on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateShare {
    pub profile: Text<1, 64>,
}

/// A part of a case that has shares of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Task,
    Observable,
}

/// A share as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputShare {
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
    pub case_id: EntityId,
    pub profile_name: String,
    pub organisation_name: String,
    pub owner: bool,
    pub task_rule: String,
    pub observable_rule: String,
}

impl From<Share> for OutputShare {
    fn from(share: Share) -> Self {
        Self {
            id: EntityId(share.id),
            entity_type: Share::KIND,
            created_by: share.created_by,
            updated_by: share.updated_by,
            created_at: share.created_at,
            updated_at: share.updated_at,
            case_id: EntityId(share.case_id),
            profile_name: share.profile,
            organisation_name: share.organisation,
            owner: share.is_owner,
            task_rule: share.task_rule,
            observable_rule: share.observable_rule,
        }
    }
}
