//! What closing a case asks of its tasks, and does to them.

use crate::access::permission::Requirement;
use crate::access::{Error, Result, Visible, Writing};
use crate::investigation::task;
use crate::storage::Queries;

use super::model::Case;

/// Refuses while a mandatory task is not completed, and names those that are not.
pub(super) fn refuse_unfinished(queries: &impl Queries, case: &Case) -> Result<()> {
    let unfinished = task::actions::unfinished_mandatory(queries, case.id)?;
    if unfinished.is_empty() {
        return Ok(());
    }
    let titles = unfinished.join(", ");
    Err(Error::Rule(format!(
        "The case cannot be closed while a mandatory task is not completed: {titles}"
    )))
}

/// Started tasks become completed, waiting ones are cancelled.
pub(super) fn finish_tasks<P: Requirement>(unit: &Writing<P>, case: &Visible<Case>) -> Result<()> {
    task::actions::finish_for_closing(unit, case)
}
