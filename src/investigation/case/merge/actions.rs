//! The verbs of merging.

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageCaseMerge;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Error, Permission, Reading, Result, Visible, Writing};
use crate::audit::model::Action;
use crate::audit::{self, Entry};
use crate::investigation::case::actions::require_on;
use crate::investigation::case::bin::record_binned;
use crate::investigation::case::model::{Access, Case};
use crate::investigation::case::output::OutputCase;
use crate::investigation::case::store as cases;
use crate::investigation::{case_link, share};
use crate::storage::Queries;
use crate::tenancy::membership;
use crate::vocabulary::case_status::model::{self as status, CaseStage};
use crate::wire::EntityId;

use super::model::{OutputMergePreview, OutputMergedInto, OutputOrigin, OutputPartCount};
use super::{rules, store};

/// Cases that one merge may take.
const CASES_MAX: usize = 50;
/// Merges that a number is followed through.
const STEPS_MAX: usize = 100;

/// Makes one case of several, named by ids or numbers; they rest hidden.
///
/// # Errors
/// Fewer than two, the same twice, one that the caller doesn't see or may not merge, or such as don't go together.
pub(super) fn merge(
    unit: &Writing<ManageCaseMerge>,
    references: &[String],
) -> Result<Visible<Case>> {
    let originals = load(unit, references)?;
    let plain: Vec<&Case> = originals.iter().map(|case| &**case).collect();
    refuse_unlike(unit, &originals)?;
    for case in &plain {
        require_on(case, Permission::ManageCaseMerge)?;
    }
    let access = rules::access(&plain).map_err(Error::Rule)?;
    let merged = build(unit, &plain, access)?;
    cases::insert(unit.tx(), &merged)?;
    share::actions::copy(unit, &originals[0], merged.touch())?;
    let user_ids = access_ids(unit, &merged)?;
    cases::set_access(unit.tx(), &merged, &user_ids)?;
    let ids: Vec<i64> = plain.iter().map(|case| case.id).collect();
    case_link::actions::unite(unit, merged.id, &ids)?;
    for case in &plain {
        store::move_parts(unit.tx(), case.id, merged.id)?;
        cases::hide_merged(unit.tx(), case, merged.id, unit.scope())?;
    }
    record_merge(unit, &plain, merged.id)
}

fn record_merge(
    unit: &Writing<ManageCaseMerge>,
    originals: &[&Case],
    merged_id: i64,
) -> Result<Visible<Case>> {
    let merged = Visible::<Case>::by_id(unit, merged_id)?;
    let from: Vec<_> = originals
        .iter()
        .map(|case| serde_json::json!({ "_id": EntityId(case.id), "number": case.number, "title": case.title }))
        .collect();
    let output = OutputCase::from((*merged).clone());
    let entry = Entry {
        action: Action::Merge,
        ..Entry::created(merged.touch(), merged.touch(), &output)
    };
    let entry = entry
        .without_detail("userPermissions")
        .with_detail("mergedFrom", from);
    audit::record(unit, entry)?;
    for case in originals {
        let told = serde_json::json!({ "caseId": EntityId(merged.id), "number": merged.number });
        audit::record(
            unit,
            Entry::updated(case.touch(), merged.touch(), Vec::new())
                .with_detail("mergedInto", told),
        )?;
    }
    Ok(merged)
}

fn load(scoped: &dyn Scoped, references: &[String]) -> Result<Vec<Visible<Case>>> {
    if references.len() < 2 {
        return Err(Error::Rule("A merge needs at least two cases".to_owned()));
    }
    if references.len() > CASES_MAX {
        return Err(Error::Rule(format!(
            "A merge takes at most {CASES_MAX} cases"
        )));
    }
    let mut found: Vec<Visible<Case>> = Vec::with_capacity(references.len());
    for reference in references {
        let case = Visible::<Case>::get(scoped, reference.trim())?;
        if found.iter().any(|other| other.id == case.id) {
            return Err(Error::Rule(format!(
                "The case #{} cannot be merged with itself",
                case.number
            )));
        }
        found.push(case);
    }
    Ok(found)
}

/// Refuses cases that are not shared alike: somebody would see more, or less, than before.
fn refuse_unlike(scoped: &dyn Scoped, originals: &[Visible<Case>]) -> Result<()> {
    let own = scoped.scope().organisation.id;
    if originals.iter().any(|case| case.organisation_id != own) {
        return Err(Error::Refused(
            "Only the organization that owns the cases may merge them".to_owned(),
        ));
    }
    let mut alike: Option<Vec<(i64, String)>> = None;
    for case in originals {
        let mut shares: Vec<(i64, String)> = share::actions::of_case(scoped, case)?
            .into_iter()
            .map(|share| (share.organisation_id, share.profile))
            .collect();
        shares.sort_unstable();
        match &alike {
            None => alike = Some(shares),
            Some(first) if *first == shares => {}
            Some(_) => {
                return Err(Error::Rule(
                    "Only cases that are shared with the same organizations by the same profiles can be merged"
                        .to_owned(),
                ));
            }
        }
    }
    Ok(())
}

fn build(unit: &Writing<ManageCaseMerge>, originals: &[&Case], access: Access) -> Result<Case> {
    let scope = unit.scope();
    let merged = rules::merged(originals);
    let can_work = membership::actions::can_work_in(
        unit,
        scope.organisation.id,
        &scope.login,
        Permission::ManageCaseUpdate,
    )?;
    let [
        alert_at,
        alert_new_at,
        alert_in_progress_at,
        alert_imported_at,
    ] = merged.alert;
    Ok(Case {
        id: unit.tx().new_id()?,
        number: cases::next_number(unit.tx())?,
        title: merged.title,
        description: merged.description,
        summary: merged.summary,
        severity: merged.severity,
        tlp: merged.tlp,
        pap: merged.pap,
        start_at: merged.start_at,
        end_at: None,
        due_at: merged.due_at,
        flag: merged.flag,
        tags: merged.tags,
        status: status::NEW.to_owned(),
        stage: CaseStage::New,
        impact_status: None,
        assignee: can_work.then(|| scope.login.clone()),
        access,
        new_at: scope.now_ms,
        in_progress_at: None,
        closed_at: None,
        alert_at,
        alert_new_at,
        alert_in_progress_at,
        alert_imported_at,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        // The owner, the rules, and what the caller may do: as they are for the originals.
        ..originals[0].clone()
    })
}

fn access_ids<P: Requirement>(unit: &Writing<P>, case: &Case) -> Result<Vec<i64>> {
    let (Access::Users { users } | Access::External { users }) = &case.access else {
        return Ok(Vec::new());
    };
    let mut ids = Vec::new();
    for login in users.iter().filter(|login| *login != "*") {
        // Who was locked since stays out.
        ids.extend(membership::actions::member_with_case(unit, case.id, login)?);
    }
    Ok(ids)
}

/// What would become of a merge of these cases.
///
/// # Errors
/// Those of [`merge`] that leave nothing to be shown.
pub(super) fn preview(reading: &Reading, references: &[String]) -> Result<OutputMergePreview> {
    let originals = load(reading, references)?;
    let plain: Vec<&Case> = originals.iter().map(|case| &**case).collect();
    let merged = rules::merged(&plain);
    let refusal = refuse_unlike(reading, &originals)
        .and_then(|()| rules::access(&plain).map_err(Error::Rule))
        .and_then(|_| {
            plain
                .iter()
                .try_for_each(|case| require_on(case, Permission::ManageCaseMerge))
        });
    let refusal = match refusal {
        Ok(()) => None,
        Err(error @ (Error::Rule(_) | Error::Refused(_) | Error::Forbidden(_))) => {
            Some(error.to_string())
        }
        Err(error) => return Err(error),
    };
    let ids: Vec<i64> = plain.iter().map(|case| case.id).collect();
    let parts = store::count_parts(reading, &ids)?;
    Ok(OutputMergePreview {
        refusal,
        title: merged.title,
        severity: merged.severity,
        tlp: merged.tlp,
        pap: merged.pap,
        start_date: merged.start_at,
        flag: merged.flag,
        tags: merged.tags,
        cases: plain
            .iter()
            .map(|case| OutputOrigin {
                id: EntityId(case.id),
                number: case.number,
                title: case.title.clone(),
                merged_at: None,
                merged_by: None,
            })
            .collect(),
        parts: parts
            .into_iter()
            .map(|(kind, count)| OutputPartCount { kind, count })
            .collect(),
    })
}

/// The cases that this one was made of.
///
/// # Errors
/// Only those of the storage.
pub(super) fn origins(queries: &dyn Queries, case: &Visible<Case>) -> Result<Vec<OutputOrigin>> {
    Ok(store::origins(queries, case.id)?)
}

/// Takes a merged case apart: its originals are there again with what was theirs. What was added since goes to the first of
/// them; the merged case goes to the bin.
///
/// # Errors
/// A case that was not merged, or one of another organisation.
pub(super) fn unmerge(unit: &Writing<ManageCaseMerge>, merged: &Visible<Case>) -> Result<()> {
    require_on(merged, Permission::ManageCaseMerge)?;
    let scope = unit.scope();
    if merged.organisation_id != scope.organisation.id {
        return Err(Error::Refused(
            "Only the organization that owns the case may take it apart".to_owned(),
        ));
    }
    let origins = store::origins(unit, merged.id)?;
    let Some(first) = origins.first() else {
        return Err(Error::Rule(format!(
            "The case #{} was not merged",
            merged.number
        )));
    };
    store::give_parts_back(unit.tx(), merged.id, first.id.0)?;
    cases::put_in_bin(unit.tx(), merged, scope.now_ms, &scope.login)?;
    record_binned(unit, merged)?;
    for origin in &origins {
        let case = cases::show_again(unit.tx(), origin.id.0)?;
        let told = serde_json::json!({ "caseId": EntityId(merged.id), "number": merged.number });
        audit::record(
            unit,
            Entry::updated(case, case, Vec::new()).with_detail("unmerged", told),
        )?;
    }
    Ok(())
}

/// Where the case with this id or number went.
///
/// # Errors
/// 404 when it was not merged, or when the caller doesn't see what it was merged into.
pub(super) fn where_to(reading: &Reading, reference: &str) -> Result<OutputMergedInto> {
    let not_found = || Error::not_found("Case", reference);
    let id = parse_id(reference);
    let (merged_number, mut into) =
        store::merged_into(reading, id, reference.parse().ok())?.ok_or_else(not_found)?;
    for _ in 0..STEPS_MAX {
        match store::merged_into(reading, Some(into), None)? {
            Some((_, next)) => into = next,
            None => break,
        }
    }
    let case = Visible::<Case>::find(reading, &format!("~{into}"))?.ok_or_else(not_found)?;
    Ok(OutputMergedInto {
        case_id: EntityId(case.id),
        number: case.number,
        merged_number,
    })
}
