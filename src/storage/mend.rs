//! What mends a database below the seam: the engine's own indexes, and the full-text index from nothing.

use std::path::Path;

use super::connection::Connection as _;
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::lock::FolderLock;
use super::migrations::Object;
use super::replace;
use super::sqlite::{Sqlite, file_in};
use super::transaction::{Queries, WriteTx};
use super::value::{Value, check_parameters};

/// A data folder that nobody else can use while this lives.
pub struct Taken {
    _lock: FolderLock,
    sqlite: Sqlite,
}

impl Taken {
    /// Takes the embedded database of a folder for maintenance; the schema stays what it is.
    ///
    /// # Errors
    /// A whole sentence when a server uses it.
    pub fn take(data_dir: &Path) -> Result<Self> {
        let lock = FolderLock::take(data_dir)?;
        if replace::is_pending(data_dir) {
            return Err(Error::Unusable(format!(
                "A restore into {} was interrupted; start the server, which finishes it, and mend then.",
                data_dir.display()
            )));
        }
        let sqlite = Sqlite::open_writer(&file_in(data_dir))?;
        Ok(Self {
            _lock: lock,
            sqlite,
        })
    }

    /// Runs one statement; returns the number of rows it changed.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        check_parameters(parameters)?;
        self.sqlite.execute(sql, parameters)
    }

    /// Makes an index again that is not there any more.
    ///
    /// # Errors
    /// When two rows have what only one may have.
    pub fn make(&mut self, object: &Object) -> Result<()> {
        self.sqlite.batch(&object.sql)
    }

    /// Makes all indexes anew from their tables. SQLite does it in one transaction.
    ///
    /// # Errors
    /// When a table itself can't be read, or two rows have what only one may have: nothing was changed then.
    pub fn rebuild_indexes(&mut self) -> Result<()> {
        self.sqlite.batch("reindex")
    }
}

/// Empties the full-text index and its table, so that all can be put in anew. For an index that is broken in itself.
///
/// # Errors
/// Only those of the engine.
pub fn full_text_from_nothing(tx: &WriteTx) -> Result<()> {
    tx.derive("delete from full_text", &[])?;
    match tx.dialect() {
        Dialect::Sqlite => {
            tx.derive(
                "insert into full_text_pieces (full_text_pieces) values ('delete-all')",
                &[],
            )?;
            tx.derive(
                "insert into full_text_index (full_text_index) values ('delete-all')",
                &[],
            )?
        }
        Dialect::Postgres => tx.derive("delete from full_text_index", &[])?,
    };
    Ok(())
}
