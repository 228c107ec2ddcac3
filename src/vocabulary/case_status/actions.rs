//! What other domains ask of case statuses, and the predefined ones.

use crate::access::permission::needs::ManagePlatform;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Reading, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Queries, Touch};
use crate::wire::{Colour, Text};

use super::model::{
    CaseStage, CaseStatus, InputCreateCaseStatus, InputUpdateCaseStatus, OutputCaseStatus,
};
use super::store;

pub(crate) use super::store::all;

/// The stage of the status `value`.
///
/// # Errors
/// [`Error::Invalid`] at `status` when there is no such status.
pub fn stage_of(queries: &dyn Queries, value: &str) -> Result<CaseStage> {
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

/// Creates a status.
///
/// # Errors
/// A value that is taken.
pub fn create(
    unit: &Writing<ManagePlatform>,
    input: InputCreateCaseStatus,
) -> Result<Visible<CaseStatus>> {
    if store::is_value_taken(unit, &input.value)? {
        return Err(Error::taken("value", &input.value));
    }
    let status = CaseStatus {
        position: input.order.into(),
        description: input.description.map(Text::into_string),
        colour: colour(input.colour),
        is_hidden: input.hidden,
        is_predefined: false,
        ..new(unit, input.value.into_string(), input.stage)?
    };
    insert(unit, &status)?;
    Visible::by_id(unit, status.id)
}

/// Changes how a status is shown.
///
/// # Errors
/// Only those of the storage: what a status may not change is not in the input.
pub fn update(
    unit: &Writing<ManagePlatform>,
    status: &Visible<CaseStatus>,
    input: InputUpdateCaseStatus,
) -> Result<()> {
    let before: &CaseStatus = status;
    let mut after = before.clone();
    after.position = input.order.map_or(before.position, i64::from);
    after.is_hidden = input.hidden.unwrap_or(before.is_hidden);
    after.description = input
        .description
        .map(Text::into_string)
        .apply(before.description.clone());
    if input.colour.is_given() {
        after.colour = colour(input.colour.apply(None));
    }
    let mut changes = Changes::default();
    changes.note("order", &before.position, &after.position);
    changes.note("description", &before.description, &after.description);
    changes.note("colour", &before.colour, &after.colour);
    changes.note("hidden", &before.is_hidden, &after.is_hidden);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let entry = Entry::updated(after.touch(), context(unit), changes.into_vec());
    audit::record(unit, entry)
}

/// Deletes a status that no case has.
///
/// # Errors
/// A predefined status, or one that a case has.
pub fn delete(unit: &Writing<ManagePlatform>, status: &Visible<CaseStatus>) -> Result<()> {
    if status.is_predefined {
        return Err(Error::Rule(format!(
            "The case status {} is predefined and cannot be deleted; hide it instead",
            status.value
        )));
    }
    if store::values_in_use(unit)?.contains(&status.value) {
        return Err(Error::Rule(format!(
            "The case status {} cannot be deleted while a case has it; hide it instead",
            status.value
        )));
    }
    store::delete(unit.tx(), status)?;
    let told = OutputCaseStatus::from(&**status);
    audit::record(unit, Entry::deleted(status.touch(), context(unit), &told))
}

/// The empty text stands for none.
fn colour(colour: Option<Colour>) -> Option<String> {
    colour
        .map(Colour::into_string)
        .filter(|text| !text.is_empty())
}

/// Creates the predefined statuses in a new database.
///
/// # Errors
/// Only those of the storage.
pub fn seed<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    for (position, (value, stage, colour)) in (0..).zip(PREDEFINED) {
        let status = CaseStatus {
            position,
            colour: Some(colour.to_owned()),
            is_predefined: true,
            ..new(unit, value.to_owned(), stage)?
        };
        insert(unit, &status)?;
    }
    Ok(())
}

/// A status with nothing but its word.
fn new<P: Requirement>(unit: &Writing<P>, value: String, stage: CaseStage) -> Result<CaseStatus> {
    let scope = unit.scope();
    Ok(CaseStatus {
        id: unit.tx().new_id()?,
        value,
        stage,
        position: 0,
        description: None,
        colour: None,
        is_hidden: false,
        is_predefined: false,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    })
}

fn insert<P: Requirement>(unit: &Writing<P>, status: &CaseStatus) -> Result<()> {
    store::insert(unit.tx(), status)?;
    let entry = Entry::created(
        status.touch(),
        context(unit),
        &OutputCaseStatus::from(status),
    );
    audit::record(unit, entry)
}

/// Statuses are of the whole platform: who administers it sees their changes.
fn context<P: Requirement>(unit: &Writing<P>) -> Touch {
    Touch {
        kind: "Organisation",
        id: unit.scope().organisation.id,
    }
}
