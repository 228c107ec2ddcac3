//! What the writer is busy with, counted while it works.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::metrics::{Histogram, Shape};

/// Units of work in one commit.
const UNITS: [u64; 7] = [1, 2, 4, 8, 16, 32, 64];
/// How long a commit takes, in microseconds.
const TIMES_US: [u64; 9] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_000_000,
];

/// Counted by the writer, read by whoever wants to know. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Gauges(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    waiting: AtomicU64,
    units: Histogram,
    times: Histogram,
    failed: AtomicU64,
}

/// The writer at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// Units of work that wait for the writer, or are in its hands.
    pub waiting: u64,
    /// Units of work in each commit.
    pub units: Shape,
    /// How long the commits took, from their first statement to the disk's word, in microseconds.
    pub times_us: Shape,
    /// Commits that failed; their units were rolled back.
    pub failed: u64,
}

impl Gauges {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner {
            waiting: AtomicU64::new(0),
            units: Histogram::new(&UNITS),
            times: Histogram::new(&TIMES_US),
            failed: AtomicU64::new(0),
        }))
    }

    /// A unit of work waits until what is returned is dropped.
    pub(super) fn waiting(&self) -> Waiting {
        self.0.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(self.clone())
    }

    /// A commit is on the disk.
    pub(super) fn committed(&self, units: usize, took: Duration) {
        self.0.units.add(units as u64);
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.0.times.add(took);
    }

    /// A commit failed.
    pub(super) fn failed(&self) {
        self.0.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> Writing {
        Writing {
            waiting: self.0.waiting.load(Ordering::Relaxed),
            units: self.0.units.shape(),
            times_us: self.0.times.shape(),
            failed: self.0.failed.load(Ordering::Relaxed),
        }
    }
}

/// A unit of work that is not done yet.
pub(super) struct Waiting(Gauges);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
