//! The password that everybody knows, and cases that nobody can see.

use super::store;
use super::words::counted;
use crate::machine::Finding;
use crate::storage::{Queries, Result};
use crate::tenancy::user::actions::{DEFAULT_LOGIN, is_default_password_in_use};

pub(super) fn finding(queries: &dyn Queries) -> Result<Finding> {
    const ID: &str = "password";
    const TITLE: &str = "First password";
    let is_known = is_default_password_in_use(queries).map_err(|error| match error {
        crate::access::Error::Storage(error) => error,
        other => crate::storage::Error::Unusable(other.to_string()),
    })?;
    Ok(if is_known {
        Finding::warning(
            ID,
            TITLE,
            format!(
                "{DEFAULT_LOGIN} still has the password that everybody knows (it works from this machine only)."
            ),
            format!(
                "Sign in and change it, or: sudo skep user reset-password {DEFAULT_LOGIN} (with the service stopped)."
            ),
        )
    } else {
        Finding::ok(ID, TITLE, "Changed.")
    })
}

/// Numbers of cases that are told.
const NUMBERS_TOLD: i64 = 5;

/// Cases for some users only, all of whom are locked, gone, or in none of the organisations that have the case.
pub(super) fn restricted_cases(queries: &dyn Queries) -> Result<Finding> {
    const ID: &str = "case-access";
    const TITLE: &str = "Restricted cases";
    let (total, numbers) = store::cases_seen_by_nobody(queries, NUMBERS_TOLD)?;
    if total == 0 {
        return Ok(Finding::ok(ID, TITLE, "Each is seen by somebody."));
    }
    let mut told: Vec<String> = numbers.iter().map(|number| format!("#{number}")).collect();
    if total > NUMBERS_TOLD {
        told.push("…".to_owned());
    }
    Ok(Finding::warning(
        ID,
        TITLE,
        format!(
            "Nobody can see {} any more ({}): all of their users are locked, gone, or not in the organization.",
            counted(total, "case"),
            told.join(", ")
        ),
        "Unlock one of its users or make him a member again (page Users). Where their accounts are gone, the backup \
         from before has them.",
    ))
}
