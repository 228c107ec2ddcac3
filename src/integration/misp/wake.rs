//! When events are read: by the clock, or because somebody asked for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use tokio::sync::Notify;

use super::model::{MispOptions, OutputMispSync};

/// The first reading begins this long after the start of the program.
const FIRST_MS: i64 = 15 * 60_000;
/// One that is overdue waits for this long after the start.
const OVERDUE_MS: i64 = 60_000;

/// Wakes who reads the events, and knows whether that was asked for. Cheap to clone.
#[derive(Clone, Default)]
pub struct Wake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    notify: Notify,
    is_wanted: AtomicBool,
    /// When the program began to read at all; 0 before.
    since_ms: AtomicI64,
}

impl Wake {
    /// Asks for a reading now.
    pub fn want(&self) {
        self.0.is_wanted.store(true, Ordering::SeqCst);
        self.0.notify.notify_one();
    }

    /// What was asked for is done.
    pub(super) fn rest(&self) {
        self.0.is_wanted.store(false, Ordering::SeqCst);
    }

    /// Whether a reading was asked for that has not ended.
    pub fn is_wanted(&self) -> bool {
        self.0.is_wanted.load(Ordering::SeqCst)
    }

    /// Waits until one is asked for.
    pub async fn wait(&self) {
        self.0.notify.notified().await;
    }

    /// Keeps when the program began to read, the first time that it is told.
    pub(super) fn begin(&self, now_ms: i64) {
        let since_ms = &self.0.since_ms;
        if since_ms.load(Ordering::SeqCst) == 0 {
            since_ms.store(now_ms, Ordering::SeqCst);
        }
    }

    /// When the next reading of a server's events begins by itself.
    pub(super) fn next_at(&self, options: &MispOptions, sync: &OutputMispSync) -> Option<i64> {
        let since_ms = self.0.since_ms.load(Ordering::SeqCst);
        if since_ms == 0 || sync.is_running {
            return None;
        }
        Some(match (sync.started_at, sync.ended_at) {
            (_, Some(ended_at)) => (ended_at + options.interval_ms()).max(since_ms + OVERDUE_MS),
            // It was broken off.
            (Some(_), None) => since_ms + OVERDUE_MS,
            (None, None) => since_ms + FIRST_MS,
        })
    }
}
