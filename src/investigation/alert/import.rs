//! How alerts go into cases: by promotion to a new one, by merging into one that is there, or with their observables
//! alone; and how the link is taken away again.

use serde_json::json;

use crate::access::permission::needs::{
    ManageAlertImport, ManageCaseCreate, ManageCaseUpdate, ManageProcedure,
};
use crate::access::permission::{Implies, Need, Requirement};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::audit::model::Action;
use crate::investigation::case::model::{AlertDates, Case, FromAlert, InputCreateCase, TakenIn};
use crate::investigation::{attachment, case, observable, procedure};
use crate::vocabulary::alert_status::model::{self as status, AlertStage};
use crate::vocabulary::{case_template, custom_field};
use crate::wire::{Date, Markdown, Text};

use super::actions::{self, Saving};
use super::model::{Alert, InputCreateCaseFromAlert};
use super::{rules, store};

/// Alerts that one request may bring into a case, and that one case may have of them.
const IN_CASE_MAX: usize = 50;

/// Who may import alerts may make cases of them, whatever the profile says of cases.
impl Implies<ManageCaseCreate> for ManageAlertImport {}

/// And may bring along the techniques that were noted on them.
impl Implies<ManageProcedure> for ManageAlertImport {}

/// Makes a case of an alert. What `input` does not say is taken from the alert.
///
/// # Errors
/// An alert that is in a case already, or what creating the case refuses.
pub fn promote(
    unit: &Writing<ManageAlertImport>,
    alert: &Visible<Alert>,
    input: InputCreateCaseFromAlert,
) -> Result<Visible<Case>> {
    refuse_imported(alert)?;
    let from_alert = FromAlert {
        told: json!({
            "_id": crate::wire::EntityId(alert.id), "type": alert.alert_type, "source": alert.source,
            "sourceRef": alert.source_ref, "title": alert.title,
        }),
        custom_fields: alert.custom_fields.clone(),
    };
    let mut input = case_of(alert, input)?;
    if input.case_template.is_none() {
        input.case_template = own_template(unit, alert)?;
    }
    let case = case::actions::create_from_alert(&unit.holding(), input, from_alert)?;
    bring(unit, alert, &case, Saving::default())?;
    copy_parts(unit, &[alert.id], &case, Parts::All)?;
    refresh_case(unit, case.id)?;
    Visible::by_id(unit, case.id)
}

/// Makes one case of several alerts: of the first, with the others merged into it.
///
/// # Errors
/// Those of [`promote`] and [`merge_all`].
pub fn promote_all(
    unit: &Writing<ManageAlertImport>,
    ids: &[String],
    input: InputCreateCaseFromAlert,
) -> Result<Visible<Case>> {
    let [first, rest @ ..] = ids else {
        let problem = FieldProblem::format("alertIds", "must not be empty");
        return Err(Error::invalid(problem));
    };
    let case = promote(unit, &Visible::get(unit, first)?, input)?;
    merge_all(unit, rest, &case)
}

/// The template that the alert itself names. It may be gone, or have another name, since the alert came: then it names
/// none, as at its creation.
fn own_template(unit: &Writing<ManageAlertImport>, alert: &Alert) -> Result<Option<Text<1, 128>>> {
    let Some(name) = &alert.case_template else {
        return Ok(None);
    };
    let found = case_template::actions::find(unit, name)?;
    let name = found.map(|template| Text::new(template.name.clone()));
    name.transpose().map_err(Error::Internal)
}

/// What comes into a case with an alert.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// Its observables and procedures.
    Seen,
    /// These and its files. Its comments are read where they are.
    All,
}

fn copy_parts(
    unit: &Writing<ManageAlertImport>,
    alert_ids: &[i64],
    case: &Visible<Case>,
    parts: Parts,
) -> Result<()> {
    observable::actions::copy_to_case(unit, alert_ids, case)?;
    procedure::actions::copy_to_case(&unit.holding(), alert_ids, case)?;
    if parts == Parts::All {
        attachment::actions::copy_to_case(unit, alert_ids, case)?;
    }
    Ok(())
}

/// The case that an alert becomes.
fn case_of(alert: &Alert, input: InputCreateCaseFromAlert) -> Result<InputCreateCase> {
    // What an alert holds keeps the limits of a case, which are the same.
    let refused = |field: &str, why: String| Error::invalid(FieldProblem::format(field, why));
    let tags = match input.tags {
        Some(tags) => tags,
        None => alert
            .tags
            .iter()
            .map(|tag| Text::new(tag.clone()))
            .collect::<std::result::Result<_, _>>()
            .map_err(|why| refused("tags", why))?,
    };
    let title = match input.title {
        Some(title) => title,
        None => Text::new(alert.title.clone()).map_err(|why| refused("title", why))?,
    };
    let description = match input.description {
        Some(description) => description,
        None => {
            Markdown::new(alert.description.clone()).map_err(|why| refused("description", why))?
        }
    };
    Ok(InputCreateCase {
        title,
        description,
        severity: input
            .severity
            .or(Some(crate::wire::labels::Severity(alert.severity))),
        start_date: input.start_date.or_else(|| Date::new(alert.date_at)),
        end_date: input.end_date,
        due_date: None,
        tags: Some(tags),
        flag: input.flag,
        tlp: input.tlp.or(Some(crate::wire::labels::Tlp(alert.tlp))),
        pap: input.pap.or(Some(crate::wire::labels::Pap(alert.pap))),
        status: input.status,
        summary: input.summary,
        impact_status: None,
        assignee: input.assignee,
        access: None,
        custom_fields: input.custom_fields,
        case_template: input.case_template,
        tasks: input.tasks,
        pages: input.pages,
        sharing_parameters: input.sharing_parameters,
        task_rule: input.task_rule,
        observable_rule: input.observable_rule,
    })
}

/// Merges alerts into a case: their descriptions are added to its own, their tags and custom fields too, and what hangs
/// on them comes along.
///
/// # Errors
/// A case on which the caller may not do it, an alert that is in a case already, or too many.
pub fn merge_all(
    unit: &Writing<ManageAlertImport>,
    ids: &[String],
    case: &Visible<Case>,
) -> Result<Visible<Case>> {
    let alerts = all_to_bring(unit, ids, case)?;
    let mut told = rules::Told::of(case);
    let mut custom_fields = case.custom_fields.clone();
    for alert in &alerts {
        told.add(alert);
        custom_fields = custom_field::actions::united(&custom_fields, &alert.custom_fields)?;
    }
    let taken_in = TakenIn {
        description: told.description,
        tags: told.tags,
        custom_fields,
    };
    case::actions::take_in(unit, case, taken_in)?;
    bring_all(unit, &alerts, case, Some(Action::Merge), Parts::All)
}

/// Brings what hangs on an alert into a case, but neither its description nor its tags.
///
/// # Errors
/// As [`merge_all`].
pub fn import(
    unit: &Writing<ManageAlertImport>,
    id: &str,
    case: &Visible<Case>,
) -> Result<Visible<Case>> {
    let alerts = all_to_bring(unit, &[id.to_owned()], case)?;
    bring_all(unit, &alerts, case, None, Parts::Seen)
}

fn all_to_bring(
    unit: &Writing<ManageAlertImport>,
    ids: &[String],
    case: &Case,
) -> Result<Vec<Visible<Alert>>> {
    if !case.permissions.contains(Permission::ManageAlertImport) {
        return Err(Error::Forbidden(Need::One(Permission::ManageAlertImport)));
    }
    let linked = store::count_in_case(unit, case.id)?;
    if ids.len().saturating_add(linked) > IN_CASE_MAX {
        return Err(Error::Rule(format!(
            "At most {IN_CASE_MAX} alerts can be merged into one case"
        )));
    }
    let mut alerts: Vec<Visible<Alert>> = Vec::with_capacity(ids.len());
    for id in ids {
        let alert = Visible::<Alert>::get(unit, id)?;
        refuse_imported(&alert)?;
        // One that is named twice goes in once.
        if !alerts.iter().any(|other| other.id == alert.id) {
            alerts.push(alert);
        }
    }
    Ok(alerts)
}

fn bring_all(
    unit: &Writing<ManageAlertImport>,
    alerts: &[Visible<Alert>],
    case: &Visible<Case>,
    action: Option<Action>,
    parts: Parts,
) -> Result<Visible<Case>> {
    for alert in alerts {
        let saving = Saving {
            context: Some(case.touch()),
            action,
        };
        bring(unit, alert, case, saving)?;
    }
    let ids: Vec<i64> = alerts.iter().map(|alert| alert.id).collect();
    copy_parts(unit, &ids, case, parts)?;
    refresh_case(unit, case.id)?;
    Visible::by_id(unit, case.id)
}

/// Links an alert that tells of a case, like the event that it became elsewhere, to this case. Nothing comes with it.
///
/// # Errors
/// An alert that is in a case already.
pub fn link<P: Requirement>(
    unit: &Writing<P>,
    alert: &Visible<Alert>,
    case: &Visible<Case>,
) -> Result<()> {
    refuse_imported(alert)?;
    bring(unit, alert, case, Saving::default())?;
    refresh_case(unit, case.id)
}

fn refuse_imported(alert: &Alert) -> Result<()> {
    if alert.case_id.is_some() {
        return Err(Error::Rule("Alert is already imported".to_owned()));
    }
    Ok(())
}

/// Links the alert to the case.
fn bring<P: Requirement>(
    unit: &Writing<P>,
    alert: &Alert,
    case: &Case,
    saving: Saving,
) -> Result<()> {
    let mut after = alert.clone();
    after.case_id = Some(case.id);
    let now_ms = unit.scope().now_ms;
    let imported = status::IMPORTED.to_owned();
    rules::set_status(&mut after, imported, AlertStage::Imported, now_ms);
    actions::save(unit, alert, after, saving)
}

/// Takes an alert out of a case: it is new again. What came into the case with it stays there.
///
/// # Errors
/// A case that the caller may not change, or one that does not have the alert.
pub fn unlink(
    unit: &Writing<ManageCaseUpdate>,
    case: &Visible<Case>,
    alert: &Visible<Alert>,
) -> Result<()> {
    if !case.permissions.contains(Permission::ManageCaseUpdate) {
        return Err(Error::Forbidden(Need::One(Permission::ManageCaseUpdate)));
    }
    if alert.case_id != Some(case.id) {
        return Err(Error::not_found("Alert", format!("~{}", alert.id)));
    }
    let mut after = (**alert).clone();
    after.case_id = None;
    let now_ms = unit.scope().now_ms;
    rules::set_status(&mut after, status::NEW.to_owned(), AlertStage::New, now_ms);
    let saving = Saving {
        context: Some(case.touch()),
        action: None,
    };
    actions::save(unit, alert, after, saving)?;
    refresh_case(unit, case.id)
}

/// Gives the case the dates of the earliest of its alerts.
pub(super) fn refresh_case<P: Requirement>(unit: &Writing<P>, case_id: i64) -> Result<()> {
    let dates: Option<AlertDates> = store::earliest_in_case(unit, case_id)?;
    case::actions::set_alert_dates(unit, case_id, dates.unwrap_or_default())
}
