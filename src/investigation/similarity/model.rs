//! What the API tells of similar cases and alerts.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::investigation::alert::model::OutputAlert;
use crate::investigation::case::model::OutputCase;
use crate::investigation::observable::model::OutputObservable;

/// Similar cases or alerts that the operations for pages of the UI give, and that their counts count to.
pub const LIGHT_MAX: usize = 100;
/// Similar cases or alerts that the other operations give.
pub const WHOLE_MAX: usize = 1_000;
/// Observables in common that are told of one case or alert where only their values are.
pub const VALUES_MAX: usize = 100;
/// Observables in common that are told of one case or alert.
pub const LINKS_MAX: usize = 1_000;

/// What cases and alerts have in common with others: the kind of entity on one of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Cases,
    Alerts,
}

impl Side {
    /// The side of a kind of entity, as in `_type`.
    pub fn of_kind(kind: &str) -> Option<Self> {
        match kind {
            "Case" => Some(Self::Cases),
            "Alert" => Some(Self::Alerts),
            _ => None,
        }
    }

    /// The kind of entity, as in `_type`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Cases => "Case",
            Self::Alerts => "Alert",
        }
    }

    /// The parameter with a filter for them.
    pub fn filter(self) -> &'static str {
        match self {
            Self::Cases => "caseFilter",
            Self::Alerts => "alertFilter",
        }
    }
}

/// How much another case or alert has in common with the one that was asked about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputSimilarity {
    pub similar_observable_count: i64,
    pub observable_count: i64,
    pub similar_ioc_count: i64,
    pub ioc_count: i64,
    /// How many in common there are of each type.
    pub observable_types: BTreeMap<String, i64>,
    /// Those of its observables that they have in common.
    pub linked_with: Vec<OutputObservable>,
    pub links_count: i64,
}

/// A case that has observables in common with the case or alert that was asked about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputSimilarCase {
    #[schema(value_type = OutputCase)]
    pub case: Json,
    #[serde(flatten)]
    pub similarity: OutputSimilarity,
}

/// An alert that has observables in common with the case or alert that was asked about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputSimilarAlert {
    #[schema(value_type = OutputAlert)]
    pub alert: Json,
    #[serde(flatten)]
    pub similarity: OutputSimilarity,
}

/// The same in short.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputSimilarityLight {
    pub similar_observable_count: i64,
    pub observable_count: i64,
    /// The values in common by their types, up to a hundred.
    pub linked_with: BTreeMap<String, Vec<String>>,
    pub links_count: i64,
}

/// A case that has observables in common with the case or alert that was asked about, with how much.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputSimilarCaseLight {
    #[serde(flatten)]
    #[schema(value_type = OutputCase)]
    pub case: Json,
    #[serde(flatten)]
    pub similarity: OutputSimilarityLight,
}

/// An alert that has observables in common with the case or alert that was asked about, with how much.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputSimilarAlertLight {
    #[serde(flatten)]
    #[schema(value_type = OutputAlert)]
    pub alert: Json,
    #[serde(flatten)]
    pub similarity: OutputSimilarityLight,
}

/// A case that has observables in common with another, and which.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCaseWithLinks {
    #[serde(flatten)]
    pub case: OutputCase,
    pub linked_with: Vec<OutputObservable>,
    pub links_count: i64,
}
