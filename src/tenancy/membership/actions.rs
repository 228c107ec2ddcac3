//! Questions about who works where.

use crate::access::{Permission, Result};
use crate::storage::Queries;

use super::store;

/// Whether the user `login`, not locked, holds `permission` in the organisation.
///
/// # Errors
/// Only those of the storage.
pub fn can_work_in(
    queries: &dyn Queries,
    organisation_id: i64,
    login: &str,
    permission: Permission,
) -> Result<bool> {
    Ok(store::holds_in(
        queries,
        organisation_id,
        login,
        permission.name(),
    )?)
}

/// Whether the user `login`, not locked, holds `permission` in an organisation that has the case, through a share
/// that allows it too.
///
/// # Errors
/// Only those of the storage.
pub fn can_work_on_case(
    queries: &dyn Queries,
    case_id: i64,
    login: &str,
    permission: Permission,
) -> Result<bool> {
    Ok(store::holds_on_case(
        queries,
        case_id,
        login,
        permission.name(),
    )?)
}

/// The id of the user `login`, if he is a member of the organisation and not locked.
///
/// # Errors
/// Only those of the storage.
pub fn member_id(queries: &dyn Queries, organisation_id: i64, login: &str) -> Result<Option<i64>> {
    Ok(store::member_id(queries, organisation_id, login)?)
}

/// The id of the user `login`, not locked, if he is a member of an organisation that has the case.
///
/// # Errors
/// Only those of the storage.
pub fn member_with_case(queries: &dyn Queries, case_id: i64, login: &str) -> Result<Option<i64>> {
    Ok(store::member_with_case(queries, case_id, login)?)
}
