//! Restoring a backup into a temporary folder, to see whether it can be: only then is it one.

use std::fs;
use std::path::{Path, PathBuf};

use super::archive::{Following, Key, database_in, read_through, unpack};
use super::contents::Contents;
use super::error::{Error, Result};
use super::manifest::{Engine, Manifest};
use super::place::Place;
use super::progress::{Meter, Quiet};
use super::state::{self, LastVerify};
use super::work::Work;

/// A backup that was read to its end, and whose database was checked.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What is in it.
    pub manifest: Manifest,
    /// The size of the archive.
    pub bytes: u64,
    /// Whether it was unpacked for that; else its database was checked before it was packed.
    pub is_restored: bool,
}

/// Restores the archive into a temporary folder of the installation, compares hashes, counts and the end of the audit trail,
/// and notes in the state what came of it.
///
/// # Errors
/// When the archive is no good, or cannot be read.
pub fn verify(
    archive: &Path,
    key: Option<&Key>,
    place: &Place,
    now_ms: i64,
    meter: &mut Meter,
) -> Result<Verified> {
    place.make_folder(&place.data_dir)?;
    let work = Work::begin(place)?;
    let outcome = on_trial(archive, key, &work.folder().join("trial"), meter);
    drop(work);
    let (ok, message) = match &outcome {
        Ok(verified) => (true, verified.summary()),
        Err(error) => (false, error.to_string()),
    };
    state::note_verify(
        place,
        LastVerify {
            at: now_ms,
            file: absolute(archive),
            ok,
            message,
        },
    )?;
    outcome
}

impl Verified {
    /// What was done to see that it is good, and what is in it, in one sentence.
    pub fn summary(&self) -> String {
        let manifest = &self.manifest;
        let done = if self.is_restored {
            "Test-restored"
        } else {
            "Checked and read back"
        };
        let rows: u64 = manifest.rows.values().sum();
        let attachments = manifest
            .parts
            .iter()
            .filter(|part| part.name.starts_with("attachments/"))
            .count();
        let head = manifest
            .audit_head
            .as_ref()
            .map_or_else(|| "none".to_owned(), |head| head.id.to_string());
        let damaged = match manifest.damaged_attachments.len() {
            0 => String::new(),
            count => format!(" ({count} damaged already where they were copied from)"),
        };
        format!(
            "{done}: {rows} rows in {} tables, {attachments} attachments{damaged}, last audit record {head}.",
            manifest.rows.len()
        )
    }
}

/// Reads the new archive to its end while it is written, as a restore would, without keeping anything: what comes out of it
/// is what was packed, and that was opened and checked.
pub(super) fn read_back(
    archive: &Path,
    following: Following,
    key: Option<&Key>,
) -> Result<Manifest> {
    // No faster than it is written.
    read_through(archive, following, key, &mut Meter::new(&mut Quiet, None))
}

pub(super) fn bytes_of(archive: &Path) -> Result<u64> {
    let facts = fs::metadata(archive).map_err(Error::file("read", archive))?;
    Ok(facts.len())
}

/// Unpacks the archive into the new folder `into` and looks at what is there; leaves it there.
pub(super) fn on_trial(
    archive: &Path,
    key: Option<&Key>,
    into: &Path,
    meter: &mut Meter,
) -> Result<Verified> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .mode(0o700)
        .create(into)
        .map_err(Error::file("make", into))?;
    let manifest = unpack(archive, key, into, meter)?;
    let database = database_in(into, manifest.about.engine);
    if !database.exists() {
        return Err(Error::damaged(archive, "it has no database"));
    }
    let found = match manifest.about.engine {
        Engine::Sqlite => Contents::of_sound_file(&database),
        Engine::Postgres => Contents::of_dump(&database),
    };
    let found = found.map_err(|error| of_archive(archive, error))?;
    if let Some(difference) = found.difference_from(&Contents::promised_by(&manifest)) {
        return Err(Error::damaged(archive, difference));
    }
    Ok(Verified {
        manifest,
        bytes: bytes_of(archive)?,
        is_restored: true,
    })
}

/// What is wrong with the unpacked copy is wrong with the archive.
fn of_archive(archive: &Path, error: Error) -> Error {
    match error {
        Error::Damaged { why, .. } => Error::damaged(archive, why),
        other => other,
    }
}

/// The path for those who read the state from another folder.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
