//! The verbs of shares of cases.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageShare;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::investigation::case;
use crate::investigation::case::model::Case;
use crate::investigation::task;
use crate::storage::{Queries, Touch};
use crate::tenancy::organisation;
use crate::tenancy::organisation::model::Neighbour;
use crate::tenancy::profile::model::{Profile, ProfileType};

pub use super::creation::share_new;
use super::model::{InputShare, Part, Share};
use super::{rules, store};

/// Organisations that one request may name.
const SHARES_MAX: usize = 1_000;

/// How a case is to be shared with an organisation.
pub(super) struct Wanted {
    pub organisation_id: i64,
    pub organisation: String,
    pub profile: Visible<Profile>,
    pub task_rule: String,
    pub observable_rule: String,
}

/// The shares of the case, the owner's first, as far as the caller sees the case.
///
/// # Errors
/// Only those of the storage.
pub fn of_case(queries: &dyn Queries, case: &Visible<Case>) -> Result<Vec<Share>> {
    Ok(store::of_case(queries, case.id)?)
}

/// The organisations that get what is created in the case: its owner, and those whose share says so.
///
/// # Errors
/// Only those of the storage.
pub fn takers_of_new(queries: &dyn Queries, case_id: i64, part: Part) -> Result<Vec<i64>> {
    Ok(store::takers_of_new(queries, case_id, part)?)
}

/// Shares the case with further organisations.
///
/// # Errors
/// An organisation that is not linked or has the case already, a profile that does not fit, a right that the caller lacks
/// on this case.
pub fn create(
    unit: &Writing<ManageShare>,
    case: &Visible<Case>,
    inputs: &[InputShare],
) -> Result<Vec<Share>> {
    case::actions::require_on(case, Permission::ManageShare)?;
    limit(inputs)?;
    for input in inputs {
        let wanted = resolve(unit, case, input)?;
        let existing = store::of_case(unit, case.id)?;
        if existing
            .iter()
            .any(|share| share.organisation_id == wanted.organisation_id)
        {
            return Err(Error::Duplicate(FieldProblem::format(
                "organisation",
                format!("has the case already: {}", wanted.organisation),
            )));
        }
        add(unit, case, &wanted)?;
    }
    others(unit, case)
}

/// Shares the case with these organisations and no others besides the owner and the caller's.
///
/// # Errors
/// Those of [`create`] and of [`remove`].
pub fn set(
    unit: &Writing<ManageShare>,
    case: &Visible<Case>,
    inputs: &[InputShare],
) -> Result<Vec<Share>> {
    case::actions::require_on(case, Permission::ManageShare)?;
    limit(inputs)?;
    let own = unit.scope().organisation.id;
    let mut wanted: Vec<Wanted> = Vec::with_capacity(inputs.len());
    for input in inputs {
        let one = resolve(unit, case, input)?;
        if wanted
            .iter()
            .any(|other| other.organisation_id == one.organisation_id)
        {
            return Err(Error::invalid(FieldProblem::format(
                "shares",
                "must name each organization once",
            )));
        }
        wanted.push(one);
    }
    let before = store::of_case(unit, case.id)?;
    for share in before
        .iter()
        .filter(|share| !share.is_owner && share.organisation_id != own)
    {
        if !wanted
            .iter()
            .any(|one| one.organisation_id == share.organisation_id)
        {
            remove(unit, case, share)?;
        }
    }
    for one in &wanted {
        match before
            .iter()
            .find(|share| share.organisation_id == one.organisation_id)
        {
            None => add(unit, case, one)?,
            // The owner's is never touched, nor the caller's own.
            Some(share) if share.is_owner || share.organisation_id == own => {}
            Some(share) => change(unit, case, share, one)?,
        }
    }
    others(unit, case)
}

/// The shares that the API shows of a case: those of the other organisations.
///
/// # Errors
/// Only those of the storage.
pub fn others(scoped: &dyn Scoped, case: &Visible<Case>) -> Result<Vec<Share>> {
    let own = scoped.scope().organisation.id;
    let mut shares = store::of_case(scoped, case.id)?;
    shares.retain(|share| share.organisation_id != own);
    Ok(shares)
}

/// Takes the case from the organisations that are named.
///
/// # Errors
/// A right that the caller lacks on this case, an organisation that has not got it, and those of [`remove`].
pub fn remove_named(
    unit: &Writing<ManageShare>,
    case: &Visible<Case>,
    organisations: &[String],
) -> Result<()> {
    case::actions::require_on(case, Permission::ManageShare)?;
    for reference in organisations {
        let shares = store::of_case(unit, case.id)?;
        let id = crate::access::visible::parse_id(reference);
        let share = shares
            .iter()
            .find(|share| Some(share.organisation_id) == id || share.organisation == *reference)
            .ok_or_else(|| Error::not_found("Share", reference))?;
        remove(unit, case, share)?;
    }
    Ok(())
}

/// Takes the case from an organisation, with its tasks and observables. Who worked on it there does so no more.
///
/// # Errors
/// The owner's share, the caller's own, or a share that the caller's organisation has no say in.
pub fn remove(unit: &Writing<ManageShare>, case: &Visible<Case>, share: &Share) -> Result<()> {
    refuse_foreign(unit, case, share)?;
    take_away(unit, case, share)
}

/// Gives a share another profile.
///
/// # Errors
/// Those of [`remove`], and a profile that does not fit.
pub fn set_profile(
    unit: &Writing<ManageShare>,
    case: &Visible<Case>,
    share: &Share,
    profile: &str,
) -> Result<()> {
    refuse_foreign(unit, case, share)?;
    let wanted = Wanted {
        organisation_id: share.organisation_id,
        organisation: share.organisation.clone(),
        profile: fitting_profile(unit, case, profile)?,
        task_rule: share.task_rule.clone(),
        observable_rule: share.observable_rule.clone(),
    };
    change(unit, case, share, &wanted)
}

fn refuse_foreign(unit: &Writing<ManageShare>, case: &Case, share: &Share) -> Result<()> {
    case::actions::require_on(case, Permission::ManageShare)?;
    let own = unit.scope().organisation.id;
    if share.is_owner {
        return Err(Error::Refused(
            "The share of the organization that owns the case stays as it is".to_owned(),
        ));
    }
    if share.organisation_id == own {
        return Err(Error::Rule("You cannot remove your own share".to_owned()));
    }
    if case.organisation_id != own {
        return Err(Error::Refused(
            "Only the organization that owns the case may change the shares of others".to_owned(),
        ));
    }
    Ok(())
}

fn limit(inputs: &[InputShare]) -> Result<()> {
    if inputs.len() > SHARES_MAX {
        return Err(Error::invalid(FieldProblem::format(
            "shares",
            format!("must be at most {SHARES_MAX}"),
        )));
    }
    Ok(())
}

/// The organisation, the profile and the rules that `input` names, if they fit.
pub(super) fn resolve<P: Requirement>(
    unit: &Writing<P>,
    case: &Case,
    input: &InputShare,
) -> Result<Wanted> {
    let organisation = Visible::<Neighbour>::get(unit, &input.organisation)?;
    let is_shared_by_rule = input.share.unwrap_or(true);
    let rule = |name: &str, given: Option<&str>, of_case: &str| {
        let usual = if is_shared_by_rule {
            of_case
        } else {
            rules::MANUAL
        };
        let rule = given.unwrap_or(usual);
        organisation::actions::check_sharing_rule(name, rule)
            .map(|()| rule.to_owned())
            .map_err(Error::invalid)
    };
    Ok(Wanted {
        organisation_id: organisation.id,
        organisation: organisation.name.clone(),
        profile: fitting_profile(
            unit,
            case,
            input.profile.as_deref().unwrap_or(rules::USUAL_PROFILE),
        )?,
        task_rule: rule("taskRule", input.task_rule.as_deref(), &case.task_rule)?,
        observable_rule: rule(
            "observableRule",
            input.observable_rule.as_deref(),
            &case.observable_rule,
        )?,
    })
}

/// The profile, if it is one for organisations. Who has the case from another passes no more on than he was given.
pub(super) fn fitting_profile<P: Requirement>(
    unit: &Writing<P>,
    case: &Case,
    name: &str,
) -> Result<Visible<Profile>> {
    let problem = |message: String| Error::invalid(FieldProblem::format("profile", message));
    let profile = Visible::<Profile>::find(unit, name)?
        .filter(|profile| profile.kind == ProfileType::Organisation)
        .ok_or_else(|| problem(format!("is no profile of organizations: {name}")))?;
    let is_owner = case.organisation_id == unit.scope().organisation.id;
    if !is_owner && profile.permissions.intersection(case.permissions) != profile.permissions {
        return Err(problem(format!("allows more than your own share: {name}")));
    }
    Ok(profile)
}

/// Gives the case to an organisation that has not got it.
pub(super) fn add<P: Requirement>(
    unit: &Writing<P>,
    case: &Visible<Case>,
    wanted: &Wanted,
) -> Result<()> {
    let scope = unit.scope();
    let share = Share {
        id: unit.tx().new_id()?,
        case_id: case.id,
        organisation_id: wanted.organisation_id,
        organisation: wanted.organisation.clone(),
        profile: wanted.profile.name.clone(),
        is_owner: false,
        task_rule: wanted.task_rule.clone(),
        observable_rule: wanted.observable_rule.clone(),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), case.touch(), &share, wanted.profile.id)?;
    give_by_rule(unit, case, &share)?;
    record(unit, case, &share)
}

fn give_by_rule<P: Requirement>(unit: &Writing<P>, case: &Case, share: &Share) -> Result<()> {
    for (rule, part) in [
        (&share.task_rule, Part::Task),
        (&share.observable_rule, Part::Observable),
    ] {
        if rule == rules::AUTO_SHARE {
            store::give_all(unit.tx(), case.touch(), share.organisation_id, part)?;
        }
    }
    Ok(())
}

fn record<P: Requirement>(unit: &Writing<P>, case: &Case, share: &Share) -> Result<()> {
    let told = serde_json::json!({ "organisation": share.organisation, "profile": share.profile });
    audit::record(
        unit,
        Entry::updated(case.touch(), case.touch(), Vec::new()).with_detail("share", told),
    )
}

fn change<P: Requirement>(
    unit: &Writing<P>,
    case: &Visible<Case>,
    before: &Share,
    wanted: &Wanted,
) -> Result<()> {
    let mut after = before.clone();
    after.profile.clone_from(&wanted.profile.name);
    after.task_rule.clone_from(&wanted.task_rule);
    after.observable_rule.clone_from(&wanted.observable_rule);
    let mut changes = Changes::default();
    changes.note("profile", &before.profile, &after.profile);
    changes.note("taskRule", &before.task_rule, &after.task_rule);
    changes.note(
        "observableRule",
        &before.observable_rule,
        &after.observable_rule,
    );
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), case.touch(), &after, wanted.profile.id)?;
    give_by_rule(unit, case, &after)?;
    record(unit, case, &after)?;
    let_go(unit, case)
}

fn take_away<P: Requirement>(unit: &Writing<P>, case: &Visible<Case>, share: &Share) -> Result<()> {
    store::remove(unit.tx(), case.touch(), share)?;
    let told = serde_json::json!({ "organisation": share.organisation });
    audit::record(
        unit,
        Entry::updated(case.touch(), case.touch(), Vec::new()).with_detail("unshare", told),
    )?;
    let_go(unit, case)
}

/// Who can't work on the case any more is its assignee no more, nor that of its tasks.
fn let_go<P: Requirement>(unit: &Writing<P>, case: &Case) -> Result<()> {
    case::actions::let_go_of_assignee(unit, case.id)?;
    task::actions::let_go_of_assignees(unit, case.id)
}

/// Makes another organisation the owner of the case. `keep` is the profile that the share of the former owner has from
/// then on; without it the former owner loses the case.
///
/// # Errors
/// Only those of the storage.
pub fn hand_over<P: Requirement>(
    unit: &Writing<P>,
    case: &Visible<Case>,
    heir: (i64, &str),
    owner_profile_id: i64,
    keep: Option<&Profile>,
) -> Result<()> {
    let scope = unit.scope();
    let (heir_id, heir_name) = heir;
    let shares = store::of_case(unit, case.id)?;
    let stamp = |share: &Share, is_owner: bool| Share {
        is_owner,
        updated_at: Some(scope.now_ms),
        updated_by: Some(scope.login.clone()),
        ..share.clone()
    };
    if let Some(share) = shares.iter().find(|share| share.organisation_id == heir_id) {
        store::update(
            unit.tx(),
            case.touch(),
            &stamp(share, true),
            owner_profile_id,
        )?;
    } else {
        let share = Share {
            id: unit.tx().new_id()?,
            case_id: case.id,
            organisation_id: heir_id,
            organisation: heir_name.to_owned(),
            profile: String::new(),
            is_owner: true,
            task_rule: case.task_rule.clone(),
            observable_rule: case.observable_rule.clone(),
            created_at: scope.now_ms,
            created_by: scope.login.clone(),
            updated_at: None,
            updated_by: None,
        };
        store::insert(unit.tx(), case.touch(), &share, owner_profile_id)?;
    }
    // Who owns the case sees all that is in it.
    store::give_all(unit.tx(), case.touch(), heir_id, Part::Task)?;
    store::give_all(unit.tx(), case.touch(), heir_id, Part::Observable)?;
    if let Some(former) = shares.iter().find(|share| share.is_owner) {
        match keep {
            Some(profile) => {
                store::update(unit.tx(), case.touch(), &stamp(former, false), profile.id)?;
            }
            None => store::remove(unit.tx(), case.touch(), former)?,
        }
    }
    Ok(())
}

/// The same as [`let_go`], for who changes the shares from outside.
///
/// # Errors
/// Only those of the storage.
pub fn let_go_of_assignees<P: Requirement>(unit: &Writing<P>, case: &Case) -> Result<()> {
    let_go(unit, case)
}

/// Gives a merged case the shares of the cases it was made of, who all have the same.
///
/// # Errors
/// Only those of the storage.
pub fn copy<P: Requirement>(unit: &Writing<P>, from: &Visible<Case>, into: Touch) -> Result<()> {
    for share in store::of_case(unit, from.id)? {
        let profile = Visible::<Profile>::get(unit, &share.profile)?;
        let share = Share {
            id: unit.tx().new_id()?,
            case_id: into.id,
            created_at: unit.scope().now_ms,
            created_by: unit.scope().login.clone(),
            updated_at: None,
            updated_by: None,
            ..share
        };
        store::insert(unit.tx(), into, &share, profile.id)?;
    }
    Ok(())
}
