//! How often a Cortex is asked, and for how long.

use serde_json::{Value as Json, json};

use crate::access::{Error, FieldProblem, Result};
use crate::storage::Queries;
use crate::tenancy::setting;

/// The setting of the platform that holds it.
pub(super) const PATH: &str = "integration.cortex";

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// How long after it was handed over a job is asked for the first time.
pub(super) const FIRST_MS: i64 = 500;
/// Between two questions there is never more than this.
const BACK_OFF_MAX_MS: i64 = 5 * MINUTE_MS;

/// How often, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// Between two looks how a server is.
    pub status_check_ms: i64,
    /// Between two questions how far a job is.
    pub refresh_ms: i64,
    /// Questions that may fail one after the other.
    pub errors_max: i64,
    /// How long a job may take.
    pub job_ms_max: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            status_check_ms: MINUTE_MS,
            refresh_ms: 5 * SECOND_MS,
            errors_max: 3,
            job_ms_max: 3 * HOUR_MS,
        }
    }
}

impl Pace {
    /// That which is set.
    pub(super) fn read(queries: &dyn Queries) -> Result<Self> {
        Ok(match setting::actions::of_platform(queries, PATH)? {
            Some(json) => Self::from_json(&json).unwrap_or_default(),
            None => Self::default(),
        })
    }

    /// As clients write it: durations as text, `5 seconds`.
    ///
    /// # Errors
    /// What is no duration, or no sensible one.
    pub(super) fn from_json(json: &Json) -> Result<Self> {
        let usual = Self::default();
        let time = |name: &str, usual: i64, least: i64| {
            let value = &json[name];
            if value.is_null() {
                return Ok(usual);
            }
            let found = value.as_str().and_then(duration_ms).or(value.as_i64());
            found
                .filter(|ms| (least..=365 * 24 * HOUR_MS).contains(ms))
                .ok_or_else(|| {
                    let message = "must be a duration like \"5 seconds\" or \"1 minute\"";
                    Error::invalid(FieldProblem::format(name, message))
                })
        };
        let errors_max = json["maxRetryOnError"].as_i64().unwrap_or(usual.errors_max);
        Ok(Self {
            status_check_ms: time("statusCheckInterval", usual.status_check_ms, 5 * SECOND_MS)?,
            refresh_ms: time("refreshDelay", usual.refresh_ms, 100)?,
            errors_max: errors_max.clamp(0, 100),
            job_ms_max: time("jobTimeout", usual.job_ms_max, SECOND_MS)?,
        })
    }

    pub(super) fn to_json(self) -> Json {
        json!({
            "statusCheckInterval": text(self.status_check_ms), "refreshDelay": text(self.refresh_ms),
            "maxRetryOnError": self.errors_max, "jobTimeout": text(self.job_ms_max),
        })
    }

    /// How long to wait after so many errors.
    pub(super) fn back_off_ms(self, errors: i64) -> i64 {
        let doublings = u32::try_from(errors.clamp(0, 16)).unwrap_or_default();
        self.refresh_ms
            .saturating_mul(1 << doublings)
            .min(BACK_OFF_MAX_MS)
            .max(self.refresh_ms)
    }
}

/// The milliseconds of a duration as people write it: `5 seconds`, `1 minute`, `3h`.
fn duration_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: i64 = number.parse().ok()?;
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "ms" | "milli" | "millis" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "second" | "seconds" => SECOND_MS,
        "m" | "min" | "minute" | "minutes" => MINUTE_MS,
        "h" | "hour" | "hours" => HOUR_MS,
        "d" | "day" | "days" => 24 * HOUR_MS,
        _ => return None,
    };
    number.checked_mul(unit)
}

fn text(ms: i64) -> String {
    for (unit, name) in [
        (HOUR_MS, "hour"),
        (MINUTE_MS, "minute"),
        (SECOND_MS, "second"),
    ] {
        if ms % unit == 0 {
            let count = ms / unit;
            return format!("{count} {name}{}", if count == 1 { "" } else { "s" });
        }
    }
    format!("{ms} milliseconds")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Pace, duration_ms};

    #[test]
    fn durations_are_written_as_people_do() {
        assert_eq!(duration_ms("5 seconds"), Some(5_000));
        assert_eq!(duration_ms("1 minute"), Some(60_000));
        assert_eq!(duration_ms("3h"), Some(10_800_000));
        assert_eq!(duration_ms("500 ms"), Some(500));
        assert_eq!(duration_ms("soon"), None);
        let usual = Pace::default();
        assert_eq!(Pace::from_json(&usual.to_json()).unwrap(), usual);
        assert!(Pace::from_json(&json!({ "refreshDelay": "never" })).is_err());
    }

    #[test]
    fn after_errors_the_waiting_grows_to_an_end() {
        let pace = Pace::default();
        assert_eq!(pace.back_off_ms(0), 5_000);
        assert_eq!(pace.back_off_ms(1), 10_000);
        assert_eq!(pace.back_off_ms(100), 300_000);
    }
}
