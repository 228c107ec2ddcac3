//! Where an installation has its data: what is copied, and what a copy is put back to.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::login::secret_box::MASTER_KEY_FILE;
use crate::storage::Location;
use crate::storage::blobs::Bucket;

use super::error::{Error, Result};

/// The folder of the files that rows of the database name by their hash.
pub(super) const ATTACHMENTS: &str = "attachments";
/// The folder of the state, of what is under way, and of the backups of the timer.
const BACKUPS: &str = "backups";

/// Where an installation has its data.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its data folder.
    pub data_dir: PathBuf,
    /// The URL of its PostgreSQL database, if it uses one.
    pub postgres: Option<String>,
    /// The master key, if the settings give it; else it is in its file.
    pub master_key: Option<String>,
    /// The file of the master key, where it is not kept with the data: the installer puts it among the settings.
    pub installed_key: Option<PathBuf>,
    /// The bucket of its files, if they are not in its data folder.
    pub bucket: Option<Bucket>,
}

impl Place {
    pub(super) fn location(&self) -> Location {
        match &self.postgres {
            Some(url) => Location::Postgres { url: url.clone() },
            None => Location::Embedded {
                data_dir: self.data_dir.clone(),
            },
        }
    }

    /// The folder of backups and of their state.
    pub fn backups(&self) -> PathBuf {
        self.data_dir.join(BACKUPS)
    }

    /// The file of the master key; it need not be there.
    pub fn key_file(&self) -> PathBuf {
        self.installed_key
            .clone()
            .unwrap_or_else(|| self.data_dir.join(MASTER_KEY_FILE))
    }

    /// Makes a folder below the data folder, for nobody else's eyes.
    pub(super) fn make_folder(&self, folder: &Path) -> Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(Error::file("make", folder))?;
        self.give_to_owner(folder)
    }

    /// Makes the folder that backups go to, if it is not there; one below the data folder for nobody else's eyes.
    pub(super) fn make_folder_for_backups(&self, folder: &Path) -> Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if self.is_below(folder) {
            return self.make_folder(folder);
        }
        fs::create_dir_all(folder).map_err(Error::file("make", folder))
    }

    /// What lies in the data folder belongs to whom the data folder belongs to; elsewhere it is whoever made it.
    pub(super) fn give_to_owner_if_below(&self, path: &Path) -> Result<()> {
        if self.is_below(path) {
            self.give_to_owner(path)
        } else {
            Ok(())
        }
    }

    fn is_below(&self, path: &Path) -> bool {
        path.starts_with(&self.data_dir)
    }

    /// Root writes for the account that the data folder belongs to: the server must be able to use what comes of it.
    pub(super) fn give_to_owner(&self, path: &Path) -> Result<()> {
        use std::os::unix::fs::{MetadataExt, lchown};
        let of = fs::metadata(&self.data_dir).map_err(Error::file("read", &self.data_dir))?;
        let now = fs::symlink_metadata(path).map_err(Error::file("read", path))?;
        if (of.uid(), of.gid()) == (now.uid(), now.gid()) || !rustix::process::geteuid().is_root() {
            return Ok(());
        }
        lchown(path, Some(of.uid()), Some(of.gid())).map_err(Error::file("give away", path))
    }
}

/// Puts what is in a folder (which names it has) onto the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::file("sync", folder))
}

/// Refuses when the disk of `folder` has less room than `needed`.
pub(super) fn require_room(folder: &Path, needed: u64) -> Result<()> {
    let disk = rustix::fs::statvfs(folder)
        .map_err(|error| Error::file("look at", folder)(error.into()))?;
    let free = disk.f_bavail * disk.f_frsize;
    if free < needed {
        return Err(Error::NoRoom {
            path: folder.to_owned(),
            needed,
            free,
        });
    }
    Ok(())
}
