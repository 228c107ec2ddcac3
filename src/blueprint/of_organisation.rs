//! What each organisation has of its own: page templates, case templates, and the dashboards that it shares.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::difference::{self, Difference, List};
use super::model::Blueprint;
use crate::access::permission::Member;
use crate::access::permission::needs::ManageCaseTemplate;
use crate::access::unit::Scoped;
use crate::access::{self, Error, Reading, Result, Scope, Viewable, Visible, Writing};
use crate::reporting::dashboard;
use crate::reporting::dashboard::model::Dashboard;
use crate::tenancy::organisation;
use crate::tenancy::organisation::model::Organisation;
use crate::vocabulary::case_template::model::{CaseTemplate, TemplateTask};
use crate::vocabulary::page_template::model::PageTemplate;
use crate::vocabulary::{case_template, page_template};

/// A page template.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageTemplatePlan {
    pub organisation: String,
    pub title: String,
    pub content: String,
    pub category: String,
    pub order: i64,
}

/// A case template.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseTemplatePlan {
    pub organisation: String,
    pub name: String,
    pub display_name: String,
    #[serde(default)]
    pub title_prefix: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub severity: Option<i64>,
    #[serde(default)]
    pub flag: bool,
    #[serde(default)]
    pub tlp: Option<i64>,
    #[serde(default)]
    pub pap: Option<i64>,
    #[serde(default)]
    pub summary: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// As a request has them.
    #[serde(default)]
    pub tasks: Vec<Map<String, Json>>,
    /// As a request has them, in a list.
    #[serde(default)]
    pub custom_fields: Vec<Map<String, Json>>,
    /// The titles of the page templates that come along.
    #[serde(default)]
    pub pages: Vec<String>,
}

/// A dashboard that an organisation shares.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DashboardPlan {
    pub organisation: String,
    pub title: String,
    pub description: String,
    pub group: String,
    pub version: i64,
    pub definition: Map<String, Json>,
}

/// Puts what the organisations have into the blueprint, which has the organisations already.
///
/// # Errors
/// Only those of the storage.
pub(super) fn add_present(reading: &Reading, blueprint: &mut Blueprint) -> Result<()> {
    for organisation in organisation::actions::all(reading)? {
        let name = &organisation.name;
        let scope = scope_in(reading.scope(), &organisation);
        let own = reading.seen_from(&scope)?;
        let pages = Visible::<PageTemplate>::all(&own)?;
        blueprint
            .page_templates
            .extend(pages.iter().map(|page| page_plan(name, page)));
        for template in Visible::<CaseTemplate>::all(&own)? {
            blueprint
                .case_templates
                .push(template_plan(name, &template, &pages));
        }
        for dashboard in Visible::<Dashboard>::all(&own)? {
            if dashboard.is_shared {
                blueprint.dashboards.push(dashboard_plan(name, &dashboard)?);
            }
        }
    }
    Ok(())
}

/// Puts the dashboards into the blueprint that organisations will have from their first moment, which are only wanted yet.
///
/// # Errors
/// Only a defect: a dashboard of the program that can't be read.
pub(super) fn add_shipped(present: &mut Blueprint, wanted: &Blueprint) -> Result<()> {
    let is_new = |name: &str| !present.organisations.iter().any(|one| one.name == name);
    let new = wanted.organisations.iter().map(|one| one.name.clone());
    for organisation in new.filter(|name| is_new(name)).collect::<Vec<_>>() {
        for shipped in dashboard::actions::shipped()? {
            present.dashboards.push(DashboardPlan {
                organisation: organisation.clone(),
                title: shipped.title,
                description: shipped.description,
                group: "default".to_owned(),
                version: 1,
                definition: shipped.definition,
            });
        }
    }
    Ok(())
}

fn scope_in(scope: &Scope, organisation: &Organisation) -> Scope {
    scope.in_organisation(access::Organisation {
        id: organisation.id,
        name: organisation.name.clone(),
    })
}

fn page_plan(organisation: &str, page: &PageTemplate) -> PageTemplatePlan {
    PageTemplatePlan {
        organisation: organisation.to_owned(),
        title: page.title.clone(),
        content: page.content.clone(),
        category: page.category.clone(),
        order: page.position,
    }
}

fn template_plan(
    organisation: &str,
    template: &CaseTemplate,
    pages: &[Visible<PageTemplate>],
) -> CaseTemplatePlan {
    let title = |id: &i64| {
        let page = pages.iter().find(|page| page.id == *id);
        page.map(|page| page.title.clone())
    };
    let value = |value: &crate::vocabulary::custom_field::model::CustomFieldValue| {
        object(json!({ "name": value.name, "value": value.json() }))
    };
    CaseTemplatePlan {
        organisation: organisation.to_owned(),
        name: template.name.clone(),
        display_name: template.display_name.clone(),
        title_prefix: template.title_prefix.clone(),
        description: template.description.clone(),
        severity: template.severity,
        flag: template.flag,
        tlp: template.tlp,
        pap: template.pap,
        summary: template.summary.clone(),
        tags: template.tags.clone(),
        tasks: template.tasks.iter().map(task_plan).collect(),
        custom_fields: template.custom_fields.iter().map(value).collect(),
        pages: template.page_templates.iter().filter_map(title).collect(),
    }
}

/// A task with what is said of it, and nothing where nothing is.
fn task_plan(task: &TemplateTask) -> Map<String, Json> {
    let mut plan = object(json!({
        "title": task.title, "group": task.group, "description": task.description, "flag": task.flag,
        "startDate": task.start_at, "endDate": task.end_at, "dueDate": task.due_at, "assignee": task.assignee,
        "order": task.position, "mandatory": task.is_mandatory,
    }));
    plan.retain(|_, value| !value.is_null());
    plan
}

fn dashboard_plan(organisation: &str, dashboard: &Dashboard) -> Result<DashboardPlan> {
    let definition = serde_json::from_str(&dashboard.definition)
        .map_err(|error| Error::Internal(format!("a dashboard: {error}")))?;
    Ok(DashboardPlan {
        organisation: organisation.to_owned(),
        title: dashboard.title.clone(),
        description: dashboard.description.clone(),
        group: dashboard.group.clone(),
        version: dashboard.version,
        definition,
    })
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}

/// Makes one thing of an organisation as the blueprint wants it.
///
/// # Errors
/// An organisation that there isn't, and those of the domains' actions.
pub(super) fn make(
    unit: &Writing<Member>,
    wanted: &Blueprint,
    difference: &Difference,
) -> Result<()> {
    let (place, nth) = (difference.place, difference.occurrence);
    match difference.list {
        List::PageTemplates => {
            let plan = &wanted.page_templates[place];
            let scope = in_organisation(unit, &plan.organisation)?;
            let unit = unit.done_from(&scope)?.demand()?;
            match find::<PageTemplate>(&unit, nth, |page| page.title == plan.title)? {
                None => page_template::actions::create(&unit, input(plan)?).map(drop),
                Some(page) => page_template::actions::update(&unit, &page, input(plan)?),
            }
        }
        List::CaseTemplates => {
            let plan = &wanted.case_templates[place];
            let scope = in_organisation(unit, &plan.organisation)?;
            make_case_template(&unit.done_from(&scope)?.demand()?, plan)
        }
        List::Dashboards => {
            let plan = &wanted.dashboards[place];
            let scope = in_organisation(unit, &plan.organisation)?;
            let unit = unit.done_from(&scope)?.demand()?;
            let is_it = |one: &Dashboard| one.is_shared && one.title == plan.title;
            let mut body = difference::object(plan);
            match find::<Dashboard>(&unit, nth, is_it)? {
                None => {
                    body.insert("status".to_owned(), "Shared".into());
                    dashboard::actions::create(&unit, read(body)?).map(drop)
                }
                Some(dashboard) => dashboard::actions::update(&unit, &dashboard, read(body)?),
            }
        }
        _ => Err(Error::Internal("it is of no organisation".to_owned())),
    }
}

fn make_case_template(unit: &Writing<ManageCaseTemplate>, plan: &CaseTemplatePlan) -> Result<()> {
    let template = match Visible::<CaseTemplate>::find(unit, &plan.name)? {
        None => case_template::actions::create(unit, input(plan)?)?,
        Some(template) => {
            case_template::actions::update(unit, &template, input(plan)?)?;
            Visible::by_id(unit, template.id)?
        }
    };
    case_template::actions::link_page_templates(unit, &template, &plan.pages)
}

/// The internal user in the organisation of that name.
fn in_organisation(scoped: &dyn Scoped, name: &str) -> Result<Scope> {
    let organisation = Visible::<Organisation>::get(scoped, name)?;
    Ok(scope_in(scoped.scope(), &organisation))
}

/// The nth that is it, in the order in which they were made.
fn find<T: Viewable>(
    scoped: &dyn Scoped,
    nth: usize,
    is_it: impl Fn(&T) -> bool,
) -> Result<Option<Visible<T>>> {
    let all = Visible::<T>::all(scoped)?.into_iter();
    Ok(all.filter(|one| is_it(one)).nth(nth))
}

fn input<T: serde::de::DeserializeOwned>(plan: &impl Serialize) -> Result<T> {
    read(difference::object(plan))
}

/// What a request would have as its body: the same checks are made.
fn read<T: serde::de::DeserializeOwned>(body: Map<String, Json>) -> Result<T> {
    serde_json::from_value(Json::Object(body)).map_err(|error| Error::Rule(error.to_string()))
}
