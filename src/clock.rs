//! What time it is. The only place that asks the operating system for it, so that a test can set the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time, in milliseconds since the epoch (UTC). Cheap to clone; the clones of a set clock agree.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    set_to_ms: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The time of the operating system.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until it is moved.
    pub fn standing_at(now_ms: i64) -> Self {
        Self {
            set_to_ms: Some(Arc::new(AtomicI64::new(now_ms))),
        }
    }

    /// The present time.
    pub fn now_ms(&self) -> i64 {
        match &self.set_to_ms {
            Some(set_to_ms) => set_to_ms.load(Ordering::SeqCst),
            None => system_ms(),
        }
    }

    /// Moves a standing clock forward (or back, by a negative number). The system's clock is not ours to move.
    pub fn advance_ms(&self, by_ms: i64) {
        if let Some(set_to_ms) = &self.set_to_ms {
            set_to_ms.fetch_add(by_ms, Ordering::SeqCst);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everybody else asks"
)]
fn system_ms() -> i64 {
    // A computer whose clock is before 1970 gets 1970: nothing of ours can be older.
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn clones_of_a_standing_clock_move_together() {
        let clock = Clock::standing_at(1_000);
        let clone = clock.clone();
        clock.advance_ms(500);
        assert_eq!(clone.now_ms(), 1_500);
    }

    #[test]
    fn the_system_clock_cannot_be_moved() {
        let clock = Clock::system();
        let before = clock.now_ms();
        clock.advance_ms(10_000_000);
        assert!(clock.now_ms() - before < 10_000_000);
    }
}
