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

/// Where the folded texts and the indexes over them are not about the same entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Disagreement {
    /// Entities with folded texts.
    pub rows: i64,
    /// Of those, how many an index does not have.
    pub not_indexed: i64,
    /// Entries of the indexes without folded texts.
    pub left_over: i64,
}

/// What is kept of each entity in an index over the folded texts: a table with its id, and which texts have such an entry.
#[derive(Debug, Clone, Copy)]
pub struct FullTextIndex {
    /// The table of the index.
    pub table: &'static str,
    /// Its column of ids.
    pub key: &'static str,
    /// The table that can be asked for the ids: FTS5 keeps no texts here, but the length of each.
    pub ids: &'static str,
    /// The condition on a row of `full_text` that it has an entry.
    pub of_texts: &'static str,
}

/// The indexes over the folded texts. A title without three characters has no pieces.
pub fn full_text_indexes(dialect: Dialect) -> &'static [FullTextIndex] {
    match dialect {
        Dialect::Sqlite => &[
            FullTextIndex {
                table: "full_text_index",
                key: "rowid",
                ids: "full_text_index_docsize",
                of_texts: "true",
            },
            FullTextIndex {
                table: "full_text_pieces",
                key: "rowid",
                ids: "full_text_pieces_docsize",
                of_texts: "length(full_text.title) >= 3",
            },
        ],
        Dialect::Postgres => &[FullTextIndex {
            table: "full_text_index",
            key: "id",
            ids: "full_text_index",
            of_texts: "true",
        }],
    }
}

/// The condition on a row of `full_text` that an index lacks it.
pub fn is_not_indexed(dialect: Dialect) -> String {
    let indexes = full_text_indexes(dialect).iter();
    let conditions: Vec<String> = indexes
        .map(|FullTextIndex { ids, of_texts, .. }| {
            format!("{of_texts} and not exists (select 1 from {ids} where {ids}.id = full_text.id)")
        })
        .collect();
    format!("({})", conditions.join(" or "))
}

/// Compares the table of folded texts with the indexes over it.
///
/// # Errors
/// When they can't be read.
pub fn full_text_disagreement(queries: &dyn Queries) -> Result<Disagreement> {
    let mut found = Disagreement {
        rows: queries.query_scalar("select count(*) from full_text", &[])?,
        not_indexed: queries.query_scalar(
            &format!(
                "select count(*) from full_text where {}",
                is_not_indexed(queries.dialect())
            ),
            &[],
        )?,
        left_over: 0,
    };
    for FullTextIndex { ids, .. } in full_text_indexes(queries.dialect()) {
        let left_over: i64 = queries.query_scalar(
            &format!(
                "select count(*) from {ids}
                 where not exists (select 1 from full_text where full_text.id = {ids}.id)"
            ),
            &[],
        )?;
        found.left_over += left_over;
    }
    Ok(found)
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
