//! The table `share`, read.

use crate::storage::{Result, Row};

use super::model::Share;

pub(super) fn from_row(row: Row) -> Result<Share> {
    let mut row = row.reader();
    Ok(Share {
        id: row.take()?,
        case_id: row.take()?,
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
