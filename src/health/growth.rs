//! How fast the disk fills: a sample every hour, kept in a small file of the data folder, so that a look from outside
//! knows what was before.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::machine::installation::write_whole;
use crate::machine::{Disk, Root};

const HOUR_MS: i64 = 3_600_000;
/// Two weeks: a weekly rhythm shows twice.
const SAMPLES_MAX: usize = 14 * 24;
/// Between two samples.
const EVERY_MS: i64 = HOUR_MS;
/// With less behind it, a trend says nothing.
const TREND_MS_MIN: i64 = 6 * HOUR_MS;
/// How often the server looks whether a sample is due: a machine that sleeps wakes at any time.
const TICK: Duration = Duration::from_mins(5);

/// The free room of the disk at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sample {
    /// When, milliseconds since the epoch.
    pub at: i64,
    /// How many bytes were free.
    pub free: u64,
}

/// What was noted so far, the oldest first.
pub(super) fn noted(data_dir: &Path) -> Vec<Sample> {
    let text = std::fs::read(file_in(data_dir)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Notes the free room until `stop`, as often as it is worth it.
pub async fn keep(data_dir: PathBuf, now_ms: impl Fn() -> i64 + Send, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {
                let (folder, now_ms) = (data_dir.clone(), now_ms());
                let noted = tokio::task::spawn_blocking(move || note(&folder, now_ms)).await;
                if let Ok(Err(error)) = noted {
                    tracing::debug!(%error, "the free room of the disk was not noted");
                }
            }
        }
    }
}

fn note(data_dir: &Path, now_ms: i64) -> std::io::Result<()> {
    let samples = noted(data_dir);
    let is_due = samples
        .last()
        .is_none_or(|last| now_ms < last.at || now_ms - last.at >= EVERY_MS);
    if !is_due {
        return Ok(());
    }
    let free = Disk::of(&Root::real(), data_dir)?.free;
    let text = serde_json::to_vec(&with(samples, Sample { at: now_ms, free }))?;
    write_whole(&file_in(data_dir), &text, 0o600)
}

/// The samples with one more. Those from the future are of a clock that was wrong.
fn with(mut samples: Vec<Sample>, sample: Sample) -> Vec<Sample> {
    samples.retain(|other| other.at < sample.at);
    samples.push(sample);
    let too_many = samples.len().saturating_sub(SAMPLES_MAX);
    samples.drain(..too_many);
    samples
}

/// How many bytes fill up each day, from the first sample to the last; negative when it empties. Nothing as long as the
/// samples don't go back far enough.
pub(super) fn bytes_each_day(samples: &[Sample]) -> Option<i64> {
    let (first, last) = (samples.first()?, samples.last()?);
    let time = last.at - first.at;
    if time < TREND_MS_MIN {
        return None;
    }
    let filled = i128::from(first.free) - i128::from(last.free);
    i64::try_from(filled * i128::from(24 * HOUR_MS) / i128::from(time)).ok()
}

fn file_in(data_dir: &Path) -> PathBuf {
    data_dir.join("disk-history.json")
}

#[cfg(test)]
mod tests {
    use super::{HOUR_MS, SAMPLES_MAX, Sample, bytes_each_day, note, noted, with};

    fn sample(hour: i64, free: u64) -> Sample {
        Sample {
            at: hour * HOUR_MS,
            free,
        }
    }

    #[test]
    fn the_rate_is_known_after_some_hours() {
        assert_eq!(bytes_each_day(&[]), None);
        assert_eq!(bytes_each_day(&[sample(0, 900), sample(5, 100)]), None);
        let twelve_hours = [sample(0, 900), sample(6, 500), sample(12, 800)];
        assert_eq!(bytes_each_day(&twelve_hours), Some(200));
        assert_eq!(
            bytes_each_day(&[sample(0, 100), sample(24, 400)]),
            Some(-300)
        );
    }

    #[test]
    fn old_samples_and_those_from_the_future_go() {
        let many: Vec<Sample> = (0..400).map(|hour| sample(hour, 1)).collect();
        let kept = with(many.clone(), sample(500, 2));
        assert_eq!(kept.len(), SAMPLES_MAX);
        assert_eq!(kept.last(), Some(&sample(500, 2)));
        assert_eq!(with(many, sample(3, 2)).len(), 4);
    }

    #[test]
    fn a_sample_is_kept_once_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        for at in [0, 1_000, HOUR_MS, HOUR_MS + 1] {
            note(folder.path(), at).unwrap();
        }
        let times: Vec<i64> = noted(folder.path()).iter().map(|kept| kept.at).collect();
        assert_eq!(times, [0, HOUR_MS]);
    }
}
