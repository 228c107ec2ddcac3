//! Sharing a case that is just being created: by the links of its organisation, and as the request says.

use crate::access::permission::needs::{ManageCaseCreate, ManageShare};
use crate::access::unit::Scoped;
use crate::access::{Result, Visible, Writing};
use crate::investigation::case::model::Case;
use crate::tenancy::link;

use super::actions::{Wanted, add, fitting_profile, resolve};
use super::model::InputShare;
use super::rules;

/// Shares a new case with the organisations whose link says so, and with those that the request names. What the request
/// says of an organisation goes before what its link says.
///
/// # Errors
/// An organisation that is not linked, or a profile that does not fit.
pub fn share_new(
    unit: &Writing<ManageCaseCreate>,
    case: &Visible<Case>,
    parameters: &[InputShare],
) -> Result<()> {
    if !parameters.is_empty() {
        unit.demand::<ManageShare>()?;
    }
    let own = unit.scope().organisation.id;
    let mut named: Vec<i64> = vec![own];
    for input in parameters {
        let wanted = resolve(unit, case, input)?;
        if named.contains(&wanted.organisation_id) {
            continue;
        }
        named.push(wanted.organisation_id);
        if input.share.unwrap_or(true) {
            add(unit, case, &wanted)?;
        }
    }
    let links = link::actions::of(unit, own)?;
    let automatic = rules::automatic(&links);
    for link in &links {
        let Some(profile) = automatic
            .get(&link.other_id)
            .filter(|_| !named.contains(&link.other_id))
        else {
            continue;
        };
        let wanted = Wanted {
            organisation_id: link.other_id,
            organisation: link.other.clone(),
            profile: fitting_profile(unit, case, profile)?,
            task_rule: case.task_rule.clone(),
            observable_rule: case.observable_rule.clone(),
        };
        add(unit, case, &wanted)?;
    }
    Ok(())
}
