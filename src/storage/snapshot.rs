//! One moment of a database that another process may be using: no lock on its folder, no migration, no write.

use std::path::Path;

use super::connection::Connection;
use super::db::Location;
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::postgres::Postgres;
use super::replace;
use super::sqlite::{Sqlite, file_in};
use super::transaction::{Queries, QueryValues, ReadTx};

/// Opens a snapshot of the database at `location`.
///
/// # Errors
/// [`Error::Unusable`] with a whole sentence when there is none.
pub fn of(location: &Location) -> Result<ReadTx> {
    match location {
        Location::Embedded { data_dir } => {
            let file = file_in(data_dir);
            if replace::is_pending(data_dir) {
                return Err(Error::Unusable(format!(
                    "A restore into {} was interrupted; start the server, which finishes it.",
                    data_dir.display()
                )));
            }
            if !file.exists() {
                return Err(Error::Unusable(format!(
                    "There is no database in {}; say where it is with --data-dir or --config.",
                    data_dir.display()
                )));
            }
            of_file(&file)
        }
        Location::Postgres { url } => begin(Box::new(Postgres::connect(url, 0)?)),
    }
}

/// Opens a snapshot of a SQLite file.
///
/// # Errors
/// When it is no database, or cannot be read.
pub fn of_file(file: &Path) -> Result<ReadTx> {
    begin(Box::new(Sqlite::open_reader(file)?))
}

fn begin(mut connection: Box<dyn Connection>) -> Result<ReadTx> {
    let begin = connection.dialect().begin_snapshot();
    connection.batch(begin)?;
    Ok(ReadTx::new(connection))
}

/// The tables that hold what was put in, without those that an index keeps for itself; sorted.
///
/// # Errors
/// Only those of the engine.
pub fn tables(tx: &ReadTx) -> Result<Vec<String>> {
    tx.query_column(
        match tx.dialect() {
            Dialect::Sqlite => {
                "select name from pragma_table_list where schema = 'main' and type = 'table'
                 and substr(name, 1, 7) <> 'sqlite_' order by name"
            }
            Dialect::Postgres => {
                "select tablename::text from pg_tables where schemaname = current_schema()
                 and tablename <> 'full_text_index' order by tablename::text collate \"C\""
            }
        },
        &[],
    )
}

/// How many rows a table has.
///
/// # Errors
/// Only those of the engine.
pub fn count_rows(tx: &ReadTx, table: &str) -> Result<u64> {
    let sql = format!("select count(*) from \"{}\"", table.replace('"', "\"\""));
    let rows: i64 = tx.query_scalar(&sql, &[])?;
    Ok(u64::try_from(rows).unwrap_or(0))
}

/// What SQLite finds wrong in the file; nothing if it is whole. PostgreSQL has no such question.
///
/// # Errors
/// When the file is too damaged to be asked.
pub fn damage(tx: &ReadTx) -> Result<Option<String>> {
    let verdicts: Vec<String> = tx.query_column("pragma integrity_check(5)", &[])?;
    if verdicts == ["ok"] {
        let orphans = tx.query("pragma foreign_key_check", &[])?.len();
        return Ok(
            (orphans > 0).then(|| format!("{orphans} rows refer to rows that are not there"))
        );
    }
    Ok(Some(verdicts.join("; ")))
}

/// Keeps the snapshot of PostgreSQL open to others, as `pg_dump --snapshot`; gives its name.
///
/// # Errors
/// Only those of the engine.
pub fn export(tx: &ReadTx) -> Result<String> {
    tx.query_scalar("select pg_export_snapshot()", &[])
}
