//! The verbs of custom events.

use crate::access::permission::needs::ManageCustomEvent;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::investigation::case::actions::require_in;
use crate::investigation::case::model::Case;
use crate::wire::{Date, Text};

use super::model::{CustomEvent, InputCustomEvent, InputUpdateCustomEvent, OutputCustomEvent};
use super::store;

/// Puts an event onto the timeline of a case.
///
/// # Errors
/// An end before the beginning.
pub fn create(
    unit: &Writing<ManageCustomEvent>,
    case: &Visible<Case>,
    input: InputCustomEvent,
) -> Result<Visible<CustomEvent>> {
    let scope = unit.scope();
    let event = CustomEvent {
        id: unit.tx().new_id()?,
        case_id: case.id,
        date_at: input.date.ms(),
        end_at: input.end_date.map(Date::ms),
        title: input.title.into_string(),
        description: input.description.map(Text::into_string),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    refuse_backwards(&event)?;
    store::insert(unit.tx(), &event)?;
    let output = OutputCustomEvent::from(&event);
    audit::record(
        unit,
        Entry::created(event.touch(), event.context(), &output),
    )?;
    Visible::by_id(unit, event.id)
}

fn refuse_backwards(event: &CustomEvent) -> Result<()> {
    if event.end_at.is_some_and(|end| end < event.date_at) {
        return Err(Error::invalid(FieldProblem::format(
            "endDate",
            "must not be before the date",
        )));
    }
    Ok(())
}

/// Changes an event.
///
/// # Errors
/// An end before the beginning, or a right that the caller lacks on this case.
pub fn update(
    unit: &Writing<ManageCustomEvent>,
    event: &Visible<CustomEvent>,
    input: InputUpdateCustomEvent,
) -> Result<()> {
    require_in(unit, event.case_id, Permission::ManageCustomEvent)?;
    let before: &CustomEvent = event;
    let mut after = before.clone();
    after.date_at = input.date.map_or(before.date_at, Date::ms);
    after.end_at = input.end_date.map(Date::ms).apply(before.end_at);
    if let Some(title) = input.title {
        after.title = title.into_string();
    }
    after.description = input
        .description
        .map(Text::into_string)
        .apply(before.description.clone());
    refuse_backwards(&after)?;
    let mut changes = Changes::default();
    changes.note("date", &before.date_at, &after.date_at);
    changes.note("endDate", &before.end_at, &after.end_at);
    changes.note("title", &before.title, &after.title);
    changes.note("description", &before.description, &after.description);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let entry = Entry::updated(after.touch(), after.context(), changes.into_vec());
    audit::record(unit, entry)
}

/// Takes an event off the timeline.
///
/// # Errors
/// A right that the caller lacks on this case.
pub fn delete(unit: &Writing<ManageCustomEvent>, event: &Visible<CustomEvent>) -> Result<()> {
    require_in(unit, event.case_id, Permission::ManageCustomEvent)?;
    store::delete(unit.tx(), event)?;
    let output = OutputCustomEvent::from(&**event);
    let entry = Entry::deleted(event.touch(), event.context(), &output);
    audit::record(unit, entry)
}

/// Puts the texts of these events into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    Ok(store::index_again(unit.tx(), ids)?)
}
