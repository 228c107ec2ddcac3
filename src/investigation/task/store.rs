//! The tables `task` and `task_share`.

use std::collections::{HashMap, HashSet};

use crate::access::Viewable;
use crate::storage::full_text::{self, Texts};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::text::fold::fold;

use super::model::{Task, TaskStatus};

/// An organisation that sees a task: its name, its id, and whether the task asks it to act.
pub(super) type ShareOfTask = (String, i64, bool);

pub(super) fn from_row(row: Row) -> Result<Task> {
    let mut row = row.reader();
    Ok(Task {
        id: row.take()?,
        case_id: row.take()?,
        title: row.take()?,
        group: row.take()?,
        description: row.take()?,
        status: TaskStatus::by_word(&row.take::<String>()?).ok_or(Error::Decode {
            column: 5,
            found: "another word",
            expected: "a status of tasks",
        })?,
        flag: row.take()?,
        start_at: row.take()?,
        end_at: row.take()?,
        due_at: row.take()?,
        assignee: row.take()?,
        position: row.take()?,
        is_mandatory: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn insert(tx: &WriteTx, task: &Task) -> Result<()> {
    let mut values: Vec<Value> = vec![
        task.id.into(),
        task.case_id.into(),
        task.created_at.into(),
        task.created_by.as_str().into(),
    ];
    values.extend(changeable(task));
    tx.change(
        task.touch(),
        "insert into task (id, case_id, created_at, created_by, title, title_folded, group_name, description,
             status, flag, start_at, end_at, due_at, assignee, position, is_mandatory, updated_at, updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        &values,
    )?;
    full_text::insert(tx, "Task", task.id, &texts(task))
}

pub(super) fn update(tx: &WriteTx, before: &Task, task: &Task) -> Result<()> {
    let mut values: Vec<Value> = vec![task.id.into()];
    values.extend(changeable(task));
    tx.change(
        task.touch(),
        "update task set title = ?2, title_folded = ?3, group_name = ?4, description = ?5, status = ?6, flag = ?7,
             start_at = ?8, end_at = ?9, due_at = ?10, assignee = ?11, position = ?12, is_mandatory = ?13,
             updated_at = ?14, updated_by = ?15
         where id = ?1",
        &values,
    )?;
    let has_new_text = before.title != task.title
        || before.description != task.description
        || before.group != task.group;
    if has_new_text {
        full_text::replace(tx, "Task", task.id, &texts(task))
    } else {
        Ok(())
    }
}

/// The columns that an update may change, in the order of the statements above.
fn changeable(task: &Task) -> [Value; 14] {
    [
        task.title.as_str().into(),
        fold(&task.title).into(),
        task.group.as_str().into(),
        task.description.clone().into(),
        task.status.word().into(),
        task.flag.into(),
        task.start_at.into(),
        task.end_at.into(),
        task.due_at.into(),
        task.assignee.clone().into(),
        task.position.into(),
        task.is_mandatory.into(),
        task.updated_at.into(),
        task.updated_by.clone().into(),
    ]
}

fn texts(task: &Task) -> Texts<'_> {
    Texts {
        title: &task.title,
        body: task.description.as_deref().unwrap_or_default(),
        extra: task.group.as_str().into(),
        ..Texts::default()
    }
}

/// Puts the texts of these tasks into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> Result<()> {
    let sql = format!("{} task.id in ({{ids}})", Task::SELECT);
    for row in tx.query_for_ids(&sql, ids, &[])? {
        let task = from_row(row)?;
        full_text::replace(tx, "Task", task.id, &texts(&task))?;
    }
    Ok(())
}

/// Lets the organisation see the task.
pub(super) fn insert_share(tx: &WriteTx, task: &Task, organisation_id: i64) -> Result<()> {
    tx.change(
        task.touch(),
        "insert into task_share (task_id, organisation_id, is_action_required) values (?1, ?2, 0)",
        &[task.id.into(), organisation_id.into()],
    )?;
    Ok(())
}

/// The organisations that see the task, and whether it asks them to act: name, id, flag.
pub(super) fn actions_required(queries: &dyn Queries, task_id: i64) -> Result<Vec<ShareOfTask>> {
    let rows = queries.query(
        "select organisation.name, organisation.id, task_share.is_action_required from task_share
         join organisation on organisation.id = task_share.organisation_id
         where task_share.task_id = ?1 order by organisation.id",
        &[task_id.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?, row.take()?))
        })
        .collect()
}

pub(super) fn set_action_required(
    tx: &WriteTx,
    task: &Task,
    organisation_id: i64,
    is_required: bool,
) -> Result<()> {
    tx.change(
        task.touch(),
        "update task_share set is_action_required = ?3 where task_id = ?1 and organisation_id = ?2",
        &[task.id.into(), organisation_id.into(), is_required.into()],
    )?;
    Ok(())
}

/// The place after the last task of the case.
pub(super) fn next_position(queries: &dyn Queries, case_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select coalesce(max(position) + 1, 0) from task where case_id = ?1",
        &[case_id.into()],
    )
}

pub(super) fn count_logs(queries: &dyn Queries, task_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from log where task_id = ?1",
        &[task_id.into()],
    )
}

/// Ids of all tasks of the case that are not ended, whoever sees them.
pub(super) fn open_of_case(queries: &dyn Queries, case_id: i64) -> Result<Vec<i64>> {
    queries.query_column(
        "select id from task where case_id = ?1 and status in ('Waiting', 'InProgress') order by position, id",
        &[case_id.into()],
    )
}

/// The logins of those who have a task in the case, whoever sees it.
pub(super) fn assignees_in(queries: &dyn Queries, case_id: i64) -> Result<Vec<String>> {
    queries.query_column(
        "select distinct assignee from task where case_id = ?1 and assignee is not null order by assignee",
        &[case_id.into()],
    )
}

/// Ids of the tasks in the case that somebody has, whoever sees them.
pub(super) fn assigned_in(queries: &dyn Queries, case_id: i64, assignee: &str) -> Result<Vec<i64>> {
    queries.query_column(
        "select id from task where case_id = ?1 and assignee = ?2 order by position, id",
        &[case_id.into(), assignee.into()],
    )
}

/// The tasks themselves, whoever sees them: what closing a case does to its tasks is no matter of visibility.
pub(super) fn by_ids(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Task>> {
    let sql = format!(
        "{} task.id in ({{ids}}) order by task.position, task.id",
        <Task as crate::access::Viewable>::SELECT
    );
    queries
        .query_for_ids(&sql, ids, &[])?
        .into_iter()
        .map(from_row)
        .collect()
}

/// Titles of the mandatory tasks of the case that are not completed.
pub(super) fn unfinished_mandatory(queries: &dyn Queries, case_id: i64) -> Result<Vec<String>> {
    queries.query_column(
        "select title from task where case_id = ?1 and is_mandatory = 1 and status <> 'Completed'
         order by position, id",
        &[case_id.into()],
    )
}

pub(super) fn delete(tx: &WriteTx, task: &Task) -> Result<()> {
    let logs: Vec<i64> =
        tx.query_column("select id from log where task_id = ?1", &[task.id.into()])?;
    let files: Vec<i64> = tx.query_column(
        "select attachment.id from attachment join log on log.id = attachment.log_id where log.task_id = ?1",
        &[task.id.into()],
    )?;
    for id in logs.into_iter().chain(files) {
        full_text::remove(tx, id)?;
    }
    full_text::remove(tx, task.id)?;
    tx.change(
        task.touch(),
        "delete from task where id = ?1",
        &[task.id.into()],
    )?;
    Ok(())
}

/// How many tasks of each status the organisation sees in each of the cases.
pub(crate) fn count_by_status(
    queries: &dyn Queries,
    organisation_id: i64,
    case_ids: &[i64],
) -> Result<HashMap<i64, HashMap<String, i64>>> {
    let rows = queries.query_for_ids(
        "select task.case_id, task.status, count(*) from task
         join task_share on task_share.task_id = task.id and task_share.organisation_id = ?1
         where task.case_id in ({ids}) group by task.case_id, task.status",
        case_ids,
        &[organisation_id.into()],
    )?;
    let mut counts: HashMap<i64, HashMap<String, i64>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        counts
            .entry(row.take()?)
            .or_default()
            .insert(row.take()?, row.take()?);
    }
    Ok(counts)
}

/// Which of the cases have a task that asks the organisation to act.
pub(crate) fn cases_with_action_required(
    queries: &dyn Queries,
    organisation_id: i64,
    case_ids: &[i64],
) -> Result<HashSet<i64>> {
    let rows = queries.query_for_ids(
        "select distinct task.case_id from task
         join task_share on task_share.task_id = task.id and task_share.organisation_id = ?1
         where task_share.is_action_required = 1 and task.case_id in ({ids})",
        case_ids,
        &[organisation_id.into()],
    )?;
    rows.into_iter().map(Row::single).collect()
}

/// The organisations that see each of the tasks: name, id, whether they are asked to act.
pub(super) fn shares_of(
    queries: &dyn Queries,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<ShareOfTask>>> {
    let rows = queries.query_for_ids(
        "select task_share.task_id, organisation.name, organisation.id, task_share.is_action_required
         from task_share join organisation on organisation.id = task_share.organisation_id
         where task_share.task_id in ({ids}) order by task_share.task_id, organisation.id",
        ids,
        &[],
    )?;
    let mut shares: HashMap<i64, Vec<ShareOfTask>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        shares
            .entry(row.take()?)
            .or_default()
            .push((row.take()?, row.take()?, row.take()?));
    }
    Ok(shares)
}

/// How many logs each of the tasks has.
pub(super) fn count_logs_of(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows = queries.query_for_ids(
        "select task_id, count(*) from log where task_id in ({ids}) group by task_id",
        ids,
        &[],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// The organisation that owns the case of each of the tasks.
pub(super) fn owners_of(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows = queries.query_for_ids(
        "select task.id, \"case\".organisation_id from task join \"case\" on \"case\".id = task.case_id
         where task.id in ({ids})",
        ids,
        &[],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}
