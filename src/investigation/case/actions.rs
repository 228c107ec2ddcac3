//! The verbs of cases.

use std::collections::HashMap;

use crate::access::permission::needs::{
    ManageCaseCreate, ManageCaseReopen, ManageCaseUpdate, ManagePage, ManageShare, ManageTask,
};
use crate::access::permission::{Implies, Requirement};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Scope, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::automation::inbox;
use crate::investigation::{page, share, task};
use crate::storage::Queries;
use crate::tenancy::{membership, organisation, profile};
use crate::vocabulary::case_status::actions as statuses;
use crate::vocabulary::case_status::model::{self as status, CaseStage};
use crate::vocabulary::custom_field::model::{Holder, OutputCustomFieldValue};
use crate::vocabulary::{case_template, custom_field, tag};
use crate::wire::{Date, Markdown, Patch, Text};

use super::access;
pub use super::bin::{delete, purge_expired, restore};
use super::close;
use super::model::{
    Access, AlertDates, Case, FromAlert, InputCreateCase, InputUpdateCase, InputUpdateOneCase,
    Related, TakenIn, into_strings,
};
use super::output::OutputCase;
use super::{rules, store, template};

/// Cases that one bulk update may change.
pub(super) const BULK_MAX: usize = 500;

/// Who creates a case may give it its tasks, whatever the profile says of tasks.
impl Implies<ManageTask> for ManageCaseCreate {}

/// And its pages.
impl Implies<ManagePage> for ManageCaseCreate {}

/// Creates a case with its tasks.
///
/// # Errors
/// An attribute that is wrong, an unknown status, or an assignee who cannot work on it.
pub fn create(unit: &Writing<ManageCaseCreate>, input: InputCreateCase) -> Result<Visible<Case>> {
    create_with(unit, input, None)
}

/// The same for a case that is made of an alert.
///
/// # Errors
/// Those of [`create`].
pub fn create_from_alert(
    unit: &Writing<ManageCaseCreate>,
    input: InputCreateCase,
    from_alert: FromAlert,
) -> Result<Visible<Case>> {
    create_with(unit, input, Some(from_alert))
}

fn create_with(
    unit: &Writing<ManageCaseCreate>,
    mut input: InputCreateCase,
    from_alert: Option<FromAlert>,
) -> Result<Visible<Case>> {
    let scope = unit.scope();
    if scope.is_admin_organisation() {
        return Err(Error::Refused(
            "The organization admin holds no cases; switch to another one".to_owned(),
        ));
    }
    let template = match input.case_template.take() {
        Some(reference) => Some(case_template::actions::find_by_name(unit, &reference)?),
        None => None,
    };
    // Of a case made of an alert the request's tasks come in addition to the template's.
    let in_addition = from_alert.as_ref().and_then(|_| input.tasks.take());
    if let Some(template) = &template {
        template::fill(unit, template, &mut input)?;
    }
    let mut tasks = input.tasks.take().unwrap_or_default();
    tasks.extend(in_addition.into_iter().flatten());
    let wanted_access = input.access.take();
    let pages = input.pages.take().unwrap_or_default();
    let sharing = input.sharing_parameters.take().unwrap_or_default();
    let mut case = build(unit, input)?;
    if let Some(from_alert) = &from_alert {
        case.custom_fields =
            custom_field::actions::with_missing(&case.custom_fields, &from_alert.custom_fields)?;
    }
    if let Some(template) = template {
        case.title = template::titled(&template, case.title);
        case.custom_fields =
            custom_field::actions::with_missing(&case.custom_fields, &template.custom_fields)?;
    }
    let (profile_id, _) = profile::actions::find_by_name(unit, "org-admin")?
        .ok_or_else(|| Error::Internal("the profile org-admin is missing".to_owned()))?;
    store::insert(unit.tx(), &case)?;
    store::insert_owner_share(unit.tx(), &case, unit.tx().new_id()?, profile_id)?;
    custom_field::actions::add(unit, Holder::Case, case.touch(), &case.custom_fields)?;
    if !wanted_access.as_ref().is_some_and(Access::is_restricted) {
        tag::actions::note(unit, case.organisation_id, &case.tags)?;
    }
    let case = Visible::<Case>::by_id(unit, case.id)?;
    record_creation(unit, &case, from_alert)?;
    let has_more =
        wanted_access.is_some() || !(sharing.is_empty() && tasks.is_empty() && pages.is_empty());
    share::actions::share_new(unit, &case, &sharing)?;
    if let Some(wanted) = wanted_access {
        access::set_at_creation(unit, &case, &wanted)?;
    }
    for (position, task) in (0..).zip(tasks) {
        task::actions::create_at(&unit.holding(), &case, task, position)?;
    }
    for page in pages {
        page::actions::create_in_case(&unit.holding(), &case, page)?;
    }
    if let Some(assignee) = &case.assignee {
        inbox::actions::assigned(unit, &case, assignee)?;
    }
    // What came with it may have changed the case: a task that has begun, say.
    if has_more {
        return Visible::by_id(unit, case.id);
    }
    Ok(case)
}

fn record_creation(
    unit: &Writing<ManageCaseCreate>,
    case: &Visible<Case>,
    from_alert: Option<FromAlert>,
) -> Result<()> {
    let output = OutputCase::from((**case).clone());
    let mut created =
        Entry::created(case.touch(), case.touch(), &output).without_detail("userPermissions");
    if let Some(from_alert) = from_alert {
        created = created.with_detail("fromAlert", from_alert.told);
    }
    audit::record(unit, created)?;
    let organisation = &unit.scope().organisation.name;
    let share = serde_json::json!({ "organisation": organisation, "profile": "org-admin" });
    audit::record(
        unit,
        Entry::updated(case.touch(), case.touch(), Vec::new()).with_detail("share", share),
    )
}

fn build(unit: &Writing<ManageCaseCreate>, input: InputCreateCase) -> Result<Case> {
    let scope = unit.scope();
    let now_ms = scope.now_ms;
    let (task_rule, observable_rule) =
        organisation::actions::sharing_rules(unit, scope.organisation.id)?;
    let rule = |name: &str, rule: Option<Text<1, 128>>, usual: String| {
        let rule = rule.map_or(usual, Text::into_string);
        organisation::actions::check_sharing_rule(name, &rule)
            .map(|()| rule)
            .map_err(Error::invalid)
    };
    let texts = |list: Option<Vec<Text<1, 128>>>| list.map(into_strings);
    let start_at = input.start_date.map_or(now_ms, Date::ms);
    let end_at = input.end_date.map(Date::ms);
    if let Some(problem) = rules::date_problem(start_at, end_at) {
        return Err(Error::invalid(problem));
    }
    let assignee = input
        .assignee
        .map_or_else(|| scope.login.clone(), Text::into_string)
        .to_lowercase();
    check_assignee(unit, None, &assignee)?;
    let mut case = Case {
        id: unit.tx().new_id()?,
        number: store::next_number(unit.tx())?,
        organisation_id: scope.organisation.id,
        title: input.title.into_string(),
        description: input.description.into_string(),
        severity: input.severity.map_or(2, |severity| severity.0),
        start_at,
        end_at: None,
        due_at: input.due_date.map(Date::ms),
        flag: input.flag.unwrap_or(false),
        tlp: input.tlp.map_or(2, |tlp| tlp.0),
        pap: input.pap.map_or(2, |pap| pap.0),
        status: status::NEW.to_owned(),
        stage: CaseStage::New,
        summary: input.summary.map(Markdown::into_string),
        impact_status: known_impact(input.impact_status)?,
        assignee: Some(assignee),
        access: Access::Organisation,
        task_rule: rule("taskRule", input.task_rule, task_rule)?,
        observable_rule: rule("observableRule", input.observable_rule, observable_rule)?,
        new_at: now_ms,
        in_progress_at: None,
        closed_at: None,
        alert_at: None,
        alert_new_at: None,
        alert_in_progress_at: None,
        alert_imported_at: None,
        created_at: now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        tags: rules::tags_after(&[], texts(input.tags), None, None).map_err(Error::invalid)?,
        custom_fields: match &input.custom_fields {
            Some(given) => custom_field::actions::given(unit, given)?,
            None => Vec::new(),
        },
        permissions: scope.permissions,
    };
    if let Some(value) = input.status {
        let stage = statuses::stage_of(unit, &value)?;
        rules::set_status(&mut case, value.into_string(), stage, now_ms);
    }
    if end_at.is_some() {
        case.end_at = end_at;
    }
    Ok(case)
}

fn known_impact(impact: Option<Text<1, 128>>) -> Result<Option<String>> {
    match impact.as_deref().and_then(rules::impact_problem) {
        Some(problem) => Err(Error::invalid(problem)),
        None => Ok(impact.map(Text::into_string)),
    }
}

/// Whether `login` can work on the case (or, before there is one, on cases of the organisation).
fn check_assignee<P: Requirement>(
    unit: &Writing<P>,
    case: Option<&Case>,
    login: &str,
) -> Result<()> {
    let is_assignable = if let Some(case) = case {
        membership::actions::can_work_on_case(unit, case.id, login, Permission::ManageCaseUpdate)?
    } else {
        let organisation_id = unit.scope().organisation.id;
        membership::actions::can_work_in(
            unit,
            organisation_id,
            login,
            Permission::ManageCaseUpdate,
        )?
    };
    if is_assignable {
        return Ok(());
    }
    let message = format!("is nobody who can work on the case: {login}");
    Err(Error::invalid(FieldProblem::format("assignee", message)))
}

/// Changes a case; closing and reopening are changes of its status.
///
/// # Errors
/// A right that the caller lacks on this case, an attribute that is wrong, or a rule of closing.
pub fn update(
    unit: &Writing<ManageCaseUpdate>,
    case: &Visible<Case>,
    input: InputUpdateCase,
) -> Result<()> {
    let before: &Case = case;
    require_on(before, Permission::ManageCaseUpdate)?;
    let reassign_open_tasks = input.reassign_open_tasks;
    let after = apply(unit, before, input)?;
    let changes = differences(before, &after);
    if !changes.is_empty() {
        save(unit, before, after.clone(), changes)?;
    }
    if before.stage != CaseStage::Closed && after.stage == CaseStage::Closed {
        close::finish_tasks(unit, case)?;
    }
    if before.assignee != after.assignee
        && let Some(assignee) = &after.assignee
    {
        inbox::actions::assigned(unit, &after, assignee)?;
    }
    if reassign_open_tasks && let Some(assignee) = &after.assignee {
        require_on(case, Permission::ManageTask)?;
        task::actions::reassign_open(&unit.demand::<ManageTask>()?, case, assignee)?;
    }
    Ok(())
}

/// Writes the changed case and its audit record.
pub(super) fn save<P: Requirement>(
    unit: &Writing<P>,
    before: &Case,
    mut after: Case,
    changes: Changes,
) -> Result<()> {
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), before, &after)?;
    // The tags of a case that some do not see are nothing to tell them of.
    if before.tags != after.tags && !after.access.is_restricted() {
        tag::actions::note(unit, after.organisation_id, &after.tags)?;
    }
    let mut entry = Entry::updated(after.touch(), after.touch(), changes.into_vec());
    if before.custom_fields != after.custom_fields {
        custom_field::actions::replace(unit, Holder::Case, after.touch(), &after.custom_fields)?;
        let changes = custom_field::actions::changes(&before.custom_fields, &after.custom_fields);
        entry = entry.with_detail("customFieldChanges", changes);
    }
    audit::record(unit, entry)
}

/// The effective right on a shared case can be less than the caller's own.
///
/// # Errors
/// [`Error::Forbidden`] when it is.
pub fn require_on(case: &Case, permission: Permission) -> Result<()> {
    if case.permissions.contains(permission) {
        return Ok(());
    }
    Err(Error::Forbidden(crate::access::permission::Need::One(
        permission,
    )))
}

/// The same for what is in the case of that id.
///
/// # Errors
/// Those of [`require_on`].
pub fn require_in(scoped: &dyn Scoped, case_id: i64, permission: Permission) -> Result<()> {
    require_on(&*Visible::<Case>::by_id(scoped, case_id)?, permission)
}

fn apply(unit: &Writing<ManageCaseUpdate>, before: &Case, input: InputUpdateCase) -> Result<Case> {
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
    let texts = |list: Option<Vec<Text<1, 128>>>| list.map(into_strings);
    after.tags = rules::tags_after(
        &before.tags,
        texts(input.tags),
        texts(input.add_tags),
        texts(input.remove_tags),
    )
    .map_err(Error::invalid)?;
    set(&mut after.title, input.title.map(Text::into_string));
    set(
        &mut after.description,
        input.description.map(Markdown::into_string),
    );
    set(
        &mut after.severity,
        input.severity.map(|severity| severity.0),
    );
    set(&mut after.tlp, input.tlp.map(|tlp| tlp.0));
    set(&mut after.pap, input.pap.map(|pap| pap.0));
    set(&mut after.flag, input.flag);
    after.summary = input
        .summary
        .map(Markdown::into_string)
        .apply(after.summary);
    after.due_at = input.due_date.map(Date::ms).apply(after.due_at);
    if let Some(impact) = input.impact_status.value()
        && let Some(problem) = rules::impact_problem(impact)
    {
        return Err(Error::invalid(problem));
    }
    after.impact_status = input
        .impact_status
        .map(Text::into_string)
        .apply(after.impact_status);
    apply_rules(unit, &mut after, input.task_rule, input.observable_rule)?;
    apply_assignee(unit, before, &mut after, input.assignee)?;
    if let Some(value) = input.status {
        apply_status(unit, before, &mut after, value.into_string())?;
    }
    apply_dates(&mut after, input.start_date, input.end_date)?;
    Ok(after)
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn apply_rules(
    unit: &Writing<ManageCaseUpdate>,
    after: &mut Case,
    task_rule: Option<Text<1, 128>>,
    observable_rule: Option<Text<1, 128>>,
) -> Result<()> {
    if task_rule.is_some() || observable_rule.is_some() {
        unit.demand::<ManageShare>()?;
    }
    for (name, rule, place) in [
        ("taskRule", task_rule, &mut after.task_rule),
        (
            "observableRule",
            observable_rule,
            &mut after.observable_rule,
        ),
    ] {
        if let Some(rule) = rule {
            organisation::actions::check_sharing_rule(name, &rule).map_err(Error::invalid)?;
            *place = rule.into_string();
        }
    }
    Ok(())
}

fn apply_assignee(
    unit: &Writing<ManageCaseUpdate>,
    before: &Case,
    after: &mut Case,
    assignee: Patch<Text<1, 128>>,
) -> Result<()> {
    after.assignee = assignee
        .map(|login| login.to_lowercase())
        .apply(after.assignee.take());
    match &after.assignee {
        Some(login) if after.assignee != before.assignee => {
            check_assignee(unit, Some(before), login)
        }
        _ => Ok(()),
    }
}

fn apply_status(
    unit: &Writing<ManageCaseUpdate>,
    before: &Case,
    after: &mut Case,
    value: String,
) -> Result<()> {
    let stage = statuses::stage_of(unit, &value)?;
    let is_closed = before.stage == CaseStage::Closed;
    if is_closed && stage != CaseStage::Closed {
        unit.demand::<ManageCaseReopen>()?;
        require_on(before, Permission::ManageCaseReopen)?;
    }
    if !is_closed && stage == CaseStage::Closed {
        close::refuse_unfinished(unit, before)?;
        close::refuse_unset(after)?;
    }
    rules::set_status(after, value, stage, unit.scope().now_ms);
    Ok(())
}

fn apply_dates(after: &mut Case, start_date: Option<Date>, end_date: Patch<Date>) -> Result<()> {
    let is_given = start_date.is_some() || end_date.is_given();
    set(&mut after.start_at, start_date.map(Date::ms));
    after.end_at = end_date.map(Date::ms).apply(after.end_at);
    if is_given && let Some(problem) = rules::date_problem(after.start_at, after.end_at) {
        return Err(Error::invalid(problem));
    }
    Ok(())
}

pub(super) fn differences(before: &Case, after: &Case) -> Changes {
    let mut changes = Changes::default();
    changes.note("title", &before.title, &after.title);
    changes.note("description", &before.description, &after.description);
    changes.note("severity", &before.severity, &after.severity);
    changes.note("startDate", &before.start_at, &after.start_at);
    changes.note("status", &before.status, &after.status);
    changes.note("stage", &before.stage, &after.stage);
    changes.note("endDate", &before.end_at, &after.end_at);
    changes.note("dueDate", &before.due_at, &after.due_at);
    changes.note("tags", &before.tags, &after.tags);
    changes.note("flag", &before.flag, &after.flag);
    changes.note("tlp", &before.tlp, &after.tlp);
    changes.note("pap", &before.pap, &after.pap);
    changes.note("summary", &before.summary, &after.summary);
    changes.note("impactStatus", &before.impact_status, &after.impact_status);
    changes.note("assignee", &before.assignee, &after.assignee);
    let shown = |case: &Case| -> Vec<OutputCustomFieldValue> {
        case.custom_fields.iter().map(Into::into).collect()
    };
    changes.note("customFields", &shown(before), &shown(after));
    changes.note("taskRule", &before.task_rule, &after.task_rule);
    changes.note(
        "observableRule",
        &before.observable_rule,
        &after.observable_rule,
    );
    changes
}

/// Takes the case from its assignee if he cannot work on it any more.
///
/// # Errors
/// Only those of the storage.
pub fn let_go_of_assignee<P: Requirement>(unit: &Writing<P>, case_id: i64) -> Result<()> {
    let before = store::by_id(unit, case_id)?;
    let Some(assignee) = &before.assignee else {
        return Ok(());
    };
    let permission = Permission::ManageCaseUpdate;
    if membership::actions::can_work_on_case(unit, case_id, assignee, permission)? {
        return Ok(());
    }
    let after = Case {
        assignee: None,
        ..before.clone()
    };
    let changes = differences(&before, &after);
    save(unit, &before, after, changes)
}

/// Moves a new case to In progress: somebody has begun to work on it.
///
/// # Errors
/// Only those of the storage.
pub fn note_work<P: Requirement>(unit: &Writing<P>, case: &Visible<Case>) -> Result<()> {
    if case.stage != CaseStage::New {
        return Ok(());
    }
    let mut after = (**case).clone();
    let in_progress = status::IN_PROGRESS.to_owned();
    rules::set_status(
        &mut after,
        in_progress,
        CaseStage::InProgress,
        unit.scope().now_ms,
    );
    let changes = differences(case, &after);
    save(unit, case, after, changes)
}

/// The same change for several cases, named by ids or numbers: all of them or none.
///
/// # Errors
/// Those of [`update`], for any of them.
pub fn update_all(
    unit: &Writing<ManageCaseUpdate>,
    ids: &[String],
    input: &InputUpdateCase,
) -> Result<()> {
    if ids.len() > BULK_MAX {
        return Err(Error::invalid(FieldProblem::format(
            "ids",
            format!("must be at most {BULK_MAX}"),
        )));
    }
    for id in ids {
        update(unit, &Visible::get(unit, id)?, input.clone())?;
    }
    Ok(())
}

/// Changes several cases, each in its own way: all of them or, on an error, none.
///
/// # Errors
/// As for one, and when they are too many.
pub fn update_each(
    unit: &Writing<ManageCaseUpdate>,
    changes: Vec<InputUpdateOneCase>,
) -> Result<()> {
    if changes.len() > BULK_MAX {
        let message = format!("must be at most {BULK_MAX}");
        return Err(Error::invalid(FieldProblem::format("cases", message)));
    }
    for change in changes {
        update(unit, &Visible::get(unit, &change.id)?, change.update)?;
    }
    Ok(())
}

/// Puts the texts of these cases into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    store::index_again(unit.tx(), ids)
}

/// What alerts tell of the cases they went into, by the cases' ids.
///
/// # Errors
/// Only those of the storage.
pub fn related(queries: &dyn Queries, scope: &Scope, ids: &[i64]) -> Result<HashMap<i64, Related>> {
    Ok(store::related(queries, scope, ids)?)
}

/// Gives the case the description, the tags and the custom fields that it has after alerts were merged into it.
///
/// # Errors
/// When they are more than a case may have.
pub fn take_in<P: Requirement>(
    unit: &Writing<P>,
    case: &Visible<Case>,
    taken_in: TakenIn,
) -> Result<()> {
    let mut after = (**case).clone();
    after.custom_fields = taken_in.custom_fields;
    after.description = Markdown::new(taken_in.description)
        .map_err(|why| Error::invalid(FieldProblem::format("description", why)))?
        .into_string();
    after.tags = rules::tags_after(&[], Some(taken_in.tags), None, None).map_err(Error::invalid)?;
    let changes = differences(case, &after);
    if changes.is_empty() {
        return Ok(());
    }
    save(unit, case, after, changes)
}

/// Sets the dates of the case's earliest alert.
///
/// # Errors
/// Only those of the storage.
pub fn set_alert_dates<P: Requirement>(
    unit: &Writing<P>,
    case_id: i64,
    dates: AlertDates,
) -> Result<()> {
    Ok(store::set_alert_dates(unit.tx(), case_id, dates)?)
}
