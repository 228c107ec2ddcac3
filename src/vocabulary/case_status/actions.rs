//! What other domains ask of case statuses, and the predefined ones.

use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Reading, Requirement, Result, Writing};
use crate::audit::{self, Entry};
use crate::storage::{Queries, Touch};

use super::model::{CaseStage, CaseStatus, OutputCaseStatus};
use super::store;

pub(crate) use super::store::all;

/// The stage of the status `value`.
///
/// # Errors
/// [`Error::Invalid`] at `status` when there is no such status.
pub fn stage_of(queries: &impl Queries, value: &str) -> Result<CaseStage> {
    store::stage_of(queries, value)?.ok_or_else(|| {
        Error::invalid(FieldProblem::format(
            "status",
            format!("is no case status: {value}"),
        ))
    })
}

/// The values of all statuses, sorted.
///
/// # Errors
/// Only those of the storage.
pub fn values(reading: &Reading) -> Result<Vec<String>> {
    Ok(store::values(reading)?)
}

/// The predefined statuses (section 19 of the contract): value, stage, colour.
const PREDEFINED: [(&str, CaseStage, &str); 7] = [
    ("New", CaseStage::New, "#2F6FDE"),
    ("InProgress", CaseStage::InProgress, "#7A4FD0"),
    ("TruePositive", CaseStage::Closed, "#B3402E"),
    ("FalsePositive", CaseStage::Closed, "#2E7D4F"),
    ("Indeterminate", CaseStage::Closed, "#6B7280"),
    ("Other", CaseStage::Closed, "#6B7280"),
    ("Duplicated", CaseStage::Closed, "#6B7280"),
];

/// Creates the predefined statuses in a new database.
///
/// # Errors
/// Only those of the storage.
pub fn seed<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    let scope = unit.scope();
    for (position, (value, stage, colour)) in (0..).zip(PREDEFINED) {
        let status = CaseStatus {
            id: unit.tx().new_id()?,
            value: value.to_owned(),
            stage,
            position,
            description: None,
            colour: Some(colour.to_owned()),
            is_hidden: false,
            is_predefined: true,
            created_at: scope.now_ms,
            created_by: scope.login.clone(),
            updated_at: None,
            updated_by: None,
        };
        store::insert(unit.tx(), &status)?;
        let context = Touch {
            kind: "Organisation",
            id: scope.organisation.id,
        };
        audit::record(
            unit,
            Entry::created(status.touch(), context, &OutputCaseStatus::from(&status)),
        )?;
    }
    Ok(())
}
