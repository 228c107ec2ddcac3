//! Where a user works: joining, leaving, and replacing all of it.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageUser;
use crate::access::scope::ADMIN_ORGANISATION;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::model::Changes;
use crate::storage::Queries;
use crate::tenancy::organisation::model::Organisation;
use crate::tenancy::profile;

use super::model::{InputUserOrganisation, Membership, OutputUserOrganisation, User, UserType};
use super::{actions, rules, store};

/// The organisation that `reference` names, if the caller may give places in it: from `admin` any; else those where
/// the caller manages users.
pub(super) fn grantable<P: Requirement>(
    unit: &Writing<P>,
    name: &str,
    reference: &str,
) -> Result<(i64, String)> {
    // From `admin` any, from another its own: those that are linked with it are not among them.
    if let Some(organisation) = Visible::<Organisation>::find(unit, reference)? {
        return Ok((organisation.id, organisation.name.clone()));
    }
    let caller = store::by_id(unit, unit.scope().user_id)?;
    let id = parse_id(reference);
    let is_named = |place: &&Membership| match id {
        Some(id) => place.organisation_id == id,
        None => place.organisation == reference,
    };
    let place = caller
        .as_ref()
        .and_then(|caller| caller.memberships.iter().find(is_named));
    match place {
        Some(place) if place.permissions.contains(Permission::ManageUser) => {
            Ok((place.organisation_id, place.organisation.clone()))
        }
        _ => Err(Error::invalid(FieldProblem::format(
            name,
            format!("is no organization: {reference}"),
        ))),
    }
}

/// The id of the profile, if such a user can have it in the organisation.
pub(super) fn fitting_profile(
    queries: &dyn Queries,
    name: &str,
    profile: &str,
    user: UserType,
    organisation: &str,
) -> Result<i64> {
    let found = profile::actions::find_by_name(queries, profile)?;
    let Some((id, kind)) = found else {
        return Err(Error::invalid(FieldProblem::format(
            name,
            format!("is no profile: {profile}"),
        )));
    };
    match rules::profile_problem(name, (profile, kind), user, organisation) {
        Some(problem) => Err(Error::invalid(problem)),
        None => Ok(id),
    }
}

/// Replaces the user's organisations with those asked for; answers them, with `default` filled in.
///
/// # Errors
/// An organisation or profile that does not fit, none at all, two defaults, or the last administrator leaving.
pub fn set(
    unit: &Writing<ManageUser>,
    user: &Visible<User>,
    asked: &[InputUserOrganisation],
) -> Result<Vec<OutputUserOrganisation>> {
    let problem = |message: &str| Error::invalid(FieldProblem::format("organisations", message));
    if asked.is_empty() {
        return Err(problem("must name at least one organization"));
    }
    let defaults: Vec<bool> = asked
        .iter()
        .map(|place| place.default == Some(true))
        .collect();
    let default = rules::default_place(&defaults)
        .ok_or_else(|| problem("must have one default organization, not several"))?;
    let mut places: Vec<(i64, i64, bool)> = Vec::new();
    let mut outputs = Vec::new();
    for (index, place) in asked.iter().enumerate() {
        let at = format!("organisations[{index}]");
        let (organisation_id, name) =
            grantable(unit, &format!("{at}.organisation"), &place.organisation)?;
        let profile_id = fitting_profile(
            unit,
            &format!("{at}.profile"),
            &place.profile,
            user.kind,
            &name,
        )?;
        if places.iter().any(|(id, _, _)| *id == organisation_id) {
            return Err(problem("must name each organization once"));
        }
        places.push((organisation_id, profile_id, index == default));
        outputs.push(OutputUserOrganisation {
            organisation: place.organisation.to_string(),
            profile: place.profile.to_string(),
            default: index == default,
        });
    }
    // What the caller cannot give, the caller cannot take either.
    for kept in kept_places(unit, user)? {
        if !places.iter().any(|(id, _, _)| *id == kept.0) {
            places.push((kept.0, kept.1, false));
        }
    }
    save(unit, user, &places)?;
    Ok(outputs)
}

/// The user's places in organisations that the caller has no say in.
fn kept_places(unit: &Writing<ManageUser>, user: &User) -> Result<Vec<(i64, i64)>> {
    let mut kept = Vec::new();
    for place in &user.memberships {
        let reference = format!("~{}", place.organisation_id);
        match grantable(unit, "organisations", &reference) {
            Ok(_) => {}
            Err(Error::Invalid(_)) => kept.push((place.organisation_id, place.profile_id)),
            Err(other) => return Err(other),
        }
    }
    Ok(kept)
}

/// Lets the user join an organisation, or have another profile there.
pub(super) fn join<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    organisation_id: i64,
    profile_id: i64,
) -> Result<()> {
    let mut places = of(user);
    match places.iter_mut().find(|place| place.0 == organisation_id) {
        Some(place) => place.1 = profile_id,
        None => places.push((organisation_id, profile_id, places.is_empty())),
    }
    save(unit, user, &places)
}

/// Lets the user leave an organisation; true if he is in none any more.
pub(super) fn leave(unit: &Writing<ManageUser>, user: &User, organisation_id: i64) -> Result<bool> {
    let mut places = of(user);
    places.retain(|place| place.0 != organisation_id);
    if let Some(first) = places.first_mut().filter(|_| {
        !user
            .memberships
            .iter()
            .any(|place| place.is_default && place.organisation_id != organisation_id)
    }) {
        first.2 = true;
    }
    let is_homeless = places.is_empty();
    save(unit, user, &places)?;
    Ok(is_homeless)
}

/// Makes one of the user's organisations the default one.
pub(super) fn set_default<P: Requirement>(
    unit: &Writing<P>,
    user: &User,
    organisation_id: i64,
) -> Result<()> {
    let places: Vec<_> = of(user)
        .into_iter()
        .map(|(id, profile_id, _)| (id, profile_id, id == organisation_id))
        .collect();
    save(unit, user, &places)
}

fn of(user: &User) -> Vec<(i64, i64, bool)> {
    user.memberships
        .iter()
        .map(|place| (place.organisation_id, place.profile_id, place.is_default))
        .collect()
}

/// Writes the places, if they changed, with their audit record.
fn save<P: Requirement>(unit: &Writing<P>, user: &User, places: &[(i64, i64, bool)]) -> Result<()> {
    if of(user) == places {
        return Ok(());
    }
    let told = |user: &User| -> Vec<serde_json::Value> {
        let place = |place: &Membership| {
            serde_json::json!({ "organisation": place.organisation, "profile": place.profile,
                "default": place.is_default })
        };
        user.memberships.iter().map(place).collect()
    };
    store::set_memberships(unit.tx(), user, places)?;
    let after =
        store::by_id(unit, user.id)?.ok_or_else(|| Error::not_found("User", &user.login))?;
    let mut changes = Changes::default();
    changes.note("organisations", &told(user), &told(&after));
    actions::record_update(unit, user, changes)?;
    actions::require_an_administrator(unit, user.memberships.iter().any(is_administration))
}

/// Whether the place lets its user administer the platform.
pub(super) fn is_administration(place: &Membership) -> bool {
    place.organisation == ADMIN_ORGANISATION && place.permissions.contains(Permission::ManageUser)
}
