//! The wire types of merging.

use serde::{Deserialize, Serialize};

use crate::wire::EntityId;
use crate::wire::labels::{Pap, Severity, Tlp};

/// Cases to be merged.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputMergePreview {
    /// Ids or numbers, in the order in which their titles are to be joined.
    pub ids: Vec<String>,
}

/// What would become of a merge.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputMergePreview {
    /// Why it can't be; absent when it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    pub title: String,
    #[schema(value_type = Severity)]
    pub severity: i64,
    #[schema(value_type = Tlp)]
    pub tlp: i64,
    #[schema(value_type = Pap)]
    pub pap: i64,
    pub start_date: i64,
    pub flag: bool,
    pub tags: Vec<String>,
    pub cases: Vec<OutputOrigin>,
    /// How much of each kind the merged case would have.
    pub parts: Vec<OutputPartCount>,
}

/// A number of things of one kind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputPartCount {
    pub kind: &'static str,
    pub count: i64,
}

/// A case that is, or would be, part of a merged one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputOrigin {
    #[serde(rename = "_id")]
    pub id: EntityId,
    pub number: i64,
    pub title: String,
    /// When it was merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_by: Option<String>,
}

/// Where a case went.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputMergedInto {
    /// The case that has it now.
    pub case_id: EntityId,
    pub number: i64,
    /// The number that was asked for.
    pub merged_number: i64,
}
