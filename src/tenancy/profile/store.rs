//! The tables `profile` and `profile_permission`.

use std::collections::HashMap;

use crate::access::{Permission, PermissionSet};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::text::fold::fold;

use super::model::{Profile, ProfileType};

pub(super) fn from_row(row: Row) -> Result<Profile> {
    let mut row = row.reader();
    Ok(Profile {
        id: row.take()?,
        name: row.take()?,
        kind: ProfileType::by_word(&row.take::<String>()?).ok_or(Error::Decode {
            column: 2,
            found: "another word",
            expected: "a type of profile",
        })?,
        is_editable: row.take()?,
        is_predefined: row.take()?,
        permissions: PermissionSet::EMPTY,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn all(queries: &dyn Queries) -> Result<Vec<Profile>> {
    let sql = format!(
        "{} 1 = 1 order by name",
        <Profile as crate::access::Viewable>::SELECT
    );
    let rows = queries.query(&sql, &[])?;
    let mut profiles = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
    load_permissions(queries, &mut profiles)?;
    Ok(profiles)
}

/// Fills in the permissions of all `profiles` by one statement.
pub(super) fn load_permissions(queries: &dyn Queries, profiles: &mut [Profile]) -> Result<()> {
    let mut by_profile = HashMap::new();
    if profiles.len() == 1 {
        by_profile.insert(profiles[0].id, permissions_of(queries, profiles[0].id)?);
    } else {
        for row in queries.query("select profile_id, permission from profile_permission", &[])? {
            let mut row = row.reader();
            let set: &mut PermissionSet = by_profile.entry(row.take()?).or_default();
            if let Some(permission) = Permission::by_name(&row.take::<String>()?) {
                *set = set.with(permission);
            }
        }
    }
    for profile in profiles {
        profile.permissions = by_profile.remove(&profile.id).unwrap_or_default();
    }
    Ok(())
}

/// The permissions of one profile, in one row. A name that this program does not know gives nothing.
pub(crate) fn permissions_of(queries: &dyn Queries, profile_id: i64) -> Result<PermissionSet> {
    let names: Option<String> = queries.query_scalar(
        "select string_agg(permission, ' ') from profile_permission where profile_id = ?1",
        &[profile_id.into()],
    )?;
    Ok(names
        .iter()
        .flat_map(|names| names.split(' '))
        .filter_map(Permission::by_name)
        .collect())
}

pub(super) fn insert(tx: &WriteTx, profile: &Profile) -> Result<()> {
    tx.change(
        profile.touch(),
        "insert into profile (id, name, name_folded, type, is_editable, is_predefined, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            profile.id.into(),
            profile.name.as_str().into(),
            fold(&profile.name).into(),
            profile.kind.word().into(),
            profile.is_editable.into(),
            profile.is_predefined.into(),
            profile.created_at.into(),
            profile.created_by.as_str().into(),
        ],
    )?;
    insert_permissions(tx, profile)
}

pub(super) fn update(tx: &WriteTx, profile: &Profile) -> Result<()> {
    tx.change(
        profile.touch(),
        "update profile set name = ?2, name_folded = ?3, updated_at = ?4, updated_by = ?5 where id = ?1",
        &[
            profile.id.into(),
            profile.name.as_str().into(),
            fold(&profile.name).into(),
            profile.updated_at.into(),
            profile.updated_by.clone().into(),
        ],
    )?;
    tx.change(
        profile.touch(),
        "delete from profile_permission where profile_id = ?1",
        &[profile.id.into()],
    )?;
    insert_permissions(tx, profile)
}

fn insert_permissions(tx: &WriteTx, profile: &Profile) -> Result<()> {
    for name in profile.permissions.names() {
        tx.change(
            profile.touch(),
            "insert into profile_permission (profile_id, permission) values (?1, ?2)",
            &[profile.id.into(), Value::from(name)],
        )?;
    }
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, profile: &Profile) -> Result<()> {
    tx.change(
        profile.touch(),
        "delete from profile where id = ?1",
        &[profile.id.into()],
    )?;
    Ok(())
}

pub(super) fn is_name_taken(queries: &dyn Queries, name: &str) -> Result<bool> {
    let found: Option<i64> =
        queries.query_value("select id from profile where name = ?1", &[name.into()])?;
    Ok(found.is_some())
}

/// Whether a user or a share has the profile.
pub(super) fn is_in_use(queries: &dyn Queries, profile_id: i64) -> Result<bool> {
    let uses: i64 = queries.query_scalar(
        "select (select count(*) from membership where profile_id = ?1)
              + (select count(*) from share where profile_id = ?1)",
        &[profile_id.into()],
    )?;
    Ok(uses > 0)
}

/// The id and the type of the profile of that name.
pub(crate) fn find_by_name(
    queries: &dyn Queries,
    name: &str,
) -> Result<Option<(i64, ProfileType)>> {
    let row = queries.query_first(
        "select id, type from profile where name = ?1",
        &[name.into()],
    )?;
    row.map(|row| {
        let mut row = row.reader();
        let id = row.take()?;
        let word: String = row.take()?;
        let kind = ProfileType::by_word(&word).ok_or(Error::Decode {
            column: 1,
            found: "another word",
            expected: "a type of profile",
        })?;
        Ok((id, kind))
    })
    .transpose()
}
