//! How far it is, and how fast it may go.

use std::time::{Duration, Instant};

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The database is copied at one moment.
    Copying,
    /// The archive is written.
    Packing,
    /// The archive is read, each part compared with its hash, and the database asked.
    Checking,
    /// The data is put in its place.
    Replacing,
}

/// Somebody who wants to know how far it is.
pub trait Progress {
    /// A stage begins that is about so many bytes.
    fn begin(&mut self, stage: Stage, bytes: u64);
    /// So many bytes of it are done.
    fn reach(&mut self, bytes: u64);
}

/// Nobody wants to know.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&mut self, _stage: Stage, _bytes: u64) {}
    fn reach(&mut self, _bytes: u64) {}
}

/// Counts bytes, tells how far it is, and waits when it is faster than it may be.
pub struct Meter<'a> {
    progress: &'a mut dyn Progress,
    bytes_a_second: Option<u64>,
    began: Instant,
    done: u64,
}

impl<'a> Meter<'a> {
    /// Tells `progress`; at most so many bytes are copied, packed or checked in a second.
    pub fn new(progress: &'a mut dyn Progress, bytes_a_second: Option<u64>) -> Self {
        Self {
            progress,
            bytes_a_second,
            began: Instant::now(),
            done: 0,
        }
    }

    pub(super) fn begin(&mut self, stage: Stage, bytes: u64) {
        self.progress.begin(stage, bytes);
        self.began = Instant::now();
        self.done = 0;
    }

    pub(super) fn add(&mut self, bytes: u64) {
        self.reach(self.done + bytes);
    }

    pub(super) fn reach(&mut self, done: u64) {
        self.done = done;
        self.progress.reach(done);
        if let Some(wait) = pause(self.bytes_a_second, done, self.began.elapsed()) {
            std::thread::sleep(wait);
        }
    }
}

/// How long to wait after `done` bytes in `elapsed`, so as not to be faster than allowed.
fn pause(bytes_a_second: Option<u64>, done: u64, elapsed: Duration) -> Option<Duration> {
    let limit = bytes_a_second.filter(|limit| *limit > 0)?;
    let due = Duration::from_micros(done.saturating_mul(1_000_000) / limit);
    due.checked_sub(elapsed).filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn who_is_too_fast_waits() {
        let second = Duration::from_secs(1);
        assert_eq!(pause(None, 1_000, Duration::ZERO), None);
        assert_eq!(pause(Some(500), 1_000, Duration::ZERO), Some(2 * second));
        assert_eq!(pause(Some(500), 1_000, second), Some(second));
        assert_eq!(pause(Some(500), 1_000, 3 * second), None);
    }
}
