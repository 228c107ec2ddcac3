//! The verbs of signing in: opening and ending sessions, and the second factor.

use super::authenticator::Authenticator;
use super::secret_box::Purpose;
use super::store::{self, SessionRow};
use super::{token, totp};
use crate::access::permission::Requirement;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Organisation, Origin, Result, Scope, Visible, Writing};
use crate::storage::{Queries, Touch, WriteTx};
use crate::tenancy::user::actions as user_actions;
use crate::tenancy::user::model::User;

/// Characters of a browser's name that are kept.
const USER_AGENT_MAX: usize = 256;

/// The scope of a user who asked for something that goes on without him: as his rights are now. Nothing when he may no
/// longer work in the organisation.
///
/// # Errors
/// Only those of the storage.
pub fn scope_of(
    queries: &dyn Queries,
    user_id: i64,
    organisation_id: i64,
    request_id: &str,
    now_ms: i64,
) -> Result<Option<Scope>> {
    let account = store::account_by_id(queries, user_id)?;
    let Some(account) = account.filter(|account| !account.is_locked) else {
        return Ok(None);
    };
    let places = store::places(queries, user_id)?;
    let place = places
        .into_iter()
        .find(|place| place.organisation.id == organisation_id && !place.is_locked);
    Ok(place.map(|place| Scope {
        user_id: account.id,
        login: account.login,
        organisation: place.organisation,
        profile: place.profile,
        permissions: place.permissions,
        request_id: request_id.to_owned(),
        now_ms,
    }))
}

/// Opens a session for the user, and for one of his organisations if he chose it; the token is for his cookie, only its
/// hash is kept. The user's oldest one ends if he has too many.
///
/// # Errors
/// Only those of the storage.
pub(super) async fn open_session(
    authenticator: &Authenticator,
    user_id: i64,
    organisation_id: Option<i64>,
    origin: &Origin,
    user_agent: &str,
) -> Result<String> {
    let token = token::random();
    let hash = token::hash(&token);
    let sessions_max = authenticator.inner().rules.sessions_of_user_max;
    let row = SessionRow {
        id: 0,
        user_id,
        organisation_id,
        created_at: origin.now_ms,
        last_seen_at: origin.now_ms,
        address: origin.address.to_string(),
        user_agent: user_agent.chars().take(USER_AGENT_MAX).collect(),
    };
    authenticator
        .inner()
        .db
        .write_on_reserve(move |tx: &WriteTx| {
            let row = SessionRow {
                id: tx.new_id()?,
                ..row
            };
            store::insert_session(tx, &hash, &row)?;
            store::end_oldest_sessions(tx, user_touch(user_id), sessions_max)
        })
        .await?;
    Ok(token)
}

/// Ends the session of a cookie, if there is one.
///
/// # Errors
/// Only those of the storage.
pub(super) async fn end_by_token(authenticator: &Authenticator, token: &str) -> Result<()> {
    let hash = token::hash(token);
    authenticator
        .inner()
        .db
        .write_on_reserve(move |tx: &WriteTx| {
            if let Some(session) = crate::login::store::session_by_token(tx, &hash)? {
                store::end_session(tx, user_touch(session.user_id), session.id)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    authenticator
        .inner()
        .remembered
        .drop_one(&authenticator.fingerprint_of_session(token));
    Ok(())
}

fn user_touch(id: i64) -> Touch {
    Touch { kind: "User", id }
}

/// Ends one session of a user.
///
/// # Errors
/// Another's, without the right to manage users; 404 when it is not there.
pub(super) fn end_one<P: Requirement>(
    unit: &Writing<P>,
    user: &Visible<User>,
    session_id: i64,
) -> Result<()> {
    user_actions::require_say(unit, user)?;
    if store::end_session(unit.tx(), user.touch(), session_id)? {
        Ok(())
    } else {
        Err(Error::not_found("Session", format!("~{session_id}")))
    }
}

/// Ends all sessions of a user but `keep`.
///
/// # Errors
/// Another's, without the right to manage users.
pub(super) fn end_others<P: Requirement>(
    unit: &Writing<P>,
    user: &Visible<User>,
    keep: Option<i64>,
) -> Result<()> {
    user_actions::require_say(unit, user)?;
    Ok(store::end_sessions(unit.tx(), user.touch(), keep)?)
}

/// Ends all sessions of a user, whoever acts: he is locked, or has a new password.
///
/// # Errors
/// Only those of the storage.
pub fn end_all<P: Requirement>(unit: &Writing<P>, user: Touch, keep: Option<i64>) -> Result<()> {
    Ok(store::end_sessions(unit.tx(), user, keep)?)
}

/// Turns TOTP on for the caller, if `code` is one that his app makes from `secret` now.
///
/// # Errors
/// A secret that is none, or a wrong code.
pub(super) fn set_totp<P: Requirement>(
    unit: &Writing<P>,
    authenticator: &Authenticator,
    secret: &str,
    code: i32,
) -> Result<()> {
    let scope = unit.scope();
    let problem = |name: &str, message: &str| Error::invalid(FieldProblem::format(name, message));
    let secret =
        totp::from_base32(secret).ok_or_else(|| problem("secret", "must be a secret in base32"))?;
    let step = totp::accept(&secret, &format!("{code:06}"), None, scope.now_ms)
        .ok_or_else(|| problem("code", "is not the code that the app shows now"))?;
    let sealed = authenticator
        .secrets()
        .seal(Purpose::TotpSecret, scope.user_id, &secret);
    let user = Visible::<User>::by_id(unit, scope.user_id)?;
    user_actions::set_totp(unit, &user, Some((sealed, step)))
}

/// Turns TOTP off for a user.
///
/// # Errors
/// Another's, without the right to manage users.
pub(super) fn unset_totp<P: Requirement>(unit: &Writing<P>, user: &Visible<User>) -> Result<()> {
    user_actions::require_say(unit, user)?;
    user_actions::set_totp(unit, user, None)
}

/// Removes sessions that are over, at `now_ms`.
///
/// # Errors
/// Only those of the storage.
pub fn sweep<P: Requirement>(unit: &Writing<P>, idle_ms: i64, absolute_ms: i64) -> Result<usize> {
    let now_ms = unit.scope().now_ms;
    let swept = store::sweep_sessions(unit.tx(), now_ms - idle_ms, now_ms - absolute_ms)?;
    Ok(usize::try_from(swept).unwrap_or(usize::MAX))
}

/// An organisation as a session tells it.
pub(super) fn in_short(organisation: &Organisation) -> super::model::OutputSessionOrganisation {
    super::model::OutputSessionOrganisation {
        id: crate::wire::EntityId(organisation.id),
        name: organisation.name.clone(),
    }
}

/// How many sessions there are.
///
/// # Errors
/// Only those of the storage.
pub fn count_sessions(queries: &dyn Queries) -> Result<i64> {
    Ok(store::count_sessions(queries)?)
}
