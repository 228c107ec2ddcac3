//! What a case template does to a case: to one that is being made, and to those that are there.

use std::collections::HashMap;

use serde::Deserialize;

use crate::access::permission::needs::{ManageCaseUpdate, ManagePage, ManageTask};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Requirement, Result, Visible, Writing};
use crate::investigation::page::model::InputCreatePage;
use crate::investigation::task::model::InputCreateTask;
use crate::investigation::{page, task};
use crate::tenancy::membership;
use crate::vocabulary::case_template;
use crate::vocabulary::case_template::model::{CaseTemplate, TemplateTask};
use crate::vocabulary::custom_field;
use crate::vocabulary::page_template::model::PageTemplate;
use crate::wire::labels::{Pap, Severity, Tlp};
use crate::wire::{Date, Markdown, Text};

use super::actions::{BULK_MAX, differences, require_on, save};
use super::model::{Case, InputCreateCase};
use super::rules;

/// What of a template goes into cases that are there. Nothing does by itself.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputApplyCaseTemplate {
    /// Id or name.
    pub case_template: String,
    /// The prefix is put before the title.
    #[serde(default)]
    pub update_title_prefix: bool,
    #[serde(default)]
    pub update_description: bool,
    /// The tags are added to those that are there.
    #[serde(default)]
    pub update_tags: bool,
    #[serde(default)]
    pub update_severity: bool,
    #[serde(default)]
    pub update_flag: bool,
    #[serde(default)]
    pub update_tlp: bool,
    #[serde(default)]
    pub update_pap: bool,
    /// Fields that are missing are added; values that are there stay.
    #[serde(default)]
    pub update_custom_fields: bool,
    /// Ids or exact titles of tasks of the template; they go to the end of the list.
    #[serde(default)]
    pub import_tasks: Vec<String>,
    /// Ids or exact titles of page templates that come along with the template; their pages go to the end.
    #[serde(default)]
    pub import_pages: Vec<String>,
}

/// The same with the cases that it is for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputApplyCaseTemplateWithIds {
    /// Ids or numbers.
    pub ids: Vec<String>,
    #[serde(flatten)]
    pub parts: InputApplyCaseTemplate,
}

/// Fills in what the request for a new case leaves open.
///
/// # Errors
/// Only those of the storage.
pub(super) fn fill<P: Requirement>(
    unit: &Writing<P>,
    template: &CaseTemplate,
    input: &mut InputCreateCase,
) -> Result<()> {
    input.severity = input.severity.or(template.severity.map(Severity));
    input.tlp = input.tlp.or(template.tlp.map(Tlp));
    input.pap = input.pap.or(template.pap.map(Pap));
    input.flag = input.flag.or(Some(template.flag));
    if input.summary.is_none() {
        input.summary = text(template.summary.as_ref())?;
    }
    if input.tags.is_none() {
        let tags = template.tags.iter().map(|tag| written(tag));
        input.tags = Some(tags.collect::<Result<_>>()?);
    }
    if input.tasks.is_none() {
        input.tasks = Some(tasks(unit, template.tasks.iter())?);
    }
    let mut pages = case_template::actions::page_templates(unit, template)?
        .iter()
        .map(|template| {
            let order = i32::try_from(template.position).ok();
            Ok(InputCreatePage {
                order,
                ..page_of(template)?
            })
        })
        .collect::<Result<Vec<_>>>()?;
    pages.extend(input.pages.take().unwrap_or_default());
    input.pages = Some(pages);
    Ok(())
}

/// The title with the template's prefix before it, but not twice.
pub(super) fn titled(template: &CaseTemplate, title: String) -> String {
    match template.title_prefix.as_deref().map(str::trim_end) {
        Some(prefix) if !prefix.is_empty() && !title.starts_with(prefix) => {
            format!("{prefix} {title}")
        }
        _ => title,
    }
}

/// Tasks for a case as the template plans them. Who can't work on tasks any more does not get one.
fn tasks<'t, P: Requirement>(
    unit: &Writing<P>,
    plans: impl Iterator<Item = &'t TemplateTask>,
) -> Result<Vec<InputCreateTask>> {
    let organisation_id = unit.scope().organisation.id;
    let mut can_work: HashMap<&str, bool> = HashMap::new();
    let mut tasks = Vec::new();
    for plan in plans {
        let mut assignee = None;
        if let Some(login) = &plan.assignee {
            let is_able = match can_work.get(login.as_str()) {
                Some(is_able) => *is_able,
                None => membership::actions::can_work_in(
                    unit,
                    organisation_id,
                    login,
                    Permission::ManageTask,
                )?,
            };
            can_work.insert(login, is_able);
            assignee = is_able.then(|| written(login)).transpose()?;
        }
        tasks.push(InputCreateTask {
            title: written(&plan.title)?,
            group: Some(written(&plan.group)?),
            description: text(plan.description.as_ref())?,
            status: None,
            flag: Some(plan.flag),
            start_date: plan.start_at.and_then(Date::new),
            end_date: plan.end_at.and_then(Date::new),
            order: i32::try_from(plan.position).ok(),
            due_date: plan.due_at.and_then(Date::new),
            assignee,
            mandatory: Some(plan.is_mandatory),
        });
    }
    Ok(tasks)
}

/// A page as the template writes it, at the end of those that are there.
fn page_of(template: &PageTemplate) -> Result<InputCreatePage> {
    Ok(InputCreatePage {
        title: written(&template.title)?,
        content: written(&template.content)?,
        category: written(&template.category)?,
        order: None,
    })
}

/// Text that was taken from a request before: it keeps its limits.
fn written<const MIN: usize, const MAX: usize>(kept: &str) -> Result<Text<MIN, MAX>> {
    Text::new(kept.to_owned()).map_err(Error::Internal)
}

fn text(kept: Option<&String>) -> Result<Option<Markdown>> {
    kept.map(|text| written(text)).transpose()
}

/// Puts parts of a template into several cases, named by ids or numbers: into all of them or none.
///
/// # Errors
/// A template or case that is not there, or a right that the caller lacks.
pub fn apply(
    unit: &Writing<ManageCaseUpdate>,
    ids: &[String],
    parts: &InputApplyCaseTemplate,
) -> Result<()> {
    if ids.len() > BULK_MAX {
        let message = format!("must be at most {BULK_MAX}");
        return Err(Error::invalid(FieldProblem::format("ids", message)));
    }
    let template = case_template::actions::find_by_name(unit, &parts.case_template)?;
    let plans: Vec<&TemplateTask> = template
        .tasks
        .iter()
        .filter(|task| is_wanted(&parts.import_tasks, task.id, &task.title))
        .collect();
    let mut pages = case_template::actions::page_templates(unit, &template)?;
    pages.retain(|page| is_wanted(&parts.import_pages, page.id, &page.title));
    for id in ids {
        let case = Visible::<Case>::get(unit, id)?;
        require_on(&case, Permission::ManageCaseUpdate)?;
        let after = changed(&case, &template, parts)?;
        let changes = differences(&case, &after);
        if !changes.is_empty() {
            save(unit, &case, after, changes)?;
        }
        if !plans.is_empty() {
            let unit = unit.demand::<ManageTask>()?;
            require_on(&case, Permission::ManageTask)?;
            for mut task in tasks(&unit, plans.iter().copied())? {
                // To the end of the list.
                task.order = None;
                task::actions::create(&unit, &case, task)?;
            }
        }
        if !pages.is_empty() {
            let unit = unit.demand::<ManagePage>()?;
            require_on(&case, Permission::ManagePage)?;
            for page in &pages {
                page::actions::create_in_case(&unit, &case, page_of(page)?)?;
            }
        }
    }
    Ok(())
}

/// Whether a part of the template is one of those that are named by their ids or exact titles.
fn is_wanted(named: &[String], id: i64, title: &str) -> bool {
    let id = format!("~{id}");
    named.iter().any(|wanted| *wanted == id || wanted == title)
}

fn changed(case: &Case, template: &CaseTemplate, parts: &InputApplyCaseTemplate) -> Result<Case> {
    let mut after = case.clone();
    if parts.update_title_prefix {
        after.title = titled(template, after.title);
    }
    if parts.update_description
        && let Some(description) = &template.description
    {
        after.description.clone_from(description);
    }
    if parts.update_tags {
        let added = Some(template.tags.clone());
        after.tags = rules::tags_after(&case.tags, None, added, None).map_err(Error::invalid)?;
    }
    if parts.update_severity {
        after.severity = template.severity.unwrap_or(after.severity);
    }
    if parts.update_flag {
        after.flag = template.flag;
    }
    if parts.update_tlp {
        after.tlp = template.tlp.unwrap_or(after.tlp);
    }
    if parts.update_pap {
        after.pap = template.pap.unwrap_or(after.pap);
    }
    if parts.update_custom_fields {
        after.custom_fields =
            custom_field::actions::with_missing(&case.custom_fields, &template.custom_fields)?;
    }
    Ok(after)
}
