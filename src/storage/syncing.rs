//! Putting a file onto the disk while somebody goes on writing it.

use std::fs::File;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Synced whenever so much was written. Left to itself the system collects gigabytes, and then every commit of the server
/// waits until all of them are on the disk.
const BYTES_BETWEEN_SYNCS: u64 = 16 * 1024 * 1024;

enum Due {
    /// What was written so far.
    Data,
    /// All of it, the size and the times too; nothing comes after.
    All,
}

/// Syncs a growing file piece by piece, in a thread of its own: who writes goes on meanwhile, and waits only when the disk
/// is a whole piece behind.
pub struct Syncing {
    due: SyncSender<Due>,
    thread: JoinHandle<io::Result<()>>,
    asked_at: u64,
}

impl Syncing {
    /// Begins with the file that is empty now.
    pub fn of(file: File) -> Self {
        // Without room for one that waits: a piece is taken when the one before is on the disk.
        let (due, dues) = sync_channel(0);
        let thread = std::thread::spawn(move || {
            for due in dues {
                match due {
                    Due::Data => file.sync_data()?,
                    Due::All => return file.sync_all(),
                }
            }
            // Nobody wants the file any more.
            Ok(())
        });
        Self {
            due,
            thread,
            asked_at: 0,
        }
    }

    /// The file has so many bytes now. That an earlier piece could not be put onto the disk is said by [`Self::finish`].
    pub fn reach(&mut self, bytes: u64) {
        if bytes >= self.asked_at + BYTES_BETWEEN_SYNCS {
            self.asked_at = bytes;
            drop(self.due.send(Due::Data));
        }
    }

    /// Returns when all of the file is on the disk.
    ///
    /// # Errors
    /// When any piece of it could not be put there.
    pub fn finish(self) -> io::Result<()> {
        // Not taken when a sync failed before: the thread has ended with its error.
        drop(self.due.send(Due::All));
        self.thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
