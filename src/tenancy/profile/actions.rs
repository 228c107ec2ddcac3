//! The verbs of profiles.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageProfile;
use crate::access::unit::Scoped;
use crate::access::visible::refuse_name_like_id;
use crate::access::{Error, Permission, Reading, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::Touch;
use crate::tenancy::user;

use super::model::{InputCreateProfile, InputUpdateProfile, OutputProfile, Profile};
use super::{rules, store};

pub(crate) use super::store::{find_by_name, permissions_of};

/// The entity that users of the platform see changes of profiles under: the organisation of the request.
fn context(scope: &crate::access::Scope) -> Touch {
    Touch {
        kind: "Organisation",
        id: scope.organisation.id,
    }
}

/// Creates a profile.
///
/// # Errors
/// Unknown permissions, permissions of both worlds, or a name that is taken.
pub fn create(
    unit: &Writing<ManageProfile>,
    input: InputCreateProfile,
) -> Result<Visible<Profile>> {
    let permissions = rules::permissions_named(input.permissions.iter().map(|name| &**name))
        .map_err(Error::Invalid)?;
    let kind = input.kind.unwrap_or_else(|| rules::type_of(permissions));
    if let Some(problem) = rules::mismatch(kind, permissions) {
        return Err(Error::invalid(problem));
    }
    refuse_taken_name(unit, &input.name)?;
    insert(
        unit,
        input.name.into_string(),
        kind,
        true,
        false,
        permissions,
    )
}

fn insert<P: Requirement>(
    unit: &Writing<P>,
    name: String,
    kind: super::model::ProfileType,
    is_editable: bool,
    is_predefined: bool,
    permissions: crate::access::PermissionSet,
) -> Result<Visible<Profile>> {
    let scope = unit.scope();
    let profile = Profile {
        id: unit.tx().new_id()?,
        name,
        kind,
        is_editable,
        is_predefined,
        permissions,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &profile)?;
    audit::record(
        unit,
        Entry::created(
            profile.touch(),
            context(scope),
            &OutputProfile::from(&profile),
        ),
    )?;
    Visible::by_id(unit, profile.id)
}

/// Changes the name or the permissions of a profile.
///
/// # Errors
/// A predefined profile other than `analyst`, unknown permissions, permissions of the other world, a name taken, or the
/// last administrator losing the right to manage users.
pub fn update(
    unit: &Writing<ManageProfile>,
    profile: &Visible<Profile>,
    input: InputUpdateProfile,
) -> Result<()> {
    if !profile.is_editable {
        return Err(Error::Rule(format!(
            "The profile {} is predefined and cannot be changed",
            profile.name
        )));
    }
    let mut after = (**profile).clone();
    if let Some(names) = input.permissions {
        after.permissions =
            rules::permissions_named(names.iter().map(|name| &**name)).map_err(Error::Invalid)?;
        if let Some(problem) = rules::mismatch(profile.kind, after.permissions) {
            return Err(Error::invalid(problem));
        }
    }
    if let Some(name) = input.name.filter(|name| **name != profile.name) {
        if profile.is_predefined {
            return Err(Error::Rule(format!(
                "The profile {} is predefined and keeps its name",
                profile.name
            )));
        }
        refuse_taken_name(unit, &name)?;
        after.name = name.into_string();
    }
    let mut changes = Changes::default();
    changes.note("name", &profile.name, &after.name);
    changes.note(
        "permissions",
        &profile.permissions.names(),
        &after.permissions.names(),
    );
    if changes.is_empty() {
        return Ok(());
    }
    let scope = unit.scope();
    after.updated_at = Some(scope.now_ms);
    after.updated_by = Some(scope.login.clone());
    store::update(unit.tx(), &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), context(scope), changes.into_vec()),
    )?;
    let manages_users = |profile: &Profile| profile.permissions.contains(Permission::ManageUser);
    user::actions::require_an_administrator(unit, manages_users(profile) && !manages_users(&after))
}

/// Deletes a profile that nobody has.
///
/// # Errors
/// A predefined profile, or one that is still given to a user or a share.
pub fn delete(unit: &Writing<ManageProfile>, profile: &Visible<Profile>) -> Result<()> {
    if profile.is_predefined {
        return Err(Error::Rule(format!(
            "The profile {} is predefined and cannot be deleted",
            profile.name
        )));
    }
    if store::is_in_use(unit, profile.id)? {
        return Err(Error::Rule(format!(
            "The profile {} is still given to a user or a share",
            profile.name
        )));
    }
    store::delete(unit.tx(), profile)?;
    let scope = unit.scope();
    audit::record(
        unit,
        Entry::deleted(
            profile.touch(),
            context(scope),
            &serde_json::json!({ "name": profile.name }),
        ),
    )
}

fn refuse_taken_name(unit: &Writing<ManageProfile>, name: &str) -> Result<()> {
    refuse_name_like_id(name)?;
    if store::is_name_taken(unit, name)? {
        return Err(Error::taken("name", name));
    }
    Ok(())
}

/// All profiles with their permissions, sorted by name.
///
/// # Errors
/// Only those of the storage.
pub fn all(reading: &Reading) -> Result<Vec<Profile>> {
    Ok(store::all(reading)?)
}

/// Creates the predefined profiles in a new database.
///
/// # Errors
/// Only those of the storage.
pub fn seed<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    for profile in rules::predefined() {
        insert(
            unit,
            profile.name.to_owned(),
            profile.kind,
            profile.is_editable,
            true,
            profile.permissions,
        )?;
    }
    Ok(())
}
