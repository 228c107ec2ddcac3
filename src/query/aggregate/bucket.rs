//! Widths of time. The database groups by a fixed number of milliseconds; months and years are folded from that here,
//! where there is a calendar.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::query::operation::{Interval, TimeUnit};

/// A fixed width of time: `step_ms` from one start to the next, one of them at `offset_ms` after the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    pub step_ms: i64,
    pub offset_ms: i64,
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// The epoch was a Thursday; weeks start on Monday.
const FIRST_MONDAY: i64 = 4 * DAY;

/// What the database groups by for an interval. Every time zone of today is a multiple of a quarter of an hour away
/// from UTC, so a month of any zone is made of whole quarters.
pub fn width(interval: Interval, zone: &TimeZone) -> Width {
    let count = i64::from(interval.count);
    let from_epoch = |step_ms| Width {
        step_ms,
        offset_ms: 0,
    };
    match interval.unit {
        TimeUnit::Second => from_epoch(count * SECOND),
        TimeUnit::Minute => from_epoch(count * MINUTE),
        TimeUnit::Hour => from_epoch(count * HOUR),
        TimeUnit::Day => from_epoch(count * DAY),
        TimeUnit::Week => Width {
            step_ms: count * WEEK,
            offset_ms: FIRST_MONDAY,
        },
        TimeUnit::Month | TimeUnit::Year if *zone == TimeZone::UTC => from_epoch(DAY),
        TimeUnit::Month | TimeUnit::Year => from_epoch(15 * MINUTE),
    }
}

/// The start of the interval that a group of the database belongs to.
pub fn start(interval: Interval, group_ms: i64, zone: &TimeZone) -> i64 {
    let months = match interval.unit {
        TimeUnit::Month => i64::from(interval.count),
        TimeUnit::Year => i64::from(interval.count) * 12,
        _ => return group_ms,
    };
    // The database leaves out what is beyond the calendar; a start that would be before it is the group's own.
    calendar_start(months, group_ms, zone).unwrap_or(group_ms)
}

fn calendar_start(months: i64, group_ms: i64, zone: &TimeZone) -> Option<i64> {
    let day = Timestamp::from_millisecond(group_ms)
        .ok()?
        .to_zoned_datetime(zone.clone())
        .date();
    let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
    let first = month.div_euclid(months) * months;
    let year = i16::try_from(first.div_euclid(12)).ok()?;
    let month = i8::try_from(first.rem_euclid(12) + 1).ok()?;
    if !(-9999..=9999).contains(&year) {
        return None;
    }
    let start = date(year, month, 1).to_zoned_datetime(zone.clone()).ok()?;
    Some(start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::{start, width};
    use crate::query::operation::{Interval, TimeUnit};
    use jiff::tz::TimeZone;

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn months_and_years_follow_the_calendar_of_the_zone() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let every = |count, unit| Interval { count, unit };
        for (interval, zone, instant, expected) in [
            (
                every(1, TimeUnit::Month),
                &TimeZone::UTC,
                "2026-03-31T23:00:00Z",
                "2026-03-01T00:00:00Z",
            ),
            (
                every(1, TimeUnit::Month),
                &paris,
                "2026-03-31T22:00:00Z",
                "2026-03-31T22:00:00Z",
            ),
            (
                every(3, TimeUnit::Month),
                &TimeZone::UTC,
                "2026-06-30T12:00:00Z",
                "2026-04-01T00:00:00Z",
            ),
            (
                every(1, TimeUnit::Year),
                &paris,
                "2025-12-31T23:00:00Z",
                "2025-12-31T23:00:00Z",
            ),
            (
                every(1, TimeUnit::Year),
                &TimeZone::UTC,
                "1969-12-31T23:00:00Z",
                "1969-01-01T00:00:00Z",
            ),
        ] {
            assert_eq!(
                start(interval, ms(instant), zone),
                ms(expected),
                "{instant}"
            );
        }
    }

    #[test]
    fn weeks_start_on_monday() {
        let week = width(
            Interval {
                count: 1,
                unit: TimeUnit::Week,
            },
            &TimeZone::UTC,
        );
        let monday = ms("2026-11-23T00:00:00Z");
        assert_eq!((monday - week.offset_ms) % week.step_ms, 0);
    }
}
