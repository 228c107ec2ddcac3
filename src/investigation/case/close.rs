//! What closing a case asks of its tasks and custom fields, and does to its tasks.

use crate::access::permission::Requirement;
use crate::access::{Error, Result, Visible, Writing};
use crate::investigation::task;
use crate::storage::Queries;
use crate::vocabulary::custom_field;

use super::model::Case;

/// Refuses while a mandatory task is not completed, and names those that are not.
pub(super) fn refuse_unfinished(queries: &dyn Queries, case: &Case) -> Result<()> {
    let unfinished = task::actions::unfinished_mandatory(queries, case.id)?;
    if unfinished.is_empty() {
        return Ok(());
    }
    let titles = unfinished.join(", ");
    Err(Error::Rule(format!(
        "The case cannot be closed while a mandatory task is not completed: {titles}"
    )))
}

/// Refuses while a mandatory custom field waits to be filled, and names those that do.
pub(super) fn refuse_unset(case: &Case) -> Result<()> {
    let unset = custom_field::actions::unset_mandatory(&case.custom_fields);
    if unset.is_empty() {
        return Ok(());
    }
    Err(Error::Rule(format!(
        "The case cannot be closed while a mandatory custom field has no value: {}",
        unset.join(", ")
    )))
}

/// Started tasks become completed, waiting ones are cancelled.
pub(super) fn finish_tasks<P: Requirement>(unit: &Writing<P>, case: &Visible<Case>) -> Result<()> {
    task::actions::finish_for_closing(unit, case)
}
