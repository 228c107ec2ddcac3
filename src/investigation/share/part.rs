//! Shares of the parts of a case: each task, each observable.

use crate::access::permission::needs::ManageShare;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Error, Permission, Result, Visible, Writing};
use crate::audit::{self, Entry};
use crate::investigation::case;
use crate::investigation::case::model::Case;
use crate::storage::Touch;

use super::model::{Part, Share};
use super::store;

/// A part of a case that the caller sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartOf<'a> {
    pub part: Part,
    pub touch: Touch,
    pub case: &'a Visible<Case>,
}

/// The shares of the case whose organisations see the part, without the caller's own.
///
/// # Errors
/// Only those of the storage.
pub(super) fn others(scoped: &dyn Scoped, of: PartOf) -> Result<Vec<Share>> {
    let own = scoped.scope().organisation.id;
    let takers = store::takers_of(scoped, of.part, of.touch.id)?;
    let mut shares = store::of_case(scoped, of.case.id)?;
    shares.retain(|share| share.organisation_id != own && takers.contains(&share.organisation_id));
    Ok(shares)
}

/// Lets organisations that have the case see the part. Who sees it already goes on seeing it.
///
/// # Errors
/// An organisation that has not got the case, or a right that the caller lacks on it.
pub(super) fn give(
    unit: &Writing<ManageShare>,
    of: PartOf,
    organisations: &[String],
) -> Result<()> {
    case::actions::require_on(of.case, Permission::ManageShare)?;
    let takers = store::takers_of(unit, of.part, of.touch.id)?;
    for share in named(unit, of, organisations)? {
        if takers.contains(&share.organisation_id) {
            continue;
        }
        store::give(unit.tx(), of.part, of.touch, share.organisation_id)?;
        record(unit, of, "share", &share)?;
    }
    Ok(())
}

/// Takes the part from organisations.
///
/// # Errors
/// The owner of the case, the caller's own organisation, or one that has not got the case.
pub(super) fn take(
    unit: &Writing<ManageShare>,
    of: PartOf,
    organisations: &[String],
) -> Result<()> {
    case::actions::require_on(of.case, Permission::ManageShare)?;
    let takers = store::takers_of(unit, of.part, of.touch.id)?;
    for share in named(unit, of, organisations)? {
        if share.is_owner {
            return Err(Error::Refused(
                "The organization that owns the case sees all that is in it".to_owned(),
            ));
        }
        if share.organisation_id == unit.scope().organisation.id {
            return Err(Error::Rule("You cannot remove your own share".to_owned()));
        }
        if takers.contains(&share.organisation_id) {
            store::take(unit.tx(), of.part, of.touch, share.organisation_id)?;
            record(unit, of, "unshare", &share)?;
        }
    }
    Ok(())
}

fn named(unit: &Writing<ManageShare>, of: PartOf, organisations: &[String]) -> Result<Vec<Share>> {
    let shares = store::of_case(unit, of.case.id)?;
    organisations
        .iter()
        .map(|reference| {
            let id = parse_id(reference);
            shares
                .iter()
                .find(|share| Some(share.organisation_id) == id || share.organisation == *reference)
                .cloned()
                .ok_or_else(|| {
                    Error::Rule(format!(
                        "The case is not shared with the organization {reference}"
                    ))
                })
        })
        .collect()
}

fn record(unit: &Writing<ManageShare>, of: PartOf, what: &str, share: &Share) -> Result<()> {
    let told = serde_json::json!({ "organisation": share.organisation });
    audit::record(
        unit,
        Entry::updated(of.touch, of.case.touch(), Vec::new()).with_detail(what, told),
    )
}
