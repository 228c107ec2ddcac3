//! Durations and what to say of them.

use std::fmt::Write;
use std::time::{Duration, Instant};

/// Durations of the same thing, many times.
#[derive(Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// Does `work` `count` times.
    pub fn take<E>(count: usize, mut work: impl FnMut(usize) -> Result<(), E>) -> Result<Self, E> {
        let mut samples = Vec::with_capacity(count);
        for number in 0..count {
            let started = Instant::now();
            work(number)?;
            samples.push(started.elapsed());
        }
        Ok(Self::of(samples))
    }

    /// What was timed elsewhere.
    pub fn of(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The duration that `percent` of the samples do not exceed, in milliseconds.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0
            .get(last * percent / 100)
            .map_or(f64::NAN, |duration| duration.as_secs_f64() * 1_000.0)
    }
}

/// Lines of what was measured, what it must reach, and what came out.
#[derive(Default)]
pub struct Table(Vec<[String; 3]>);

impl Table {
    pub fn row(
        &mut self,
        what: impl Into<String>,
        must_reach: impl Into<String>,
        measured: impl Into<String>,
    ) {
        let row = [what.into(), must_reach.into(), measured.into()];
        eprintln!("  {}: {}  (must reach: {})", row[0], row[2], row[1]);
        self.0.push(row);
    }

    /// A Markdown table.
    pub fn markdown(&self) -> String {
        let mut text = String::from("| what | must reach | measured |\n| --- | --- | --- |\n");
        for [what, must_reach, measured] in &self.0 {
            let _ = writeln!(text, "| {what} | {must_reach} | {measured} |");
        }
        text
    }
}

/// Milliseconds with as many digits as they deserve.
pub fn ms(milliseconds: f64) -> String {
    if milliseconds < 1.0 {
        format!("{milliseconds:.3} ms")
    } else {
        format!("{milliseconds:.1} ms")
    }
}
