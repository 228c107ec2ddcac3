//! Which cases a caller sees: the one answer that everything which hangs on a case refers to, be it a list, a count, the
//! history or the inbox.
//!
//! A case is seen by the organisations that have a share of it, unless it is for some users only: then by those of its
//! users who are in such an organisation. A case in the bin, or one that was merged into another, is seen by nobody.
//! The column `open_organisation_id` is the owner of a case that is not restricted, and nothing for one that is.

use super::scope::Scope;
use super::visible::Predicate;

/// The condition that the caller sees the case whose id is in `column` (`comment.case_id`).
pub fn case_seen_by(scope: &Scope, column: &str) -> Predicate {
    Predicate::new(
        case_seen(column, "?", "?"),
        vec![scope.organisation.id.into(), scope.user_id.into()],
    )
}

/// The same for things that have shares of their own: the case is not hidden from the caller. That the organisation has
/// it is for the other shares to say.
pub fn case_open_to(scope: &Scope, column: &str) -> Predicate {
    Predicate::new(
        format!(
            "exists (select 1 from \"case\" as seen_case where seen_case.id = {column} \
             and seen_case.deleted_at is null and {})",
            open_to("seen_case", "?")
        ),
        vec![scope.user_id.into()],
    )
}

/// The condition of [`case_seen_by`] with other words for the organisation's and the user's id: their placeholders.
pub fn case_seen(column: &str, organisation: &str, user: &str) -> String {
    format!(
        "exists (select 1 from share as seen join \"case\" as seen_case on seen_case.id = seen.case_id \
         where seen.case_id = {column} and seen.organisation_id = {organisation} \
         and seen_case.deleted_at is null and {})",
        open_to("seen_case", user)
    )
}

/// The condition that the case in `table` is not restricted, or that the user is one of those it is for.
pub fn open_to(table: &str, user: &str) -> String {
    format!(
        "({table}.open_organisation_id is not null or exists (select 1 from case_access \
         where case_access.case_id = {table}.id and case_access.user_id = {user}))"
    )
}

/// The condition that the caller sees a row of `case` itself. Its owner's members see what is not restricted by the index
/// of any list alone.
pub fn case_row_seen_by(scope: &Scope) -> Predicate {
    Predicate::new(
        format!(
            "\"case\".deleted_at is null and (\"case\".open_organisation_id = ? or exists (select 1 from share \
             where share.case_id = \"case\".id and share.organisation_id = ? and {}))",
            open_to("\"case\"", "?")
        ),
        vec![
            scope.organisation.id.into(),
            scope.organisation.id.into(),
            scope.user_id.into(),
        ],
    )
}

/// The condition that the alert whose id is in `column` is one that the caller sees: the organisation's own, not in the
/// bin.
pub fn alert_seen_by(scope: &Scope, column: &str) -> Predicate {
    Predicate::new(alert_seen(column, "?"), vec![scope.organisation.id.into()])
}

/// The condition of [`alert_seen_by`] with another word for the organisation's id: its placeholder.
pub fn alert_seen(column: &str, organisation: &str) -> String {
    format!(
        "exists (select 1 from alert where alert.id = {column} and alert.organisation_id = {organisation} \
         and alert.deleted_at is null)"
    )
}
