//! What signing in reads: the credentials of a user and where he works. And the table `session`.

use std::collections::HashMap;

use crate::access::{Organisation, PermissionSet};
use crate::storage::{Queries, QueryValues, Result, Row, Touch, Value, WriteTx};
use crate::tenancy::profile;
use crate::tenancy::user::model::UserType;

/// A user with what his credentials are compared to. Never leaves this folder.
pub(super) struct Account {
    pub id: i64,
    pub login: String,
    pub kind: UserType,
    pub is_locked: bool,
    pub password_hash: Option<String>,
    /// The password is still the one that every new installation has.
    pub is_password_default: bool,
    pub totp_secret_sealed: Option<Vec<u8>>,
    pub totp_step_used: Option<i64>,
}

/// A place where a user works.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub organisation: Organisation,
    pub is_locked: bool,
    pub is_default: bool,
    pub profile: String,
    pub permissions: PermissionSet,
}

/// A session as it is kept.
#[derive(Debug, Clone)]
pub(super) struct SessionRow {
    pub id: i64,
    pub user_id: i64,
    /// The organisation of its requests that name none, when it was chosen at sign-in.
    pub organisation_id: Option<i64>,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub address: String,
    pub user_agent: String,
}

const ACCOUNT: &str = "select id, login, type, is_locked, password_hash, is_password_default,
    totp_secret_sealed, totp_step_used from \"user\" where";

fn account(row: Row) -> Result<Account> {
    let mut row = row.reader();
    Ok(Account {
        id: row.take()?,
        login: row.take()?,
        kind: UserType::by_word(&row.take::<String>()?).unwrap_or_default(),
        is_locked: row.take()?,
        password_hash: row.take()?,
        is_password_default: row.take()?,
        totp_secret_sealed: row.take()?,
        totp_step_used: row.take()?,
    })
}

pub(super) fn account_by_login(queries: &dyn Queries, login: &str) -> Result<Option<Account>> {
    let sql = format!("{ACCOUNT} login = ?1");
    queries
        .query_first(&sql, &[login.into()])?
        .map(account)
        .transpose()
}

pub(super) fn account_by_id(queries: &dyn Queries, id: i64) -> Result<Option<Account>> {
    let sql = format!("{ACCOUNT} id = ?1");
    queries
        .query_first(&sql, &[id.into()])?
        .map(account)
        .transpose()
}

pub(super) fn account_by_key(queries: &dyn Queries, hash: &[u8; 32]) -> Result<Option<Account>> {
    let sql = format!("{ACCOUNT} api_key_hash = ?1");
    queries
        .query_first(&sql, &[hash.as_slice().into()])?
        .map(account)
        .transpose()
}

/// Where the user works, in the order in which he joined.
pub(super) fn places(queries: &dyn Queries, user_id: i64) -> Result<Vec<Place>> {
    let rows = queries.query(
        "select organisation.id, organisation.name, organisation.is_locked, membership.is_default,
             profile.name, profile.id
         from membership join organisation on organisation.id = membership.organisation_id
         join profile on profile.id = membership.profile_id
         where membership.user_id = ?1 order by membership.position, organisation.id",
        &[user_id.into()],
    )?;
    let mut known: HashMap<i64, PermissionSet> = HashMap::new();
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            let organisation = Organisation {
                id: row.take()?,
                name: row.take()?,
            };
            let (is_locked, is_default, profile) = (row.take()?, row.take()?, row.take()?);
            let profile_id = row.take()?;
            let permissions = match known.get(&profile_id) {
                Some(permissions) => *permissions,
                None => profile::actions::permissions_of(queries, profile_id)?,
            };
            known.insert(profile_id, permissions);
            Ok(Place {
                organisation,
                is_locked,
                is_default,
                profile,
                permissions,
            })
        })
        .collect()
}

/// Notes the step of the code that was used, so that nobody uses it again.
pub(super) fn note_totp_step(tx: &WriteTx, user_id: i64, step: i64) -> Result<bool> {
    let changed = tx.derive(
        "update \"user\" set totp_step_used = ?2
         where id = ?1 and (totp_step_used is null or totp_step_used < ?2)",
        &[user_id.into(), step.into()],
    )?;
    Ok(changed > 0)
}

/// Keeps the hash of the same password, made with more work.
pub(super) fn strengthen_hash(tx: &WriteTx, user_id: i64, before: &str, after: &str) -> Result<()> {
    tx.derive(
        "update \"user\" set password_hash = ?3 where id = ?1 and password_hash = ?2",
        &[user_id.into(), before.into(), after.into()],
    )?;
    Ok(())
}

const SESSION: &str =
    "select id, user_id, organisation_id, created_at, last_seen_at, address, user_agent
    from session where";

fn session(row: Row) -> Result<SessionRow> {
    let mut row = row.reader();
    Ok(SessionRow {
        id: row.take()?,
        user_id: row.take()?,
        organisation_id: row.take()?,
        created_at: row.take()?,
        last_seen_at: row.take()?,
        address: row.take()?,
        user_agent: row.take()?,
    })
}

pub(super) fn session_by_token(
    queries: &dyn Queries,
    hash: &[u8; 32],
) -> Result<Option<SessionRow>> {
    let sql = format!("{SESSION} token_hash = ?1");
    queries
        .query_first(&sql, &[hash.as_slice().into()])?
        .map(session)
        .transpose()
}

/// The user's sessions that are not over, the latest seen first.
pub(super) fn sessions_of(
    queries: &dyn Queries,
    user_id: i64,
    seen_after: i64,
    created_after: i64,
) -> Result<Vec<SessionRow>> {
    let sql = format!(
        "{SESSION} user_id = ?1 and last_seen_at > ?2 and created_at > ?3 order by last_seen_at desc, id desc"
    );
    let values: [Value; 3] = [user_id.into(), seen_after.into(), created_after.into()];
    queries
        .query(&sql, &values)?
        .into_iter()
        .map(session)
        .collect()
}

pub(super) fn insert_session(
    tx: &WriteTx,
    token_hash: &[u8; 32],
    session: &SessionRow,
) -> Result<()> {
    tx.derive(
        "insert into session (id, token_hash, user_id, organisation_id, created_at, last_seen_at, address, user_agent)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            session.id.into(),
            token_hash.as_slice().into(),
            session.user_id.into(),
            session.organisation_id.into(),
            session.created_at.into(),
            session.last_seen_at.into(),
            session.address.as_str().into(),
            session.user_agent.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Notes that the session was used.
pub(super) fn note_seen(tx: &WriteTx, session_id: i64, now_ms: i64) -> Result<()> {
    tx.derive(
        "update session set last_seen_at = ?2 where id = ?1 and last_seen_at < ?2",
        &[session_id.into(), now_ms.into()],
    )?;
    Ok(())
}

/// Ends one session of the user; false when it is not there.
pub(super) fn end_session(tx: &WriteTx, user: Touch, session_id: i64) -> Result<bool> {
    tx.announce(user);
    let ended = tx.derive(
        "delete from session where id = ?1 and user_id = ?2",
        &[session_id.into(), user.id.into()],
    )?;
    Ok(ended > 0)
}

/// Ends all sessions of the user but the one of `keep`.
pub(super) fn end_sessions(tx: &WriteTx, user: Touch, keep: Option<i64>) -> Result<()> {
    tx.announce(user);
    tx.derive(
        "delete from session where user_id = ?1 and id <> ?2",
        &[user.id.into(), keep.unwrap_or(-1).into()],
    )?;
    Ok(())
}

/// Ends the sessions of the user that are beyond `sessions_max`, those that were not used for the longest time.
pub(super) fn end_oldest_sessions(tx: &WriteTx, user: Touch, sessions_max: i64) -> Result<()> {
    let ended = tx.derive(
        "delete from session where user_id = ?1 and id in (select id from session where user_id = ?1
             order by last_seen_at desc, id desc limit 1000000 offset ?2)",
        &[user.id.into(), sessions_max.into()],
    )?;
    if ended > 0 {
        tx.announce(user);
    }
    Ok(())
}

/// Removes sessions that are over; returns how many.
pub(super) fn sweep_sessions(tx: &WriteTx, seen_before: i64, created_before: i64) -> Result<u64> {
    tx.derive(
        "delete from session where last_seen_at <= ?1 or created_at <= ?2",
        &[seen_before.into(), created_before.into()],
    )
}

/// How many sessions there are.
pub(super) fn count_sessions(queries: &dyn Queries) -> Result<i64> {
    queries.query_scalar("select count(*) from session", &[])
}
