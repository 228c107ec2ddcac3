//! A file that is written so that others on the same disk do not wait for it.

use std::fs::File;
use std::io::{self, Write};

/// Synced whenever so much was written. Left to itself the system collects gigabytes, and then every commit of the
/// server waits until all of them are on the disk.
const BYTES_BETWEEN_SYNCS: u64 = 16 * 1024 * 1024;

/// Writes to a file, syncs it now and then, and counts.
pub(super) struct Steady {
    file: File,
    since_sync: u64,
}

impl Steady {
    pub(super) fn new(file: File) -> Self {
        Self {
            file,
            since_sync: 0,
        }
    }

    /// Puts the rest onto the disk.
    pub(super) fn finish(self) -> io::Result<()> {
        self.file.sync_all()
    }
}

impl Write for Steady {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.since_sync += length as u64;
        if self.since_sync >= BYTES_BETWEEN_SYNCS {
            self.file.sync_data()?;
            self.since_sync = 0;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
