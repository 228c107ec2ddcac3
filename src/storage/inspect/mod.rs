//! A look at a database that may be another process's: nothing is written, no lock is taken, no schema is migrated.
//!
//! Beside a running server it reads what the server has committed; of a database that nobody uses it leaves no trace,
//! not even the files that reading a write-ahead log would make.

mod checks;
mod damage;
mod files;
mod in_use;
mod objects;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rustix::fs::{Access, access};

pub use checks::{
    Depth, Disagreement, FullTextIndex, Orphans, full_text_disagreement, full_text_indexes,
    integrity, is_not_indexed, orphans, page_checksums, standbys,
};
pub use damage::{is_damage, is_only_of_indexes};
pub use files::{database_file, wal_bytes};
pub use in_use::server_process;
pub use objects::missing_objects;

use super::connection::{Connection, Limit};
use super::db::Location;
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::postgres::Postgres;
use super::sqlite::{Sqlite, file_in};
use super::transaction::Queries;
use super::value::{Row, Value, check_parameters};

/// How long PostgreSQL may take for one statement of an inspection that has no limit of its own: for ever.
const NO_LIMIT_MS: u64 = 0;

/// A connection that can only read, outside of the pools of a server.
pub struct Inspection {
    connection: RefCell<Box<dyn Connection>>,
    deadline: Option<Instant>,
}

impl Inspection {
    /// Opens the database as it lies there. After `time_max` in all, a statement is stopped with [`Error::Deadline`].
    ///
    /// # Errors
    /// [`Error::Unusable`] with a whole sentence when there is none or it can't be reached, another error when what
    /// is there is no database.
    pub fn open(location: &Location, time_max: Option<Duration>) -> Result<Self> {
        let connection: Box<dyn Connection> = match location {
            Location::Embedded { data_dir } => Box::new(open_embedded(data_dir)?),
            Location::Postgres { url } => {
                let time_max_ms = time_max.map_or(NO_LIMIT_MS, |time| {
                    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
                });
                let mut postgres = Postgres::connect(url, time_max_ms)?;
                postgres.batch("set session characteristics as transaction read only")?;
                Box::new(postgres)
            }
        };
        Ok(Self {
            connection: RefCell::new(connection),
            deadline: time_max.map(|time| Instant::now() + time),
        })
    }
}

impl Queries for Inspection {
    fn dialect(&self) -> Dialect {
        self.connection.borrow().dialect()
    }

    fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        check_parameters(parameters)?;
        let mut connection = self.connection.borrow_mut();
        connection.set_limit(self.deadline.map(|deadline| Limit {
            deadline,
            abandoned: Arc::new(AtomicBool::new(false)),
        }));
        let rows = connection.query(sql, parameters);
        connection.set_limit(None);
        rows
    }
}

fn open_embedded(data_dir: &Path) -> Result<Sqlite> {
    let file = file_in(data_dir);
    // Not opened to see whether it is there: closing it again would drop the locks of a server in this very process.
    let there = std::fs::metadata(&file).and_then(|found| {
        access(&file, Access::READ_OK)?;
        Ok(found.len())
    });
    match there {
        Ok(1..) => {}
        Ok(0) => {
            return Err(Error::Unusable(format!("{} is empty.", file.display())));
        }
        Err(error) => {
            return Err(Error::Unusable(format!(
                "Cannot read {}: {error}.",
                file.display()
            )));
        }
    }
    if in_use::is_used(data_dir) || files::is_waiting(data_dir) {
        Sqlite::open_reader(&file)
    } else {
        Sqlite::open_still(&file)
    }
}
