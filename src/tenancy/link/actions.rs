//! The verbs of links.

use crate::access::permission::needs::ManageOrganisation;
use crate::access::scope::ADMIN_ORGANISATION;
use crate::access::{Error, FieldProblem, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Queries, Touch};
use crate::tenancy::organisation::model::Organisation;

use super::model::{InputLinkTo, Link, SharingProfile};
use super::store;

/// Links that one organisation may have.
const LINKS_MAX: usize = 1_000;

/// The links of an organisation, sorted by the name of the other end.
///
/// # Errors
/// Only those of the storage.
pub fn of(queries: &dyn Queries, organisation_id: i64) -> Result<Vec<Link>> {
    Ok(store::of(queries, &[organisation_id])?)
}

/// The links of several organisations.
///
/// # Errors
/// Only those of the storage.
pub fn of_all(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Link>> {
    Ok(store::of(queries, ids)?)
}

/// Links two organisations, or gives their link other sharing profiles.
///
/// # Errors
/// An organisation with itself, or with `admin`, which holds no cases; a sharing profile that there isn't.
pub fn set(
    unit: &Writing<ManageOrganisation>,
    organisation: &Visible<Organisation>,
    other: &Visible<Organisation>,
    link_type: &str,
    other_link_type: &str,
) -> Result<()> {
    refuse_impossible(organisation, other)?;
    check_type("linkType", link_type)?;
    check_type("otherLinkType", other_link_type)?;
    let links = store::of(unit, &[organisation.id])?;
    let before = links.iter().find(|link| link.other_id == other.id);
    if before
        .is_some_and(|link| link.link_type == link_type && link.other_link_type == other_link_type)
    {
        return Ok(());
    }
    store::set(unit.tx(), organisation.touch(), other.id, link_type)?;
    store::set(unit.tx(), other.touch(), organisation.id, other_link_type)?;
    record(
        unit,
        organisation,
        other,
        before.map(|link| link.link_type.as_str()),
        Some(link_type),
    )?;
    record(
        unit,
        other,
        organisation,
        before.map(|link| link.other_link_type.as_str()),
        Some(other_link_type),
    )
}

/// Ends the link. What was shared stays shared.
///
/// # Errors
/// 404 when they are not linked.
pub fn remove(
    unit: &Writing<ManageOrganisation>,
    organisation: &Visible<Organisation>,
    other: &Visible<Organisation>,
) -> Result<()> {
    let links = store::of(unit, &[organisation.id])?;
    let Some(link) = links.iter().find(|link| link.other_id == other.id) else {
        return Err(Error::not_found("Link", &other.name));
    };
    store::remove(unit.tx(), organisation.touch(), other.id)?;
    store::remove(unit.tx(), other.touch(), organisation.id)?;
    record(unit, organisation, other, Some(&link.link_type), None)?;
    record(unit, other, organisation, Some(&link.other_link_type), None)
}

/// Gives the organisation these links in place of those it has.
///
/// # Errors
/// Those of [`set`], and the same organisation twice.
pub fn set_all(
    unit: &Writing<ManageOrganisation>,
    organisation: &Visible<Organisation>,
    wanted: &[InputLinkTo],
) -> Result<()> {
    if wanted.len() > LINKS_MAX {
        return Err(problem("links", format!("must be at most {LINKS_MAX}")));
    }
    let mut others: Vec<Visible<Organisation>> = Vec::with_capacity(wanted.len());
    for link in wanted {
        let other = Visible::<Organisation>::get(unit, &link.to_organisation)?;
        if others.iter().any(|known| known.id == other.id) {
            return Err(problem(
                "links",
                "must name each organization once".to_owned(),
            ));
        }
        others.push(other);
    }
    for link in store::of(unit, &[organisation.id])? {
        if !others.iter().any(|other| other.id == link.other_id) {
            remove(unit, organisation, &Visible::by_id(unit, link.other_id)?)?;
        }
    }
    for (link, other) in wanted.iter().zip(&others) {
        set(
            unit,
            organisation,
            other,
            &link.link_type,
            &link.other_link_type,
        )?;
    }
    Ok(())
}

fn refuse_impossible(organisation: &Organisation, other: &Organisation) -> Result<()> {
    if organisation.id == other.id {
        return Err(Error::Rule(
            "An organization cannot be linked with itself".to_owned(),
        ));
    }
    if [organisation, other]
        .iter()
        .any(|end| end.name == ADMIN_ORGANISATION)
    {
        return Err(Error::Rule(format!(
            "The organization {ADMIN_ORGANISATION} holds no cases and cannot be linked"
        )));
    }
    Ok(())
}

fn check_type(name: &str, link_type: &str) -> Result<()> {
    if SharingProfile::by_name(link_type).is_some() {
        return Ok(());
    }
    let names = SharingProfile::ALL.map(|profile| profile.name).join(", ");
    Err(problem(name, format!("must be one of {names}")))
}

fn problem(name: &str, message: String) -> Error {
    Error::invalid(FieldProblem::format(name, message))
}

fn record(
    unit: &Writing<ManageOrganisation>,
    end: &Organisation,
    other: &Organisation,
    before: Option<&str>,
    after: Option<&str>,
) -> Result<()> {
    let told = |link_type: Option<&str>| {
        link_type.map(
            |link_type| serde_json::json!({ "toOrganisation": other.name, "linkType": link_type }),
        )
    };
    let mut changes = Changes::default();
    changes.note("link", &told(before), &told(after));
    let touch: Touch = end.touch();
    audit::record(unit, Entry::updated(touch, touch, changes.into_vec()))
}
