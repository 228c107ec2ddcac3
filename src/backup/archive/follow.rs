//! A file that is read back while it is still being written.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::backup::error::{Error, Result};
use crate::storage::Syncing;

/// A new file that grows, and is put onto the disk meanwhile.
pub(super) struct Growing {
    file: File,
    bytes: u64,
    extent: Arc<Extent>,
    /// Nothing when it is finished.
    syncing: Option<Syncing>,
}

/// Reads what [`Growing`] wrote. At the end it waits for more, until the writer has finished; if the writer goes away before
/// that, it is an error.
pub(in crate::backup) struct Following {
    file: File,
    read: u64,
    extent: Arc<Extent>,
}

/// How much there is to read.
struct Extent {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy)]
enum State {
    Growing(u64),
    Finished,
    Abandoned,
}

impl Extent {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.state() = state;
        self.changed.notify_all();
    }

    /// Waits until there is more than `read` bytes; gives how much more, at least.
    fn beyond(&self, read: u64) -> io::Result<u64> {
        let mut state = self.state();
        loop {
            match *state {
                State::Growing(bytes) if bytes > read => return Ok(bytes - read),
                // To where the file itself ends.
                State::Finished => return Ok(u64::MAX),
                State::Abandoned => {
                    return Err(io::Error::other("it was not written to its end"));
                }
                State::Growing(_) => {
                    state = self
                        .changed
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

impl Growing {
    /// Begins with the new file `path`; gives also what reads it.
    pub(super) fn begin(path: &Path, file: File) -> Result<(Self, Following)> {
        let extent = Arc::new(Extent {
            state: Mutex::new(State::Growing(0)),
            changed: Condvar::new(),
        });
        let following = Following {
            file: File::open(path).map_err(Error::file("open", path))?,
            read: 0,
            extent: Arc::clone(&extent),
        };
        let to_sync = file.try_clone().map_err(Error::file("write", path))?;
        let growing = Self {
            file,
            bytes: 0,
            extent,
            syncing: Some(Syncing::of(to_sync)),
        };
        Ok((growing, following))
    }

    /// Puts the rest onto the disk.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.extent.set(State::Finished);
        self.syncing.take().map_or(Ok(()), Syncing::finish)
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.bytes += length as u64;
        self.extent.set(State::Growing(self.bytes));
        if let Some(syncing) = &mut self.syncing {
            syncing.reach(self.bytes);
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        if self.syncing.is_some() {
            self.extent.set(State::Abandoned);
        }
    }
}

impl Read for Following {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.extent.beyond(self.read)?;
        let length =
            usize::try_from(available).map_or(into.len(), |available| available.min(into.len()));
        let length = self.file.read(&mut into[..length])?;
        self.read += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::time::Duration;

    use super::{Following, Growing};

    fn begin(folder: &tempfile::TempDir) -> (Growing, Following) {
        let path = folder.path().join("file");
        let file = std::fs::File::create_new(&path).unwrap();
        Growing::begin(&path, file).unwrap()
    }

    #[test]
    fn who_follows_waits_for_the_writer_and_reads_everything() {
        let folder = tempfile::tempdir().unwrap();
        let (mut growing, mut following) = begin(&folder);
        let piece: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
        let found = std::thread::scope(|scope| {
            let reading = scope.spawn(|| {
                let mut found = Vec::new();
                following.read_to_end(&mut found).map(|_| found)
            });
            // Enough that it is synced on the way.
            for _ in 0..8 {
                growing.write_all(&piece).unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
            assert!(!reading.is_finished(), "there may be more to come");
            growing.finish().unwrap();
            reading.join().unwrap().unwrap()
        });
        assert!(found == piece.repeat(8));
    }

    #[test]
    fn an_end_that_the_writer_did_not_mean_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (mut growing, mut following) = begin(&folder);
        growing.write_all(b"half").unwrap();
        drop(growing);
        let error = following.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "it was not written to its end");
    }
}
