//! A verified copy of the SQLite database, made while it is in use.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::error::{Error, Result};

/// Pages copied at a time; between two steps others may read and write.
const PAGES_AT_A_TIME: i32 = 1_000;

/// Copies the database `from` to `to`. The copy is written under another name, opened, checked, synced, and
/// only then named `to`.
///
/// # Errors
/// When the copy cannot be written, or does not pass SQLite's integrity check.
pub(super) fn copy_verified(from: &Path, to: &Path) -> Result<()> {
    let part = PathBuf::from(format!("{}.part", to.display()));
    let failed = |error: rusqlite::Error| {
        Error::engine(format!("copy the database to {}", to.display()), error)
    };
    {
        let source =
            Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
        let mut target = Connection::open(&part).map_err(failed)?;
        let backup = Backup::new(&source, &mut target).map_err(failed)?;
        backup
            .run_to_completion(PAGES_AT_A_TIME, Duration::ZERO, None)
            .map_err(failed)?;
    }
    let copy =
        Connection::open_with_flags(&part, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    let verdict: String = copy
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .map_err(failed)?;
    if verdict != "ok" {
        return Err(Error::Unusable(format!(
            "The copy of the database is damaged: {verdict}."
        )));
    }
    drop(copy);
    let renamed = File::open(&part)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&part, to))
        .and_then(|()| {
            to.parent()
                .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        });
    renamed.map_err(|error| Error::engine(format!("name the copy {}", to.display()), error))
}
