//! The tables `case_template`, `case_template_tag` and `case_template_task`.

use std::collections::HashMap;

use crate::storage::{Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::text::fold::fold;
use crate::vocabulary::custom_field;
use crate::vocabulary::custom_field::model::Holder;

use super::model::{CaseTemplate, TemplateTask};

/// Loads tasks of templates, up to and including `where`.
pub(super) const SELECT_TASK: &str = "select case_template_task.id, case_template_task.case_template_id, \
        case_template_task.title, case_template_task.group_name, case_template_task.description, \
        case_template_task.flag, case_template_task.start_at, case_template_task.end_at, case_template_task.due_at, \
        case_template_task.assignee, case_template_task.position, case_template_task.is_mandatory, \
        case_template_task.created_at, case_template_task.created_by from case_template_task where";

pub(super) fn from_row(row: Row) -> Result<CaseTemplate> {
    let mut row = row.reader();
    Ok(CaseTemplate {
        id: row.take()?,
        organisation_id: row.take()?,
        name: row.take()?,
        display_name: row.take()?,
        title_prefix: row.take()?,
        description: row.take()?,
        severity: row.take()?,
        flag: row.take()?,
        tlp: row.take()?,
        pap: row.take()?,
        summary: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
        tags: Vec::new(),
        tasks: Vec::new(),
        custom_fields: Vec::new(),
        page_templates: Vec::new(),
    })
}

pub(super) fn task_from_row(row: Row) -> Result<TemplateTask> {
    let mut row = row.reader();
    Ok(TemplateTask {
        id: row.take()?,
        template_id: row.take()?,
        title: row.take()?,
        group: row.take()?,
        description: row.take()?,
        flag: row.take()?,
        start_at: row.take()?,
        end_at: row.take()?,
        due_at: row.take()?,
        assignee: row.take()?,
        position: row.take()?,
        is_mandatory: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
    })
}

/// Fills in tags, tasks, page templates and custom fields of all `templates`, each by one statement.
pub(super) fn load_parts(
    queries: &dyn Queries,
    templates: &mut [CaseTemplate],
) -> crate::access::Result<()> {
    let ids: Vec<i64> = templates.iter().map(|template| template.id).collect();
    let rows = queries.query_for_ids(
        "select case_template_id, tag from case_template_tag where case_template_id in ({ids})
         order by case_template_id, position",
        &ids,
        &[],
    )?;
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        tags.entry(row.take()?).or_default().push(row.take()?);
    }
    let sql = format!(
        "{} case_template_task.case_template_id in ({{ids}})
         order by case_template_task.case_template_id, case_template_task.position, case_template_task.id",
        <TemplateTask as crate::access::Viewable>::SELECT
    );
    let mut tasks: HashMap<i64, Vec<TemplateTask>> = HashMap::new();
    for row in queries.query_for_ids(&sql, &ids, &[])? {
        let task = task_from_row(row)?;
        tasks.entry(task.template_id).or_default().push(task);
    }
    let rows = queries.query_for_ids(
        "select case_template_id, page_template_id from case_template_page_template where case_template_id in ({ids})
         order by case_template_id, position",
        &ids,
        &[],
    )?;
    let mut pages: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        pages.entry(row.take()?).or_default().push(row.take()?);
    }
    let mut values = custom_field::actions::values_of(queries, Holder::CaseTemplate, &ids)?;
    for template in templates {
        template.tags = tags.remove(&template.id).unwrap_or_default();
        template.tasks = tasks.remove(&template.id).unwrap_or_default();
        template.custom_fields = values.remove(&template.id).unwrap_or_default();
        template.page_templates = pages.remove(&template.id).unwrap_or_default();
    }
    Ok(())
}

pub(super) fn is_name_taken(
    queries: &dyn Queries,
    organisation_id: i64,
    name: &str,
) -> Result<bool> {
    let count: i64 = queries.query_scalar(
        "select count(*) from case_template where organisation_id = ?1 and name = ?2",
        &[organisation_id.into(), name.into()],
    )?;
    Ok(count > 0)
}

pub(super) fn insert(tx: &WriteTx, template: &CaseTemplate) -> Result<()> {
    let mut values: Vec<Value> = vec![
        template.id.into(),
        template.organisation_id.into(),
        template.created_at.into(),
        template.created_by.as_str().into(),
    ];
    values.extend(changeable(template));
    tx.change(
        template.touch(),
        "insert into case_template (id, organisation_id, created_at, created_by, name, name_folded, display_name,
             title_prefix, description, severity, flag, tlp, pap, summary, updated_at, updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        &values,
    )?;
    insert_tags(tx, template)?;
    insert_page_templates(tx, template)?;
    insert_tasks(tx, template)
}

pub(super) fn update(tx: &WriteTx, before: &CaseTemplate, template: &CaseTemplate) -> Result<()> {
    let mut values: Vec<Value> = vec![template.id.into()];
    values.extend(changeable(template));
    tx.change(
        template.touch(),
        "update case_template set name = ?2, name_folded = ?3, display_name = ?4, title_prefix = ?5, description = ?6,
             severity = ?7, flag = ?8, tlp = ?9, pap = ?10, summary = ?11, updated_at = ?12, updated_by = ?13
         where id = ?1",
        &values,
    )?;
    if before.tags != template.tags {
        tx.change(
            template.touch(),
            "delete from case_template_tag where case_template_id = ?1",
            &[template.id.into()],
        )?;
        insert_tags(tx, template)?;
    }
    if before.page_templates != template.page_templates {
        tx.change(
            template.touch(),
            "delete from case_template_page_template where case_template_id = ?1",
            &[template.id.into()],
        )?;
        insert_page_templates(tx, template)?;
    }
    if before.tasks != template.tasks {
        tx.change(
            template.touch(),
            "delete from case_template_task where case_template_id = ?1",
            &[template.id.into()],
        )?;
        insert_tasks(tx, template)?;
    }
    Ok(())
}

/// The columns that an update may change, in the order of the statements above.
fn changeable(template: &CaseTemplate) -> [Value; 12] {
    [
        template.name.as_str().into(),
        fold(&template.name).into(),
        template.display_name.as_str().into(),
        template.title_prefix.clone().into(),
        template.description.clone().into(),
        template.severity.into(),
        template.flag.into(),
        template.tlp.into(),
        template.pap.into(),
        template.summary.clone().into(),
        template.updated_at.into(),
        template.updated_by.clone().into(),
    ]
}

fn insert_tags(tx: &WriteTx, template: &CaseTemplate) -> Result<()> {
    for (position, tag) in (0_i64..).zip(&template.tags) {
        tx.change(
            template.touch(),
            "insert into case_template_tag (case_template_id, tag, position) values (?1, ?2, ?3)",
            &[template.id.into(), tag.as_str().into(), position.into()],
        )?;
    }
    Ok(())
}

fn insert_page_templates(tx: &WriteTx, template: &CaseTemplate) -> Result<()> {
    for (position, id) in (0_i64..).zip(&template.page_templates) {
        tx.change(
            template.touch(),
            "insert into case_template_page_template (case_template_id, page_template_id, position)
             values (?1, ?2, ?3)",
            &[template.id.into(), (*id).into(), position.into()],
        )?;
    }
    Ok(())
}

fn insert_tasks(tx: &WriteTx, template: &CaseTemplate) -> Result<()> {
    for task in &template.tasks {
        tx.change(
            template.touch(),
            "insert into case_template_task (id, case_template_id, title, title_folded, group_name, description, flag,
                 start_at, end_at, due_at, assignee, position, is_mandatory, created_at, created_by)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            &[
                task.id.into(),
                template.id.into(),
                task.title.as_str().into(),
                fold(&task.title).into(),
                task.group.as_str().into(),
                task.description.clone().into(),
                task.flag.into(),
                task.start_at.into(),
                task.end_at.into(),
                task.due_at.into(),
                task.assignee.clone().into(),
                task.position.into(),
                task.is_mandatory.into(),
                task.created_at.into(),
                task.created_by.as_str().into(),
            ],
        )?;
    }
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, template: &CaseTemplate) -> Result<()> {
    tx.change(
        template.touch(),
        "delete from case_template where id = ?1",
        &[template.id.into()],
    )?;
    Ok(())
}
