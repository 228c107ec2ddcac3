//! Who of those whose organisation has a case sees it: all of them, or some users only.

use crate::access::permission::needs::{
    ManageCaseAccessExternal, ManageCaseAccessRestrict, ManageCaseCreate,
};
use crate::access::permission::{Need, Requirement};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::tenancy::membership;
use crate::vocabulary::tag;

use super::actions::{BULK_MAX, require_on};
use super::model::{Access, Case};
use super::store;

/// Users that one case may be restricted to.
const USERS_MAX: usize = 200;

/// The right to restrict cases, or to open them to people from outside. Which of the two is asked when it is known what
/// is wanted.
pub struct ManageCaseAccess;

impl Requirement for ManageCaseAccess {
    const NEED: Need = Need::Either(
        Permission::ManageCaseAccessRestrict,
        Permission::ManageCaseAccessExternal,
    );
}

/// Says who sees the case.
///
/// # Errors
/// A right that the caller lacks, a user who is in no organisation that has the case, or a case of another organisation.
pub(super) fn set(
    unit: &Writing<ManageCaseAccess>,
    case: &Visible<Case>,
    wanted: &Access,
) -> Result<()> {
    if case.organisation_id != unit.scope().organisation.id {
        return Err(Error::Refused(
            "Only the organization that owns the case may say who sees it".to_owned(),
        ));
    }
    for access in [&case.access, wanted] {
        demand(unit, access)?;
        if let Some(permission) = right_for(access) {
            require_on(case, permission)?;
        }
    }
    write(unit, case, wanted)
}

/// The same for several cases, named by ids or numbers: all of them or none.
///
/// # Errors
/// Those of [`set`], for any of them.
pub(super) fn set_all(
    unit: &Writing<ManageCaseAccess>,
    ids: &[String],
    wanted: &Access,
) -> Result<()> {
    if ids.len() > BULK_MAX {
        return Err(Error::invalid(FieldProblem::format(
            "ids",
            format!("must be at most {BULK_MAX}"),
        )));
    }
    for id in ids {
        set(unit, &Visible::get(unit, id)?, wanted)?;
    }
    Ok(())
}

/// The same for a case that is just being created.
///
/// # Errors
/// Those of [`set`].
pub(super) fn set_at_creation(
    unit: &Writing<ManageCaseCreate>,
    case: &Visible<Case>,
    wanted: &Access,
) -> Result<()> {
    demand(unit, wanted)?;
    write(unit, case, wanted)
}

fn demand<P: Requirement>(unit: &Writing<P>, access: &Access) -> Result<()> {
    match access {
        Access::Organisation => {}
        Access::Users { .. } => {
            unit.demand::<ManageCaseAccessRestrict>()?;
        }
        Access::External { .. } | Access::AllExternal => {
            unit.demand::<ManageCaseAccessExternal>()?;
        }
    }
    Ok(())
}

fn right_for(access: &Access) -> Option<Permission> {
    match access {
        Access::Organisation => None,
        Access::Users { .. } => Some(Permission::ManageCaseAccessRestrict),
        Access::External { .. } | Access::AllExternal => Some(Permission::ManageCaseAccessExternal),
    }
}

fn write<P: Requirement>(unit: &Writing<P>, case: &Case, wanted: &Access) -> Result<()> {
    let scope = unit.scope();
    let (access, user_ids) = resolve(unit, case, wanted)?;
    let mut changes = Changes::default();
    changes.note("access", &case.access, &access);
    if changes.is_empty() {
        return Ok(());
    }
    let mut after = case.clone();
    after.access = access;
    // What a case is created with is no update of it.
    if case.created_at != scope.now_ms || case.updated_at.is_some() {
        after.updated_at = Some(scope.now_ms);
        after.updated_by = Some(scope.login.clone());
    }
    store::set_access(unit.tx(), &after, &user_ids)?;
    if !after.access.is_restricted() {
        tag::actions::note(unit, after.organisation_id, &after.tags)?;
    }
    audit::record(
        unit,
        Entry::updated(after.touch(), after.touch(), changes.into_vec()),
    )
}

/// The access with its users' ids. Whoever works on the case is one of those who see it, and so is whoever says so.
fn resolve<P: Requirement>(
    unit: &Writing<P>,
    case: &Case,
    wanted: &Access,
) -> Result<(Access, Vec<i64>)> {
    let mut logins: Vec<String> = Vec::new();
    let mut add = |login: &str| {
        let login = login.trim().to_lowercase();
        if !logins.contains(&login) {
            logins.push(login);
        }
    };
    match wanted {
        Access::Organisation => return Ok((Access::Organisation, Vec::new())),
        Access::AllExternal => return Ok((Access::AllExternal, Vec::new())),
        Access::Users { users } => {
            for login in users {
                add(login);
            }
            if let Some(assignee) = &case.assignee {
                add(assignee);
            }
            add(&unit.scope().login);
        }
        Access::External { users } => users.iter().for_each(|login| add(login)),
    }
    if logins.len() > USERS_MAX {
        return Err(problem(format!("must be at most {USERS_MAX}")));
    }
    let mut ids = Vec::with_capacity(logins.len());
    for login in logins.iter().filter(|login| *login != "*") {
        let id = membership::actions::member_with_case(unit, case.id, login)?.ok_or_else(|| {
            problem(format!(
                "has somebody who is in no organization that has the case: {login}"
            ))
        })?;
        ids.push(id);
    }
    match wanted {
        Access::External { .. } => Ok((Access::External { users: logins }, ids)),
        _ if logins.iter().any(|login| login == "*") => {
            Err(problem("must be logins of users".to_owned()))
        }
        _ => Ok((Access::Users { users: logins }, ids)),
    }
}

fn problem(message: String) -> Error {
    Error::invalid(FieldProblem::format("access.users", message))
}
