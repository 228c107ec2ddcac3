//! Making a backup.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::storage::{backup, file_in, postgres_tools, snapshot, usable_schema};

use super::archive::{Lock, POSTGRES, Packer, SQLITE};
use super::attachments::{self, Attachment};
use super::contents::Contents;
use super::error::{Error, Result};
use super::manifest::{About, Engine, FORMAT, Manifest};
use super::master_key;
use super::place::{Place, require_room, sync_folder};
use super::progress::{Meter, Stage};
use super::retention::{self, Keep};
use super::state::{self, LastBackup, LastVerify};
use super::store;
use super::trial::{Verified, absolute, bytes_of, read_back};
use super::work::Work;

/// Where a backup goes.
#[derive(Debug, Clone)]
pub enum Target {
    /// This file, which must not be there yet.
    File(PathBuf),
    /// A file in this folder, named after its time; older ones go if `keep` says so.
    Folder { folder: PathBuf, keep: Option<Keep> },
}

/// A backup that was made, checked and read back.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The archive.
    pub file: PathBuf,
    /// What is in it.
    pub verified: Verified,
    /// How long it took.
    pub times: Times,
    /// Older backups that went.
    pub removed: Vec<PathBuf>,
}

/// How long the steps of a backup took. Packing and checking are done at the same time, and so is reading back.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The database is copied at one moment.
    pub copying: Duration,
    /// The archive is written.
    pub packing: Duration,
    /// The copy of the database is opened and checked.
    pub checking: Duration,
    /// From the beginning until everything is written and read back.
    pub all: Duration,
}

/// Makes a backup of `place`, also beside a running server: copies, packs the copy while it is checked and what was packed is
/// read back, puts it onto the disk, and only then gives it its name. `lock` encrypts it. What came of it is noted in the state.
///
/// # Errors
/// When there is no good backup; nothing is left of the attempt, and no older one is touched.
pub fn take(
    place: &Place,
    target: &Target,
    lock: Option<&Lock>,
    now_ms: i64,
    meter: &mut Meter,
) -> Result<Taken> {
    let file = match target {
        Target::File(file) => file.clone(),
        Target::Folder { folder, .. } => folder.join(retention::name(now_ms, lock.is_some())),
    };
    let outcome = make(place, target, &file, lock, now_ms, meter);
    let (ok, bytes, message) = match &outcome {
        Ok((verified, _)) => (true, verified.bytes, verified.summary()),
        Err(error) => (false, 0, error.to_string()),
    };
    // A data folder that is not there has no state either.
    if place.data_dir.is_dir() {
        state::note_backup(
            place,
            LastBackup {
                at: now_ms,
                file: absolute(&file),
                bytes,
                ok,
                message: message.clone(),
            },
        )?;
    }
    let (verified, times) = outcome?;
    state::note_verify(
        place,
        LastVerify {
            at: now_ms,
            file: absolute(&file),
            ok,
            message,
        },
    )?;
    let removed = match target {
        Target::Folder {
            folder,
            keep: Some(keep),
        } => rotate(folder, *keep)?,
        _ => Vec::new(),
    };
    Ok(Taken {
        file,
        verified,
        times,
        removed,
    })
}

fn make(
    place: &Place,
    target: &Target,
    file: &Path,
    lock: Option<&Lock>,
    now_ms: i64,
    meter: &mut Meter,
) -> Result<(Verified, Times)> {
    // Before anything is written: that there is something to copy.
    drop(snapshot::of(&place.location())?);
    if let Target::Folder { folder, .. } = target {
        place.make_folder_for_backups(folder)?;
    }
    if file.exists() {
        return Err(Error::Unfit(format!(
            "{} is there already; a backup replaces nothing, choose another name.",
            file.display()
        )));
    }
    let work = Work::begin(place)?;
    let part = PathBuf::from(format!("{}.part", file.display()));
    remove_file(&part)?;
    let outcome = pack(place, &work, &part, lock, now_ms, meter).and_then(|taken| {
        place.give_to_owner_if_below(&part)?;
        // Linking refuses what renaming would replace, if somebody was quicker.
        fs::hard_link(&part, file)
            .and_then(|()| fs::remove_file(&part))
            .or_else(|_| {
                if file.exists() {
                    Err(exists())
                } else {
                    fs::rename(&part, file)
                }
            })
            .map_err(Error::file("name", file))?;
        sync_folder(folder_of(file))?;
        Ok(taken)
    });
    if outcome.is_err() {
        remove_file(&part)?;
    }
    outcome
}

fn exists() -> std::io::Error {
    std::io::ErrorKind::AlreadyExists.into()
}

/// Writes the archive. While the copy of the database is packed, two others are at work: one opens it and checks it as one
/// that is restored would be, and one reads the archive back, close behind the writing. The bytes that come out of it are
/// those that were checked, as their hash says.
fn pack(
    place: &Place,
    work: &Work,
    part: &Path,
    lock: Option<&Lock>,
    now_ms: i64,
    meter: &mut Meter,
) -> Result<(Verified, Times)> {
    let began = Instant::now();
    let copies = work.folder().join("copy");
    place.make_folder(&copies)?;
    let copy = copy_database(place, &copies, meter)?;
    let copying = began.elapsed();
    // After the database: what its rows name was there before them.
    let attachments = attachments::list(place)?;
    let master_key = master_key::of(place)?;
    let held_key = master_key.as_ref().filter(|_| lock.is_some());
    let attachment_bytes: u64 = attachments.iter().map(|attachment| attachment.bytes).sum();
    let about = About {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: copy.schema,
        engine: copy.engine,
        created_at: now_ms,
        bytes: copy.bytes + attachment_bytes + held_key.map_or(0, |key| key.len() as u64),
        master_key_fingerprint: master_key.as_deref().map(master_key::fingerprint),
        holds_master_key: held_key.is_some(),
    };
    meter.begin(Stage::Packing, about.bytes);
    let (lock, key) = lock.map(Lock::with_key).unzip();
    std::thread::scope(|scope| {
        let check = scope.spawn(|| timed(|| copy.check(place)));
        // It goes away with an error in here, and then nobody waits for more of it.
        let (mut packer, following) = Packer::create(part, about.clone(), lock.as_ref())?;
        let reading = scope.spawn(|| read_back(part, following, key.as_ref()));
        let (packed, packing) = timed(|| {
            let database = File::open(&copy.file).map_err(Error::file("read", &copy.file))?;
            packer.add_file(copy.name(), &copy.file, database, copy.bytes, meter)?;
            let damaged = add_attachments(&mut packer, place, &attachments, meter)?;
            if let Some(key) = held_key {
                packer.add_bytes(master_key::NAME, key.as_bytes())?;
            }
            Ok(damaged)
        });
        let damaged_attachments = packed?;
        let (contents, checking) = joined(check);
        let contents = contents?;
        let manifest = Manifest {
            about,
            parts: packer.parts().to_vec(),
            rows: contents.rows,
            audit_head: contents.audit_head,
            damaged_attachments,
        };
        let (finished, finishing) = timed(|| packer.finish(&manifest));
        finished?;
        if joined(reading)? != manifest {
            return Err(Error::damaged(
                part,
                "it says something else than was written",
            ));
        }
        let verified = Verified {
            manifest,
            bytes: bytes_of(part)?,
            is_restored: false,
        };
        let times = Times {
            copying,
            packing: packing + finishing,
            checking,
            all: began.elapsed(),
        };
        Ok((verified, times))
    })
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> (Result<T>, Duration) {
    let began = Instant::now();
    (work(), began.elapsed())
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Adds the files; gives the names of those that are damaged already.
fn add_attachments(
    packer: &mut Packer,
    place: &Place,
    attachments: &[Attachment],
    meter: &mut Meter,
) -> Result<Vec<String>> {
    let mut damaged = Vec::new();
    for attachment in attachments {
        let Some(file) = attachment.open(place)? else {
            continue;
        };
        let hash = packer.add_file(
            &attachment.name,
            &attachment.place(),
            file,
            attachment.bytes,
            meter,
        )?;
        if attachments::hash_in(&attachment.name) != Some(hash.as_str()) {
            damaged.push(attachment.name.clone());
        }
    }
    Ok(damaged)
}

/// The database at one moment.
struct Copy {
    engine: Engine,
    file: PathBuf,
    bytes: u64,
    schema: i64,
    /// What it must hold, as far as it was asked where it was copied from.
    expected: Option<Contents>,
}

impl Copy {
    /// Its name in the archive.
    fn name(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        }
    }

    /// Whether it is whole, and what it holds.
    fn check(&self, place: &Place) -> Result<Contents> {
        let found = match self.engine {
            Engine::Sqlite => Contents::of_sound_file(&self.file),
            Engine::Postgres => Contents::of_dump(&self.file),
        };
        // The copy is as good as what it was made from.
        let found = found.map_err(|error| match error {
            Error::Damaged { why, .. } => Error::Unfit(format!(
                "There is no use in a backup of {}: {why}. Ask skep doctor.",
                place.data_dir.display()
            )),
            other => other,
        })?;
        let expected = self.expected.as_ref();
        match expected.and_then(|expected| found.difference_from(expected)) {
            Some(difference) => Err(Error::Unfit(format!(
                "The copy of the database is not what it was made from: {difference}."
            ))),
            None => Ok(found),
        }
    }
}

fn copy_database(place: &Place, into: &Path, meter: &mut Meter) -> Result<Copy> {
    let (engine, file, schema, expected) = if let Some(url) = &place.postgres {
        let file = into.join("skep.pgdump");
        let tx = snapshot::of(&place.location())?;
        meter.begin(Stage::Copying, 0);
        postgres_tools::dump(url, &snapshot::export(&tx)?, &file)?;
        let contents = store::contents(&tx)?;
        (Engine::Postgres, file, contents.schema, Some(contents))
    } else {
        let from = file_in(&place.data_dir);
        let file = into.join("skep.db");
        let bytes = fs::metadata(&from)
            .map_err(Error::file("read", &from))?
            .len();
        // The copy, and beside it the archive, which is smaller.
        require_room(into, bytes + bytes / 2)?;
        meter.begin(Stage::Copying, bytes);
        backup::copy_moment(&from, &file, |done, _of| {
            meter.reach(done);
            Ok::<(), Error>(())
        })?;
        let schema = usable_schema(&snapshot::of_file(&file)?)?;
        (Engine::Sqlite, file, schema, None)
    };
    let bytes = fs::metadata(&file)
        .map_err(Error::file("read", &file))?
        .len();
    Ok(Copy {
        engine,
        file,
        bytes,
        schema,
        expected,
    })
}

/// Takes away the backups of the folder that need not be kept.
fn rotate(folder: &Path, keep: Keep) -> Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::file("read", folder))? {
        let entry = entry.map_err(Error::file("read", folder))?;
        names.extend(entry.file_name().into_string());
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut removed = Vec::new();
    for name in retention::superfluous(&names, keep) {
        let file = folder.join(name);
        remove_file(&file)?;
        removed.push(file);
    }
    sync_folder(folder)?;
    Ok(removed)
}

fn remove_file(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("remove", file)(error))
        }
        _ => Ok(()),
    }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
