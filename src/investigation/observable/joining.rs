//! Joins observables of a case that are alike: several organisations may have made the same one.

use serde::Serialize;

use crate::access::unit::Scoped;
use crate::access::{Permission, Requirement, Result, Visible, Writing};
use crate::investigation::case::{self, model::Case};

use super::model::Observable;
use super::{actions, rules, store};

/// What became of the observables of a case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OutputMergedObservables {
    /// Those that are like no other.
    pub untouched: usize,
    /// Those that others joined.
    pub updated: usize,
    /// Those that joined another.
    pub deleted: usize,
}

/// Joins the observables of the case that are alike and that the caller sees; the oldest of each stays.
///
/// # Errors
/// A right that the caller lacks on this case.
pub fn join_alike<P: Requirement>(
    unit: &Writing<P>,
    case: &Visible<Case>,
) -> Result<OutputMergedObservables> {
    case::actions::require_on(case, Permission::ManageCaseUpdate)?;
    let all = store::twins_of_case(unit, unit.scope(), case.id)?;
    let mut counts = OutputMergedObservables::default();
    for group in all.chunk_by(|(one, _), (other, _)| one == other) {
        let ids: Vec<i64> = group.iter().map(|(_, id)| *id).collect();
        if ids.len() == 1 {
            counts.untouched += 1;
            continue;
        }
        join_group(unit, &ids)?;
        counts.updated += 1;
        counts.deleted += ids.len() - 1;
    }
    Ok(counts)
}

fn join_group<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    let twins = Visible::all_by_id(unit, ids, |observable: &Observable| observable.id)?;
    let Some((kept, others)) = twins.split_first() else {
        return Ok(());
    };
    let mut after = (**kept).clone();
    let mut told = Vec::new();
    for other in others {
        after = rules::joined(&after, other);
        told.extend(store::organisations_of(unit, other.id)?);
        actions::remove(unit, other)?;
    }
    actions::save(unit, kept, after)?;
    actions::tell(unit, kept, &told)
}
