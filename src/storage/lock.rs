//! One server for each data folder: a lock file that the operating system releases when the process ends.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::error::{Error, Result};

/// Holds the data folder for this process.
pub struct FolderLock {
    _file: File,
}

/// The file whose lock it is.
pub(super) fn lock_file(data_dir: &Path) -> PathBuf {
    data_dir.join("skep.lock")
}

impl FolderLock {
    /// Takes the folder.
    ///
    /// # Errors
    /// [`Error::Unusable`] with a sentence that says which process has it, or why it cannot be taken.
    pub fn take(data_dir: &Path) -> Result<Self> {
        let path = lock_file(data_dir);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| Error::NotNow(format!("Cannot write {}: {error}.", path.display())))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let mut holder = String::new();
            drop(file.read_to_string(&mut holder));
            let holder = holder.trim();
            let process = if holder.is_empty() {
                String::new()
            } else {
                format!(" (process {holder})")
            };
            return Err(Error::NotNow(format!(
                "Another Skep{process} is using {}; stop it, or choose another folder with --data-dir.",
                data_dir.display()
            )));
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| write!(file, "{}", std::process::id()));
        written
            .map_err(|error| Error::NotNow(format!("Cannot write {}: {error}.", path.display())))?;
        Ok(Self { _file: file })
    }
}
