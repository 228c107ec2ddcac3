//! The verbs of alerts.

use std::collections::HashMap;

use crate::access::permission::needs::{
    ManageAlertCreate, ManageAlertDelete, ManageAlertReopen, ManageAlertUpdate, ManageProcedure,
};
use crate::access::permission::{Implies, Requirement};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::model::{Action, Changes};
use crate::audit::{self, Entry};
use crate::automation::inbox;
use crate::investigation::attachment::model::Place;
use crate::investigation::{attachment, case, observable, procedure};
use crate::storage::Touch;
use crate::tenancy::membership;
use crate::vocabulary::alert_status::actions as statuses;
use crate::vocabulary::alert_status::model::{self as status, AlertStage};
use crate::vocabulary::custom_field::model::{Holder, OutputCustomFieldValue};
use crate::vocabulary::{case_template, custom_field, tag};
use crate::wire::{Date, Markdown, Text};

use super::model::{Alert, Enclosure, InputCreateAlert, InputUpdateAlert, Origin};
use super::output::OutputAlert;
use super::{import, rules, store};

pub use super::import::link as link_to_case;

/// Alerts that one request may change.
pub(super) const BULK_MAX: usize = 500;

/// Who creates an alert may say which techniques were used, whatever the profile says of procedures.
impl Implies<ManageProcedure> for ManageAlertCreate {}

/// Creates an alert with its observables, procedures, custom fields and files.
///
/// # Errors
/// An attribute that is wrong, of the alert or of what it brings; an unknown status, an assignee who cannot work on it,
/// or an alert with the same type, source and reference.
pub fn create(
    unit: &Writing<ManageAlertCreate>,
    mut input: InputCreateAlert,
    enclosure: Enclosure,
) -> Result<Visible<Alert>> {
    if unit.scope().is_admin_organisation() {
        return Err(Error::Refused(
            "The organization admin holds no alerts; switch to another one".to_owned(),
        ));
    }
    let observables = input.observables.take().unwrap_or_default();
    let procedures = input.procedures.take().unwrap_or_default();
    let mut alert = build(unit, input)?;
    refuse_taken(unit, &alert)?;
    let files = enclosure.observable_files;
    let observables = observable::actions::plan_enclosed(unit, alert.id, &observables, files)?;
    alert.observable_count = observables.count();
    if alert.observable_count > 0 {
        // What is added to an alert changes it, so the contract has it, even what comes with it.
        alert.updated_at = Some(alert.created_at);
        alert.updated_by = Some(alert.created_by.clone());
    }
    store::insert(unit.tx(), &alert, enclosure.payload)?;
    custom_field::actions::add(unit, Holder::Alert, alert.touch(), &alert.custom_fields)?;
    tag::actions::note(unit, alert.organisation_id, &alert.tags)?;
    let output = OutputAlert::of_new(alert.clone());
    audit::record(unit, Entry::created(alert.touch(), alert.touch(), &output))?;
    observable::actions::insert_enclosed(unit, observables)?;
    let alert = Visible::<Alert>::by_id(unit, alert.id)?;
    let has_more = !(procedures.is_empty() && enclosure.attachments.is_empty());
    if !procedures.is_empty() {
        procedure::actions::create_all(&unit.holding(), &alert.clone().into(), procedures)?;
    }
    attachment::actions::attach(unit, Place::of_alert(&alert), enclosure.attachments, true)?;
    if let Some(assignee) = &alert.assignee {
        inbox::actions::alert_assigned(unit, &alert, assignee)?;
    }
    if has_more {
        return Visible::by_id(unit, alert.id);
    }
    Ok(alert)
}

fn build(unit: &Writing<ManageAlertCreate>, input: InputCreateAlert) -> Result<Alert> {
    let scope = unit.scope();
    let now_ms = scope.now_ms;
    let assignee = input.assignee.map(|login| login.to_lowercase());
    if let Some(login) = &assignee {
        check_assignee(unit, login)?;
    }
    let tags = input.tags.map(case::model::into_strings);
    let mut alert = Alert {
        id: unit.tx().new_id()?,
        organisation_id: scope.organisation.id,
        alert_type: input.alert_type.into_string(),
        source: input.source.into_string(),
        source_ref: input.source_ref.into_string(),
        external_link: input.external_link.map(Text::into_string),
        title: input.title.into_string(),
        description: input.description.into_string(),
        severity: input.severity.map_or(2, |severity| severity.0),
        date_at: input.date.map_or(now_ms, Date::ms),
        tlp: input.tlp.map_or(2, |tlp| tlp.0),
        pap: input.pap.map_or(2, |pap| pap.0),
        follow: true,
        status: status::NEW.to_owned(),
        stage: AlertStage::New,
        summary: input.summary.map(Markdown::into_string),
        assignee,
        case_template: match &input.case_template {
            // The name of none is dropped.
            Some(name) => case_template::actions::find(unit, name)?.map(|found| found.name.clone()),
            None => None,
        },
        case_id: None,
        new_at: now_ms,
        in_progress_at: None,
        closed_at: None,
        imported_at: None,
        last_sync_at: None,
        created_at: now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        tags: case::model::tags_after(&[], tags, None, None).map_err(Error::invalid)?,
        custom_fields: match &input.custom_fields {
            Some(given) => custom_field::actions::given(unit, given)?,
            None => Vec::new(),
        },
        observable_count: 0,
    };
    if let Some(value) = input.status {
        let stage = statuses::stage_of(unit, &value)?;
        rules::set_status(&mut alert, value.into_string(), stage, now_ms);
    }
    Ok(alert)
}

/// Refuses an alert whose type, source and reference another one of the organisation has.
fn refuse_taken<P: Requirement>(unit: &Writing<P>, alert: &Alert) -> Result<()> {
    if !store::is_reference_taken(unit, alert)? {
        return Ok(());
    }
    let name = format!("{}:{}:{}", alert.alert_type, alert.source, alert.source_ref);
    let organisation = &unit.scope().organisation.name;
    Err(Error::Duplicate(FieldProblem::format(
        "Alert",
        format!("{name} already exist in organisation {organisation}"),
    )))
}

/// Whether `login` can work on alerts of the organisation.
fn check_assignee<P: Requirement>(unit: &Writing<P>, login: &str) -> Result<()> {
    let organisation_id = unit.scope().organisation.id;
    let permission = Permission::ManageAlertUpdate;
    if membership::actions::can_work_in(unit, organisation_id, login, permission)? {
        return Ok(());
    }
    let message = format!("is nobody who can work on the alert: {login}");
    Err(Error::invalid(FieldProblem::format("assignee", message)))
}

/// Changes an alert; starting, closing and reopening are changes of its status.
///
/// # Errors
/// An attribute that is wrong, a name that is taken, or the right to reopen that the caller lacks.
pub fn update(
    unit: &Writing<ManageAlertUpdate>,
    alert: &Visible<Alert>,
    input: InputUpdateAlert,
) -> Result<()> {
    let before: &Alert = alert;
    let after = apply(unit, before, input)?;
    save(unit, before, after.clone(), Saving::default())?;
    match &after.assignee {
        Some(assignee) if after.assignee != before.assignee => {
            inbox::actions::alert_assigned(unit, &after, assignee)
        }
        _ => Ok(()),
    }
}

/// How a change goes into the trail.
#[derive(Default, Clone, Copy)]
pub(super) struct Saving {
    /// Under what it is shown; the alert itself when it is absent.
    pub context: Option<Touch>,
    /// What was done, when it is no plain update.
    pub action: Option<Action>,
}

/// Writes the changed alert and its audit record; nothing when nothing changed. A case takes its dates from its alerts.
pub(super) fn save<P: Requirement>(
    unit: &Writing<P>,
    before: &Alert,
    mut after: Alert,
    saving: Saving,
) -> Result<()> {
    let changes = differences(before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), before, &after)?;
    if before.tags != after.tags {
        tag::actions::note(unit, after.organisation_id, &after.tags)?;
    }
    if before.case_id != after.case_id {
        store::set_case(unit.tx(), &after, after.case_id)?;
    }
    let context = saving.context.unwrap_or_else(|| after.touch());
    let mut entry = Entry::updated(after.touch(), context, changes.into_vec());
    if before.custom_fields != after.custom_fields {
        custom_field::actions::replace(unit, Holder::Alert, after.touch(), &after.custom_fields)?;
        let changes = custom_field::actions::changes(&before.custom_fields, &after.custom_fields);
        entry = entry.with_detail("customFieldChanges", changes);
    }
    let action = saving.action.unwrap_or(entry.action);
    audit::record(unit, Entry { action, ..entry })?;
    match after.case_id {
        Some(case_id) if dates(before) != dates(&after) => import::refresh_case(unit, case_id),
        _ => Ok(()),
    }
}

/// Those that a case takes from its earliest alert.
fn dates(alert: &Alert) -> [Option<i64>; 3] {
    [Some(alert.date_at), alert.in_progress_at, alert.imported_at]
}

fn apply(
    unit: &Writing<ManageAlertUpdate>,
    before: &Alert,
    input: InputUpdateAlert,
) -> Result<Alert> {
    let mut after = before.clone();
    if let Some(given) = &input.custom_fields {
        after.custom_fields = custom_field::actions::updated(unit, &after.custom_fields, given)?;
    }
    if input.set_custom_fields.is_some() || input.remove_custom_fields.is_some() {
        let removed = input.remove_custom_fields.unwrap_or_default();
        let removed: Vec<String> = removed.into_iter().map(Text::into_string).collect();
        let set = input.set_custom_fields.unwrap_or_default();
        after.custom_fields =
            custom_field::actions::replaced(unit, &after.custom_fields, &set, &removed)?;
    }
    let texts = |list: Option<Vec<Text<1, 128>>>| list.map(case::model::into_strings);
    after.tags = case::model::tags_after(
        &before.tags,
        texts(input.tags),
        texts(input.add_tags),
        texts(input.remove_tags),
    )
    .map_err(Error::invalid)?;
    set(
        &mut after.alert_type,
        input.alert_type.map(Text::into_string),
    );
    set(&mut after.source, input.source.map(Text::into_string));
    set(
        &mut after.source_ref,
        input.source_ref.map(Text::into_string),
    );
    set(&mut after.title, input.title.map(Text::into_string));
    let description = input.description.map(Markdown::into_string);
    set(&mut after.description, description);
    set(&mut after.severity, input.severity.map(|value| value.0));
    set(&mut after.tlp, input.tlp.map(|value| value.0));
    set(&mut after.pap, input.pap.map(|value| value.0));
    set(&mut after.follow, input.follow);
    set(&mut after.date_at, input.date.map(Date::ms));
    let last_sync = input.last_sync_date.map(Date::ms);
    after.last_sync_at = last_sync.apply(after.last_sync_at);
    let link = input.external_link.map(Text::into_string);
    after.external_link = link.apply(after.external_link);
    let summary = input.summary.map(Markdown::into_string);
    after.summary = summary.apply(after.summary);
    if names(before) != names(&after) {
        refuse_taken(unit, &after)?;
    }
    let is_assignee_given = input.assignee.is_given();
    let assignee = input.assignee.map(|login| login.to_lowercase());
    after.assignee = assignee.apply(after.assignee);
    if let Some(login) = &after.assignee
        && after.assignee != before.assignee
    {
        check_assignee(unit, login)?;
    }
    if let Some(value) = input.status {
        apply_status(unit, before, &mut after, value.into_string())?;
        let is_taken_on = rules::is_taking_on(before.stage, after.stage);
        if is_taken_on && !is_assignee_given && after.assignee.is_none() {
            after.assignee = Some(unit.scope().login.clone());
        }
    }
    Ok(after)
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The three that name an alert.
fn names(alert: &Alert) -> [&str; 3] {
    [&alert.alert_type, &alert.source, &alert.source_ref]
}

fn apply_status(
    unit: &Writing<ManageAlertUpdate>,
    before: &Alert,
    after: &mut Alert,
    value: String,
) -> Result<()> {
    let stage = statuses::stage_of(unit, &value)?;
    if rules::is_reopening(before.stage, stage) {
        unit.demand::<ManageAlertReopen>()?;
    }
    if before.stage != AlertStage::Closed && stage == AlertStage::Closed {
        refuse_unset(after)?;
    }
    rules::set_status(after, value, stage, unit.scope().now_ms);
    Ok(())
}

/// Refuses to close while a mandatory custom field waits to be filled, and names those that do.
fn refuse_unset(alert: &Alert) -> Result<()> {
    let unset = custom_field::actions::unset_mandatory(&alert.custom_fields);
    if unset.is_empty() {
        return Ok(());
    }
    Err(Error::Rule(format!(
        "The alert cannot be closed while a mandatory custom field has no value: {}",
        unset.join(", ")
    )))
}

pub(super) fn differences(before: &Alert, after: &Alert) -> Changes {
    let mut changes = Changes::default();
    changes.note("type", &before.alert_type, &after.alert_type);
    changes.note("source", &before.source, &after.source);
    changes.note("sourceRef", &before.source_ref, &after.source_ref);
    changes.note("externalLink", &before.external_link, &after.external_link);
    changes.note("title", &before.title, &after.title);
    changes.note("description", &before.description, &after.description);
    changes.note("severity", &before.severity, &after.severity);
    changes.note("date", &before.date_at, &after.date_at);
    changes.note("lastSyncDate", &before.last_sync_at, &after.last_sync_at);
    changes.note("tags", &before.tags, &after.tags);
    changes.note("tlp", &before.tlp, &after.tlp);
    changes.note("pap", &before.pap, &after.pap);
    changes.note("follow", &before.follow, &after.follow);
    changes.note("status", &before.status, &after.status);
    changes.note("stage", &before.stage, &after.stage);
    changes.note("summary", &before.summary, &after.summary);
    changes.note("assignee", &before.assignee, &after.assignee);
    let shown = |alert: &Alert| -> Vec<OutputCustomFieldValue> {
        alert.custom_fields.iter().map(Into::into).collect()
    };
    changes.note("customFields", &shown(before), &shown(after));
    let id = |id: Option<i64>| id.map(crate::wire::EntityId);
    changes.note("caseId", &id(before.case_id), &id(after.case_id));
    changes
}

/// The same change for several alerts: all of them or none.
///
/// # Errors
/// Those of [`update`], for any of them.
pub fn update_all(
    unit: &Writing<ManageAlertUpdate>,
    ids: &[String],
    input: &InputUpdateAlert,
) -> Result<()> {
    refuse_too_many(ids)?;
    for id in ids {
        update(unit, &Visible::get(unit, id)?, input.clone())?;
    }
    Ok(())
}

pub(super) fn refuse_too_many(ids: &[String]) -> Result<()> {
    if ids.len() > BULK_MAX {
        let message = format!("must be at most {BULK_MAX}");
        return Err(Error::invalid(FieldProblem::format("ids", message)));
    }
    Ok(())
}

/// Puts an alert into the bin, from which it can come back. Its name is free at once.
///
/// # Errors
/// Only those of the storage.
pub fn delete(unit: &Writing<ManageAlertDelete>, alert: &Visible<Alert>) -> Result<()> {
    let scope = unit.scope();
    store::put_in_bin(unit.tx(), alert, scope.now_ms, &scope.login)?;
    let told = serde_json::json!({
        "type": alert.alert_type, "source": alert.source, "sourceRef": alert.source_ref, "title": alert.title,
    });
    audit::record(
        unit,
        Entry::deleted(alert.touch(), organisation_of(alert.organisation_id), &told),
    )?;
    alert
        .case_id
        .map_or(Ok(()), |case_id| import::refresh_case(unit, case_id))
}

/// The same for several alerts: all of them or none.
///
/// # Errors
/// [`Error::NotFound`] for one that is not there.
pub fn delete_all(unit: &Writing<ManageAlertDelete>, ids: &[String]) -> Result<()> {
    refuse_too_many(ids)?;
    for id in ids {
        delete(unit, &Visible::get(unit, id)?)?;
    }
    Ok(())
}

/// Takes an alert out of the bin.
///
/// # Errors
/// 404 when it is not in the organisation's bin; its name may be taken meanwhile.
pub fn restore(unit: &Writing<ManageAlertDelete>, id: i64) -> Result<()> {
    let organisation_id = unit.scope().organisation.id;
    let alert = store::find_in_bin(unit, organisation_id, id)?
        .ok_or_else(|| Error::not_found("Alert", format!("~{id}")))?;
    refuse_taken(unit, &alert)?;
    store::take_from_bin(unit.tx(), &alert)?;
    let touch = alert.touch();
    audit::record(
        unit,
        Entry::updated(touch, touch, Vec::new()).with_detail("restored", true),
    )?;
    alert
        .case_id
        .map_or(Ok(()), |case_id| import::refresh_case(unit, case_id))
}

/// The type and source of the alerts of each case, as far as the caller sees them, by the cases' ids.
///
/// # Errors
/// Only those of the storage.
pub fn of_cases(scoped: &dyn Scoped, case_ids: &[i64]) -> Result<HashMap<i64, Vec<Origin>>> {
    Ok(store::of_cases(
        scoped,
        scoped.scope().organisation.id,
        case_ids,
    )?)
}

/// Removes alerts for good whose time in the bin ended before `until_ms`, at most `count`; returns how many.
///
/// # Errors
/// Only those of the storage.
pub fn purge_expired<P: Requirement>(
    unit: &Writing<P>,
    until_ms: i64,
    count: i64,
) -> Result<usize> {
    let expired = store::expired_in_bin(unit, until_ms, count)?;
    for (id, organisation_id) in &expired {
        let touch = Touch {
            kind: "Alert",
            id: *id,
        };
        store::purge(unit.tx(), touch)?;
        let told = serde_json::json!({ "purged": true });
        audit::record(
            unit,
            Entry::deleted(touch, organisation_of(*organisation_id), &told),
        )?;
    }
    Ok(expired.len())
}

fn organisation_of(id: i64) -> Touch {
    Touch {
        kind: "Organisation",
        id,
    }
}

/// Puts the texts of these alerts into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    store::index_again(unit.tx(), ids)
}
