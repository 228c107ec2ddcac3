//! Where else the same was seen.

use std::collections::HashMap;

use crate::access::unit::Scoped;
use crate::access::{Result, Visible};
use crate::investigation::parent::Parent;

use super::model::Observable;
use super::store;

/// The observables of one case or alert that are alike to one in another.
///
/// # Errors
/// Only those of the storage.
pub fn similar_between(
    scoped: &dyn Scoped,
    own: &Parent,
    other: &Parent,
) -> Result<Vec<Visible<Observable>>> {
    // Nothing is like itself.
    if own.id() == other.id() {
        return Ok(Vec::new());
    }
    let ids = store::alike_between(scoped, scoped.scope(), side(own), side(other))?;
    Visible::all_by_id(scoped, &ids, |observable: &Observable| observable.id)
}

/// How many observables of each case the caller sees.
///
/// # Errors
/// Only those of the storage.
pub fn count_by_case(scoped: &dyn Scoped, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    Ok(store::count_of(scoped, scoped.scope(), "case_id", ids)?)
}

/// How many observables of each alert the caller sees.
///
/// # Errors
/// Only those of the storage.
pub fn count_by_alert(scoped: &dyn Scoped, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    Ok(store::count_of(scoped, scoped.scope(), "alert_id", ids)?)
}

/// The column that refers to it, and its id.
fn side(parent: &Parent) -> (&'static str, i64) {
    let column = match parent {
        Parent::Case(_) => "case_id",
        Parent::Alert(_) => "alert_id",
    };
    (column, parent.id())
}
