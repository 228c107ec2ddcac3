//! The bin of cases: what goes there comes back, until its time is up.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageCaseDelete;
use crate::access::unit::Scoped;
use crate::access::{Error, Permission, Result, Visible, Writing};
use crate::audit::{self, Entry};
use crate::storage::Touch;

use super::actions::require_on;
use super::model::Case;
use super::store;

/// Puts a case into the bin, from which it can come back.
///
/// # Errors
/// Only the owning organisation may.
pub fn delete(unit: &Writing<ManageCaseDelete>, case: &Visible<Case>) -> Result<()> {
    require_on(case, Permission::ManageCaseDelete)?;
    let scope = unit.scope();
    if case.organisation_id != scope.organisation.id {
        return Err(Error::Refused(
            "Only the organization that owns the case may delete it".to_owned(),
        ));
    }
    store::put_in_bin(unit.tx(), case, scope.now_ms, &scope.login)?;
    record_binned(unit, case)
}

/// Records that the case went to the bin.
pub(super) fn record_binned<P: Requirement>(unit: &Writing<P>, case: &Case) -> Result<()> {
    // The record is for the whole organisation: it does not tell what a restricted case was about.
    let told = if case.access.is_restricted() {
        serde_json::json!({ "number": case.number })
    } else {
        serde_json::json!({ "number": case.number, "title": case.title })
    };
    audit::record(
        unit,
        Entry::deleted(case.touch(), organisation_of(case.organisation_id), &told),
    )
}

/// Takes a case out of the bin.
///
/// # Errors
/// 404 when it is not in the organisation's bin.
pub fn restore(unit: &Writing<ManageCaseDelete>, id: i64) -> Result<()> {
    let touch = Touch { kind: "Case", id };
    if !store::take_from_bin(unit.tx(), unit.scope(), touch)? {
        return Err(Error::not_found("Case", format!("~{id}")));
    }
    audit::record(
        unit,
        Entry::updated(touch, touch, Vec::new()).with_detail("restored", true),
    )
}

/// Removes cases for good whose time in the bin ended before `until_ms`, at most `count`; returns how many.
///
/// # Errors
/// Only those of the storage.
pub fn purge_expired<P: Requirement>(
    unit: &Writing<P>,
    until_ms: i64,
    count: i64,
) -> Result<usize> {
    let expired = store::expired_in_bin(unit, until_ms, count)?;
    for (id, organisation_id) in &expired {
        purge(unit, *id, *organisation_id)?;
    }
    Ok(expired.len())
}

/// Removes a case for good, and before it those that were merged into it.
fn purge<P: Requirement>(unit: &Writing<P>, id: i64, organisation_id: i64) -> Result<()> {
    // What is left to be removed, the last first: a merged case may have been merged itself.
    let mut waiting = vec![id];
    let mut next = 0;
    while let Some(id) = waiting.get(next) {
        waiting.extend(store::merged_into(unit, *id)?);
        next += 1;
    }
    for id in waiting.into_iter().rev() {
        let touch = Touch { kind: "Case", id };
        store::purge(unit.tx(), touch)?;
        let told = serde_json::json!({ "purged": true });
        audit::record(
            unit,
            Entry::deleted(touch, organisation_of(organisation_id), &told),
        )?;
    }
    Ok(())
}

fn organisation_of(id: i64) -> Touch {
    Touch {
        kind: "Organisation",
        id,
    }
}
