//! The table `attachment`.

use std::collections::{HashMap, HashSet};

use crate::access::{Predicate, Scope, Viewable};
use crate::storage::full_text::{self, Texts};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, Value, WriteTx};
use crate::text::fold::fold;

use super::model::{Attachment, OF_CASE, Owner};

pub(super) fn from_row(row: Row) -> Result<Attachment> {
    let mut row = row.reader();
    let id = row.take()?;
    let owners: [Option<i64>; 6] = [
        row.take()?,
        row.take()?,
        row.take()?,
        row.take()?,
        row.take()?,
        row.take()?,
    ];
    let case_of_log: Option<i64> = row.take()?;
    let case_of_observable: Option<i64> = row.take()?;
    let alert_of_observable: Option<i64> = row.take()?;
    let owner = match owners {
        [Some(id), ..] => Owner::Case(id),
        [_, Some(id), ..] => Owner::Alert(id),
        [_, _, Some(id), ..] => Owner::Log(id),
        [_, _, _, Some(id), ..] => Owner::Observable(id),
        [_, _, _, _, Some(id), _] => Owner::Organisation(id),
        [_, _, _, _, _, Some(id)] => Owner::User(id),
        _ => {
            return Err(Error::Decode {
                column: 1,
                found: "nothing",
                expected: "what the attachment hangs on",
            });
        }
    };
    let of_observable = || match (case_of_observable, alert_of_observable) {
        (_, Some(id)) => Touch { kind: "Alert", id },
        (id, None) => Touch {
            kind: "Case",
            id: id.unwrap_or_default(),
        },
    };
    let context = match owner {
        Owner::Case(id) => Touch { kind: "Case", id },
        Owner::Alert(id) => Touch { kind: "Alert", id },
        Owner::Log(_) => Touch {
            kind: "Case",
            id: case_of_log.unwrap_or_default(),
        },
        Owner::Observable(_) => of_observable(),
        Owner::Organisation(id) => Touch {
            kind: "Organisation",
            id,
        },
        Owner::User(id) => Touch { kind: "User", id },
    };
    Ok(Attachment {
        id,
        owner,
        context,
        name: row.take()?,
        size_bytes: row.take()?,
        content_type: row.take()?,
        sha256: row.take()?,
        sha1: row.take()?,
        md5: row.take()?,
        is_external: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// The column that says what it hangs on, with its value.
fn column_of(owner: Owner) -> (&'static str, i64) {
    match owner {
        Owner::Case(id) => ("case_id", id),
        Owner::Alert(id) => ("alert_id", id),
        Owner::Log(id) => ("log_id", id),
        Owner::Observable(id) => ("observable_id", id),
        Owner::Organisation(id) => ("organisation_id", id),
        Owner::User(id) => ("user_id", id),
    }
}

pub(super) fn insert(tx: &WriteTx, attachment: &Attachment) -> Result<()> {
    let (column, owner_id) = column_of(attachment.owner);
    let sql = format!(
        "insert into attachment (id, {column}, name, name_folded, size_bytes, content_type, sha256, sha1, md5,
             is_external, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    );
    tx.change(
        attachment.touch(),
        &sql,
        &[
            attachment.id.into(),
            owner_id.into(),
            attachment.name.as_str().into(),
            fold(&attachment.name).into(),
            attachment.size_bytes.into(),
            attachment.content_type.as_str().into(),
            attachment.sha256.as_str().into(),
            attachment.sha1.as_str().into(),
            attachment.md5.as_str().into(),
            attachment.is_external.into(),
            attachment.created_at.into(),
            attachment.created_by.as_str().into(),
        ],
    )?;
    full_text::insert(tx, "Attachment", attachment.id, &texts(attachment))
}

fn texts(attachment: &Attachment) -> Texts<'_> {
    let hashes = [
        attachment.sha256.as_str(),
        attachment.sha1.as_str(),
        attachment.md5.as_str(),
    ];
    Texts {
        title: &attachment.name,
        extra: hashes.join(" ").into(),
        ..Texts::default()
    }
}

pub(super) fn update(tx: &WriteTx, attachment: &Attachment) -> Result<()> {
    tx.change(
        attachment.touch(),
        "update attachment set is_external = ?2, updated_at = ?3, updated_by = ?4 where id = ?1",
        &[
            attachment.id.into(),
            attachment.is_external.into(),
            attachment.updated_at.into(),
            attachment.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, attachment: &Attachment) -> Result<()> {
    full_text::remove(tx, attachment.id)?;
    tx.change(
        attachment.touch(),
        "delete from attachment where id = ?1",
        &[attachment.id.into()],
    )?;
    Ok(())
}

/// Puts the texts of these attachments into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> Result<()> {
    let sql = format!("{} attachment.id in ({{ids}})", Attachment::SELECT);
    for row in tx.query_for_ids(&sql, ids, &[])? {
        let attachment = from_row(row)?;
        full_text::replace(tx, "Attachment", attachment.id, &texts(&attachment))?;
    }
    Ok(())
}

/// The names of the files that hang on it already.
pub(super) fn names_of(queries: &dyn Queries, owner: Owner) -> Result<HashSet<String>> {
    let (column, id) = column_of(owner);
    let names: Vec<String> = queries.query_column(
        &format!("select name from attachment where {column} = ?1"),
        &[id.into()],
    )?;
    Ok(names.into_iter().collect())
}

/// The first file with this content that hangs on it.
pub(super) fn of_content(queries: &dyn Queries, owner: Owner, sha256: &str) -> Result<Option<i64>> {
    let (column, id) = column_of(owner);
    queries.query_value(
        &format!(
            "select id from attachment where {column} = ?1 and sha256 = ?2 order by id limit 1"
        ),
        &[id.into(), sha256.into()],
    )
}

/// The files of each of these, whoever asks: what they hang on was seen already.
pub(super) fn of_owners(
    queries: &dyn Queries,
    owner: fn(i64) -> Owner,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<Attachment>>> {
    let (column, _) = column_of(owner(0));
    let sql = format!(
        "{} attachment.{column} in ({{ids}}) order by attachment.id",
        Attachment::SELECT
    );
    let mut found: HashMap<i64, Vec<Attachment>> = HashMap::new();
    for row in queries.query_for_ids(&sql, ids, &[])? {
        let attachment = from_row(row)?;
        let (_, id) = column_of(attachment.owner);
        found.entry(id).or_default().push(attachment);
    }
    Ok(found)
}

/// Those of these contents that some attachment names.
pub(super) fn named(queries: &dyn Queries, hashes: &[String]) -> Result<HashSet<String>> {
    let places: Vec<String> = (1..=hashes.len()).map(|at| format!("?{at}")).collect();
    let values: Vec<Value> = hashes.iter().map(|hash| hash.as_str().into()).collect();
    let sql = format!(
        "select distinct sha256 from attachment where sha256 in ({})",
        places.join(", ")
    );
    let named: Vec<String> = queries.query_column(&sql, &values)?;
    Ok(named.into_iter().collect())
}

/// How many files each of the cases has that the caller sees: its own and those of its task logs.
pub(super) fn count_of_cases(
    queries: &dyn Queries,
    scope: &Scope,
    ids: &[i64],
) -> Result<HashMap<i64, i64>> {
    let Predicate { sql, values } = Attachment::visible(scope);
    let visible = Predicate::new(sql, values.clone()).numbered_from(1);
    let sql = format!(
        "select file_of_case.case_id, count(*) from {OF_CASE}
         join attachment on attachment.id = file_of_case.attachment_id
         where ({visible}) and file_of_case.case_id in ({{ids}}) group by file_of_case.case_id"
    );
    queries
        .query_for_ids(&sql, ids, &values)?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// How many files hang on each of the alerts.
pub(super) fn count_of_alerts(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let sql =
        "select alert_id, count(*) from attachment where alert_id in ({ids}) group by alert_id";
    queries
        .query_for_ids(sql, ids, &[])?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// The task of each of these attachments that hangs on a task log.
pub(super) fn tasks_of(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    queries
        .query_for_ids(
            "select attachment.id, log.task_id from attachment join log on log.id = attachment.log_id
             where attachment.id in ({ids})",
            ids,
            &[],
        )?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}
