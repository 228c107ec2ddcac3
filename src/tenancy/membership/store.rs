//! Look-ups over `membership`, with the users and profiles it connects.

use crate::access::sight::open_to;
use crate::storage::{Queries, QueryValues, Result};

/// Conditions that make a user able to work: `?1` is the login, `?2` the permission.
const ABLE: &str =
    "\"user\".login = ?1 and \"user\".is_locked = 0 and profile_permission.permission = ?2";

pub(super) fn holds_in(
    queries: &dyn Queries,
    organisation_id: i64,
    login: &str,
    permission: &str,
) -> Result<bool> {
    let sql = format!(
        "select 1 from \"user\"
         join membership on membership.user_id = \"user\".id
         join profile_permission on profile_permission.profile_id = membership.profile_id
         where {ABLE} and membership.organisation_id = ?3"
    );
    let found: Option<i64> = queries.query_value(
        &sql,
        &[login.into(), permission.into(), organisation_id.into()],
    )?;
    Ok(found.is_some())
}

pub(super) fn holds_on_case(
    queries: &dyn Queries,
    case_id: i64,
    login: &str,
    permission: &str,
) -> Result<bool> {
    let sql = format!(
        "select 1 from \"user\"
         join membership on membership.user_id = \"user\".id
         join profile_permission on profile_permission.profile_id = membership.profile_id
         join share on share.organisation_id = membership.organisation_id
         join profile_permission of_share on of_share.profile_id = share.profile_id
             and of_share.permission = profile_permission.permission
         join \"case\" on \"case\".id = share.case_id
         where {ABLE} and share.case_id = ?3 and {} limit 1",
        open_to("\"case\"", "\"user\".id")
    );
    let found: Option<i64> =
        queries.query_value(&sql, &[login.into(), permission.into(), case_id.into()])?;
    Ok(found.is_some())
}

pub(super) fn member_id(
    queries: &dyn Queries,
    organisation_id: i64,
    login: &str,
) -> Result<Option<i64>> {
    queries.query_value(
        "select \"user\".id from \"user\" join membership on membership.user_id = \"user\".id
         where \"user\".login = ?1 and membership.organisation_id = ?2 and \"user\".is_locked = 0",
        &[login.into(), organisation_id.into()],
    )
}

pub(super) fn member_with_case(
    queries: &dyn Queries,
    case_id: i64,
    login: &str,
) -> Result<Option<i64>> {
    queries.query_value(
        "select \"user\".id from \"user\" join membership on membership.user_id = \"user\".id
         join share on share.organisation_id = membership.organisation_id
         where \"user\".login = ?1 and share.case_id = ?2 and \"user\".is_locked = 0 limit 1",
        &[login.into(), case_id.into()],
    )
}
