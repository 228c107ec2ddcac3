//! The verbs of links.

use std::collections::HashMap;

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageCaseUpdate;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::{self, Entry};
use crate::investigation::case;
use crate::investigation::case::model::Case;

use super::model::OutputCaseLinks;
use super::store;

/// Links that one case may have.
const LINKS_MAX: i64 = 1_000;

/// The links of these cases, as far as the caller sees their other ends.
///
/// # Errors
/// Only those of the storage.
pub fn of(scoped: &dyn Scoped, ids: &[i64]) -> Result<HashMap<i64, OutputCaseLinks>> {
    Ok(store::of(scoped, scoped.scope(), ids)?)
}

/// The types of links in use, as far as the caller sees the links.
///
/// # Errors
/// Only those of the storage.
pub fn types(scoped: &dyn Scoped) -> Result<Vec<String>> {
    Ok(store::types(scoped, scoped.scope())?)
}

/// Links two cases. A link that is there already stays.
///
/// # Errors
/// A case with itself, or a right that the caller lacks on the first.
pub fn add(
    unit: &Writing<ManageCaseUpdate>,
    case: &Visible<Case>,
    other: &Visible<Case>,
    link_type: &str,
) -> Result<()> {
    case::actions::require_on(case, Permission::ManageCaseUpdate)?;
    if case.id == other.id {
        return Err(Error::Rule(
            "A case cannot be linked with itself".to_owned(),
        ));
    }
    refuse_too_many(unit, case)?;
    let stamp = (unit.scope().now_ms, unit.scope().login.as_str());
    if !store::insert(unit.tx(), case.touch(), other.id, link_type, stamp)? {
        return Ok(());
    }
    store::insert(unit.tx(), other.touch(), case.id, link_type, stamp)?;
    record_ends(unit, "linkAdded", case, other, link_type)
}

/// Ends a link of two cases.
///
/// # Errors
/// 404 when there is none of this type, and a right that the caller lacks on the first.
pub fn remove(
    unit: &Writing<ManageCaseUpdate>,
    case: &Visible<Case>,
    other: &Visible<Case>,
    link_type: &str,
) -> Result<()> {
    case::actions::require_on(case, Permission::ManageCaseUpdate)?;
    if !store::remove(unit.tx(), case.touch(), other.id, link_type)? {
        return Err(Error::not_found("Link", link_type));
    }
    store::remove(unit.tx(), other.touch(), case.id, link_type)?;
    record_ends(unit, "linkRemoved", case, other, link_type)
}

/// Links a case with a place outside.
///
/// # Errors
/// What is no address of the web, or a right that the caller lacks.
pub fn add_external(
    unit: &Writing<ManageCaseUpdate>,
    case: &Visible<Case>,
    url: &str,
    link_type: &str,
) -> Result<()> {
    case::actions::require_on(case, Permission::ManageCaseUpdate)?;
    let url = url.trim();
    if !is_web_address(url) {
        return Err(Error::invalid(FieldProblem::format(
            "url",
            "must be an address that begins with http:// or https://",
        )));
    }
    refuse_too_many(unit, case)?;
    let stamp = (unit.scope().now_ms, unit.scope().login.as_str());
    if !store::insert_external(unit.tx(), case.touch(), url, link_type, stamp)? {
        return Ok(());
    }
    record_external(unit, "linkAdded", case, url, link_type)
}

/// Ends a link with a place outside.
///
/// # Errors
/// 404 when there is none of this type, and a right that the caller lacks.
pub fn remove_external(
    unit: &Writing<ManageCaseUpdate>,
    case: &Visible<Case>,
    url: &str,
    link_type: &str,
) -> Result<()> {
    case::actions::require_on(case, Permission::ManageCaseUpdate)?;
    if !store::remove_external(unit.tx(), case.touch(), url.trim(), link_type)? {
        return Err(Error::not_found("Link", url));
    }
    record_external(unit, "linkRemoved", case, url.trim(), link_type)
}

/// Gives a merged case the links of the cases it was made of; those among them vanish.
///
/// # Errors
/// Only those of the storage.
pub fn unite<P: Requirement>(unit: &Writing<P>, merged_id: i64, originals: &[i64]) -> Result<()> {
    Ok(store::unite(unit.tx(), merged_id, originals)?)
}

fn refuse_too_many(unit: &Writing<ManageCaseUpdate>, case: &Case) -> Result<()> {
    if store::count(unit, case.id)? >= LINKS_MAX {
        return Err(Error::Rule(format!(
            "A case can have at most {LINKS_MAX} links"
        )));
    }
    Ok(())
}

/// What a browser opens without running anything of it.
fn is_web_address(url: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let start = url.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &url[scheme.len()..])
    });
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !rest.chars().any(|c| c.is_whitespace() || c.is_control())
    })
}

/// Each end tells of the other in its history: its id, which says nothing to who doesn't see it, and not even that of a
/// restricted case.
fn record_ends(
    unit: &Writing<ManageCaseUpdate>,
    what: &str,
    case: &Case,
    other: &Case,
    link_type: &str,
) -> Result<()> {
    for (end, far) in [(case, other), (other, case)] {
        let mut told = serde_json::json!({ "type": link_type });
        if !far.access.is_restricted() {
            told["caseId"] = serde_json::json!(crate::wire::EntityId(far.id));
        }
        audit::record(
            unit,
            Entry::updated(end.touch(), end.touch(), Vec::new()).with_detail(what, told),
        )?;
    }
    Ok(())
}

fn record_external(
    unit: &Writing<ManageCaseUpdate>,
    what: &str,
    case: &Case,
    url: &str,
    link_type: &str,
) -> Result<()> {
    let told = serde_json::json!({ "url": url, "type": link_type });
    audit::record(
        unit,
        Entry::updated(case.touch(), case.touch(), Vec::new()).with_detail(what, told),
    )
}

#[cfg(test)]
mod tests {
    use super::is_web_address;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for good in [
            "http://a",
            "https://a.test/b?c=d#e",
            "HTTPS://a",
            "http://[::1]:80/",
        ] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "a.test",
            "http://",
            "https:///x",
            "javascript:alert(1)",
            "data:text/html,x",
            "http://a b",
            "http://a\n",
            " javascript:x",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
