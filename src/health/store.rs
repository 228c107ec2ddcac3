//! The statements of the checks, and of what they mend: over all tables, since they ask what no single domain can know,
//! whether the tables fit together.

use crate::login::secret_box::Purpose;
use crate::storage::inspect::{self, FullTextIndex};
use crate::storage::{Dialect, FromValue, Queries, QueryValues, Result, WriteTx};
use crate::text::fold::fold;

/// The tables whose rows can be searched.
pub(super) const SEARCHED: &[&str] = &[
    "\"case\"",
    "task",
    "log",
    "comment",
    "alert",
    "procedure",
    "custom_event",
    "page",
    "attachment",
    "observable",
];

/// Tables with ids out of the one sequence.
const NUMBERED: &[&str] = &[
    "organisation",
    "profile",
    "\"user\"",
    "session",
    "case_status",
    "custom_field",
    "custom_field_value",
    "case_template",
    "case_template_task",
    "tag",
    "taxonomy",
    "\"case\"",
    "share",
    "task",
    "log",
    "comment",
    "inbox_item",
    "alert_status",
    "alert",
    "catalog",
    "pattern",
    "procedure",
    "custom_event",
    "page",
    "page_template",
    "attachment",
    "observable",
    "observable_type",
    "dashboard",
    "list_view",
    "integration_server",
    "job",
    "job_artifact",
    "action",
    "analyzer_template",
];

/// A table with a text that is kept in a folded form too, for sorting and searching.
pub(super) const FOLDED: &[(&str, &str)] = &[
    ("dashboard", "title"),
    ("list_view", "name"),
    ("integration_server", "name"),
    ("organisation", "name"),
    ("profile", "name"),
    ("\"user\"", "name"),
    ("\"case\"", "title"),
    ("task", "title"),
    ("catalog", "name"),
    ("pattern", "name"),
    ("custom_event", "title"),
    ("page", "title"),
    ("page_template", "title"),
    ("case_template", "name"),
    ("case_template_task", "title"),
    ("tag", "text"),
    ("attachment", "name"),
    ("observable", "data"),
    ("observable_type", "name"),
    ("alert", "title"),
];

/// Rows that mean nothing without the row they hang on, and hold nothing that anybody wrote: table, parent, and how they
/// are removed. They would have gone with it.
pub(super) const HANGING: &[(&str, &str, &str)] = &[
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
        "custom_field_value",
        "custom_field",
        "delete from custom_field_value where custom_field_id not in (select id from custom_field)",
    ),
    (
        "custom_field_value",
        "case",
        "delete from custom_field_value where case_id not in (select id from \"case\")",
    ),
    (
        "custom_field_value",
        "alert",
        "delete from custom_field_value where alert_id not in (select id from alert)",
    ),
    (
        "custom_field_value",
        "case_template",
        "delete from custom_field_value where case_template_id not in (select id from case_template)",
    ),
    (
        "case_template_tag",
        "case_template",
        "delete from case_template_tag where case_template_id not in (select id from case_template)",
    ),
    (
        "case_template_page_template",
        "case_template",
        "delete from case_template_page_template where case_template_id not in (select id from case_template)
             or page_template_id not in (select id from page_template)",
    ),
    (
        "observable_tag",
        "observable",
        "delete from observable_tag where observable_id not in (select id from observable)",
    ),
    (
        "observable_share",
        "observable",
        "delete from observable_share where observable_id not in (select id from observable)",
    ),
    (
        "observable_share",
        "organisation",
        "delete from observable_share where organisation_id not in (select id from organisation)",
    ),
    (
        "alert_tag",
        "alert",
        "delete from alert_tag where alert_id not in (select id from alert)",
    ),
    (
        "inbox_item",
        "alert",
        "delete from inbox_item where alert_id not in (select id from alert)",
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
    (
        "case_access",
        "case",
        "delete from case_access where case_id not in (select id from \"case\")",
    ),
    (
        "case_access",
        "user",
        "delete from case_access where user_id not in (select id from \"user\")",
    ),
    (
        "misp_sync",
        "integration_server",
        "delete from misp_sync where server_id not in (select id from integration_server)",
    ),
    (
        "misp_failure",
        "integration_server",
        "delete from misp_failure where server_id not in (select id from integration_server)",
    ),
    (
        "misp_alert",
        "alert",
        "delete from misp_alert where alert_id not in (select id from alert)",
    ),
    (
        "misp_alert",
        "integration_server",
        "delete from misp_alert where server_id not in (select id from integration_server)",
    ),
    (
        "misp_alert",
        "organisation",
        "delete from misp_alert where organisation_id not in (select id from organisation)",
    ),
    (
        "misp_export",
        "integration_server",
        "delete from misp_export where server_id not in (select id from integration_server)",
    ),
    (
        "misp_export",
        "case",
        "delete from misp_export where case_id not in (select id from \"case\")",
    ),
    (
        "misp_export",
        "organisation",
        "delete from misp_export where organisation_id not in (select id from organisation)",
    ),
    (
        "integration_server_organisation",
        "organisation",
        "delete from integration_server_organisation where organisation_id not in (select id from organisation)",
    ),
    (
        "integration_server_organisation",
        "integration_server",
        "delete from integration_server_organisation where server_id not in (select id from integration_server)",
    ),
    (
        "job",
        "observable",
        "delete from job where observable_id not in (select id from observable)",
    ),
    (
        "job_artifact",
        "job",
        "delete from job_artifact where job_id not in (select id from job)",
    ),
    (
        "cortex_run",
        "job",
        "delete from cortex_run where job_id not in (select id from job)",
    ),
    (
        "cortex_run",
        "action",
        "delete from cortex_run where action_id not in (select id from action)",
    ),
    (
        "organisation_link",
        "organisation",
        "delete from organisation_link where organisation_id not in (select id from organisation)
             or other_organisation_id not in (select id from organisation)",
    ),
    (
        "case_link",
        "case",
        "delete from case_link where case_id not in (select id from \"case\")
             or other_case_id not in (select id from \"case\")",
    ),
    (
        "case_external_link",
        "case",
        "delete from case_external_link where case_id not in (select id from \"case\")",
    ),
    (
        "case_part_moved",
        "case",
        "delete from case_part_moved where from_case_id not in (select id from \"case\")
             or into_case_id not in (select id from \"case\")",
    ),
    (
        "tactic",
        "catalog",
        "delete from tactic where catalog_id not in (select id from catalog)",
    ),
    (
        "pattern_tactic",
        "pattern",
        "delete from pattern_tactic where pattern_id not in (select id from pattern)",
    ),
];

/// Rows read at a time.
const ROWS_AT_A_TIME: i64 = 1_000;

/// When the newest record of the trail was written.
pub(super) fn newest_record_at(queries: &dyn Queries) -> Result<Option<i64>> {
    queries.query_value(
        "select happened_at from audit order by id desc limit 1",
        &[],
    )
}

/// When the database was made.
pub(super) fn made_at(queries: &dyn Queries) -> Result<Option<i64>> {
    queries.query_scalar("select min(applied_at) from schema_migration", &[])
}

/// The hashes of the files that should be in the folder of attachments.
pub(super) fn hashes_of_attachments(queries: &dyn Queries) -> Result<Vec<String>> {
    queries.query_column(
        "select distinct sha256 from attachment order by sha256",
        &[],
    )
}

/// Something sealed under the master key, with whose it is: an API key, else the secret of a second factor, else the key
/// of a server of others.
pub(super) fn something_sealed(queries: &dyn Queries) -> Result<Option<(Purpose, i64, Vec<u8>)>> {
    for (purpose, table, column) in [
        (Purpose::ApiKey, "\"user\"", "api_key_sealed"),
        (Purpose::TotpSecret, "\"user\"", "totp_secret_sealed"),
        (Purpose::IntegrationKey, "integration_server", "key_sealed"),
    ] {
        let sql = format!(
            "select id, {column} from {table} where {column} is not null order by id desc limit 1"
        );
        if let Some(row) = queries.query(&sql, &[])?.into_iter().next() {
            let mut row = row.reader();
            return Ok(Some((purpose, row.take()?, row.take()?)));
        }
    }
    Ok(None)
}

/// Cases that are for some users only, none of whom can see them any more: how many, and the first numbers of them.
pub(super) fn cases_seen_by_nobody(queries: &dyn Queries, count: i64) -> Result<(i64, Vec<i64>)> {
    const FROM: &str =
        "from \"case\" where \"case\".open_organisation_id is null and \"case\".deleted_at is null
         and not exists (select 1 from case_access
             join \"user\" on \"user\".id = case_access.user_id and \"user\".is_locked = 0
             join membership on membership.user_id = case_access.user_id
             join share on share.case_id = case_access.case_id
                 and share.organisation_id = membership.organisation_id
             where case_access.case_id = \"case\".id)";
    let total = queries.query_scalar(&format!("select count(*) {FROM}"), &[])?;
    let first = format!("select \"case\".number {FROM} order by \"case\".number limit ?1");
    Ok((total, queries.query_column(&first, &[count.into()])?))
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
pub(super) fn counters(queries: &dyn Queries) -> Result<[Counter; 2]> {
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

fn is_lacking(dialect: Dialect, table: &str) -> String {
    let is_not_indexed = inspect::is_not_indexed(dialect);
    format!(
        "from {table} as entity
         where not exists (select 1 from full_text where full_text.id = entity.id)
             or exists (select 1 from full_text where full_text.id = entity.id and {is_not_indexed})"
    )
}

/// How many rows a table has.
pub(super) fn count_rows(queries: &dyn Queries, table: &str) -> Result<i64> {
    queries.query_scalar(&format!("select count(*) from {table}"), &[])
}

/// The tables of things that people know, and how many rows each has.
pub(super) fn count_all(queries: &dyn Queries) -> Result<Vec<(&'static str, i64)>> {
    NUMBERED
        .iter()
        .map(|table| Ok((*table, count_rows(queries, table)?)))
        .collect()
}

/// The steps of the schema: number, name, and when each was applied.
pub(super) fn steps(queries: &dyn Queries) -> Result<Vec<(i64, String, i64)>> {
    queries
        .query(
            "select number, name, applied_at from schema_migration order by number",
            &[],
        )?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?, row.take()?))
        })
        .collect()
}

/// How many rows of a table can't be found by searching.
pub(super) fn count_lacking(queries: &dyn Queries, table: &str) -> Result<i64> {
    let lacking = is_lacking(queries.dialect(), table);
    queries.query_scalar(&format!("select count(*) {lacking}"), &[])
}

/// Some of them.
pub(super) fn lacking(queries: &dyn Queries, table: &str, count: i64) -> Result<Vec<i64>> {
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
pub(super) fn count_left_over(queries: &dyn Queries) -> Result<i64> {
    let mut count: i64 = queries.query_scalar(
        &format!(
            "select count(*) from full_text where {}",
            of_nobody("full_text.id")
        ),
        &[],
    )?;
    for FullTextIndex { ids, .. } in inspect::full_text_indexes(queries.dialect()) {
        let of_index: i64 = queries.query_scalar(
            &format!(
                "select count(*) from {ids}
                 where not exists (select 1 from full_text where full_text.id = {ids}.id) and {}",
                of_nobody(&format!("{ids}.id"))
            ),
            &[],
        )?;
        count += of_index;
    }
    Ok(count)
}

/// Removes them.
pub(super) fn remove_left_over(tx: &WriteTx) -> Result<()> {
    let indexes = inspect::full_text_indexes(tx.dialect());
    for FullTextIndex {
        table, key, ids, ..
    } in indexes
    {
        tx.derive(
            &format!(
                "delete from {table} where {key} in (select id from {ids} where {})",
                of_nobody(&format!("{ids}.id"))
            ),
            &[],
        )?;
    }
    let sql = format!("delete from full_text where {}", of_nobody("full_text.id"));
    tx.derive(&sql, &[])?;
    Ok(())
}

/// The rows whose folded text is not that of their text: the id and what the folded text should be. At most `count`.
pub(super) fn wrongly_folded(
    queries: &dyn Queries,
    (table, column): (&str, &str),
    count: usize,
) -> Result<Vec<(i64, String)>> {
    let sql = format!(
        "select id, {column}, {column}_folded from {table} where id > ?1 and {column} is not null
         order by id limit ?2"
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
pub(super) fn engine(queries: &dyn Queries) -> Result<String> {
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
pub(super) fn size(queries: &dyn Queries) -> Result<i64> {
    let pragma = |name: &str| -> Result<i64> { first(queries, &format!("pragma {name}")) };
    Ok(match queries.dialect() {
        Dialect::Sqlite => pragma("page_count")? * pragma("page_size")?,
        Dialect::Postgres => {
            queries.query_scalar("select pg_database_size(current_database())", &[])?
        }
    })
}

fn first<T: FromValue>(queries: &dyn Queries, sql: &str) -> Result<T> {
    queries.query_scalar(sql, &[])
}
