//! The requests that were answered, counted by the request log as they pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{Method, StatusCode};

use crate::metrics::Histogram;

/// Upper bounds of the times, in microseconds.
const TIMES_US: [u64; 12] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 2_500_000,
    10_000_000,
];
/// The methods that are told apart; what else a client thinks of is the last.
const METHODS: [&str; 8] = [
    "GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "other",
];
/// Statuses are three digits, the first of which is not 0.
const STATUSES: std::ops::Range<u16> = 100..600;

/// Counts requests. Cheap to clone; the clones count together.
#[derive(Debug, Clone)]
pub struct Traffic(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// For each method, its statuses.
    answers: Vec<AtomicU64>,
    times: Histogram,
}

impl Default for Traffic {
    fn default() -> Self {
        Self(Arc::new(Inner {
            answers: (0..METHODS.len() * STATUSES.len())
                .map(|_| AtomicU64::new(0))
                .collect(),
            times: Histogram::new(&TIMES_US),
        }))
    }
}

impl Traffic {
    /// A request was answered. `took` is nothing for one that waited for something to happen: its time says nothing.
    pub fn count(&self, method: &Method, status: StatusCode, took: Option<Duration>) {
        let method = METHODS
            .iter()
            .position(|name| *name == method.as_str())
            .unwrap_or(METHODS.len() - 1);
        let status = usize::from(status.as_u16().clamp(STATUSES.start, STATUSES.end - 1));
        let place = method * STATUSES.len() + status - usize::from(STATUSES.start);
        self.0.answers[place].fetch_add(1, Ordering::Relaxed);
        if let Some(took) = took {
            let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            self.0.times.add(took);
        }
    }

    /// The methods and statuses that there were, and how often.
    pub(super) fn answers(&self) -> Vec<(&'static str, String, u64)> {
        let counted = self.0.answers.iter().enumerate();
        counted
            .map(|(place, count)| (place, count.load(Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
            .map(|(place, count)| {
                let status = place % STATUSES.len() + usize::from(STATUSES.start);
                (METHODS[place / STATUSES.len()], status.to_string(), count)
            })
            .collect()
    }

    pub(super) fn times(&self) -> &Histogram {
        &self.0.times
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{Method, StatusCode};

    use super::Traffic;

    #[test]
    fn answers_are_counted_by_method_and_status() {
        let traffic = Traffic::default();
        let took = Some(Duration::from_millis(3));
        traffic.count(&Method::GET, StatusCode::OK, took);
        traffic.count(&Method::GET, StatusCode::OK, None);
        traffic.count(
            &Method::from_bytes(b"BREW").unwrap(),
            StatusCode::from_u16(999).unwrap(),
            took,
        );
        assert_eq!(
            traffic.answers(),
            [("GET", "200".to_owned(), 2), ("other", "599".to_owned(), 1)]
        );
        assert_eq!(traffic.times().shape().count, 2);
    }
}
