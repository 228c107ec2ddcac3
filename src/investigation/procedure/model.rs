//! A procedure and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::sight::case_seen_by;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{Date, EntityId, Markdown, Patch, Text};

use super::store;

/// A technique that was used, on a case or an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Procedure {
    pub id: i64,
    pub case_id: Option<i64>,
    pub alert_id: Option<i64>,
    /// The pattern, with its technique's id and name.
    pub pattern_id: i64,
    pub external_id: String,
    pub pattern_name: String,
    pub catalog_id: i64,
    /// The tactic's short name and its name for people.
    pub tactic: Option<String>,
    pub tactic_label: Option<String>,
    pub description: Option<String>,
    pub occur_at: i64,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Procedure {
    /// The procedure as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Its case or alert, under which the audit trail shows it.
    pub fn context(&self) -> Touch {
        match (self.case_id, self.alert_id) {
            (Some(id), _) => Touch { kind: "Case", id },
            (None, id) => Touch {
                kind: "Alert",
                id: id.unwrap_or_default(),
            },
        }
    }
}

impl Viewable for Procedure {
    const KIND: &'static str = "Procedure";
    const SELECT: &'static str = "select procedure.id, procedure.case_id, procedure.alert_id, procedure.pattern_id, \
        pattern.external_id, pattern.name, pattern.catalog_id, procedure.tactic, tactic.label, \
        procedure.description, procedure.occur_at, procedure.created_at, procedure.created_by, \
        procedure.updated_at, procedure.updated_by \
        from procedure join pattern on pattern.id = procedure.pattern_id \
        left join tactic on tactic.catalog_id = pattern.catalog_id and tactic.name = procedure.tactic where";

    /// Those of cases and alerts that the caller sees.
    fn visible(scope: &Scope) -> Predicate {
        let mut of_case = case_seen_by(scope, "procedure.case_id");
        of_case.values.push(scope.organisation.id.into());
        Predicate::new(
            format!(
                "(procedure.case_id is not null and {} or procedure.alert_id is not null \
                 and exists (select 1 from alert where alert.id = procedure.alert_id \
                 and alert.organisation_id = ? and alert.deleted_at is null))",
                of_case.sql
            ),
            of_case.values,
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("procedure.id = ?1", id.into()))
    }
}

/// A procedure to be created.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputProcedure {
    /// The technique's id, as in `T1059.006`.
    pub pattern_id: Text<1, 128>,
    pub occur_date: Date,
    /// A short name, as in `execution`; the technique's only one when absent.
    pub tactic: Option<Text<1, 32>>,
    pub description: Option<Markdown>,
}

/// Several procedures to be created: all of them or none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputBulkProcedure {
    #[serde(default)]
    pub procedures: Vec<InputProcedure>,
}

/// What to change of a procedure.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateProcedure {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Markdown>,
    pub occur_date: Option<Date>,
    pub pattern_id: Option<Text<1, 128>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub tactic: Patch<Text<1, 32>>,
}

/// Procedures to be deleted.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputProcedureIds {
    pub ids: Vec<String>,
}

/// A procedure as the API gives it. It has no `_type`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputProcedure {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub occur_date: i64,
    pub pattern_id: String,
    pub pattern_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tactic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tactic_label: Option<String>,
    pub extra_data: Map<String, Json>,
}

impl From<&Procedure> for OutputProcedure {
    fn from(procedure: &Procedure) -> Self {
        Self {
            id: EntityId(procedure.id),
            created_at: procedure.created_at,
            created_by: procedure.created_by.clone(),
            updated_at: procedure.updated_at,
            updated_by: procedure.updated_by.clone(),
            description: procedure.description.clone(),
            occur_date: procedure.occur_at,
            pattern_id: procedure.external_id.clone(),
            pattern_name: procedure.pattern_name.clone(),
            tactic: procedure.tactic.clone(),
            tactic_label: procedure.tactic_label.clone(),
            extra_data: Map::new(),
        }
    }
}
