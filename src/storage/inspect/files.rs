//! The files of the embedded database, without opening them.

use std::path::{Path, PathBuf};

use crate::storage::sqlite::file_in;

/// The file of the embedded database.
pub fn database_file(data_dir: &Path) -> PathBuf {
    file_in(data_dir)
}

/// The size of the write-ahead log; nothing where there is none.
pub fn wal_bytes(data_dir: &Path) -> Option<u64> {
    let log = file_in(data_dir).with_extension("db-wal");
    std::fs::metadata(log).ok().map(|file| file.len())
}

/// Whether something is in the log that a reader has to know.
pub(super) fn is_waiting(data_dir: &Path) -> bool {
    wal_bytes(data_dir).is_some_and(|bytes| bytes > 0)
}
