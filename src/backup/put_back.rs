//! Putting a backup in the place of the data that is there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::storage::replace::REPLACED;
use crate::storage::{FolderLock, postgres_tools, replace, snapshot};

use super::archive::{self, Key, POSTGRES, SQLITE};
use super::error::{Error, Result};
use super::manifest::{Engine, Manifest};
use super::master_key;
use super::place::{ATTACHMENTS, Place, sync_folder};
use super::progress::{Meter, Stage};
use super::trial::on_trial;
use super::work::remove;

/// The files that belong to the embedded database.
const DATABASE: [&str; 3] = ["skep.db-wal", "skep.db-shm", "skep.db"];

/// A backup that is in force.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What is in it.
    pub manifest: Manifest,
    /// The folder that holds what was there before; nothing if nothing was.
    pub replaced: Option<PathBuf>,
    /// What the person must know or do before the first start.
    pub advice: Vec<String>,
}

/// Puts the archive in the place of what is in `place`, in one step: whenever it is cut off, the old data or the new is in
/// force. It is restored for a trial first. What was there is kept beside it. An older schema is brought up to date by the next
/// start of the server.
///
/// # Errors
/// When the archive is no good or does not fit, or a server uses the data; then the old data is in force.
pub fn restore(
    archive: &Path,
    key: Option<&Key>,
    place: &Place,
    now_ms: i64,
    meter: &mut Meter,
) -> Result<Restored> {
    let about = archive::read_about(archive, key)?;
    match (about.engine, &place.postgres) {
        (Engine::Postgres, None) => {
            return Err(Error::Unfit(format!(
                "The backup {} is of a PostgreSQL database: say with --database into which one it goes.",
                archive.display()
            )));
        }
        (Engine::Sqlite, Some(_)) => {
            return Err(Error::Unfit(format!(
                "The backup {} is of an embedded database and cannot go into PostgreSQL: leave --database out.",
                archive.display()
            )));
        }
        _ => {}
    }
    place.make_folder(&place.data_dir)?;
    let lock = FolderLock::take(&place.data_dir)?;
    if let Some(url) = &place.postgres {
        refuse_others(url)?;
    }
    let names = Names::at(now_ms, &place.data_dir);
    sweep(&place.data_dir)?;
    let staged = place.data_dir.join(&names.staged);
    let outcome = on_trial(archive, key, &staged, meter).and_then(|verified| {
        meter.begin(Stage::Replacing, 0);
        stage(place, &staged)?;
        let brings_key = staged.join(master_key::NAME).exists();
        let had_key = place.data_dir.join(master_key::NAME).exists();
        match &place.postgres {
            Some(url) => put_into_postgres(place, url, &lock, &names)?,
            None => put_into_folder(place, &lock, &names)?,
        }
        if brings_key {
            let replaced = place.data_dir.join(&names.replaced);
            master_key::put_where_it_belongs(place, &replaced, had_key)?;
        }
        Ok(verified.manifest)
    });
    // After the step there is nothing of value in it, and before it only what the archive still has.
    if !replace::is_pending(&place.data_dir) {
        remove(&staged)?;
    }
    let manifest = outcome?;
    let replaced = place.data_dir.join(&names.replaced);
    let is_empty = fs::read_dir(&replaced).map_or(true, |mut entries| entries.next().is_none());
    if is_empty {
        remove(&replaced)?;
    } else {
        place.give_to_owner(&replaced)?;
    }
    Ok(Restored {
        advice: master_key::advice(&manifest.about, place)?
            .into_iter()
            .chain(place.bucket.as_ref().map(|bucket| {
                format!(
                    "The next start moves the attachments into the bucket {}.",
                    bucket.title()
                )
            }))
            .collect(),
        replaced: (!is_empty).then_some(replaced),
        manifest,
    })
}

/// The folders of one restore, in the data folder.
struct Names {
    staged: String,
    replaced: String,
}

/// What the folders of interrupted attempts begin with.
const STAGED: &str = "skep.restoring-";

impl Names {
    fn at(now_ms: i64, data_dir: &Path) -> Self {
        let date = Timestamp::from_millisecond(now_ms)
            .unwrap_or_default()
            .strftime("%Y-%m-%dT%H%M%SZ")
            .to_string();
        let mut replaced = format!("{REPLACED}{date}");
        let mut number = 1;
        while data_dir.join(&replaced).exists() {
            number += 1;
            replaced = format!("{REPLACED}{date}-{number}");
        }
        Self {
            staged: format!("{STAGED}{date}"),
            replaced,
        }
    }
}

/// Takes away what attempts left that were cut off before their step. Those after it were finished with the lock.
fn sweep(data_dir: &Path) -> Result<()> {
    replace::finish(data_dir)?;
    for entry in fs::read_dir(data_dir).map_err(Error::file("read", data_dir))? {
        let entry = entry.map_err(Error::file("read", data_dir))?;
        if entry.file_name().to_string_lossy().starts_with(STAGED) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Makes what was unpacked look like a data folder, all of it on the disk.
fn stage(place: &Place, staged: &Path) -> Result<()> {
    for name in [SQLITE, POSTGRES] {
        let from = staged.join(name);
        let to = staged.join(name.rsplit('/').next().unwrap_or(name));
        if from.exists() {
            fs::rename(&from, &to).map_err(Error::file("move", &from))?;
        }
    }
    // The trial's own files of the database go with the folder.
    remove(&staged.join("database"))?;
    let mut folders = vec![staged.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::file("read", &folder))? {
            let path = entry.map_err(Error::file("read", &folder))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            place.give_to_owner(&path)?;
            File::open(&path)
                .and_then(|file| file.sync_all())
                .map_err(Error::file("sync", &path))?;
        }
        place.give_to_owner(&folder)?;
        sync_folder(&folder)?;
    }
    Ok(())
}

fn put_into_folder(place: &Place, lock: &FolderLock, names: &Names) -> Result<()> {
    let mut entries = DATABASE.to_vec();
    entries.push(ATTACHMENTS);
    entries.extend(key_if_staged(place, names));
    replace::replace(
        &place.data_dir,
        lock,
        &names.staged,
        &names.replaced,
        &entries,
    )?;
    Ok(())
}

/// The master key is replaced only by another one: an archive without it leaves the one that is there.
fn key_if_staged(place: &Place, names: &Names) -> Option<&'static str> {
    let staged = place.data_dir.join(&names.staged).join(master_key::NAME);
    staged.exists().then_some(master_key::NAME)
}

/// Files first: until the database is replaced, which is one transaction, those that only the new one names do no harm.
fn put_into_postgres(place: &Place, url: &str, lock: &FolderLock, names: &Names) -> Result<()> {
    let staged = place.data_dir.join(&names.staged);
    let replaced = place.data_dir.join(&names.replaced);
    place.make_folder(&replaced)?;
    let tx = snapshot::of(&place.location())?;
    postgres_tools::dump(url, &snapshot::export(&tx)?, &replaced.join("skep.pgdump"))?;
    drop(tx);
    add_missing(
        place,
        &staged.join(ATTACHMENTS),
        &place.data_dir.join(ATTACHMENTS),
    )?;
    let dump = staged.join("skep.pgdump");
    postgres_tools::restore(url, &dump)?;
    if let Some(key) = key_if_staged(place, names) {
        replace::replace(
            &place.data_dir,
            lock,
            &names.staged,
            &names.replaced,
            &[key],
        )?;
    }
    Ok(())
}

/// Moves the files of a folder that another one has not; what has the same name has the same content.
fn add_missing(place: &Place, from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    place.make_folder(to)?;
    for entry in fs::read_dir(from).map_err(Error::file("read", from))? {
        let entry = entry.map_err(Error::file("read", from))?;
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if here.is_dir() {
            add_missing(place, &here, &there)?;
        } else {
            fs::rename(&here, &there).map_err(Error::file("move", &here))?;
        }
    }
    sync_folder(to)
}

fn refuse_others(url: &str) -> Result<()> {
    let others = postgres_tools::others_connected(url)?;
    if others > 0 {
        return Err(Error::Unfit(format!(
            "{others} others are connected to the PostgreSQL database: stop the server, and whatever else uses it."
        )));
    }
    Ok(())
}
