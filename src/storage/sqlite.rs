//! SQLite behind the seam: one file, WAL, every commit on the disk before it is acknowledged.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::ffi;
use rusqlite::types::ValueRef;
use rusqlite::{OpenFlags, params_from_iter};

use super::connection::{Connection, Limit, Tidy};
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::group_counts;
use super::value::{Row, Value};

/// Below this, two connections that write and checkpoint at the same instant can lose commits (the "WAL-reset"
/// defect, fixed in 3.51.3).
const VERSION_MIN: i32 = 3_051_003;
/// Prepared statements kept for each connection.
const STATEMENTS_MAX: usize = 256;
/// How many pages may wait in the log until they are put into the database file.
const PAGES_TO_CHECKPOINT: i64 = 4_000;
/// Pages that the writer keeps, 32 MiB: every insert goes to places all over the indexes. Given back when nobody writes.
const WRITER_CACHE: &str = "pragma cache_size = -32768";
/// How many steps of SQLite's machine between two looks at the clock.
const STEPS_BETWEEN_CHECKS: i32 = 20_000;

/// Set on every connection and read back: name, value to set, value that must come back.
const PRAGMAS: [(&str, &str, &str); 8] = [
    ("foreign_keys", "on", "1"),
    // The WAL is synced at every commit: what was acknowledged survives a power cut.
    ("synchronous", "full", "2"),
    ("busy_timeout", "5000", "5000"),
    ("trusted_schema", "off", "0"),
    ("cell_size_check", "on", "1"),
    ("journal_size_limit", "67108864", "67108864"),
    // We checkpoint ourselves: SQLite would do it within a commit, and keep to itself that a sync failed there.
    ("wal_autocheckpoint", "0", "0"),
    // With memory mapping an error of the disk would be a signal, not an error code.
    ("mmap_size", "0", "0"),
];

/// A connection to a SQLite file.
pub(super) struct Sqlite {
    connection: rusqlite::Connection,
}

impl Sqlite {
    /// Opens the file for writing, creating it if it is not there.
    pub(super) fn open_writer(path: &Path) -> Result<Self> {
        if rusqlite::version_number() < VERSION_MIN {
            return Err(Error::Unusable(format!(
                "This program was built with SQLite {}, which can lose commits; build it with 3.51.3 or newer.",
                rusqlite::version()
            )));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut sqlite = Self::open(path, flags)?;
        sqlite.batch(WRITER_CACHE)?;
        // Its statements are all looked up by key: planned once, not again for each value that is bound.
        sqlite
            .connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| map_error("keep plans stable", error))?;
        let mode = sqlite.pragma("journal_mode=wal")?;
        if mode != "wal" {
            return Err(Error::Unusable(format!(
                "The file system of {} does not support the write-ahead log (journal mode is {mode}); \
                 choose a data folder on a local disk with --data-dir.",
                path.display()
            )));
        }
        Ok(sqlite)
    }

    /// Opens the file for reading only.
    pub(super) fn open_reader(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut sqlite = Self::open(path, flags)?;
        sqlite.batch("pragma query_only = on")?;
        Ok(sqlite)
    }

    /// Opens a file that nobody writes and whose log is empty, without leaving a trace beside it.
    pub(super) fn open_still(path: &Path) -> Result<Self> {
        let escaped = path
            .to_string_lossy()
            .replace('%', "%25")
            .replace('?', "%3f")
            .replace('#', "%23");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let uri = format!("file:{escaped}?immutable=1");
        let mut sqlite = Self::open(Path::new(&uri), flags)?;
        sqlite.batch("pragma query_only = on")?;
        Ok(sqlite)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self> {
        let connection = rusqlite::Connection::open_with_flags(path, flags)
            .map_err(|error| map_error("open the database", error))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        group_counts::define(&connection).map_err(|error| map_error("define a function", error))?;
        let mut sqlite = Self { connection };
        for (name, set, expected) in PRAGMAS {
            sqlite.batch(&format!("pragma {name} = {set}"))?;
            let found = sqlite.pragma(name)?;
            if found != expected {
                return Err(Error::Unusable(format!(
                    "SQLite did not take the setting {name} = {set} (it says {found})."
                )));
            }
        }
        Ok(sqlite)
    }

    /// How many pages wait in the log to be put into the database file.
    fn pages_to_checkpoint(&mut self) -> Result<i64> {
        let rows = self.query("pragma wal_checkpoint(noop)", &[])?;
        let row = rows.into_iter().next();
        let mut row = row
            .ok_or_else(|| Error::NoRow("wal_checkpoint".to_owned()))?
            .reader();
        let (_is_busy, in_log, done): (i64, i64, i64) = (row.take()?, row.take()?, row.take()?);
        Ok(in_log - done)
    }

    fn pragma(&mut self, pragma: &str) -> Result<String> {
        let rows = self.query(&format!("pragma {pragma}"), &[])?;
        let value = rows
            .into_iter()
            .next()
            .map(Row::single::<Value>)
            .transpose()?;
        Ok(match value {
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Text(text)) => text,
            _ => String::new(),
        })
    }
}

impl Connection for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| map_error(sql, error))?;
        let changed = statement
            .execute(params_from_iter(parameters.iter()))
            .map_err(|error| map_error(sql, error))?;
        Ok(changed as u64)
    }

    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| map_error(sql, error))?;
        let width = statement.column_count();
        let mut found = Vec::new();
        let mut rows = statement
            .query(params_from_iter(parameters.iter()))
            .map_err(|error| map_error(sql, error))?;
        while let Some(row) = rows.next().map_err(|error| map_error(sql, error))? {
            let values = (0..width)
                .map(|column| row.get_ref(column).map(from_sqlite))
                .collect::<rusqlite::Result<Vec<Value>>>()
                .map_err(|error| map_error(sql, error))?;
            found.push(Row { values });
        }
        Ok(found)
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        // Transaction control is one statement and comes all the time: keep it prepared.
        if sql.len() < 64 && !sql.contains(';') {
            return self.query(sql, &[]).map(|_| ());
        }
        self.connection
            .execute_batch(sql)
            .map_err(|error| map_error(sql, error))
    }

    fn set_limit(&mut self, limit: Option<Limit>) {
        let handler = limit.map(|limit| move || limit.is_reached());
        drop(
            self.connection
                .progress_handler(STEPS_BETWEEN_CHECKS, handler),
        );
    }

    fn is_alive(&self) -> bool {
        true
    }

    fn tidy(&mut self, when: Tidy) -> Result<()> {
        let checkpoint = match when {
            Tidy::Committed if self.pages_to_checkpoint()? < PAGES_TO_CHECKPOINT => return Ok(()),
            Tidy::Committed => "pragma wal_checkpoint(passive)",
            Tidy::Idle => {
                // What a burst of writing left in the cache is given back.
                self.batch("pragma optimize; pragma shrink_memory")?;
                "pragma wal_checkpoint(passive)"
            }
            Tidy::Closing => "pragma wal_checkpoint(truncate)",
        };
        self.batch(checkpoint)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::ToSqlOutput::Borrowed;
        Ok(Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn from_sqlite(value: ValueRef) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

fn map_error(attempted: &str, error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return Error::engine(attempted, error);
    };
    let what = || message.clone().unwrap_or_default();
    match (code.extended_code, code.extended_code & 0xff) {
        (
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID,
            _,
        ) => Error::Unique { what: what() },
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, _) => Error::Reference { what: what() },
        (_, ffi::SQLITE_FULL) => Error::DiskFull,
        (ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC, _) => {
            Error::SyncFailed(error.to_string())
        }
        (_, ffi::SQLITE_IOERR) => {
            Error::DiskFailed(format!("{error} (code {})", code.extended_code))
        }
        (_, ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB) => Error::Damaged(error.to_string()),
        (_, ffi::SQLITE_INTERRUPT) => Error::Deadline,
        (_, ffi::SQLITE_BUSY) => Error::Overloaded,
        _ => Error::engine(attempted, error),
    }
}

/// Where the database file lies in the data folder.
pub fn file_in(data_dir: &Path) -> PathBuf {
    data_dir.join("skep.db")
}
