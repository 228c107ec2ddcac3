//! A share and its wire type.

use serde::Serialize;

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Value};
use crate::wire::EntityId;

use super::store;

/// A case as an organisation has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    pub id: i64,
    pub case_id: i64,
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
    const SELECT: &'static str = "select share.id, share.case_id, organisation.name, profile.name, share.is_owner, \
        share.task_rule, share.observable_rule, share.created_at, share.created_by, share.updated_at, \
        share.updated_by from share join organisation on organisation.id = share.organisation_id \
        join profile on profile.id = share.profile_id where";

    /// Whoever sees the case sees with whom it is shared.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "exists (select 1 from share as own join \"case\" on \"case\".id = own.case_id \
             where own.case_id = share.case_id and own.organisation_id = ? and \"case\".deleted_at is null)",
            vec![scope.organisation.id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("share.id = ?1", id.into()))
    }
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
