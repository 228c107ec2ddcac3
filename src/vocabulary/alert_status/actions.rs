//! What other domains ask of alert statuses, and the predefined ones.

use crate::access::permission::needs::ManagePlatform;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Reading, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Queries, Touch};
use crate::wire::{Colour, Markdown};

use super::model::{
    AlertStage, AlertStatus, InputCreateAlertStatus, InputUpdateAlertStatus, OutputAlertStatus,
};
use super::store;

pub(crate) use super::store::all;

/// The stage of the status `value`.
///
/// # Errors
/// [`Error::Invalid`] at `status` when there is no such status.
pub fn stage_of(queries: &dyn Queries, value: &str) -> Result<AlertStage> {
    store::stage_of(queries, value)?.ok_or_else(|| {
        Error::invalid(FieldProblem::format(
            "status",
            format!("is no alert status: {value}"),
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
const PREDEFINED: [(&str, AlertStage, &str); 7] = [
    ("New", AlertStage::New, "#2F6FDE"),
    ("InProgress", AlertStage::InProgress, "#7A4FD0"),
    ("Pending", AlertStage::InProgress, "#B7791F"),
    ("Imported", AlertStage::Imported, "#2E7D4F"),
    ("FalsePositive", AlertStage::Closed, "#6B7280"),
    ("Duplicate", AlertStage::Closed, "#6B7280"),
    ("Ignored", AlertStage::Closed, "#6B7280"),
];

/// Creates a status.
///
/// # Errors
/// A value that is taken.
pub fn create(
    unit: &Writing<ManagePlatform>,
    input: InputCreateAlertStatus,
) -> Result<Visible<AlertStatus>> {
    if store::is_value_taken(unit, &input.value)? {
        return Err(Error::taken("value", &input.value));
    }
    let status = AlertStatus {
        position: match input.order {
            Some(order) => order.into(),
            None => store::next_position(unit)?,
        },
        description: input.description.map(Markdown::into_string),
        colour: colour(input.colour),
        is_hidden: input.hidden.unwrap_or(false),
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
    status: &Visible<AlertStatus>,
    input: InputUpdateAlertStatus,
) -> Result<()> {
    let before: &AlertStatus = status;
    let mut after = before.clone();
    after.position = input.order.map_or(before.position, i64::from);
    after.is_hidden = input.hidden.unwrap_or(before.is_hidden);
    after.description = input
        .description
        .map(Markdown::into_string)
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

/// The empty text stands for none.
fn colour(colour: Option<Colour>) -> Option<String> {
    colour
        .map(Colour::into_string)
        .filter(|text| !text.is_empty())
}

/// Deletes a status.
///
/// # Errors
/// A predefined one, or one that some alert has, an alert in the bin too.
pub fn delete(unit: &Writing<ManagePlatform>, status: &Visible<AlertStatus>) -> Result<()> {
    if status.is_predefined {
        return Err(Error::Rule(format!(
            "The predefined status {} cannot be deleted; hide it",
            status.value
        )));
    }
    if store::values_in_use(unit)?.contains(&status.value) {
        return Err(Error::Rule(format!(
            "The status {} cannot be deleted while an alert has it; hide it",
            status.value
        )));
    }
    store::delete(unit.tx(), status)?;
    let told = OutputAlertStatus::from(&**status);
    audit::record(unit, Entry::deleted(status.touch(), context(unit), &told))
}

/// Whether there are no alert statuses yet: in a new database, and in one from before there were alerts.
///
/// # Errors
/// Only those of the storage.
pub fn are_missing(queries: &dyn Queries) -> Result<bool> {
    Ok(store::values(queries)?.is_empty())
}

/// Creates the predefined statuses.
///
/// # Errors
/// Only those of the storage.
pub fn seed<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    for (position, (value, stage, colour)) in (0..).zip(PREDEFINED) {
        let status = AlertStatus {
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
fn new<P: Requirement>(unit: &Writing<P>, value: String, stage: AlertStage) -> Result<AlertStatus> {
    let scope = unit.scope();
    Ok(AlertStatus {
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

fn insert<P: Requirement>(unit: &Writing<P>, status: &AlertStatus) -> Result<()> {
    store::insert(unit.tx(), status)?;
    let entry = Entry::created(
        status.touch(),
        context(unit),
        &OutputAlertStatus::from(status),
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
