//! The tables of shares: `share` of cases, `task_share` and `observable_share` of their parts.

use crate::access::Viewable;
use crate::storage::{Queries, QueryValues, Result, Row, Touch, WriteTx};

use super::model::{Part, Share};

pub(super) fn from_row(row: Row) -> Result<Share> {
    let mut row = row.reader();
    Ok(Share {
        id: row.take()?,
        case_id: row.take()?,
        organisation_id: row.take()?,
        organisation: row.take()?,
        profile: row.take()?,
        is_owner: row.take()?,
        task_rule: row.take()?,
        observable_rule: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// All shares of the case, the owner's first.
pub(super) fn of_case(queries: &dyn Queries, case_id: i64) -> Result<Vec<Share>> {
    let sql = format!(
        "{} share.case_id = ?1 order by share.is_owner desc, share.id",
        Share::SELECT
    );
    let rows = queries.query(&sql, &[case_id.into()])?;
    rows.into_iter().map(from_row).collect()
}

/// Writes a new share, whose profile has the id `profile_id`. It is part of what the case is.
pub(super) fn insert(tx: &WriteTx, case: Touch, share: &Share, profile_id: i64) -> Result<()> {
    tx.change(
        case,
        "insert into share (id, case_id, organisation_id, profile_id, is_owner, task_rule, observable_rule,
             created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            share.id.into(),
            share.case_id.into(),
            share.organisation_id.into(),
            profile_id.into(),
            share.is_owner.into(),
            share.task_rule.as_str().into(),
            share.observable_rule.as_str().into(),
            share.created_at.into(),
            share.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Writes what of a share can change.
pub(super) fn update(tx: &WriteTx, case: Touch, share: &Share, profile_id: i64) -> Result<()> {
    tx.change(
        case,
        "update share set profile_id = ?2, is_owner = ?3, task_rule = ?4, observable_rule = ?5, updated_at = ?6,
             updated_by = ?7
         where id = ?1",
        &[
            share.id.into(),
            profile_id.into(),
            share.is_owner.into(),
            share.task_rule.as_str().into(),
            share.observable_rule.as_str().into(),
            share.updated_at.into(),
            share.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

/// Takes the case from the organisation, with its tasks and observables.
pub(super) fn remove(tx: &WriteTx, case: Touch, share: &Share) -> Result<()> {
    let of_case = [share.case_id.into(), share.organisation_id.into()];
    tx.change(case, "delete from share where id = ?1", &[share.id.into()])?;
    tx.change(
        case,
        "delete from task_share where organisation_id = ?2
             and task_id in (select id from task where case_id = ?1)",
        &of_case,
    )?;
    tx.change(
        case,
        "delete from observable_share where organisation_id = ?2
             and observable_id in (select id from observable where case_id = ?1)",
        &of_case,
    )?;
    Ok(())
}

/// Gives the organisation all tasks, or all observables, of the case.
pub(super) fn give_all(tx: &WriteTx, case: Touch, organisation_id: i64, part: Part) -> Result<()> {
    let sql = match part {
        Part::Task => {
            "insert into task_share (task_id, organisation_id, is_action_required)
             select id, ?2, 0 from task where case_id = ?1 on conflict do nothing"
        }
        Part::Observable => {
            "insert into observable_share (observable_id, organisation_id)
             select id, ?2 from observable where case_id = ?1 on conflict do nothing"
        }
    };
    tx.change(case, sql, &[case.id.into(), organisation_id.into()])?;
    Ok(())
}

/// The organisations that get what is created in the case: its owner, and those whose share says so.
pub(super) fn takers_of_new(queries: &dyn Queries, case_id: i64, part: Part) -> Result<Vec<i64>> {
    let sql = match part {
        Part::Task => {
            "select organisation_id from share where case_id = ?1 and (is_owner = 1 or task_rule = 'autoShare')
             order by is_owner desc, id"
        }
        Part::Observable => {
            "select organisation_id from share where case_id = ?1 and (is_owner = 1 or observable_rule = 'autoShare')
             order by is_owner desc, id"
        }
    };
    queries.query_column(sql, &[case_id.into()])
}

/// The organisations that see a part of a case by a share of its own.
pub(super) fn takers_of(queries: &dyn Queries, part: Part, id: i64) -> Result<Vec<i64>> {
    let sql = match part {
        Part::Task => "select organisation_id from task_share where task_id = ?1",
        Part::Observable => "select organisation_id from observable_share where observable_id = ?1",
    };
    queries.query_column(sql, &[id.into()])
}

/// Lets the organisation see a part of a case.
pub(super) fn give(tx: &WriteTx, part: Part, touch: Touch, organisation_id: i64) -> Result<()> {
    let sql = match part {
        Part::Task => {
            "insert into task_share (task_id, organisation_id, is_action_required) values (?1, ?2, 0)
             on conflict do nothing"
        }
        Part::Observable => {
            "insert into observable_share (observable_id, organisation_id) values (?1, ?2) on conflict do nothing"
        }
    };
    tx.change(touch, sql, &[touch.id.into(), organisation_id.into()])?;
    Ok(())
}

/// Takes a part of a case from the organisation.
pub(super) fn take(tx: &WriteTx, part: Part, touch: Touch, organisation_id: i64) -> Result<()> {
    let sql = match part {
        Part::Task => "delete from task_share where task_id = ?1 and organisation_id = ?2",
        Part::Observable => {
            "delete from observable_share where observable_id = ?1 and organisation_id = ?2"
        }
    };
    tx.change(touch, sql, &[touch.id.into(), organisation_id.into()])?;
    Ok(())
}
