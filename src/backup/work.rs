//! A folder for what is under way, and the promise that only one backup is under way for a data folder.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::error::{Error, Result};
use super::place::Place;

/// The folder for what is under way, gone when this is dropped.
pub(super) struct Work {
    folder: PathBuf,
    _lock: File,
}

impl Work {
    /// Makes it in the folder of backups, on the disk of the data. What a run left behind that was killed goes first.
    pub(super) fn begin(place: &Place) -> Result<Self> {
        let backups = place.backups();
        place.make_folder(&backups)?;
        let path = backups.join(".lock");
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Error::file("write", &path))?;
        place.give_to_owner(&path)?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Error::Unfit(format!(
                "Another backup of {} is under way; wait until it has ended.",
                place.data_dir.display()
            )));
        }
        let folder = backups.join(".work");
        remove(&folder)?;
        place.make_folder(&folder)?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // The next run takes away what could not be taken away now.
        drop(remove(&self.folder));
    }
}

/// Takes a folder away, if it is there.
pub(super) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("remove", folder)(error))
        }
        _ => Ok(()),
    }
}
