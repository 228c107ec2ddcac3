//! The tables `user` and `membership`.

use std::collections::HashMap;

use crate::access::PermissionSet;
use crate::storage::{Error, Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::tenancy::profile;
use crate::text::fold::fold;

use super::model::{Membership, User, UserType};

pub(super) fn from_row(row: Row) -> Result<User> {
    let mut row = row.reader();
    Ok(User {
        id: row.take()?,
        login: row.take()?,
        name: row.take()?,
        email: row.take()?,
        kind: UserType::by_word(&row.take::<String>()?).ok_or(Error::Decode {
            column: 4,
            found: "another word",
            expected: "a type of user",
        })?,
        is_locked: row.take()?,
        has_password: row.take()?,
        has_totp: row.take()?,
        has_key: row.take()?,
        avatar_hash: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
        memberships: Vec::new(),
    })
}

/// Fills in the memberships of all `users`: by one statement, and one for each profile among them.
pub(super) fn load_memberships(queries: &dyn Queries, users: &mut [User]) -> Result<()> {
    let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
    let rows = queries.query_for_ids(
        "select membership.user_id, organisation.id, organisation.name, organisation.avatar_hash,
             organisation.is_locked, profile.id, profile.name, membership.is_default
         from membership join organisation on organisation.id = membership.organisation_id
         join profile on profile.id = membership.profile_id
         where membership.user_id in ({ids}) order by membership.user_id, membership.position, organisation.id",
        &ids,
        &[],
    )?;
    let mut known: HashMap<i64, PermissionSet> = HashMap::new();
    let mut by_user: HashMap<i64, Vec<Membership>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        let user_id = row.take()?;
        let mut membership = Membership {
            organisation_id: row.take()?,
            organisation: row.take()?,
            organisation_avatar: row.take()?,
            is_organisation_locked: row.take()?,
            profile_id: row.take()?,
            profile: row.take()?,
            permissions: PermissionSet::EMPTY,
            is_default: row.take()?,
        };
        membership.permissions = match known.get(&membership.profile_id) {
            Some(permissions) => *permissions,
            None => profile::actions::permissions_of(queries, membership.profile_id)?,
        };
        known.insert(membership.profile_id, membership.permissions);
        by_user.entry(user_id).or_default().push(membership);
    }
    for user in users {
        user.memberships = by_user.remove(&user.id).unwrap_or_default();
    }
    Ok(())
}

pub(super) fn insert(tx: &WriteTx, user: &User) -> Result<()> {
    tx.change(
        user.touch(),
        "insert into \"user\" (id, login, name, name_folded, email, type, is_locked, is_password_default,
             avatar_hash, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10)",
        &[
            user.id.into(),
            user.login.as_str().into(),
            user.name.as_str().into(),
            fold(&user.name).into(),
            user.email.clone().into(),
            user.kind.word().into(),
            user.is_locked.into(),
            user.avatar_hash.clone().into(),
            user.created_at.into(),
            user.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, user: &User) -> Result<()> {
    tx.change(
        user.touch(),
        "update \"user\" set name = ?2, name_folded = ?3, email = ?4, type = ?5, is_locked = ?6, avatar_hash = ?7,
             updated_at = ?8, updated_by = ?9
         where id = ?1",
        &[
            user.id.into(),
            user.name.as_str().into(),
            fold(&user.name).into(),
            user.email.clone().into(),
            user.kind.word().into(),
            user.is_locked.into(),
            user.avatar_hash.clone().into(),
            user.updated_at.into(),
            user.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

/// Notes who changed the user and when.
pub(super) fn stamp(tx: &WriteTx, user: &User, now_ms: i64, login: &str) -> Result<()> {
    tx.change(
        user.touch(),
        "update \"user\" set updated_at = ?2, updated_by = ?3 where id = ?1",
        &[user.id.into(), now_ms.into(), login.into()],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, user: &User) -> Result<()> {
    tx.change(
        user.touch(),
        "delete from \"user\" where id = ?1",
        &[user.id.into()],
    )?;
    Ok(())
}

/// The id of the user of that login, whoever may see him.
pub(super) fn id_of_login(queries: &dyn Queries, login: &str) -> Result<Option<i64>> {
    queries.query_value("select id from \"user\" where login = ?1", &[login.into()])
}

/// The user of that id, whoever may see him.
pub(super) fn by_id(queries: &dyn Queries, id: i64) -> Result<Option<User>> {
    let sql = format!(
        "{} \"user\".id = ?1",
        <User as crate::access::Viewable>::SELECT
    );
    let Some(row) = queries.query_first(&sql, &[id.into()])? else {
        return Ok(None);
    };
    let mut user = [from_row(row)?];
    load_memberships(queries, &mut user)?;
    let [user] = user;
    Ok(Some(user))
}

/// Replaces the user's memberships.
pub(super) fn set_memberships(
    tx: &WriteTx,
    user: &User,
    places: &[(i64, i64, bool)],
) -> Result<()> {
    tx.change(
        user.touch(),
        "delete from membership where user_id = ?1",
        &[user.id.into()],
    )?;
    for (position, (organisation_id, profile_id, is_default)) in (0_i64..).zip(places) {
        tx.change(
            user.touch(),
            "insert into membership (user_id, organisation_id, profile_id, is_default, position)
             values (?1, ?2, ?3, ?4, ?5)",
            &[
                user.id.into(),
                (*organisation_id).into(),
                (*profile_id).into(),
                (*is_default).into(),
                position.into(),
            ],
        )?;
    }
    Ok(())
}

/// How many people administer the platform: not locked, in `organisation_id`, with a profile that manages users.
pub(super) fn count_administrators(queries: &dyn Queries, organisation_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from membership join \"user\" on \"user\".id = membership.user_id
         join profile_permission on profile_permission.profile_id = membership.profile_id
         where membership.organisation_id = ?1 and \"user\".is_locked = 0 and \"user\".type = 'Normal'
             and profile_permission.permission = 'manageUser'",
        &[organisation_id.into()],
    )
}

/// Sets the hash of the password, or takes the password away.
pub(super) fn set_password(
    tx: &WriteTx,
    user: &User,
    hash: Option<&str>,
    is_default: bool,
) -> Result<()> {
    tx.change(
        user.touch(),
        "update \"user\" set password_hash = ?2, is_password_default = ?3 where id = ?1",
        &[user.id.into(), hash.into(), is_default.into()],
    )?;
    Ok(())
}

pub(super) fn is_default_password_in_use(queries: &dyn Queries) -> Result<bool> {
    let sql = "select id from \"user\" where is_password_default = 1 and is_locked = 0 limit 1";
    let found: Option<i64> = queries.query_value(sql, &[])?;
    Ok(found.is_some())
}

pub(super) fn password_hash(queries: &dyn Queries, user_id: i64) -> Result<Option<String>> {
    let hash: Option<Option<String>> = queries.query_value(
        "select password_hash from \"user\" where id = ?1",
        &[user_id.into()],
    )?;
    Ok(hash.flatten())
}

/// Sets the sealed TOTP secret and the step whose code was used, or takes them away.
pub(super) fn set_totp(tx: &WriteTx, user: &User, totp: Option<(Vec<u8>, i64)>) -> Result<()> {
    let (sealed, step) = totp.unzip();
    tx.change(
        user.touch(),
        "update \"user\" set totp_secret_sealed = ?2, totp_step_used = ?3 where id = ?1",
        &[user.id.into(), sealed.into(), step.into()],
    )?;
    Ok(())
}

/// Sets the hash and the sealed form of the API key, or takes the key away.
pub(super) fn set_key(
    tx: &WriteTx,
    user: &User,
    key: Option<([u8; 32], Vec<u8>)>,
    now_ms: i64,
) -> Result<()> {
    let (hash, sealed) = key.unzip();
    let created_at = hash.map(|_| now_ms);
    tx.change(
        user.touch(),
        "update \"user\" set api_key_hash = ?2, api_key_sealed = ?3, api_key_created_at = ?4 where id = ?1",
        &[user.id.into(), hash.map(|hash| hash.to_vec()).into(), sealed.into(), created_at.into()],
    )?;
    Ok(())
}

pub(super) fn sealed_key(queries: &dyn Queries, user_id: i64) -> Result<Option<Vec<u8>>> {
    let sealed: Option<Option<Vec<u8>>> = queries.query_value(
        "select api_key_sealed from \"user\" where id = ?1",
        &[user_id.into()],
    )?;
    Ok(sealed.flatten())
}

/// Columns that name a user by his login, by table. The audit trail is not among them: it tells what was, and its
/// hashes would break. A test holds the list against the schema.
const LOGIN_COLUMNS: &[(&str, &[&str])] = &[
    ("organisation", &["created_by", "updated_by"]),
    ("profile", &["created_by", "updated_by"]),
    ("user", &["created_by", "updated_by"]),
    ("case_status", &["created_by", "updated_by"]),
    (
        "case",
        &["assignee", "deleted_by", "created_by", "updated_by"],
    ),
    ("share", &["created_by", "updated_by"]),
    ("action", &["created_by", "updated_by"]),
    ("analyzer_template", &["created_by", "updated_by"]),
    ("job", &["created_by", "updated_by"]),
    ("job_artifact", &["created_by"]),
    ("task", &["assignee", "created_by", "updated_by"]),
    ("log", &["owner", "created_by", "updated_by"]),
    ("comment", &["created_by", "updated_by"]),
    ("inbox_item", &["actor"]),
    ("case_template", &["created_by", "updated_by"]),
    ("case_template_task", &["assignee", "created_by"]),
    ("custom_field", &["created_by", "updated_by"]),
    ("tag", &["created_by", "updated_by"]),
    ("taxonomy", &["created_by", "updated_by"]),
    ("alert_status", &["created_by", "updated_by"]),
    (
        "alert",
        &["assignee", "deleted_by", "created_by", "updated_by"],
    ),
    ("observable_type", &["created_by", "updated_by"]),
    ("observable", &["created_by", "updated_by"]),
    ("attachment", &["created_by", "updated_by"]),
    ("case_link", &["created_by"]),
    ("case_external_link", &["created_by"]),
    ("catalog", &["created_by", "updated_by"]),
    ("pattern", &["created_by", "updated_by"]),
    ("procedure", &["created_by", "updated_by"]),
    ("custom_event", &["created_by", "updated_by"]),
    ("page", &["created_by", "updated_by"]),
    ("page_template", &["created_by", "updated_by"]),
    ("dashboard", &["created_by", "updated_by"]),
    ("list_view", &["created_by", "updated_by"]),
    ("integration_server", &["created_by", "updated_by"]),
];

/// Gives the user another login, wherever he is named.
pub(super) fn rename(tx: &WriteTx, user: &User, login: &str) -> Result<()> {
    let values: [Value; 2] = [user.login.as_str().into(), login.into()];
    tx.change(
        user.touch(),
        "update \"user\" set login = ?2 where login = ?1",
        &values,
    )?;
    for (table, columns) in LOGIN_COLUMNS {
        for column in *columns {
            let sql = format!("update \"{table}\" set {column} = ?2 where {column} = ?1");
            tx.derive(&sql, &values)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::LOGIN_COLUMNS;

    #[test]
    fn no_column_of_the_schema_that_names_a_user_is_forgotten() {
        let steps = concat!(env!("CARGO_MANIFEST_DIR"), "/src/storage/migrations");
        let schema: String = std::fs::read_dir(steps)
            .unwrap()
            .map(|step| std::fs::read_to_string(step.unwrap().path()).unwrap())
            .collect();
        let names = [
            "created_by",
            "updated_by",
            "deleted_by",
            "assignee",
            "owner",
            "actor",
        ];
        let mut table = "";
        let mut in_schema = BTreeSet::new();
        for line in schema.lines() {
            if let Some(rest) = line.strip_prefix("create table ") {
                table = rest.split(' ').next().unwrap().trim_matches('"');
            }
            let column = line.split_whitespace().next().unwrap_or_default();
            if names.contains(&column) && table != "audit" {
                in_schema.insert((table, column));
            }
        }
        let listed: BTreeSet<_> = LOGIN_COLUMNS
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(|column| (*table, *column)))
            .collect();
        assert_eq!(listed, in_schema);
    }
}
