//! What an engine itself can say about its data.

use crate::storage::dialect::Dialect;
use crate::storage::error::Result;
use crate::storage::transaction::{Queries, QueryValues};

/// Complaints of SQLite that are listed; more say nothing more.
const COMPLAINTS_MAX: u32 = 20;

/// How much of the database is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Each page is what it should be.
    Quick,
    /// Also, each row is in each index, and the full-text index in itself.
    Full,
}

/// What SQLite's own check complains of; nothing when all is well, and nothing on PostgreSQL, which has no such check.
///
/// # Errors
/// When the damage keeps the check itself from reading ([`super::is_damage`]), or its time was over.
pub fn integrity(queries: &dyn Queries, depth: Depth) -> Result<Vec<String>> {
    if queries.dialect() == Dialect::Postgres {
        return Ok(Vec::new());
    }
    let check = match depth {
        Depth::Quick => "quick_check",
        Depth::Full => "integrity_check",
    };
    let said: Vec<String> =
        queries.query_column(&format!("pragma {check}({COMPLAINTS_MAX})"), &[])?;
    // Several complaints may come as the lines of one.
    let lines = said.iter().flat_map(|said| said.lines());
    Ok(lines
        .filter(|line| *line != "ok" && !line.starts_with("***"))
        .map(str::to_owned)
        .collect())
}

/// Rows that refer to rows that are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphans {
    /// The table they are in.
    pub table: String,
    /// The table they refer to.
    pub parent: String,
    /// How many there are.
    pub count: i64,
}

/// Rows without the rows that they refer to. PostgreSQL lets none come into being.
///
/// # Errors
/// When the tables can't be read.
pub fn orphans(queries: &dyn Queries) -> Result<Vec<Orphans>> {
    if queries.dialect() == Dialect::Postgres {
        return Ok(Vec::new());
    }
    let rows = queries.query(
        "select \"table\", parent, count(*) from pragma_foreign_key_check group by 1, 2 order by 1, 2",
        &[],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(Orphans {
                table: row.take()?,
                parent: row.take()?,
                count: row.take()?,
            })
        })
        .collect()
}

/// Where the folded texts and the full-text index are not about the same entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Disagreement {
    /// Entities with folded texts.
    pub rows: i64,
    /// Of those, how many the index does not have.
    pub not_indexed: i64,
    /// Entries of the index without folded texts.
    pub left_over: i64,
}

/// Compares the table of folded texts with the index over it.
///
/// # Errors
/// When they can't be read.
pub fn full_text_disagreement(queries: &dyn Queries) -> Result<Disagreement> {
    let index = match queries.dialect() {
        // The index keeps no texts, but the length of each.
        Dialect::Sqlite => "full_text_index_docsize",
        Dialect::Postgres => "full_text_index",
    };
    Ok(Disagreement {
        rows: queries.query_scalar("select count(*) from full_text", &[])?,
        not_indexed: queries.query_scalar(
            &format!(
                "select count(*) from full_text
                 where not exists (select 1 from {index} where {index}.id = full_text.id)"
            ),
            &[],
        )?,
        left_over: queries.query_scalar(
            &format!(
                "select count(*) from {index}
                 where not exists (select 1 from full_text where full_text.id = {index}.id)"
            ),
            &[],
        )?,
    })
}

/// Whether PostgreSQL keeps a checksum with each page; nothing on SQLite.
///
/// # Errors
/// When the server does not answer.
pub fn page_checksums(queries: &dyn Queries) -> Result<Option<bool>> {
    if queries.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    let setting: String = queries.query_scalar("select current_setting('data_checksums')", &[])?;
    Ok(Some(setting == "on"))
}

/// The standbys that follow this PostgreSQL server: their names and how many bytes of the log they have still to
/// replay. An account that may not see them sees nothing; that is an empty list too.
///
/// # Errors
/// When the server does not answer.
pub fn standbys(queries: &dyn Queries) -> Result<Vec<(String, Option<i64>)>> {
    if queries.dialect() == Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let rows = queries.query(
        "select coalesce(application_name, ''),
             cast(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn()
                 else pg_current_wal_lsn() end, replay_lsn) as bigint)
         from pg_stat_replication order by 1",
        &[],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}
