//! A date as clients give it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};

/// The last millisecond that a date may be: 100,000,000 days from the epoch, and as far before it. These are the time
/// values of ECMAScript (ECMA-262, "Time Values and Time Range"), so every date that is kept can be shown by a
/// browser, and the difference of two is far from the ends of `i64`.
pub const DATE_MS_MAX: i64 = 8_640_000_000_000_000;

/// A date: milliseconds since the epoch, within [`DATE_MS_MAX`]. Every date that a request brings is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(i64);

impl Date {
    /// The date, if there is such a one.
    pub fn new(ms: i64) -> Option<Self> {
        (-DATE_MS_MAX..=DATE_MS_MAX)
            .contains(&ms)
            .then_some(Self(ms))
    }

    /// Milliseconds since the epoch.
    pub fn ms(self) -> i64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ms = i64::deserialize(deserializer)?;
        Self::new(ms).ok_or_else(|| {
            D::Error::custom(format!(
                "must be a date: milliseconds since 1970, at most {DATE_MS_MAX} before or after"
            ))
        })
    }
}

impl utoipa::PartialSchema for Date {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Integer))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(-DATE_MS_MAX))
            .maximum(Some(DATE_MS_MAX))
            .into()
    }
}
impl utoipa::ToSchema for Date {}

#[cfg(test)]
mod tests {
    use super::{DATE_MS_MAX, Date};

    #[test]
    fn dates_have_the_range_of_a_browser() {
        for ms in [0, -1, DATE_MS_MAX, -DATE_MS_MAX] {
            let date: Date = serde_json::from_str(&ms.to_string()).unwrap();
            assert_eq!(date.ms(), ms);
        }
        for wrong in [
            (DATE_MS_MAX + 1).to_string(),
            (-DATE_MS_MAX - 1).to_string(),
            i64::MAX.to_string(),
            i64::MIN.to_string(),
            u64::MAX.to_string(),
            "1e300".to_owned(),
            "1.5".to_owned(),
            "\"2026-01-01\"".to_owned(),
        ] {
            assert!(serde_json::from_str::<Date>(&wrong).is_err(), "{wrong}");
        }
    }
}
