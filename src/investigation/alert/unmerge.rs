//! How a merge is taken back. The trail tells what it did to the case; whatever somebody changed since stays as it is.

use serde_json::{Value as Json, json};

use crate::access::permission::needs::ManageCaseUpdate;
use crate::access::{Error, Permission, Result, Viewable, Visible, Writing};
use crate::audit::past::{self, Past};
use crate::investigation::attachment::model::{Attachment, Owner};
use crate::investigation::case::model::{Case, OutputCase};
use crate::investigation::observable::model::Observable;
use crate::investigation::procedure::model::Procedure;
use crate::investigation::{attachment, case, observable, procedure};

use super::import::unlink;
use super::model::Alert;

/// Takes back the request that merged the alert into a case, or imported it: all that it did to the case.
///
/// # Errors
/// An alert that no merge brought where it is, or a case that the caller may not change.
pub(super) fn unmerge(unit: &Writing<ManageCaseUpdate>, alert: &Visible<Alert>) -> Result<()> {
    let merge = past::last_change(unit, alert.touch(), "caseId")?;
    let case_id = merge.as_ref().and_then(Past::case_id);
    let (Some(merge), Some(case_id)) = (merge, case_id.filter(|_| case_id == alert.case_id)) else {
        return Err(Error::Rule(
            "Alert was not merged into a case: there is nothing to take back".to_owned(),
        ));
    };
    let case = Visible::<Case>::by_id(unit, case_id)?;
    case::actions::require_on(&case, Permission::ManageCaseUpdate)?;
    for past in past::of_same_request(unit, &merge)?.iter().rev() {
        take_back(unit, &case, past)?;
    }
    Ok(())
}

fn take_back(unit: &Writing<ManageCaseUpdate>, case: &Visible<Case>, past: &Past) -> Result<()> {
    let (kind, id) = past.object();
    let is_unused = past.is_creation() && !past.has_later(unit)?;
    match kind {
        Alert::KIND => match seen::<Alert>(unit, id)? {
            Some(alert) if alert.case_id == Some(case.id) => unlink(unit, case, &alert),
            _ => Ok(()),
        },
        Case::KIND => restore(unit, id, past),
        Observable::KIND => match seen::<Observable>(unit, id)? {
            Some(found) if is_unused => observable::actions::remove_unused(unit, &found),
            Some(found) if !past.is_creation() => observable::actions::restore(unit, &found, past),
            _ => Ok(()),
        },
        Procedure::KIND if is_unused => match seen::<Procedure>(unit, id)? {
            Some(found) => procedure::actions::remove(unit, &found),
            None => Ok(()),
        },
        Attachment::KIND if is_unused => match seen::<Attachment>(unit, id)? {
            // The file of an observable stays or goes with it.
            Some(found) if found.owner == Owner::Case(case.id) => {
                attachment::actions::delete(unit, &found)
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// It, if it is still there.
fn seen<T: Viewable>(unit: &Writing<ManageCaseUpdate>, id: i64) -> Result<Option<Visible<T>>> {
    Visible::find(unit, &format!("~{id}"))
}

/// Lets the case say again what it said.
fn restore(unit: &Writing<ManageCaseUpdate>, id: i64, past: &Past) -> Result<()> {
    // As it is now: the alerts that went out have changed its dates.
    let case = Visible::<Case>::by_id(unit, id)?;
    let internal = |error| Error::Internal(format!("case ~{id}: {error}"));
    let now = serde_json::to_value(OutputCase::from((*case).clone())).map_err(internal)?;
    let mut before = past.still_so(&now);
    if let Some(Json::Array(fields)) = before.get_mut("customFields") {
        for field in fields {
            *field =
                json!({ "name": field["name"], "value": field["value"], "order": field["order"] });
        }
    }
    let input = serde_json::from_value(Json::Object(before)).map_err(internal)?;
    case::actions::update(unit, &case, input)
}
