//! How each deed is undone: remembered before it is done, performed in the opposite order.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use super::account;
use super::command;
use crate::machine::Root;
use crate::machine::installation::write_whole;
use crate::storage::exchange;

/// One thing to do to have it as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Undo {
    /// A file or link that was not there.
    RemoveFile(PathBuf),
    /// A file that was other.
    PutBack(Kept),
    /// A link that led elsewhere.
    Link { path: PathBuf, target: PathBuf },
    /// A folder that was not there, with what has come to be in it meanwhile.
    RemoveFolder(PathBuf),
    /// A folder that was empty.
    EmptyFolder(PathBuf),
    /// A database that a new program may have changed, after it made this copy.
    PutDatabaseBack {
        data_dir: PathBuf,
        copy: PathBuf,
        user: u32,
        group: u32,
    },
    /// A folder that belonged to somebody else or was more open.
    Permit {
        path: PathBuf,
        mode: u32,
        user: u32,
        group: u32,
    },
    /// The account.
    RemoveAccount,
    /// A command of the service manager.
    Systemctl(Vec<String>),
}

/// A file as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    path: PathBuf,
    bytes: Vec<u8>,
    mode: u32,
    user: u32,
    group: u32,
}

impl Kept {
    /// Keeps the file at `path` in memory.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        Ok(Self {
            path: path.to_owned(),
            bytes: fs::read(path)?,
            mode: metadata.permissions().mode() & 0o7777,
            user: metadata.uid(),
            group: metadata.gid(),
        })
    }
}

impl Kept {
    /// Whether it is the file at `path`.
    pub(super) fn is_of(&self, path: &Path) -> bool {
        self.path == path
    }
}

impl Undo {
    /// Does it. What is already as it should be is no error.
    pub(super) fn perform(&self) -> Result<(), String> {
        let of_disk = match self {
            Self::RemoveFile(path) => missing_is_well(fs::remove_file(path)),
            Self::PutBack(kept) => write_whole(&kept.path, &kept.bytes, kept.mode)
                .and_then(|()| chown(&kept.path, Some(kept.user), Some(kept.group))),
            Self::Link { path, target } => place_link(path, target),
            Self::RemoveFolder(path) => missing_is_well(fs::remove_dir_all(path)),
            Self::Permit {
                path,
                mode,
                user,
                group,
            } => chown(path, Some(*user), Some(*group))
                .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(*mode))),
            Self::EmptyFolder(path) => empty(path),
            Self::PutDatabaseBack {
                data_dir,
                copy,
                user,
                group,
            } => put_database_back(data_dir, copy, (*user, *group)),
            // Making it may be what failed.
            Self::RemoveAccount if account::find(&Root::real()).is_none() => Ok(()),
            Self::RemoveAccount => return account::remove(),
            Self::Systemctl(arguments) => {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                return command::run("systemctl", &arguments);
            }
        };
        of_disk.map_err(|error| error.to_string())
    }

    /// What is left when it could not be done.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::RemoveFile(path) => format!("remove {}", path.display()),
            Self::PutBack(kept) => format!("put the former {} back", kept.path.display()),
            Self::Link { path, target } => {
                format!("let {} lead to {} again", path.display(), target.display())
            }
            Self::RemoveFolder(path) => format!("remove the folder {}", path.display()),
            Self::Permit { path, mode, .. } => {
                format!("give {} its mode {mode:o} again", path.display())
            }
            Self::EmptyFolder(path) => format!("remove what is in {}", path.display()),
            Self::PutDatabaseBack { data_dir, copy, .. } => format!(
                "put {} in place of the database in {}",
                copy.display(),
                data_dir.display()
            ),
            Self::RemoveAccount => "remove the account skep: userdel skep".to_owned(),
            Self::Systemctl(arguments) => format!("run: systemctl {}", arguments.join(" ")),
        }
    }
}

fn missing_is_well(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Without a copy the new program did not get so far as to change anything.
fn put_database_back(data_dir: &Path, copy: &Path, owner: (u32, u32)) -> io::Result<()> {
    if copy.exists() {
        exchange::put_back(data_dir, copy, owner)?;
    }
    Ok(())
}

/// Lets `path` lead to `target`, at no moment to nowhere.
pub(super) fn place_link(path: &Path, target: &Path) -> io::Result<()> {
    let new = path.with_extension("new");
    missing_is_well(fs::remove_file(&new))?;
    symlink(target, &new)?;
    fs::rename(&new, path).inspect_err(|_| drop(fs::remove_file(&new)))
}
