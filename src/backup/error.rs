//! Why a backup was not made, is not good, or was not put back: one sentence each.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::storage;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong. The texts are for the person at the terminal.
#[derive(Debug, Error)]
pub enum Error {
    /// A file or folder did not do what it was asked to.
    #[error("Cannot {verb} {}: {cause}.", path.display())]
    File {
        verb: &'static str,
        path: PathBuf,
        /// Not its source: the sentence says it already.
        cause: io::Error,
    },
    /// The file is something else, or a kind of backup that this program does not know.
    #[error("{} is no backup of Skep: {why}.", path.display())]
    Foreign { path: PathBuf, why: String },
    /// The file was a backup, and is not what it was.
    #[error("The backup {} is damaged: {why}. Use another one.", path.display())]
    Damaged { path: PathBuf, why: String },
    /// It cannot be opened with what was given.
    #[error("{0}")]
    Locked(String),
    /// What is in the backup does not fit this program, or the place it should go to.
    #[error("{0}")]
    Unfit(String),
    /// There is not enough room.
    #[error(
        "Not enough room in {}: {} are needed, {} are free.", path.display(), size(*needed), size(*free)
    )]
    NoRoom {
        path: PathBuf,
        needed: u64,
        free: u64,
    },
    /// The database did not do what it was asked to.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Error {
    /// For `map_err`: what was done to which file.
    pub(super) fn file(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::File { verb, path, cause }
    }

    pub(super) fn damaged(path: &Path, why: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            why: why.into(),
        }
    }

    pub(super) fn foreign(path: &Path, why: impl Into<String>) -> Self {
        Self::Foreign {
            path: path.to_owned(),
            why: why.into(),
        }
    }
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes.div_ceil(1_000_000)),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}
