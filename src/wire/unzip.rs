//! Zip archives that came with a request, taken apart with limits: how many entries, how large one may be and all of them
//! together, and how much more than it is packed. What an archive says of itself is believed only where it can be seen.

use std::fs::File;
use std::io::Read;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::access::error::{Error, Result};

/// How often larger than its packed form a file may be, once it is larger than [`BOMB_BYTES_MIN`].
const BOMB_RATIO: u64 = 100;
/// Below this size nothing is a bomb.
const BOMB_BYTES_MIN: u64 = 8 * 1024 * 1024;
/// What is read of an archive at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// What an archive may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries, folders among them.
    pub entries_max: usize,
    /// One file, unpacked.
    pub file_bytes_max: u64,
    /// All files that are read, unpacked.
    pub bytes_max: u64,
}

/// An archive that is open.
pub struct Archive {
    zip: ZipArchive<File>,
    limits: Limits,
    bytes_left: u64,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the archive.
    pub at: usize,
    /// Its name as the archive says, with its folders.
    pub name: String,
    is_encrypted: bool,
}

impl Archive {
    /// Opens an archive. Blocks.
    ///
    /// # Errors
    /// When it is none, or holds too much.
    pub fn open(file: File, limits: Limits) -> Result<Self> {
        let zip = ZipArchive::new(file).map_err(|error| unreadable(&error))?;
        if zip.len() > limits.entries_max {
            return Err(Error::Rule(format!(
                "The archive holds more than {} files",
                limits.entries_max
            )));
        }
        Ok(Self {
            zip,
            limits,
            bytes_left: limits.bytes_max,
        })
    }

    /// How much may still be unpacked.
    pub fn bytes_left(&self) -> u64 {
        self.bytes_left
    }

    /// Its files, in their order, without its folders. Blocks.
    ///
    /// # Errors
    /// When its list can't be read.
    pub fn entries(&mut self) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for at in 0..self.zip.len() {
            let facts = self
                .zip
                .by_index_raw(at)
                .map_err(|error| unreadable(&error))?;
            if facts.is_dir() {
                continue;
            }
            let name = facts.name().map_err(|error| unreadable(&error))?;
            entries.push(Entry {
                at,
                name: name.to_string(),
                is_encrypted: facts.encrypted(),
            });
        }
        Ok(entries)
    }

    /// Unpacks a file and gives it away piece by piece. Blocks.
    ///
    /// # Errors
    /// A wrong password, a file that is larger than it may be or than it says, and those of `take`.
    pub fn copy(
        &mut self,
        entry: &Entry,
        password: &str,
        mut take: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let name = &entry.name;
        let mut packed = if entry.is_encrypted {
            self.zip.by_index_decrypt(entry.at, password.as_bytes())
        } else {
            self.zip.by_index(entry.at)
        }
        .map_err(|error| unreadable(&error))?;
        let (said, packed_bytes) = (packed.size(), packed.compressed_size());
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut written: u64 = 0;
        loop {
            let count = packed.read(&mut buffer).map_err(|error| {
                Error::Rule(format!(
                    "The file {name} in the archive cannot be unpacked: {error}"
                ))
            })?;
            if count == 0 {
                break;
            }
            let bytes = u64::try_from(count).unwrap_or(u64::MAX);
            written = written.saturating_add(bytes);
            if written > BOMB_BYTES_MIN && written / BOMB_RATIO > packed_bytes {
                return Err(Error::Rule(format!(
                    "The file {name} in the archive grows more than {BOMB_RATIO} times: it was not unpacked"
                )));
            }
            if written > self.limits.file_bytes_max {
                return Err(too_large(self.limits.file_bytes_max));
            }
            self.bytes_left = self
                .bytes_left
                .checked_sub(bytes)
                .ok_or_else(|| too_large(self.limits.bytes_max))?;
            take(&buffer[..count])?;
        }
        if written != said {
            return Err(Error::Rule(format!(
                "The file {name} in the archive is not as large as the archive says"
            )));
        }
        Ok(())
    }

    /// Unpacks a file into memory. Blocks.
    ///
    /// # Errors
    /// Those of [`copy`](Self::copy).
    pub fn read(&mut self, entry: &Entry, password: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.copy(entry, password, |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(bytes)
    }
}

fn too_large(limit_bytes: u64) -> Error {
    Error::TooLarge {
        limit_bytes: usize::try_from(limit_bytes).unwrap_or(usize::MAX),
    }
}

fn unreadable(error: &ZipError) -> Error {
    Error::Rule(match error {
        ZipError::InvalidPassword => "The password of the archive is wrong".to_owned(),
        other => format!("The archive cannot be read: {other}"),
    })
}
