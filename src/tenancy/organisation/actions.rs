//! The verbs of organisations.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageOrganisation;
use crate::access::scope::ADMIN_ORGANISATION;
use crate::access::unit::Scoped;
use crate::access::visible::refuse_name_like_id;
use crate::access::{Error, Reading, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::reporting::dashboard;
use crate::storage::Queries;
use crate::tenancy::link::model::OrganisationLink;
use crate::tenancy::{avatar, link};
use crate::wire::Patch;

use super::model::{
    InputCreateOrganisation, InputUpdateOrganisation, Organisation, OutputOrganisation,
};
pub(crate) use super::rules::check_sharing_rule;
use super::{rules, store};

/// Organisations as the API gives them, with those of their links that concern the caller's: from `admin` all, from any
/// other only its own.
///
/// # Errors
/// Only those of the storage.
pub fn with_links(
    scoped: &dyn Scoped,
    organisations: &[Organisation],
) -> Result<Vec<OutputOrganisation>> {
    let scope = scoped.scope();
    let ids: Vec<i64> = organisations.iter().map(|one| one.id).collect();
    let mut links = link::actions::of_all(scoped, &ids)?;
    if !scope.is_admin_organisation() {
        let own = scope.organisation.id;
        links.retain(|link| link.organisation_id == own || link.other_id == own);
    }
    let output = |one: &Organisation| OutputOrganisation {
        links: links
            .iter()
            .filter(|link| link.organisation_id == one.id)
            .map(OrganisationLink::from)
            .collect(),
        ..OutputOrganisation::from(one)
    };
    Ok(organisations.iter().map(output).collect())
}

/// The sharing rules of an organisation: for tasks and for observables.
///
/// # Errors
/// Only those of the storage.
pub fn sharing_rules(queries: &dyn Queries, organisation_id: i64) -> Result<(String, String)> {
    Ok(store::sharing_rules(queries, organisation_id)?)
}

/// Creates an organisation.
///
/// # Errors
/// A name that is taken, or a sharing rule that there isn't.
pub fn create(
    unit: &Writing<ManageOrganisation>,
    input: InputCreateOrganisation,
) -> Result<Visible<Organisation>> {
    let rule = |name: &str, rule: Option<String>| {
        let rule = rule.unwrap_or_else(|| "manual".to_owned());
        rules::check_sharing_rule(name, &rule)
            .map(|()| rule)
            .map_err(Error::invalid)
    };
    let task_rule = rule(
        "taskRule",
        input.task_rule.map(crate::wire::Text::into_string),
    )?;
    let observable_rule = rule(
        "observableRule",
        input.observable_rule.map(crate::wire::Text::into_string),
    )?;
    refuse_taken_name(unit, &input.name)?;
    let organisation = insert(
        unit,
        Organisation {
            id: unit.tx().new_id()?,
            name: input.name.into_string(),
            description: input.description.into_string(),
            task_rule,
            observable_rule,
            is_locked: input.locked.unwrap_or(false),
            avatar_hash: match &input.avatar {
                Some(base64) => avatar::keep(unit, base64)?,
                None => None,
            },
            created_at: unit.scope().now_ms,
            created_by: unit.scope().login.clone(),
            updated_at: None,
            updated_by: None,
        },
    )?;
    dashboard::actions::give_shipped(unit, organisation.id)?;
    Visible::by_id(unit, organisation.id)
}

fn insert<P: Requirement>(unit: &Writing<P>, organisation: Organisation) -> Result<Organisation> {
    store::insert(unit.tx(), &organisation)?;
    let touch = organisation.touch();
    audit::record(
        unit,
        Entry::created(touch, touch, &OutputOrganisation::from(&organisation)),
    )?;
    Ok(organisation)
}

/// Changes an organisation.
///
/// # Errors
/// The organisation `admin` can be neither renamed nor locked; a name that is taken; a bad picture.
pub fn update(
    unit: &Writing<ManageOrganisation>,
    organisation: &Visible<Organisation>,
    input: InputUpdateOrganisation,
) -> Result<()> {
    let before: &Organisation = organisation;
    let mut after = before.clone();
    if let Some(name) = input.name.filter(|name| **name != before.name) {
        refuse_for_admin(before, "renamed")?;
        refuse_taken_name(unit, &name)?;
        after.name = name.into_string();
    }
    if let Some(is_locked) = input.locked {
        if is_locked {
            refuse_for_admin(before, "locked")?;
        }
        after.is_locked = is_locked;
    }
    if let Some(rule) = input.task_rule {
        rules::check_sharing_rule("taskRule", &rule).map_err(Error::invalid)?;
        after.task_rule = rule.into_string();
    }
    if let Some(rule) = input.observable_rule {
        rules::check_sharing_rule("observableRule", &rule).map_err(Error::invalid)?;
        after.observable_rule = rule.into_string();
    }
    if let Some(description) = input.description {
        after.description = description.into_string();
    }
    match input.avatar {
        Patch::Keep => {}
        Patch::Clear => after.avatar_hash = None,
        Patch::Set(base64) => after.avatar_hash = avatar::keep(unit, &base64)?,
    }
    let changes = differences(before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.touch(), changes.into_vec()),
    )
}

fn differences(before: &Organisation, after: &Organisation) -> Changes {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("description", &before.description, &after.description);
    changes.note("taskRule", &before.task_rule, &after.task_rule);
    changes.note(
        "observableRule",
        &before.observable_rule,
        &after.observable_rule,
    );
    changes.note("locked", &before.is_locked, &after.is_locked);
    changes.note("avatar", &before.avatar_hash, &after.avatar_hash);
    changes
}

fn refuse_for_admin(organisation: &Organisation, verb: &str) -> Result<()> {
    if organisation.name == ADMIN_ORGANISATION {
        return Err(Error::Rule(format!(
            "The organization {ADMIN_ORGANISATION} cannot be {verb}"
        )));
    }
    Ok(())
}

fn refuse_taken_name(unit: &Writing<ManageOrganisation>, name: &str) -> Result<()> {
    refuse_name_like_id(name)?;
    if store::is_name_taken(unit, name)? {
        Err(Error::taken("name", name))
    } else {
        Ok(())
    }
}

/// All organisations, sorted by name, for who configures the platform.
///
/// # Errors
/// Only those of the storage.
pub fn all(reading: &Reading) -> Result<Vec<Organisation>> {
    Ok(store::all(reading)?)
}

/// Whether there is any organisation: a database without one is new.
///
/// # Errors
/// Only those of the storage.
pub fn is_any_there(reading: &Reading) -> Result<bool> {
    Ok(store::is_any_there(reading)?)
}

/// Creates the organisation `admin` in a new database, with the id of the unit's scope: it comes before all else.
///
/// # Errors
/// Only those of the storage.
pub fn seed<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    let scope = unit.scope();
    insert(
        unit,
        Organisation {
            id: scope.organisation.id,
            name: ADMIN_ORGANISATION.to_owned(),
            description: "Administers the platform".to_owned(),
            task_rule: "manual".to_owned(),
            observable_rule: "manual".to_owned(),
            is_locked: false,
            avatar_hash: None,
            created_at: scope.now_ms,
            created_by: scope.login.clone(),
            updated_at: None,
            updated_by: None,
        },
    )?;
    Ok(())
}
