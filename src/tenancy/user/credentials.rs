//! What a user signs in with: password, API key, second factor. The audit trail tells that it changed, never to what.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageUser;
use crate::access::unit::Scoped;
use crate::access::{Error, Permission, Result, Visible, Writing};
use crate::audit::model::Changes;
use crate::storage::Queries;

use super::actions::record_update;
use super::model::User;
use super::store;

/// Ends all sessions of the user: whoever holds one is out from the next request on.
pub(super) fn end_sessions<P: Requirement>(unit: &Writing<P>, user: &User) -> Result<()> {
    end_sessions_but(unit, user, None)
}

fn end_sessions_but<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    keep: Option<i64>,
) -> Result<()> {
    crate::login::actions::end_all(unit, user.touch(), keep)
}

/// Sets a user's password by its hash, and ends his sessions but `keep_session`.
///
/// # Errors
/// Only those of the storage.
pub fn set_password<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    hash: &str,
    keep_session: Option<i64>,
) -> Result<()> {
    store::set_password(unit.tx(), user, Some(hash), false)?;
    end_sessions_but(unit, user, keep_session)?;
    let mut changes = Changes::default();
    changes.note_secret("password");
    record_update(unit, user, changes)
}

/// The same for one's own password, if it is still the one of the hash that the present password was compared with.
///
/// # Errors
/// When somebody else set it in between.
pub(super) fn change_password<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    compared_hash: Option<&str>,
    hash: &str,
    keep_session: Option<i64>,
) -> Result<()> {
    if store::password_hash(unit, user.id)?.as_deref() != compared_hash {
        return Err(Error::Refused(
            "Your password was set anew in the meantime".to_owned(),
        ));
    }
    set_password(unit, user, hash, keep_session)
}

/// Sets the password of the user of that login by its `hash`, whoever may see him: for the command line. TOTP stays, unless
/// `resets_totp`.
///
/// # Errors
/// 404 when there is no such user.
pub fn reset_password<P: Requirement>(
    unit: &Writing<P>,
    login: &str,
    password: &str,
    hash: &str,
    resets_totp: bool,
) -> Result<()> {
    let id = store::id_of_login(unit, &login.to_lowercase())?;
    let user = id.map(|id| store::by_id(unit, id)).transpose()?.flatten();
    let user = user.ok_or_else(|| Error::not_found("User", login))?;
    super::actions::check_new_password(user.kind, password)?;
    set_password(unit, &user, hash, None)?;
    if resets_totp && user.has_totp {
        write_totp(unit, &user, None)?;
    }
    Ok(())
}

/// The hash of a user's password.
pub(super) fn password_hash(queries: &dyn Queries, user: &User) -> Result<Option<String>> {
    Ok(store::password_hash(queries, user.id)?)
}

/// Turns the second factor on, by the sealed secret and the step whose code was used, or off.
///
/// # Errors
/// Only those of the storage.
pub fn set_totp<P: Requirement>(
    unit: &Writing<P>,
    user: &Visible<User>,
    totp: Option<(Vec<u8>, i64)>,
) -> Result<()> {
    if totp.is_none() && !user.has_totp {
        return Ok(());
    }
    write_totp(unit, user, totp)
}

fn write_totp<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    totp: Option<(Vec<u8>, i64)>,
) -> Result<()> {
    let has_totp = totp.is_some();
    store::set_totp(unit.tx(), user, totp)?;
    let mut changes = Changes::default();
    changes.note("hasMFA", &user.has_totp, &has_totp);
    if changes.is_empty() {
        changes.note_secret("mfaSecret");
    }
    record_update(unit, user, changes)
}

/// Refuses unless the caller is that user, or manages users wherever that user works.
///
/// To manage him in one organisation is not enough: with a new password or a key one would act as him in all.
///
/// # Errors
/// [`Error::Forbidden`] without the right to manage users, [`Error::Refused`] when it does not reach far enough.
pub fn require_say(scoped: &dyn Scoped, user: &User) -> Result<()> {
    let scope = scoped.scope();
    if scope.user_id == user.id {
        return Ok(());
    }
    if !scope.permissions.contains(Permission::ManageUser) {
        return Err(Error::Forbidden(ManageUser::NEED));
    }
    if scope.is_admin_organisation() {
        return Ok(());
    }
    let caller = store::by_id(scoped, scope.user_id)?;
    let manages_in = |organisation_id| {
        let place = caller
            .as_ref()
            .and_then(|caller| caller.membership_in(organisation_id));
        place.is_some_and(|place| place.permissions.contains(Permission::ManageUser))
    };
    match user
        .memberships
        .iter()
        .find(|place| !manages_in(place.organisation_id))
    {
        None => Ok(()),
        Some(_) => Err(Error::Refused(format!(
            "{} also works in an organization whose users you do not manage",
            user.login
        ))),
    }
}

/// Gives the user an API key in place of the one he has, or takes it away.
///
/// # Errors
/// Another's, without the right to manage users.
pub(super) fn set_key<P: Requirement>(
    unit: &Writing<P>,
    user: &Visible<User>,
    key: Option<([u8; 32], Vec<u8>)>,
) -> Result<()> {
    require_say(unit, user)?;
    if key.is_none() && !user.has_key {
        return Ok(());
    }
    let has_key = key.is_some();
    store::set_key(unit.tx(), user, key, unit.scope().now_ms)?;
    let mut changes = Changes::default();
    changes.note("hasKey", &user.has_key, &has_key);
    if changes.is_empty() {
        changes.note_secret("key");
    }
    record_update(unit, user, changes)
}

/// The sealed form of the user's API key.
///
/// # Errors
/// Another's, without the right to manage users; 404 when he has none.
pub(super) fn sealed_key(scoped: &dyn Scoped, user: &Visible<User>) -> Result<Vec<u8>> {
    require_say(scoped, user)?;
    store::sealed_key(scoped, user.id)?.ok_or_else(|| Error::not_found("API key of", &user.login))
}
