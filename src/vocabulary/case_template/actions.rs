//! The verbs of case templates. What one does to a case is the affair of cases.

use serde_json::Value as Json;

use crate::access::permission::needs::{ManageCaseTemplate, ManagePageTemplate};
use crate::access::unit::Scoped;
use crate::access::visible::refuse_name_like_id;
use crate::access::{Error, FieldProblem, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::vocabulary::custom_field::model::{Holder, OutputCustomFieldValue};
use crate::vocabulary::page_template::model::{InputCreatePage, PageTemplate};
use crate::vocabulary::{custom_field, page_template, tag};
use crate::wire::text::one_line;
use crate::wire::{Date, EntityId, Markdown, Name, Text};

use super::model::{
    CaseTemplate, InputCaseTemplateTask, InputCreateCaseTemplate, InputUpdateCaseTemplate,
    OutputCaseTemplate, OutputCaseTemplateTask, TemplateTask,
};
use super::store;

/// Tasks that a template may plan.
const TASKS_MAX: usize = 500;
/// Page templates that may come along with a template.
const PAGES_MAX: usize = 100;
/// Tags that a template may give.
const TAGS_MAX: usize = 200;

/// Creates a case template.
///
/// # Errors
/// A name that is taken, or an attribute that is wrong.
pub fn create(
    unit: &Writing<ManageCaseTemplate>,
    input: InputCreateCaseTemplate,
) -> Result<Visible<CaseTemplate>> {
    let scope = unit.scope();
    if scope.is_admin_organisation() {
        return Err(Error::Refused(
            "The organization admin has no case templates; switch to another one".to_owned(),
        ));
    }
    let id = unit.tx().new_id()?;
    let name = free_name(unit, input.name)?;
    let template = CaseTemplate {
        id,
        organisation_id: scope.organisation.id,
        display_name: input
            .display_name
            .map_or_else(|| name.clone(), Name::into_string),
        name,
        title_prefix: input.title_prefix.map(Text::into_string),
        description: input.description.map(Markdown::into_string),
        severity: input.severity.map(|severity| severity.0),
        flag: input.flag.unwrap_or(false),
        tlp: input.tlp.map(|tlp| tlp.0),
        pap: input.pap.map(|pap| pap.0),
        summary: input.summary.map(Markdown::into_string),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        tags: tags(input.tags.unwrap_or_default())?,
        tasks: tasks(unit, id, input.tasks.unwrap_or_default())?,
        custom_fields: match &input.custom_fields {
            Some(given) => custom_field::actions::given(unit, given)?,
            None => Vec::new(),
        },
        page_templates: pages(unit, input.page_template_ids, input.page_templates)?,
    };
    store::insert(unit.tx(), &template)?;
    let values = &template.custom_fields;
    custom_field::actions::add(unit, Holder::CaseTemplate, template.touch(), values)?;
    tag::actions::note(unit, template.organisation_id, &template.tags)?;
    let output = OutputCaseTemplate::from(&template);
    let entry = Entry::created(template.touch(), template.context(), &output);
    audit::record(unit, entry)?;
    Visible::by_id(unit, template.id)
}

/// The page templates of a new case template: those that are there, and those that come along with it.
fn pages(
    unit: &Writing<ManageCaseTemplate>,
    named: Option<Vec<String>>,
    new: Option<Vec<InputCreatePage>>,
) -> Result<Vec<i64>> {
    let mut ids = linked(unit, "pageTemplateIds", &named.unwrap_or_default())?;
    let new = new.unwrap_or_default();
    if ids.len() + new.len() > PAGES_MAX {
        return Err(too_many_pages("pageTemplates"));
    }
    if new.is_empty() {
        return Ok(ids);
    }
    let unit = unit.demand::<ManagePageTemplate>()?;
    for page in new {
        ids.push(page_template::actions::create(&unit, page)?.id);
    }
    Ok(ids)
}

fn too_many_pages(name: &str) -> Error {
    let message = format!("must be at most {PAGES_MAX}");
    Error::invalid(FieldProblem::format(name, message))
}

/// The ids of page templates that are named by ids or titles, each once.
fn linked(
    unit: &Writing<ManageCaseTemplate>,
    field: &str,
    references: &[String],
) -> Result<Vec<i64>> {
    if references.len() > PAGES_MAX {
        return Err(too_many_pages(field));
    }
    let mut ids = Vec::with_capacity(references.len());
    for reference in references {
        let id = Visible::<PageTemplate>::get(unit, reference)?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Says which page templates come along with a case template, in place of those that did.
///
/// # Errors
/// A page template that is not there.
pub fn link_page_templates(
    unit: &Writing<ManageCaseTemplate>,
    template: &Visible<CaseTemplate>,
    references: &[String],
) -> Result<()> {
    let after = CaseTemplate {
        page_templates: linked(unit, "pageTemplateIds", references)?,
        ..(**template).clone()
    };
    save(unit, template, after)
}

/// The page templates that come along with a case template, in their order.
///
/// # Errors
/// Only those of the storage.
pub fn page_templates(
    scoped: &dyn Scoped,
    template: &CaseTemplate,
) -> Result<Vec<Visible<PageTemplate>>> {
    Visible::all_by_id(scoped, &template.page_templates, |page| page.id)
}

fn free_name(unit: &Writing<ManageCaseTemplate>, name: Name<128>) -> Result<String> {
    refuse_name_like_id(&name)?;
    if store::is_name_taken(unit, unit.scope().organisation.id, &name)? {
        return Err(Error::taken("name", &name));
    }
    Ok(name.into_string())
}

fn tags(given: Vec<Text<1, 128>>) -> Result<Vec<String>> {
    let mut tags: Vec<String> = Vec::new();
    for tag in given {
        let tag = one_line(&tag);
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > TAGS_MAX {
        let message = format!("must be at most {TAGS_MAX}");
        return Err(Error::invalid(FieldProblem::format("tags", message)));
    }
    Ok(tags)
}

fn tasks(
    unit: &Writing<ManageCaseTemplate>,
    template_id: i64,
    given: Vec<InputCaseTemplateTask>,
) -> Result<Vec<TemplateTask>> {
    if given.len() > TASKS_MAX {
        let message = format!("must be at most {TASKS_MAX}");
        return Err(Error::invalid(FieldProblem::format("tasks", message)));
    }
    let scope = unit.scope();
    let mut tasks = Vec::with_capacity(given.len());
    for (position, task) in (0_i64..).zip(given) {
        tasks.push(TemplateTask {
            id: unit.tx().new_id()?,
            template_id,
            title: task.title.into_string(),
            group: task
                .group
                .map_or_else(|| "default".to_owned(), Text::into_string),
            description: task.description.map(Markdown::into_string),
            flag: task.flag.unwrap_or(false),
            start_at: task.start_date.map(Date::ms),
            end_at: task.end_date.map(Date::ms),
            due_at: task.due_date.map(Date::ms),
            assignee: task.assignee.map(|login| login.to_lowercase()),
            position: task.order.map_or(position, i64::from),
            is_mandatory: task.mandatory.unwrap_or(false),
            created_at: scope.now_ms,
            created_by: scope.login.clone(),
        });
    }
    tasks.sort_by_key(|task| task.position);
    Ok(tasks)
}

/// Changes a case template.
///
/// # Errors
/// A name that is taken, or an attribute that is wrong.
pub fn update(
    unit: &Writing<ManageCaseTemplate>,
    template: &Visible<CaseTemplate>,
    input: InputUpdateCaseTemplate,
) -> Result<()> {
    let after = apply(unit, template, input)?;
    save(unit, template, after)
}

/// Writes the changed template and its audit record.
fn save(
    unit: &Writing<ManageCaseTemplate>,
    before: &CaseTemplate,
    mut after: CaseTemplate,
) -> Result<()> {
    let changes = differences(before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), before, &after)?;
    tag::actions::note(unit, after.organisation_id, &after.tags)?;
    let mut entry = Entry::updated(after.touch(), after.context(), changes.into_vec());
    if before.custom_fields != after.custom_fields {
        let values = &after.custom_fields;
        custom_field::actions::replace(unit, Holder::CaseTemplate, after.touch(), values)?;
        let changes = custom_field::actions::changes(&before.custom_fields, values);
        entry = entry.with_detail("customFieldChanges", changes);
    }
    audit::record(unit, entry)
}

fn apply(
    unit: &Writing<ManageCaseTemplate>,
    before: &CaseTemplate,
    input: InputUpdateCaseTemplate,
) -> Result<CaseTemplate> {
    let mut after = before.clone();
    if let Some(name) = input.name.filter(|name| **name != *before.name) {
        after.name = free_name(unit, name)?;
    }
    if let Some(name) = input.display_name {
        after.display_name = name.into_string();
    }
    after.title_prefix = input
        .title_prefix
        .map(Text::into_string)
        .apply(after.title_prefix)
        .filter(|prefix| !prefix.trim().is_empty());
    after.description = input
        .description
        .map(Markdown::into_string)
        .apply(after.description);
    after.severity = input
        .severity
        .map(|severity| severity.0)
        .apply(after.severity);
    after.flag = input.flag.unwrap_or(after.flag);
    after.tlp = input.tlp.map(|tlp| tlp.0).apply(after.tlp);
    after.pap = input.pap.map(|pap| pap.0).apply(after.pap);
    after.summary = input
        .summary
        .map(Markdown::into_string)
        .apply(after.summary);
    if let Some(given) = input.tags {
        after.tags = tags(given)?;
    }
    if let Some(given) = input.tasks {
        after.tasks = tasks(unit, before.id, given)?;
    }
    if let Some(given) = &input.custom_fields {
        after.custom_fields = custom_field::actions::updated(unit, &before.custom_fields, given)?;
    }
    Ok(after)
}

fn differences(before: &CaseTemplate, after: &CaseTemplate) -> Changes {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("displayName", &before.display_name, &after.display_name);
    changes.note("titlePrefix", &before.title_prefix, &after.title_prefix);
    changes.note("description", &before.description, &after.description);
    changes.note("severity", &before.severity, &after.severity);
    changes.note("flag", &before.flag, &after.flag);
    changes.note("tlp", &before.tlp, &after.tlp);
    changes.note("pap", &before.pap, &after.pap);
    changes.note("summary", &before.summary, &after.summary);
    changes.note("tags", &before.tags, &after.tags);
    let shown = |template: &CaseTemplate| -> Vec<OutputCustomFieldValue> {
        template.custom_fields.iter().map(Into::into).collect()
    };
    changes.note("customFields", &shown(before), &shown(after));
    let pages = |template: &CaseTemplate| -> Vec<EntityId> {
        let ids = template.page_templates.iter().copied();
        ids.map(EntityId).collect()
    };
    changes.note("pageTemplateIds", &pages(before), &pages(after));
    changes.note("tasks", &plans(before), &plans(after));
    changes
}

/// What the tasks say, without which of them they are: a list that says the same changes nothing.
fn plans(template: &CaseTemplate) -> Vec<Json> {
    let plan = |task: &TemplateTask| {
        let mut json = serde_json::to_value(OutputCaseTemplateTask::from(task)).unwrap_or_default();
        if let Json::Object(plan) = &mut json {
            plan.retain(|name, _| !name.starts_with('_') && name != "extraData");
        }
        json
    };
    template.tasks.iter().map(plan).collect()
}

/// Deletes a case template. The cases that were made by it stay as they are.
///
/// # Errors
/// Only those of the storage.
pub fn delete(unit: &Writing<ManageCaseTemplate>, template: &Visible<CaseTemplate>) -> Result<()> {
    store::delete(unit.tx(), template)?;
    let told = serde_json::json!({ "name": template.name });
    audit::record(
        unit,
        Entry::deleted(template.touch(), template.context(), &told),
    )
}

/// The organisation's template of that name or id.
///
/// # Errors
/// 404 when there is none.
pub fn find_by_name(scoped: &dyn Scoped, reference: &str) -> Result<Visible<CaseTemplate>> {
    Visible::get(scoped, reference)
}

/// The same; nothing when there is none.
///
/// # Errors
/// Only those of the storage.
pub fn find(scoped: &dyn Scoped, reference: &str) -> Result<Option<Visible<CaseTemplate>>> {
    Visible::find(scoped, reference)
}
