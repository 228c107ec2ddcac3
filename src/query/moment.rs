//! The time a query is asked at, and the dates that it says relative to that.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ZonedDateTime};
use serde_json::Value as Json;

use crate::access::{Error, FieldProblem, Result};

/// When and where a query is asked.
#[derive(Clone)]
pub struct Moment {
    /// Milliseconds since the epoch.
    pub now_ms: i64,
    /// The server's time zone: what days, months and years are counted in unless the query says another.
    pub zone: TimeZone,
}

impl Moment {
    /// This instant in the time zone of the operating system.
    pub fn at(now_ms: i64) -> Self {
        Self {
            now_ms,
            zone: TimeZone::system(),
        }
    }

    /// The instant of a relative date:
    /// `{"amount": 7, "unit": "days", "look": "behind", "timezone"?: "Europe/Paris", "modifier"?: "startOfDay"}`.
    ///
    /// # Errors
    /// When it is not of this form, or beyond the calendar.
    pub fn relative(&self, json: &Json, at: &str) -> Result<i64> {
        let wrong = |part: &str, message: &str| {
            Error::InvalidFormat(FieldProblem::format(format!("{at}{part}"), message))
        };
        let amount = json["amount"]
            .as_i64()
            .filter(|amount| *amount >= 0)
            .ok_or_else(|| wrong(".amount", "must be a whole number from 0"))?;
        let beyond = |_| wrong(".amount", "reaches beyond the calendar");
        let span = match json["unit"].as_str() {
            Some("minutes") => Span::new().try_minutes(amount),
            Some("hours") => Span::new().try_hours(amount),
            Some("days") => Span::new().try_days(amount),
            Some("weeks") => Span::new().try_weeks(amount),
            Some("months") => Span::new().try_months(amount),
            Some("years") => Span::new().try_years(amount),
            _ => {
                return Err(wrong(
                    ".unit",
                    "must be one of minutes, hours, days, weeks, months, years",
                ));
            }
        }
        .map_err(beyond)?;
        let zone = match &json["timezone"] {
            Json::Null => self.zone.clone(),
            Json::String(name) => TimeZone::get(name)
                .map_err(|_| wrong(".timezone", "must be a time zone like Europe/Paris"))?,
            _ => return Err(wrong(".timezone", "must be a time zone like Europe/Paris")),
        };
        let now = self.zoned(zone).map_err(beyond)?;
        let then = match json["look"].as_str() {
            Some("behind") => now.checked_sub(span),
            Some("ahead") => now.checked_add(span),
            _ => return Err(wrong(".look", "must be behind or ahead")),
        }
        .map_err(beyond)?;
        let instant = match &json["modifier"] {
            Json::Null => then,
            Json::String(word) if word == "startOfDay" => then.start_of_day().map_err(beyond)?,
            Json::String(word) if word == "endOfDay" => then.end_of_day().map_err(beyond)?,
            _ => return Err(wrong(".modifier", "must be startOfDay or endOfDay")),
        };
        Ok(instant.timestamp().as_millisecond())
    }

    fn zoned(&self, zone: TimeZone) -> std::result::Result<ZonedDateTime, jiff::Error> {
        Ok(Timestamp::from_millisecond(self.now_ms)?.to_zoned_datetime(zone))
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use jiff::tz::TimeZone;
    use serde_json::json;

    /// 2026-03-29 is the day on which Paris goes to summer time.
    fn moment() -> Moment {
        Moment {
            now_ms: ms("2026-03-29T10:30:00Z"),
            zone: TimeZone::UTC,
        }
    }

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn units_go_by_the_calendar_of_the_time_zone() {
        let cases = [
            (
                json!({"amount": 90, "unit": "minutes", "look": "behind"}),
                "2026-03-29T09:00:00Z",
            ),
            (
                json!({"amount": 0, "unit": "days", "look": "ahead"}),
                "2026-03-29T10:30:00Z",
            ),
            (
                json!({"amount": 1, "unit": "months", "look": "behind"}),
                "2026-02-28T10:30:00Z",
            ),
            (
                json!({"amount": 1, "unit": "years", "look": "ahead"}),
                "2027-03-29T10:30:00Z",
            ),
            (
                json!({"amount": 2, "unit": "weeks", "look": "ahead"}),
                "2026-04-12T10:30:00Z",
            ),
            (
                json!({"amount": 1, "unit": "days", "look": "behind", "timezone": "Europe/Paris", "modifier": "startOfDay"}),
                "2026-03-27T23:00:00Z",
            ),
            (
                json!({"amount": 1, "unit": "days", "look": "ahead", "timezone": "Europe/Paris", "modifier": "startOfDay"}),
                "2026-03-29T22:00:00Z",
            ),
            (
                json!({"amount": 0, "unit": "days", "look": "behind", "modifier": "endOfDay"}),
                "2026-03-29T23:59:59.999Z",
            ),
        ];
        for (json, expected) in cases {
            let found = moment().relative(&json, "here").unwrap();
            assert_eq!(found, ms(expected), "{json}");
        }
    }

    #[test]
    fn what_is_no_relative_date_is_refused_with_its_place() {
        for (json, place) in [
            (
                json!({"amount": -1, "unit": "days", "look": "behind"}),
                "here.amount",
            ),
            (
                json!({"amount": 1, "unit": "moons", "look": "behind"}),
                "here.unit",
            ),
            (
                json!({"amount": 1, "unit": "days", "look": "up"}),
                "here.look",
            ),
            (
                json!({"amount": 1, "unit": "days", "look": "ahead", "timezone": "Mars/Base"}),
                "here.timezone",
            ),
            (
                json!({"amount": 1, "unit": "days", "look": "ahead", "modifier": "noon"}),
                "here.modifier",
            ),
            (
                json!({"amount": i64::MAX, "unit": "years", "look": "ahead"}),
                "here.amount",
            ),
            (
                json!({"amount": 9999, "unit": "years", "look": "ahead"}),
                "here.amount",
            ),
        ] {
            let refused = moment().relative(&json, "here").unwrap_err().to_string();
            assert!(refused.starts_with(place), "{json}: {refused}");
        }
    }
}
