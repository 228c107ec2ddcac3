//! The wire types of links.

use serde::{Deserialize, Serialize};

use crate::vocabulary::case_status::model::CaseStage;
use crate::wire::{EntityId, Text};

/// A link to another case.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCaseLink {
    #[serde(rename = "type")]
    pub link_type: Text<1, 64>,
    /// Its id or its number.
    pub case_id: String,
}

/// A link to a place outside.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputExternalLink {
    #[serde(rename = "type")]
    pub link_type: Text<1, 64>,
    /// `http://…` or `https://…`
    pub url: Text<1, 2048>,
}

/// A link to another case, with what a reader wants to know of it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCaseLink {
    pub case_id: EntityId,
    #[serde(rename = "type")]
    pub link_type: String,
    pub number: i64,
    pub title: String,
    pub severity: i64,
    pub status: String,
    pub stage: CaseStage,
}

/// A link to a place outside.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OutputExternalLink {
    pub url: String,
    #[serde(rename = "type")]
    pub link_type: String,
}

/// All links of a case that the caller sees.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCaseLinks {
    pub case_links: Vec<OutputCaseLink>,
    pub external_links: Vec<OutputExternalLink>,
}
