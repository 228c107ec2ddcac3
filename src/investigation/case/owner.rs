//! Giving a case to another organisation.

use crate::access::permission::needs::ManageCaseChangeOwnership;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::investigation::share;
use crate::tenancy::organisation::model::Neighbour;
use crate::tenancy::profile::model::{Profile, ProfileType};
use crate::tenancy::{membership, organisation};

use super::actions::require_on;
use super::model::{Access, Case, InputChangeCaseOwnership};
use super::store;

/// Makes another organisation the owner. To the present one nothing is changed.
///
/// # Errors
/// A case of another organisation, one that is not linked, a profile that does not fit, or a restricted case that none of
/// the new owner's people would see.
pub(super) fn change(
    unit: &Writing<ManageCaseChangeOwnership>,
    case: &Visible<Case>,
    input: InputChangeCaseOwnership,
) -> Result<()> {
    require_on(case, Permission::ManageCaseChangeOwnership)?;
    let scope = unit.scope();
    let heir = Visible::<Neighbour>::get(unit, &input.organisation)?;
    if heir.id == case.organisation_id {
        return Ok(());
    }
    if case.organisation_id != scope.organisation.id {
        return Err(Error::Refused(
            "Only the organization that owns the case may give it to another".to_owned(),
        ));
    }
    refuse_unseen(unit, case, heir.id, &heir.name)?;
    let kept = input
        .keep_profile
        .as_deref()
        .map(|name| kept_profile(unit, name))
        .transpose()?;
    let mut after = (**case).clone();
    after.organisation_id = heir.id;
    for (name, rule, place) in [
        ("taskRule", input.task_rule, &mut after.task_rule),
        (
            "observableRule",
            input.observable_rule,
            &mut after.observable_rule,
        ),
    ] {
        if let Some(rule) = rule {
            organisation::actions::check_sharing_rule(name, &rule).map_err(Error::invalid)?;
            *place = rule.into_string();
        }
    }
    after.updated_at = Some(scope.now_ms);
    after.updated_by = Some(scope.login.clone());
    let owner_profile = Visible::<Profile>::get(unit, "org-admin")?;
    share::actions::hand_over(
        unit,
        case,
        (heir.id, &heir.name),
        owner_profile.id,
        kept.as_deref(),
    )?;
    store::set_owner(unit.tx(), &after)?;
    let mut changes = Changes::default();
    changes.note("owningOrganisation", &scope.organisation.name, &heir.name);
    changes.note("taskRule", &case.task_rule, &after.task_rule);
    changes.note(
        "observableRule",
        &case.observable_rule,
        &after.observable_rule,
    );
    audit::record(
        unit,
        Entry::updated(after.touch(), after.touch(), changes.into_vec()),
    )?;
    share::actions::let_go_of_assignees(unit, case)
}

fn kept_profile(unit: &Writing<ManageCaseChangeOwnership>, name: &str) -> Result<Visible<Profile>> {
    Visible::<Profile>::find(unit, name)?
        .filter(|profile| profile.kind == ProfileType::Organisation)
        .ok_or_else(|| {
            let message = format!("is no profile of organizations: {name}");
            Error::invalid(FieldProblem::format("keepProfile", message))
        })
}

/// A case that only some users see needs one among the new owner's people: nobody else could ever open it to them.
fn refuse_unseen(
    unit: &Writing<ManageCaseChangeOwnership>,
    case: &Case,
    heir_id: i64,
    heir: &str,
) -> Result<()> {
    let Access::Users { users } = &case.access else {
        return Ok(());
    };
    for login in users {
        if membership::actions::member_id(unit, heir_id, login)?.is_some() {
            return Ok(());
        }
    }
    Err(Error::Rule(format!(
        "The case is restricted to users of whom none is in the organization {heir}"
    )))
}
