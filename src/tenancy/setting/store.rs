//! The tables `user_setting` and `organisation_setting`.

use crate::storage::{Queries, QueryValues, Result, Touch, WriteTx};

/// The user's settings under `prefix`, or all: path and JSON text, in the order of the paths.
pub(super) fn list(
    queries: &dyn Queries,
    user_id: i64,
    prefix: &str,
) -> Result<Vec<(String, String)>> {
    let rows = queries.query(
        "select path, value from user_setting
         where user_id = ?1 and (?2 = '' or path = ?2 or substr(path, 1, ?4) = ?3) order by path",
        &[
            user_id.into(),
            prefix.into(),
            format!("{prefix}.").into(),
            i64::try_from(prefix.chars().count() + 1)
                .unwrap_or(i64::MAX)
                .into(),
        ],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

pub(super) fn find(queries: &dyn Queries, user_id: i64, path: &str) -> Result<Option<String>> {
    queries.query_value(
        "select value from user_setting where user_id = ?1 and path = ?2",
        &[user_id.into(), path.into()],
    )
}

pub(super) fn count(queries: &dyn Queries, user_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from user_setting where user_id = ?1",
        &[user_id.into()],
    )
}

pub(super) fn put(tx: &WriteTx, user_id: i64, path: &str, value: &str) -> Result<()> {
    tx.derive(
        "insert into user_setting (user_id, path, value) values (?1, ?2, ?3)
         on conflict (user_id, path) do update set value = excluded.value",
        &[user_id.into(), path.into(), value.into()],
    )?;
    Ok(())
}

/// The organisation's settings under `prefix`, or all, as [`list`].
pub(super) fn list_of_organisation(
    queries: &dyn Queries,
    organisation_id: i64,
    prefix: &str,
) -> Result<Vec<(String, String)>> {
    let rows = queries.query(
        "select path, value from organisation_setting
         where organisation_id = ?1 and (?2 = '' or path = ?2 or substr(path, 1, ?4) = ?3) order by path",
        &[
            organisation_id.into(),
            prefix.into(),
            format!("{prefix}.").into(),
            i64::try_from(prefix.chars().count() + 1)
                .unwrap_or(i64::MAX)
                .into(),
        ],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

pub(super) fn find_of_organisation(
    queries: &dyn Queries,
    organisation_id: i64,
    path: &str,
) -> Result<Option<String>> {
    queries.query_value(
        "select value from organisation_setting where organisation_id = ?1 and path = ?2",
        &[organisation_id.into(), path.into()],
    )
}

pub(super) fn count_of_organisation(queries: &dyn Queries, organisation_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from organisation_setting where organisation_id = ?1",
        &[organisation_id.into()],
    )
}

pub(super) fn put_of_organisation(
    tx: &WriteTx,
    organisation: Touch,
    path: &str,
    value: &str,
) -> Result<()> {
    tx.change(
        organisation,
        "insert into organisation_setting (organisation_id, path, value) values (?1, ?2, ?3)
         on conflict (organisation_id, path) do update set value = excluded.value",
        &[organisation.id.into(), path.into(), value.into()],
    )?;
    Ok(())
}
