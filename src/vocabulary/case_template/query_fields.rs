//! What can be asked about case templates and the tasks that they plan.

use serde_json::Value as Json;

use super::model::{CaseTemplate, OutputCaseTemplate, OutputCaseTemplateTask, TemplateTask};
use crate::access::{Error, Result};
use crate::query::Source::{Column, Set};
use crate::query::{Edge, Entity, Field, Shaping, Through};
use crate::storage::Row;
use crate::vocabulary::custom_field;

/// Case templates in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listCaseTemplate"],
    get: &["getCaseTemplate"],
    fields: &[
        Field::text("name", Column("name")).folded("name_folded"),
        Field::text("displayName", Column("display_name")),
        Field::text("titlePrefix", Column("title_prefix")).optional(),
        Field::text("description", Column("description")).optional(),
        Field::integer("severity", Column("severity")).optional(),
        Field::boolean("flag", Column("flag")),
        Field::integer("tlp", Column("tlp")).optional(),
        Field::integer("pap", Column("pap")).optional(),
        Field::text("summary", Column("summary")).optional(),
        Field::text(
            "tags",
            Set {
                from: "case_template_tag",
                key: "case_template_tag.case_template_id",
                element: "case_template_tag.tag",
            },
        ),
    ],
    families: &[custom_field::actions::family(
        "custom_field_value.case_template_id",
    )],
    edges: &[
        Edge::new("tasks", "CaseTemplateTask", "id", "case_template_id"),
        Edge::new("pageTemplates", "PageTemplate", "id", "id").through(Through {
            from: "case_template_page_template",
            near: "case_template_page_template.case_template_id",
            far: "case_template_page_template.page_template_id",
        }),
    ],
    ..Entity::of::<CaseTemplate>("caseTemplate", "case_template", shape)
};

/// The tasks of case templates. `listTask` has only those that somebody works on.
pub const TASK: Entity = Entity {
    list: &["listCaseTemplateTask"],
    fields: &[
        Field::text("title", Column("title")).folded("title_folded"),
        Field::text("group", Column("group_name")),
        Field::text("description", Column("description")).optional(),
        Field::boolean("flag", Column("flag")),
        Field::date("startDate", Column("start_at")).optional(),
        Field::date("endDate", Column("end_at")).optional(),
        Field::date("dueDate", Column("due_at")).optional(),
        Field::user("assignee", Column("assignee")).optional(),
        Field::integer("order", Column("position")),
        Field::boolean("mandatory", Column("is_mandatory")),
    ],
    edges: &[Edge::new(
        "caseTemplate",
        "CaseTemplate",
        "case_template_id",
        "id",
    )],
    stamps: crate::query::Stamps::Created {
        by: "created_by",
        at: "created_at",
    },
    ..Entity::of::<TemplateTask>("caseTemplateTask", "case_template_task", shape_tasks)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let templates: Vec<CaseTemplate> = shaping.load(rows)?;
    let json = |template: &CaseTemplate| {
        serde_json::to_value(OutputCaseTemplate::from(template))
            .map_err(|error| Error::Internal(error.to_string()))
    };
    templates.iter().map(json).collect()
}

fn shape_tasks(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let tasks: Vec<TemplateTask> = shaping.load(rows)?;
    let json = |task: &TemplateTask| {
        serde_json::to_value(OutputCaseTemplateTask::from(task))
            .map_err(|error| Error::Internal(error.to_string()))
    };
    tasks.iter().map(json).collect()
}
