//! The verbs of users.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageUser;
use crate::access::scope::{
    ADMIN_ORGANISATION, ADMIN_ORGANISATION_ID, SYSTEM_LOGIN, SYSTEM_USER_ID,
};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Scope, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Queries, Touch};
use crate::tenancy::{avatar, profile};
use crate::wire::{Login, Patch, Text};

pub use super::credentials::{require_say, reset_password, set_totp};
use super::memberships::{self, fitting_profile, grantable};
use super::model::{InputCreateUser, InputUpdateUser, OutputUser, User, UserType};
use super::{credentials, rules, store};

/// The login of the first administrator.
pub const DEFAULT_LOGIN: &str = "admin@thehive.local";
/// His password, until somebody changes it.
pub const DEFAULT_PASSWORD: &str = "secret";

/// Users are shown under the organisation in which something was done to them.
fn context(scope: &Scope) -> Touch {
    Touch {
        kind: "Organisation",
        id: scope.organisation.id,
    }
}

/// Creates a user in an organisation. A login that exists already joins it, and is answered as he is.
///
/// `password_hash` is the hash of the password in the input, which passed [`check_new_password`].
///
/// # Errors
/// An organisation or profile that does not fit.
pub fn create(
    unit: &Writing<ManageUser>,
    input: InputCreateUser,
    password_hash: Option<&str>,
) -> Result<Visible<User>> {
    let own = format!("~{}", unit.scope().organisation.id);
    let organisation = input.organisation.as_deref().unwrap_or(&own);
    let (organisation_id, organisation) = grantable(unit, "organisation", organisation)?;
    let fitting = |kind| fitting_profile(unit, "profile", &input.profile, kind, &organisation);
    if &*input.login == SYSTEM_LOGIN {
        return Err(Error::taken("login", SYSTEM_LOGIN));
    }
    if let Some(id) = store::id_of_login(unit, &input.login)? {
        let user =
            store::by_id(unit, id)?.ok_or_else(|| Error::not_found("User", &*input.login))?;
        if user.membership_in(organisation_id).is_none() {
            memberships::join(unit, &user, organisation_id, fitting(user.kind)?)?;
        }
        return Visible::by_id(unit, id);
    }
    let kind = input.kind.unwrap_or_default();
    let profile_id = fitting(kind)?;
    let avatar_hash = input
        .avatar
        .as_deref()
        .map(|base64| avatar::keep(unit, base64))
        .transpose()?
        .flatten();
    let user = User {
        avatar_hash,
        email: input.email.map(Login::into_string),
        kind,
        ..new_user(
            unit.scope(),
            unit.tx().new_id()?,
            input.login.into_string(),
            input.name.into_string(),
        )
    };
    insert(
        unit,
        &user,
        Some((organisation_id, profile_id)),
        password_hash.map(|hash| (hash, false)),
    )?;
    Visible::by_id(unit, user.id)
}

fn new_user(scope: &Scope, id: i64, login: String, name: String) -> User {
    User {
        id,
        login,
        name,
        email: None,
        kind: UserType::Normal,
        is_locked: false,
        has_password: false,
        has_totp: false,
        has_key: false,
        avatar_hash: None,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        memberships: Vec::new(),
    }
}

/// `place` is an organisation with the profile there, `password` a hash with whether everybody knows the password.
fn insert<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    place: Option<(i64, i64)>,
    password: Option<(&str, bool)>,
) -> Result<()> {
    store::insert(unit.tx(), user)?;
    if let Some((organisation_id, profile_id)) = place {
        store::set_memberships(unit.tx(), user, &[(organisation_id, profile_id, true)])?;
    }
    if let Some((hash, is_default)) = password {
        store::set_password(unit.tx(), user, Some(hash), is_default)?;
    }
    let created =
        store::by_id(unit, user.id)?.ok_or_else(|| Error::not_found("User", &user.login))?;
    let output = OutputUser::seen_in(&created, unit.scope().organisation.id);
    audit::record(
        unit,
        Entry::created(user.touch(), context(unit.scope()), &output),
    )
}

/// Writes who changed the user and the audit record of it, if anything changed.
pub(super) fn record_update<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    changes: Changes,
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let scope = unit.scope();
    store::stamp(unit.tx(), user, scope.now_ms, &scope.login)?;
    audit::record(
        unit,
        Entry::updated(user.touch(), context(scope), changes.into_vec()),
    )
}

/// Fails if nobody is left who administers the platform. `is_concerned`: the change can have taken one away.
///
/// # Errors
/// [`Error::Rule`] when there is none.
pub(crate) fn require_an_administrator<P: Requirement>(
    unit: &Writing<P>,
    is_concerned: bool,
) -> Result<()> {
    if is_concerned && store::count_administrators(unit, ADMIN_ORGANISATION_ID)? == 0 {
        return Err(Error::Rule(format!(
            "The last administrator of the organization {ADMIN_ORGANISATION} has to stay"
        )));
    }
    Ok(())
}

/// Changes a user: one's own name, picture, address and default organisation; all else needs the right to manage
/// users.
///
/// # Errors
/// A right that the caller lacks, locking oneself, or an attribute that is wrong.
pub fn update<P: Requirement>(
    unit: &Writing<P>,
    user: &Visible<User>,
    input: InputUpdateUser,
) -> Result<()> {
    let scope = unit.scope();
    let is_manager = scope.permissions.contains(Permission::ManageUser);
    let wants_more = input.profile.is_some() || input.locked.is_some() || input.kind.is_some();
    if !is_manager && (wants_more || scope.user_id != user.id) {
        return Err(Error::Forbidden(ManageUser::NEED));
    }
    if input.locked == Some(true) && scope.user_id == user.id {
        return Err(Error::Rule("You cannot lock yourself".to_owned()));
    }
    let before: &User = user;
    let mut after = before.clone();
    let is_of_other_type = input.kind.is_some_and(|kind| kind != before.kind);
    if input.changes_the_person() {
        require_say(unit, user)?;
    }
    if let Some(name) = input.name {
        after.name = name.into_string();
    }
    after.email = input.email.map(Login::into_string).apply(after.email);
    after.is_locked = input.locked.unwrap_or(after.is_locked);
    after.kind = input.kind.unwrap_or(after.kind);
    match input.avatar {
        Patch::Keep => {}
        Patch::Clear => after.avatar_hash = None,
        Patch::Set(base64) => after.avatar_hash = avatar::keep(unit, &base64)?,
    }
    let kind = after.kind;
    save(unit, before, after)?;
    if let Some(profile) = input.profile {
        set_profile(unit, user, kind, input.organisation.as_deref(), &profile)?;
    }
    if is_of_other_type {
        require_fitting_places(unit, user.id, kind)?;
    }
    if let Some(organisation) = input.default_organisation {
        set_default_organisation(unit, user, &organisation)?;
    }
    Ok(())
}

fn save<P: Requirement>(unit: &Writing<P>, before: &User, mut after: User) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("email", &before.email, &after.email);
    changes.note("locked", &before.is_locked, &after.is_locked);
    changes.note("type", &before.kind, &after.kind);
    changes.note("avatar", &before.avatar_hash, &after.avatar_hash);
    if changes.is_empty() {
        return Ok(());
    }
    if after.is_locked || after.kind != UserType::Normal {
        credentials::end_sessions(unit, before)?;
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    record_update(unit, before, changes)?;
    require_an_administrator(
        unit,
        before
            .memberships
            .iter()
            .any(memberships::is_administration),
    )
}

fn set_profile<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    kind: UserType,
    organisation: Option<&str>,
    profile: &Text<1, 64>,
) -> Result<()> {
    let own = format!("~{}", unit.scope().organisation.id);
    let (organisation_id, name) = grantable(unit, "organisation", organisation.unwrap_or(&own))?;
    let profile_id = fitting_profile(unit, "profile", profile, kind, &name)?;
    if user.membership_in(organisation_id).is_none() {
        let message = format!("is no organization of the user: {name}");
        return Err(Error::invalid(FieldProblem::format(
            "organisation",
            message,
        )));
    }
    memberships::join(unit, user, organisation_id, profile_id)
}

/// Fails if a user of this type can't have the profile that he has somewhere.
fn require_fitting_places<P: Requirement>(
    unit: &Writing<P>,
    user_id: i64,
    kind: UserType,
) -> Result<()> {
    let places = store::by_id(unit, user_id)?.map(|user| user.memberships);
    for place in places.unwrap_or_default() {
        fitting_profile(unit, "type", &place.profile, kind, &place.organisation)?;
    }
    Ok(())
}

fn set_default_organisation<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    reference: &str,
) -> Result<()> {
    let id = crate::access::visible::parse_id(reference);
    let place = user.memberships.iter().find(|place| match id {
        Some(id) => place.organisation_id == id,
        None => place.organisation == reference,
    });
    let Some(place) = place else {
        let message = format!("is no organization of the user: {reference}");
        return Err(Error::invalid(FieldProblem::format(
            "defaultOrganisation",
            message,
        )));
    };
    memberships::set_default(unit, user, place.organisation_id)
}

/// Locks a user: what the API's deprecated `DELETE` does.
///
/// # Errors
/// Locking oneself, or the last administrator.
pub fn lock(unit: &Writing<ManageUser>, user: &Visible<User>) -> Result<()> {
    update(
        unit,
        user,
        InputUpdateUser {
            locked: Some(true),
            ..InputUpdateUser::default()
        },
    )
}

/// Lets a user leave `organisation`; absent: the one of the request, and from `admin` all. Who is in none is gone.
///
/// # Errors
/// Oneself, the last administrator, or an organisation that the caller has no say in.
pub fn delete(
    unit: &Writing<ManageUser>,
    user: &Visible<User>,
    organisation: Option<&str>,
) -> Result<()> {
    let scope = unit.scope();
    if scope.user_id == user.id {
        return Err(Error::Rule("You cannot delete yourself".to_owned()));
    }
    if user.id == SYSTEM_USER_ID {
        return Err(Error::not_found("User", &user.login));
    }
    let is_homeless = match organisation {
        None if scope.is_admin_organisation() => true,
        None => memberships::leave(unit, user, scope.organisation.id)?,
        Some(reference) => {
            let (id, name) = grantable(unit, "organisation", reference)?;
            if user.membership_in(id).is_none() {
                return Err(Error::not_found(
                    "User",
                    format!("{} in {name}", user.login),
                ));
            }
            memberships::leave(unit, user, id)?
        }
    };
    if !is_homeless {
        return Ok(());
    }
    store::delete(unit.tx(), user)?;
    let told = serde_json::json!({ "login": user.login, "name": user.name });
    audit::record(unit, Entry::deleted(user.touch(), context(scope), &told))?;
    require_an_administrator(
        unit,
        user.memberships.iter().any(memberships::is_administration),
    )
}

/// Gives a user another login, wherever he is named. What the audit trail tells of the past stays.
///
/// # Errors
/// A login that is taken.
pub fn set_login(unit: &Writing<ManageUser>, user: &Visible<User>, login: &str) -> Result<()> {
    require_say(unit, user)?;
    if user.login == login {
        return Ok(());
    }
    if store::id_of_login(unit, login)?.is_some() {
        return Err(Error::taken("login", login));
    }
    store::rename(unit.tx(), user, login)?;
    let mut changes = Changes::default();
    changes.note("login", &user.login.as_str(), &login);
    record_update(unit, user, changes)
}

/// What is wrong with a new password of a user of this type, if anything.
///
/// # Errors
/// [`Error::Invalid`] at `password`.
pub fn check_new_password(kind: UserType, password: &str) -> Result<()> {
    if kind != UserType::Normal {
        return Err(Error::invalid(FieldProblem::format(
            "password",
            "is only for users of type Normal",
        )));
    }
    rules::password_problem(password).map_or(Ok(()), |problem| Err(Error::invalid(problem)))
}

/// Whether some user still has the password that every new installation has.
///
/// # Errors
/// Only those of the storage.
pub fn is_default_password_in_use(queries: &dyn Queries) -> Result<bool> {
    Ok(store::is_default_password_in_use(queries)?)
}

/// Creates the internal user and the first administrator in a new database. `password_hash` is that of
/// [`DEFAULT_PASSWORD`].
///
/// # Errors
/// Only those of the storage.
pub fn seed<P: Requirement>(unit: &Writing<P>, password_hash: &str) -> Result<()> {
    let scope = unit.scope();
    let (profile_id, _) = profile::actions::find_by_name(unit, "admin")?
        .ok_or_else(|| Error::Internal("the profile admin is missing".to_owned()))?;
    let system = User {
        kind: UserType::Service,
        is_locked: true,
        ..new_user(
            scope,
            SYSTEM_USER_ID,
            SYSTEM_LOGIN.to_owned(),
            "Skep".to_owned(),
        )
    };
    insert(unit, &system, None, None)?;
    let name = "Default admin user".to_owned();
    let admin = new_user(scope, unit.tx().new_id()?, DEFAULT_LOGIN.to_owned(), name);
    insert(
        unit,
        &admin,
        Some((ADMIN_ORGANISATION_ID, profile_id)),
        Some((password_hash, true)),
    )
}
