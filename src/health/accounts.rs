//! The password that everybody knows.

use crate::machine::Finding;
use crate::storage::{Queries, Result};
use crate::tenancy::user::actions::{DEFAULT_LOGIN, is_default_password_in_use};

pub(super) fn finding(queries: &impl Queries) -> Result<Finding> {
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
