//! The table `inbox_item`.

use crate::access::sight::{alert_seen, case_seen};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::wire::EntityId;

use super::model::{ItemKind, NewItem, OutputInboxItem};

pub(super) fn insert(tx: &WriteTx, item: &NewItem) -> Result<()> {
    tx.derive(
        "insert into inbox_item (id, user_id, organisation_id, kind, happened_at, actor, case_id, alert_id,
             task_id, comment_id, excerpt, reminder)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) on conflict do nothing",
        &[
            tx.new_id()?.into(),
            item.user_id.into(),
            item.organisation_id.into(),
            item.kind.word().into(),
            item.happened_at.into(),
            item.actor.into(),
            item.case_id.into(),
            item.alert_id.into(),
            item.task_id.into(),
            item.comment_id.into(),
            item.excerpt.into(),
            item.reminder.into(),
        ],
    )?;
    Ok(())
}

/// A user's items that are visible: those of cases and alerts the user sees in the organisation.
fn visible() -> String {
    format!(
        "inbox_item.user_id = ?1 and inbox_item.organisation_id = ?2 and ({} or {})",
        case_seen("inbox_item.case_id", "?2", "?1"),
        alert_seen("inbox_item.alert_id", "?2")
    )
}

pub(super) fn list(
    queries: &dyn Queries,
    (user_id, organisation_id): (i64, i64),
    is_unread_only: bool,
    from: i64,
    count: i64,
) -> Result<Vec<OutputInboxItem>> {
    let unread = if is_unread_only {
        "and inbox_item.read_at is null"
    } else {
        ""
    };
    let sql = format!(
        "select inbox_item.id, inbox_item.kind, inbox_item.happened_at, inbox_item.actor, inbox_item.case_id,
             \"case\".number, \"case\".title, inbox_item.alert_id, alert.title, inbox_item.task_id, task.title,
             inbox_item.comment_id, inbox_item.excerpt, inbox_item.read_at
         from inbox_item left join \"case\" on \"case\".id = inbox_item.case_id
         left join alert on alert.id = inbox_item.alert_id
         left join task on task.id = inbox_item.task_id
         where {} {unread} order by inbox_item.id desc limit ?3 offset ?4",
        visible()
    );
    let values: [Value; 4] = [
        user_id.into(),
        organisation_id.into(),
        count.into(),
        from.into(),
    ];
    queries
        .query(&sql, &values)?
        .into_iter()
        .map(from_row)
        .collect()
}

fn from_row(row: Row) -> Result<OutputInboxItem> {
    let mut row = row.reader();
    Ok(OutputInboxItem {
        id: EntityId(row.take()?),
        kind: ItemKind::by_word(&row.take::<String>()?).ok_or(Error::Decode {
            column: 1,
            found: "another word",
            expected: "a kind of inbox item",
        })?,
        at: row.take()?,
        actor: row.take()?,
        case_id: row.take::<Option<i64>>()?.map(EntityId),
        case_number: row.take()?,
        case_title: row.take()?,
        alert_id: row.take::<Option<i64>>()?.map(EntityId),
        alert_title: row.take()?,
        task_id: row.take::<Option<i64>>()?.map(EntityId),
        task_title: row.take()?,
        comment_id: row.take::<Option<i64>>()?.map(EntityId),
        excerpt: row.take()?,
        read_at: row.take()?,
    })
}

pub(super) fn count(
    queries: &dyn Queries,
    (user_id, organisation_id): (i64, i64),
    is_unread_only: bool,
) -> Result<i64> {
    let unread = if is_unread_only {
        "and inbox_item.read_at is null"
    } else {
        ""
    };
    let sql = format!(
        "select count(*) from inbox_item where {} {unread}",
        visible()
    );
    queries.query_scalar(&sql, &[user_id.into(), organisation_id.into()])
}

/// Marks items as read at `read_at`, or as unread.
pub(super) fn mark(
    tx: &WriteTx,
    user_id: i64,
    ids: &[EntityId],
    read_at: Option<i64>,
) -> Result<()> {
    for id in ids {
        tx.derive(
            "update inbox_item set read_at = ?3 where id = ?1 and user_id = ?2",
            &[id.0.into(), user_id.into(), read_at.into()],
        )?;
    }
    Ok(())
}

pub(super) fn mark_all_read(
    tx: &WriteTx,
    user_id: i64,
    organisation_id: i64,
    read_at: i64,
) -> Result<()> {
    tx.derive(
        "update inbox_item set read_at = ?3 where user_id = ?1 and organisation_id = ?2 and read_at is null",
        &[user_id.into(), organisation_id.into(), read_at.into()],
    )?;
    Ok(())
}

/// A case or task of somebody's that is due soon.
#[derive(Debug)]
pub(super) struct Due {
    pub user_id: i64,
    pub organisation_id: i64,
    pub case_id: i64,
    pub task_id: Option<i64>,
    pub at: i64,
}

/// Open cases and tasks that are due between `from_ms` and `to_ms`, with their assignees, in the owning
/// organisation.
pub(super) fn due_between(
    queries: &dyn Queries,
    from_ms: i64,
    to_ms: i64,
    count: i64,
) -> Result<Vec<Due>> {
    let rows = queries.query(
        "select \"user\".id, \"case\".organisation_id, \"case\".id, null, \"case\".due_at from \"case\"
         join \"user\" on \"user\".login = \"case\".assignee
         where \"case\".due_at >= ?1 and \"case\".due_at < ?2 and \"case\".deleted_at is null
             and \"case\".stage <> 'Closed'
             and not exists (select 1 from inbox_item where inbox_item.case_id = \"case\".id
                 and inbox_item.user_id = \"user\".id and inbox_item.kind = 'dueSoon'
                 and inbox_item.task_id is null and inbox_item.happened_at >= ?1 - 86400000)
         union all
         select \"user\".id, \"case\".organisation_id, \"case\".id, task.id, task.due_at from task
         join \"case\" on \"case\".id = task.case_id
         join \"user\" on \"user\".login = task.assignee
         where task.due_at >= ?1 and task.due_at < ?2 and task.status in ('Waiting', 'InProgress')
             and \"case\".deleted_at is null
             and not exists (select 1 from inbox_item where inbox_item.task_id = task.id
                 and inbox_item.user_id = \"user\".id and inbox_item.kind = 'dueSoon'
                 and inbox_item.happened_at >= ?1 - 86400000)
         limit ?3",
        &[from_ms.into(), to_ms.into(), count.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(Due {
                user_id: row.take()?,
                organisation_id: row.take()?,
                case_id: row.take()?,
                task_id: row.take()?,
                at: row.take()?,
            })
        })
        .collect()
}
