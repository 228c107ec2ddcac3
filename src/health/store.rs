//! The statements of the checks, and of what they mend: over all tables, since they ask what no single domain can know,
//! whether the tables fit together.

use crate::storage::{Dialect, FromValue, Queries, Result, WriteTx};
use crate::text::fold::fold;

/// The tables whose rows can be searched.
pub(super) const SEARCHED: [&str; 4] = ["\"case\"", "task", "log", "comment"];

/// Tables with ids out of the one sequence.
const NUMBERED: [&str; 11] = [
    "organisation",
    "profile",
    "\"user\"",
    "session",
    "case_status",
    "\"case\"",
    "share",
    "task",
    "log",
    "comment",
    "inbox_item",
];

/// A table with a text that is kept in a folded form too, for sorting and searching.
pub(super) const FOLDED: [(&str, &str); 5] = [
    ("organisation", "name"),
    ("profile", "name"),
    ("\"user\"", "name"),
    ("\"case\"", "title"),
    ("task", "title"),
];

/// Rows that mean nothing without the row they hang on, and hold nothing that anybody wrote: table, parent, and how they
/// are removed. They would have gone with it.
pub(super) const HANGING: [(&str, &str, &str); 12] = [
    (
        "session",
        "user",
        "delete from session where user_id not in (select id from \"user\")",
    ),
    (
        "user_setting",
        "user",
        "delete from user_setting where user_id not in (select id from \"user\")",
    ),
    (
        "membership",
        "user",
        "delete from membership where user_id not in (select id from \"user\")",
    ),
    (
        "inbox_item",
        "user",
        "delete from inbox_item where user_id not in (select id from \"user\")",
    ),
    (
        "inbox_item",
        "case",
        "delete from inbox_item where case_id not in (select id from \"case\")",
    ),
    (
        "inbox_item",
        "task",
        "delete from inbox_item where task_id not in (select id from task)",
    ),
    (
        "inbox_item",
        "comment",
        "delete from inbox_item where comment_id not in (select id from comment)",
    ),
    (
        "profile_permission",
        "profile",
        "delete from profile_permission where profile_id not in (select id from profile)",
    ),
    (
        "case_tag",
        "case",
        "delete from case_tag where case_id not in (select id from \"case\")",
    ),
    (
        "share",
        "case",
        "delete from share where case_id not in (select id from \"case\")",
    ),
    (
        "task_share",
        "task",
        "delete from task_share where task_id not in (select id from task)",
    ),
    (
        "task_share",
        "organisation",
        "delete from task_share where organisation_id not in (select id from organisation)",
    ),
];

/// Rows read at a time.
const ROWS_AT_A_TIME: i64 = 1_000;

/// When the newest record of the trail was written.
pub(super) fn newest_record_at(queries: &impl Queries) -> Result<Option<i64>> {
    queries.query_value(
        "select happened_at from audit order by id desc limit 1",
        &[],
    )
}

/// When the database was made.
pub(super) fn made_at(queries: &impl Queries) -> Result<Option<i64>> {
    queries.query_scalar("select min(applied_at) from schema_migration", &[])
}

/// A number that the database counts by, with the least value it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counter {
    pub name: &'static str,
    /// Nothing when its row is gone.
    pub value: Option<i64>,
    pub at_least: i64,
}

impl Counter {
    pub(super) fn is_right(&self) -> bool {
        self.value.is_some_and(|value| value >= self.at_least)
    }
}

/// The counters, with the highest number that was given from each.
pub(super) fn counters(queries: &impl Queries) -> Result<[Counter; 2]> {
    let value = |name: &str| {
        queries.query_value("select value from counter where name = ?1", &[name.into()])
    };
    let mut highest_id = 0;
    for table in NUMBERED {
        let sql = format!("select coalesce(max(id), 0) from {table}");
        highest_id = highest_id.max(queries.query_scalar(&sql, &[])?);
    }
    let highest_number =
        queries.query_scalar("select coalesce(max(number), 0) from \"case\"", &[])?;
    Ok([
        Counter {
            name: "entity_id",
            value: value("entity_id")?,
            at_least: highest_id,
        },
        Counter {
            name: "case_number",
            value: value("case_number")?,
            at_least: highest_number,
        },
    ])
}

/// Sets a counter, whether it is there or not.
pub(super) const SET_COUNTER: &str = "insert into counter (name, value) values (?1, ?2)
     on conflict (name) do update set value = excluded.value";

fn index_of(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "full_text_index_docsize",
        Dialect::Postgres => "full_text_index",
    }
}

fn is_lacking(dialect: Dialect, table: &str) -> String {
    let index = index_of(dialect);
    format!(
        "from {table} as entity
         where not exists (select 1 from full_text where full_text.id = entity.id)
             or not exists (select 1 from {index} where {index}.id = entity.id)"
    )
}

/// How many rows of a table can't be found by searching.
pub(super) fn count_lacking(queries: &impl Queries, table: &str) -> Result<i64> {
    let lacking = is_lacking(queries.dialect(), table);
    queries.query_scalar(&format!("select count(*) {lacking}"), &[])
}

/// Some of them.
pub(super) fn lacking(queries: &impl Queries, table: &str, count: i64) -> Result<Vec<i64>> {
    let lacking = is_lacking(queries.dialect(), table);
    let sql = format!("select entity.id {lacking} order by entity.id limit ?1");
    queries.query_column(&sql, &[count.into()])
}

/// The condition on an id that no row of the searched tables has it.
fn of_nobody(id: &str) -> String {
    let conditions: Vec<String> = SEARCHED
        .iter()
        .map(|table| format!("not exists (select 1 from {table} as entity where entity.id = {id})"))
        .collect();
    conditions.join(" and ")
}

/// How many searched texts are of nobody.
pub(super) fn count_left_over(queries: &impl Queries) -> Result<i64> {
    let index = index_of(queries.dialect());
    let of_texts: i64 = queries.query_scalar(
        &format!(
            "select count(*) from full_text where {}",
            of_nobody("full_text.id")
        ),
        &[],
    )?;
    let of_index: i64 = queries.query_scalar(
        &format!(
            "select count(*) from {index}
             where not exists (select 1 from full_text where full_text.id = {index}.id) and {}",
            of_nobody(&format!("{index}.id"))
        ),
        &[],
    )?;
    Ok(of_texts + of_index)
}

/// Removes them.
pub(super) fn remove_left_over(tx: &WriteTx) -> Result<()> {
    let (index, key) = match tx.dialect() {
        Dialect::Sqlite => ("full_text_index_docsize", "rowid"),
        Dialect::Postgres => ("full_text_index", "id"),
    };
    tx.derive(
        &format!(
            "delete from full_text_index where {key} in (select id from {index} where {})",
            of_nobody(&format!("{index}.id"))
        ),
        &[],
    )?;
    let sql = format!("delete from full_text where {}", of_nobody("full_text.id"));
    tx.derive(&sql, &[])?;
    Ok(())
}

/// The rows whose folded text is not that of their text: the id and what the folded text should be. At most `count`.
pub(super) fn wrongly_folded(
    queries: &impl Queries,
    (table, column): (&str, &str),
    count: usize,
) -> Result<Vec<(i64, String)>> {
    let sql = format!(
        "select id, {column}, {column}_folded from {table} where id > ?1 order by id limit ?2"
    );
    let mut wrong = Vec::new();
    let mut after = i64::MIN;
    loop {
        let rows = queries.query(&sql, &[after.into(), ROWS_AT_A_TIME.into()])?;
        if rows.is_empty() || wrong.len() >= count {
            wrong.truncate(count);
            return Ok(wrong);
        }
        for row in rows {
            let mut row = row.reader();
            let (id, text, folded): (i64, String, String) = (row.take()?, row.take()?, row.take()?);
            let right = fold(&text);
            if folded != right {
                wrong.push((id, right));
            }
            after = id;
        }
    }
}

/// Sets a folded text.
pub(super) fn set_folded(
    tx: &WriteTx,
    (table, column): (&str, &str),
    id: i64,
    folded: &str,
) -> Result<()> {
    let sql = format!("update {table} set {column}_folded = ?2 where id = ?1");
    tx.derive(&sql, &[id.into(), folded.into()])?;
    Ok(())
}

/// The version of the engine, for people.
pub(super) fn engine(queries: &impl Queries) -> Result<String> {
    Ok(match queries.dialect() {
        Dialect::Sqlite => {
            let version: String = queries.query_scalar("select sqlite_version()", &[])?;
            format!("SQLite {version}")
        }
        Dialect::Postgres => {
            let version: String =
                queries.query_scalar("select current_setting('server_version')", &[])?;
            format!(
                "PostgreSQL {}",
                version.split(' ').next().unwrap_or_default()
            )
        }
    })
}

/// The size of the database, in bytes.
pub(super) fn size(queries: &impl Queries) -> Result<i64> {
    let pragma = |name: &str| -> Result<i64> { first(queries, &format!("pragma {name}")) };
    Ok(match queries.dialect() {
        Dialect::Sqlite => pragma("page_count")? * pragma("page_size")?,
        Dialect::Postgres => {
            queries.query_scalar("select pg_database_size(current_database())", &[])?
        }
    })
}

fn first<T: FromValue>(queries: &impl Queries, sql: &str) -> Result<T> {
    queries.query_scalar(sql, &[])
}
