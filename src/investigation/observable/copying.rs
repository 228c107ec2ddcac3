//! What was seen in alerts goes along into the case that they become part of, and leaves it when that is taken back.

use crate::access::unit::Scoped;
use crate::access::{Error, Requirement, Result, Viewable, Visible, Writing};
use crate::audit::past::Past;
use crate::investigation::attachment;
use crate::investigation::attachment::actions::KeptFile;
use crate::investigation::case::model::Case;
use crate::investigation::parent::Parent;

use super::model::Observable;
use super::output::OutputObservable;
use super::{actions, rules, store};

/// Copies the observables of alerts into a case. One that is alike to one there joins it.
///
/// The alerts have to be seen by the caller: their ids are those of `Visible` ones.
///
/// # Errors
/// Only those of the storage.
pub fn copy_to_case<P: Requirement>(
    unit: &Writing<P>,
    alert_ids: &[i64],
    case: &Visible<Case>,
) -> Result<()> {
    let ids = store::of_alerts(unit, alert_ids)?;
    let mut originals = store::by_ids(unit, &ids)?;
    Observable::complete(unit, &mut originals)?;
    let parent = Parent::Case(case.clone());
    let told = actions::told(unit, &parent)?;
    for original in originals {
        actions::note_tags(unit, &parent, &original.tags)?;
        let place = (Some(case.id), None);
        match store::find_alike(unit, unit.scope(), place, &original.likeness)? {
            Some(id) => {
                let there = Visible::<Observable>::by_id(unit, id)?;
                actions::save(unit, &there, rules::joined(&there, &original))?;
            }
            None => copy(unit, original, case.id, &told)?,
        }
    }
    Ok(())
}

fn copy<P: Requirement>(
    unit: &Writing<P>,
    original: Observable,
    case_id: i64,
    told: &[i64],
) -> Result<()> {
    let scope = unit.scope();
    let file = original.attachment.as_ref().map(KeptFile::from);
    let mut copy = Observable {
        id: unit.tx().new_id()?,
        case_id: Some(case_id),
        alert_id: None,
        organisation_id: scope.organisation.id,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        attachment: None,
        ..original
    };
    copy.attachment = file
        .map(|file| attachment::actions::new(unit, copy.place(), file))
        .transpose()?;
    actions::insert(unit, &copy, told)
}

/// Takes away what came along, unless an analyzer was asked about it.
///
/// # Errors
/// Only those of the storage.
pub fn remove_unused<P: Requirement>(
    unit: &Writing<P>,
    observable: &Visible<Observable>,
) -> Result<()> {
    if store::has_jobs(unit, observable.id)? {
        return Ok(());
    }
    actions::remove(unit, observable)
}

/// Gives an observable that another joined what it had before, where nobody changed it since.
///
/// # Errors
/// Only those of the storage.
pub fn restore<P: Requirement>(
    unit: &Writing<P>,
    observable: &Visible<Observable>,
    past: &Past,
) -> Result<()> {
    let internal = |error| Error::Internal(format!("observable ~{}: {error}", observable.id));
    let now = serde_json::to_value(OutputObservable::from(&**observable)).map_err(internal)?;
    let before = past.still_so(&now);
    let input = serde_json::from_value(before.into()).map_err(internal)?;
    actions::save(unit, observable, actions::apply(unit, observable, input)?)
}
