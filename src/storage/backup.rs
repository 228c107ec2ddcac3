//! A copy of one moment of the SQLite database, made while it is in use by this process or another.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::error::{Error, Result};
use super::syncing::Syncing;

/// Pages copied at a time; between two steps the caller is told, and may pause.
const PAGES_AT_A_TIME: i32 = 1_000;
/// How long to wait for a lock that somebody else holds.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Copies one moment of the database `from` to the new file `to`, which is not checked. After each step `step` is told
/// how many bytes of how many are done; an error of it ends the copying.
///
/// # Errors
/// When the database cannot be read, or the copy cannot be written; then there may be a part of it.
pub fn copy_moment<E: From<Error>>(
    from: &Path,
    to: &Path,
    mut step: impl FnMut(u64, u64) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let failed = |error: rusqlite::Error| copy_failed(to, error);
    let source =
        Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    source.busy_timeout(WAIT_MAX).map_err(failed)?;
    // One snapshot from the first step to the last: without it, every write of another process would start the copy anew.
    source
        .execute_batch("begin; select count(*) from sqlite_schema")
        .map_err(failed)?;
    let page_bytes: u32 = source
        .query_row("pragma page_size", [], |row| row.get(0))
        .map_err(failed)?;
    let mut target = Connection::open(to).map_err(failed)?;
    // Nobody uses a copy that was not finished, so it needs no journal; it is synced here.
    target
        .execute_batch("pragma journal_mode = off; pragma synchronous = off")
        .map_err(failed)?;
    let file = File::open(to).map_err(|error| copy_failed(to, error))?;
    let mut syncing = Syncing::of(file);
    {
        let backup = Backup::new(&source, &mut target).map_err(failed)?;
        loop {
            let outcome = backup.step(PAGES_AT_A_TIME).map_err(failed)?;
            let progress = backup.progress();
            let bytes = |pages: i32| u64::try_from(pages).unwrap_or(0) * u64::from(page_bytes);
            let done = bytes(progress.pagecount - progress.remaining);
            syncing.reach(done);
            step(done, bytes(progress.pagecount))?;
            match outcome {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }
    target.close().map_err(|(_, error)| failed(error))?;
    syncing.finish().map_err(|error| copy_failed(to, error))?;
    Ok(())
}

/// Copies the database `from` to `to`. The copy is written under another name, opened, checked, synced, and
/// only then named `to`.
///
/// # Errors
/// When the copy cannot be written, or does not pass SQLite's integrity check.
pub(super) fn copy_verified(from: &Path, to: &Path) -> Result<()> {
    let part = PathBuf::from(format!("{}.part", to.display()));
    let failed = |error: rusqlite::Error| copy_failed(to, error);
    // What an earlier attempt left is not to be added to.
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(copy_failed(to, error));
        }
        _ => {}
    }
    copy_moment(from, &part, |_, _| Ok::<(), Error>(()))?;
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
    let renamed = std::fs::rename(&part, to).and_then(|()| {
        to.parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    });
    renamed.map_err(|error| copy_failed(to, error))
}

fn copy_failed(to: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::engine(format!("copy the database to {}", to.display()), error)
}
