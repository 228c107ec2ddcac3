//! The verbs of procedures.

use std::collections::HashMap;

use crate::access::permission::needs::ManageProcedure;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::investigation::case::model::Case;
use crate::investigation::parent::Parent;
use crate::storage::Queries;
use crate::vocabulary::pattern;
use crate::vocabulary::pattern::model::Pattern;
use crate::wire::{Date, Text};

use super::model::{InputProcedure, InputUpdateProcedure, OutputProcedure, Procedure};
use super::store;

/// Procedures that one call may create or delete.
pub const BULK_MAX: usize = 500;

/// Notes on a case or an alert that a technique was used.
///
/// # Errors
/// A technique or a tactic that there isn't.
pub fn create(
    unit: &Writing<ManageProcedure>,
    parent: &Parent,
    input: InputProcedure,
) -> Result<Visible<Procedure>> {
    parent.require(Permission::ManageProcedure)?;
    create_on(unit, parent, input, "")
}

/// The same for several techniques: all of them or none.
///
/// # Errors
/// As [`create`]; the problem names the place in the list.
pub fn create_all(
    unit: &Writing<ManageProcedure>,
    parent: &Parent,
    inputs: Vec<InputProcedure>,
) -> Result<Vec<Visible<Procedure>>> {
    refuse_too_many("procedures", inputs.len())?;
    parent.require(Permission::ManageProcedure)?;
    inputs
        .into_iter()
        .enumerate()
        .map(|(place, input)| create_on(unit, parent, input, &format!("procedures[{place}].")))
        .collect()
}

fn refuse_too_many(name: &str, count: usize) -> Result<()> {
    if count > BULK_MAX {
        return Err(Error::invalid(FieldProblem::format(
            name,
            format!("must have at most {BULK_MAX} elements"),
        )));
    }
    Ok(())
}

/// `place` is where the input stands in the request.
fn create_on(
    unit: &Writing<ManageProcedure>,
    parent: &Parent,
    input: InputProcedure,
    place: &str,
) -> Result<Visible<Procedure>> {
    let scope = unit.scope();
    let pattern = find_pattern(unit, &input.pattern_id, place)?;
    let tactic = choose_tactic(&pattern, input.tactic.as_deref(), place)?;
    let procedure = Procedure {
        id: unit.tx().new_id()?,
        case_id: parent.case_id(),
        alert_id: parent.alert_id(),
        pattern_id: pattern.id,
        external_id: pattern.content.external_id.clone(),
        pattern_name: pattern.content.name.clone(),
        catalog_id: pattern.catalog_id,
        tactic,
        tactic_label: None,
        description: input.description.map(Text::into_string),
        occur_at: input.occur_date.ms(),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    insert(unit, &procedure)
}

fn insert(unit: &Writing<ManageProcedure>, procedure: &Procedure) -> Result<Visible<Procedure>> {
    store::insert(unit.tx(), procedure)?;
    let created = Visible::<Procedure>::by_id(unit, procedure.id)?;
    let output = OutputProcedure::from(&*created);
    audit::record(
        unit,
        Entry::created(created.touch(), created.context(), &output),
    )?;
    Ok(created)
}

fn find_pattern(queries: &dyn Scoped, reference: &str, place: &str) -> Result<Visible<Pattern>> {
    Visible::<Pattern>::find(queries, reference)?.ok_or_else(|| {
        Error::invalid(FieldProblem::format(
            format!("{place}patternId"),
            format!("is no attack pattern: {reference}"),
        ))
    })
}

fn choose_tactic(pattern: &Pattern, given: Option<&str>, place: &str) -> Result<Option<String>> {
    pattern::actions::choose_tactic(&pattern.content, given)
        .map_err(|message| Error::invalid(FieldProblem::format(format!("{place}tactic"), message)))
}

/// Changes a procedure. A new technique without a tactic gets its only one, or keeps the old one where it has that.
///
/// # Errors
/// A technique or a tactic that there isn't.
pub fn update(
    unit: &Writing<ManageProcedure>,
    procedure: &Visible<Procedure>,
    input: InputUpdateProcedure,
) -> Result<()> {
    require_on(unit, procedure)?;
    let before: &Procedure = procedure;
    let mut after = before.clone();
    after.occur_at = input.occur_date.map_or(before.occur_at, Date::ms);
    after.description = input
        .description
        .map(Text::into_string)
        .apply(before.description.clone());
    if input.pattern_id.is_some() || input.tactic.is_given() {
        let is_other = input.pattern_id.is_some();
        let reference = match &input.pattern_id {
            Some(reference) => reference.to_string(),
            None => format!("~{}", before.pattern_id),
        };
        let pattern = find_pattern(unit, &reference, "")?;
        let given = input.tactic.map(Text::into_string).apply(
            before
                .tactic
                .clone()
                .filter(|_| !is_other || has(&pattern, before)),
        );
        after.tactic = choose_tactic(&pattern, given.as_deref(), "")?;
        after.pattern_id = pattern.id;
        after.external_id.clone_from(&pattern.content.external_id);
        after.pattern_name.clone_from(&pattern.content.name);
    }
    let mut changes = Changes::default();
    changes.note("patternId", &before.external_id, &after.external_id);
    changes.note("tactic", &before.tactic, &after.tactic);
    changes.note("description", &before.description, &after.description);
    changes.note("occurDate", &before.occur_at, &after.occur_at);
    if changes.is_empty() && after.pattern_id == before.pattern_id {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let entry = Entry::updated(after.touch(), after.context(), changes.into_vec());
    audit::record(unit, entry)
}

/// Whether the caller may change the procedures of the case or alert that this one hangs on.
fn require_on(scoped: &dyn Scoped, procedure: &Procedure) -> Result<()> {
    Parent::of(scoped, procedure.case_id, procedure.alert_id)?.require(Permission::ManageProcedure)
}

/// Whether the pattern has the procedure's tactic.
fn has(pattern: &Pattern, procedure: &Procedure) -> bool {
    let tactics = &pattern.content.tactics;
    procedure
        .tactic
        .as_ref()
        .is_some_and(|tactic| tactics.contains(tactic))
}

/// Deletes a procedure.
///
/// # Errors
/// A right that the caller lacks on this case.
pub fn delete(unit: &Writing<ManageProcedure>, procedure: &Visible<Procedure>) -> Result<()> {
    require_on(unit, procedure)?;
    remove(unit, procedure)
}

/// Takes away what came along from an alert, whoever wrote it there.
///
/// # Errors
/// Only those of the storage.
pub fn remove<P: Requirement>(unit: &Writing<P>, procedure: &Visible<Procedure>) -> Result<()> {
    store::delete(unit.tx(), procedure)?;
    let output = OutputProcedure::from(&**procedure);
    let entry = Entry::deleted(procedure.touch(), procedure.context(), &output);
    audit::record(unit, entry)
}

/// Deletes several procedures: all of them or none.
///
/// # Errors
/// When one of them is not there.
pub fn delete_all(unit: &Writing<ManageProcedure>, references: &[String]) -> Result<()> {
    refuse_too_many("ids", references.len())?;
    let mut deleted = Vec::with_capacity(references.len());
    for reference in references {
        // Named twice, it is deleted once.
        if !deleted.contains(&reference) {
            delete(unit, &Visible::get(unit, reference)?)?;
            deleted.push(reference);
        }
    }
    Ok(())
}

/// Copies the procedures of these alerts to a case. What the case has already, the same technique and tactic at the same
/// time, is not copied.
///
/// # Errors
/// Only those of the storage.
pub fn copy_to_case(
    unit: &Writing<ManageProcedure>,
    alert_ids: &[i64],
    case: &Visible<Case>,
) -> Result<()> {
    let mut there = store::of_case(unit, case.id)?;
    for original in store::of_alerts(unit, alert_ids)? {
        let is_same = |other: &Procedure| {
            (other.pattern_id, other.occur_at) == (original.pattern_id, original.occur_at)
                && other.tactic == original.tactic
                && other.description == original.description
        };
        if there.iter().any(is_same) {
            continue;
        }
        let copy = Procedure {
            id: unit.tx().new_id()?,
            case_id: Some(case.id),
            alert_id: None,
            created_at: unit.scope().now_ms,
            created_by: unit.scope().login.clone(),
            updated_at: None,
            updated_by: None,
            ..original
        };
        there.push(insert(unit, &copy)?.into_inner());
    }
    Ok(())
}

/// How many procedures each of these cases has.
///
/// # Errors
/// Only those of the storage.
pub fn count_of_cases(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    Ok(store::count_of_cases(queries, ids)?)
}

/// How many procedures each of these alerts has.
///
/// # Errors
/// Only those of the storage.
pub fn count_of_alerts(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    Ok(store::count_of_alerts(queries, ids)?)
}

/// The patterns that are used in a case, each once, in the order of their first use.
///
/// # Errors
/// Only those of the storage.
pub fn patterns_of(scoped: &dyn Scoped, case: &Visible<Case>) -> Result<Vec<Visible<Pattern>>> {
    let mut ids: Vec<i64> = Vec::new();
    for procedure in store::of_case(scoped, case.id)? {
        if !ids.contains(&procedure.pattern_id) {
            ids.push(procedure.pattern_id);
        }
    }
    Visible::all_by_id(scoped, &ids, |pattern: &Pattern| pattern.id)
}

/// Puts the texts of these procedures into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    Ok(store::index_again(unit.tx(), ids)?)
}
