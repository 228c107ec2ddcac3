//! The verbs of dashboards.

use serde_json::Value as Json;

use crate::access::permission::needs::ManageDashboard;
use crate::access::scope::{SYSTEM_LOGIN, SYSTEM_USER_ID};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Reading, Requirement, Result, Scope, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::tenancy::user::model::User;
use crate::wire::Text;

use super::model::{
    Dashboard, DashboardStatus, InputCreateDashboard, InputUpdateDashboard, OutputDashboard,
};
use super::{rules, store};

/// Creates a dashboard of the caller's.
///
/// # Errors
/// A definition that is too long, too many dashboards, or one that would be deleted already.
pub fn create(
    unit: &Writing<ManageDashboard>,
    input: InputCreateDashboard,
) -> Result<Visible<Dashboard>> {
    let scope = unit.scope();
    if input.status == DashboardStatus::Deleted {
        let message = "must be Private or Shared";
        return Err(Error::invalid(FieldProblem::format("status", message)));
    }
    if store::count(unit, scope.organisation.id)? >= rules::DASHBOARDS_MAX {
        return Err(Error::Rule(format!(
            "An organization can have at most {} dashboards",
            rules::DASHBOARDS_MAX
        )));
    }
    let dashboard = Dashboard {
        id: unit.tx().new_id()?,
        organisation_id: scope.organisation.id,
        owner_id: Some(scope.user_id),
        owner: Some(scope.login.clone()),
        title: input.title.into_string(),
        description: input.description.into_string(),
        group: input
            .group
            .map_or_else(|| rules::DEFAULT_GROUP.to_owned(), Text::into_string),
        is_shared: input.status == DashboardStatus::Shared,
        definition: rules::definition_text(input.definition)?,
        version: input.version.map_or(1, i64::from),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    insert(unit, &dashboard)?;
    Visible::by_id(unit, dashboard.id)
}

fn insert<P: Requirement>(unit: &Writing<P>, dashboard: &Dashboard) -> Result<()> {
    store::insert(unit.tx(), dashboard)?;
    let output = OutputDashboard::of(dashboard, unit.scope())?;
    let entry = Entry::created(dashboard.touch(), dashboard.context(), &output);
    audit::record(unit, entry.without_detail("writable"))
}

/// Gives a new organisation the dashboards that each begins with. They are the system's: nobody's own, and shared.
///
/// # Errors
/// Only those of the storage.
pub fn give_shipped<P: Requirement>(unit: &Writing<P>, organisation_id: i64) -> Result<()> {
    for shipped in rules::shipped()? {
        let dashboard = Dashboard {
            id: unit.tx().new_id()?,
            organisation_id,
            owner_id: Some(SYSTEM_USER_ID),
            owner: Some(SYSTEM_LOGIN.to_owned()),
            title: shipped.title,
            description: shipped.description,
            group: rules::DEFAULT_GROUP.to_owned(),
            is_shared: true,
            definition: rules::definition_text(shipped.definition)?,
            version: 1,
            created_at: unit.scope().now_ms,
            created_by: SYSTEM_LOGIN.to_owned(),
            updated_at: None,
            updated_by: None,
        };
        insert(unit, &dashboard)?;
    }
    Ok(())
}

/// The dashboards that every organisation begins with.
///
/// # Errors
/// Only a defect: one that cannot be read.
pub fn shipped() -> Result<Vec<rules::Shipped>> {
    rules::shipped()
}

/// Whether some organisation was there before dashboards were, and has none yet.
///
/// # Errors
/// Only those of the storage.
pub fn is_any_without(reading: &Reading) -> Result<bool> {
    Ok(!store::organisations_without(reading)?.is_empty())
}

/// Gives the organisations that were there before dashboards were what a new one begins with.
///
/// # Errors
/// Only those of the storage.
pub fn give_shipped_to_all<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    for organisation_id in store::organisations_without(unit)? {
        give_shipped(unit, organisation_id)?;
        store::no_longer_without(unit.tx(), organisation_id)?;
    }
    Ok(())
}

/// Changes a dashboard, or deletes it if that is the status it gets.
///
/// # Errors
/// One that is not the caller's to change, or a definition that is too long.
pub fn update(
    unit: &Writing<ManageDashboard>,
    dashboard: &Visible<Dashboard>,
    input: InputUpdateDashboard,
) -> Result<()> {
    if input.status == Some(DashboardStatus::Deleted) {
        return delete(unit, dashboard);
    }
    require_writable(dashboard, unit.scope())?;
    let before: &Dashboard = dashboard;
    let mut after = before.clone();
    if let Some(title) = input.title {
        after.title = title.into_string();
    }
    if let Some(group) = input.group {
        after.group = group.into_string();
    }
    if let Some(description) = input.description {
        after.description = description.into_string();
    }
    if let Some(definition) = input.definition {
        after.definition = rules::definition_text(definition)?;
    }
    if let Some(status) = input.status {
        after.is_shared = status == DashboardStatus::Shared;
    }
    after.version = input.version.map_or(after.version, i64::from);
    if after.is_shared != before.is_shared && before.owner_id != Some(unit.scope().user_id) {
        // Else it would be gone for everybody but the owner, who did not ask for it.
        return Err(Error::Refused(
            "Only its owner can say who sees a dashboard".to_owned(),
        ));
    }
    keep(unit, before, after)
}

/// Makes another member of the organisation the owner.
///
/// # Errors
/// One that is not the caller's to change, or somebody who is no member or is locked.
pub fn hand_over(
    unit: &Writing<ManageDashboard>,
    dashboard: &Visible<Dashboard>,
    user: &str,
) -> Result<()> {
    require_writable(dashboard, unit.scope())?;
    let member = Visible::<User>::find(unit, user)?.filter(|user| {
        !user.is_locked && user.membership_in(unit.scope().organisation.id).is_some()
    });
    let Some(member) = member else {
        let message = format!("is nobody who works in this organization: {user}");
        return Err(Error::invalid(FieldProblem::format("user", message)));
    };
    let mut after = Dashboard::clone(dashboard);
    after.owner_id = Some(member.id);
    after.owner = Some(member.login.clone());
    keep(unit, dashboard, after)
}

fn keep(unit: &Writing<ManageDashboard>, before: &Dashboard, mut after: Dashboard) -> Result<()> {
    let changes = differences(before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.context(), changes.into_vec()),
    )
}

fn differences(before: &Dashboard, after: &Dashboard) -> Changes {
    let status = |dashboard: &Dashboard| {
        if dashboard.is_shared {
            DashboardStatus::Shared
        } else {
            DashboardStatus::Private
        }
    };
    let definition = |dashboard: &Dashboard| {
        serde_json::from_str::<Json>(&dashboard.definition).unwrap_or(Json::Null)
    };
    let mut changes = Changes::default();
    changes.note("title", &before.title, &after.title);
    changes.note("group", &before.group, &after.group);
    changes.note("description", &before.description, &after.description);
    changes.note("status", &status(before), &status(after));
    changes.note("owner", &before.owner, &after.owner);
    changes.note("definition", &definition(before), &definition(after));
    changes.note("version", &before.version, &after.version);
    changes
}

/// Deletes a dashboard.
///
/// # Errors
/// One that is not the caller's to change.
pub fn delete(unit: &Writing<ManageDashboard>, dashboard: &Visible<Dashboard>) -> Result<()> {
    require_writable(dashboard, unit.scope())?;
    store::delete(unit.tx(), dashboard)?;
    let output = OutputDashboard::of(dashboard, unit.scope())?;
    let entry = Entry::deleted(dashboard.touch(), dashboard.context(), &output);
    audit::record(unit, entry.without_detail("writable"))
}

fn require_writable(dashboard: &Dashboard, scope: &Scope) -> Result<()> {
    if dashboard.is_writable_by(scope) {
        return Ok(());
    }
    Err(Error::Refused(
        "A dashboard is changed by its owner, or by who manages the shared ones".to_owned(),
    ))
}
