//! A file on its way in.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::{Digest, failed};
use crate::storage::{Error, Result};
use crate::text::hex::hex;

/// What is gathered before it is written and hashed: a trip to another thread for each packet would cost more.
const BUFFER_BYTES: usize = 256 * 1024;
/// What is remembered of the beginning, to tell what kind of file it is.
const HEAD_BYTES: usize = 4_096;

/// A file of which not everything is there. Dropped, it is gone.
pub struct Incoming {
    // Only taken out while another thread works on it.
    state: Option<Box<State>>,
}

struct State {
    part: PartFile,
    file: File,
    sha256: Sha256,
    sha1: Sha1,
    md5: Md5,
    size_bytes: u64,
    head: Vec<u8>,
    buffer: Vec<u8>,
}

/// A whole file without its name. Dropped, it is gone.
pub struct Staged {
    part: PartFile,
    digest: Digest,
    head: Vec<u8>,
}

/// The file on the disk; dropping it removes it.
pub(super) struct PartFile(PathBuf);

impl PartFile {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        // It has its name by now, or nobody wants it; what can't be removed is swept later.
        drop(fs::remove_file(&self.0));
    }
}

impl Incoming {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)
            .map_err(|error| Error::DiskFailed(format!("no randomness: {error}")))?;
        let path = folder.join(format!("{}.part", hex(&random)));
        let file = File::create_new(&path).map_err(|error| failed("create", &error))?;
        Ok(Self {
            state: Some(Box::new(State {
                part: PartFile(path),
                file,
                sha256: Sha256::new(),
                sha1: Sha1::new(),
                md5: Md5::new(),
                size_bytes: 0,
                head: Vec::new(),
                buffer: Vec::with_capacity(BUFFER_BYTES),
            })),
        })
    }

    /// Takes the next bytes. Blocks.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let state = self.state.as_mut().ok_or_else(interrupted)?;
        state.buffer.extend_from_slice(bytes);
        if state.buffer.len() >= BUFFER_BYTES {
            state.flush()?;
        }
        Ok(())
    }

    /// The same without blocking: the disk is written to on another thread.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let state = self.state.as_mut().ok_or_else(interrupted)?;
        state.buffer.extend_from_slice(bytes);
        if state.buffer.len() < BUFFER_BYTES {
            return Ok(());
        }
        let mut state = self.state.take().ok_or_else(interrupted)?;
        let state = tokio::task::spawn_blocking(move || state.flush().map(|()| state))
            .await
            .map_err(|error| Error::Panicked(error.to_string()))??;
        self.state = Some(state);
        Ok(())
    }

    /// Says that this was all: what is there is synced. Blocks.
    ///
    /// # Errors
    /// When the disk does not keep it.
    pub fn finish(mut self) -> Result<Staged> {
        let mut state = self.state.take().ok_or_else(interrupted)?;
        state.flush()?;
        state
            .file
            .sync_all()
            .map_err(|error| failed("sync", &error))?;
        let State {
            part,
            sha256,
            sha1,
            md5,
            size_bytes,
            head,
            ..
        } = *state;
        Ok(Staged {
            part,
            digest: Digest {
                sha256: hex(&sha256.finalize()),
                sha1: hex(&sha1.finalize()),
                md5: hex(&md5.finalize()),
                size_bytes,
            },
            head,
        })
    }

    /// How many bytes came so far.
    pub fn size_bytes(&self) -> u64 {
        self.state.as_ref().map_or(0, |state| {
            state.size_bytes + u64::try_from(state.buffer.len()).unwrap_or(u64::MAX)
        })
    }
}

impl State {
    fn flush(&mut self) -> Result<()> {
        self.file
            .write_all(&self.buffer)
            .map_err(|error| failed("write", &error))?;
        self.sha256.update(&self.buffer);
        self.sha1.update(&self.buffer);
        self.md5.update(&self.buffer);
        self.size_bytes += u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        let lacking = HEAD_BYTES.saturating_sub(self.head.len());
        self.head
            .extend_from_slice(&self.buffer[..self.buffer.len().min(lacking)]);
        self.buffer.clear();
        Ok(())
    }
}

impl Staged {
    /// What is known of its content.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Its first bytes.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Opens it for reading. Blocks.
    ///
    /// # Errors
    /// When the disk does not give it.
    pub fn open(&self) -> Result<File> {
        File::open(self.part.path()).map_err(|error| failed("open", &error))
    }

    pub(super) fn into_parts(self) -> (PartFile, Digest) {
        (self.part, self.digest)
    }
}

fn interrupted() -> Error {
    Error::DiskFailed("the file was given up while it came in".to_owned())
}
