//! Text with limits, checked when it is read. Lengths are in characters, as the contract counts them.

use std::ops::Deref;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

/// Text of `MIN` to `MAX` characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// Markdown and other long text.
pub type Markdown = Text<0, 1_048_576>;

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// The text, if it keeps the limits.
    ///
    /// # Errors
    /// A sentence that says the limits.
    pub fn new(text: String) -> Result<Self, String> {
        let characters = text.chars().count();
        if characters < MIN || (MIN > 0 && text.trim().is_empty()) {
            return Err(if MIN == 1 {
                "must not be empty".to_owned()
            } else {
                format!("must have at least {MIN} characters")
            });
        }
        if characters > MAX {
            return Err(format!("must have at most {MAX} characters"));
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MIN: usize, const MAX: usize> Deref for Text<MIN, MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<const MIN: usize, const MAX: usize> utoipa::PartialSchema for Text<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .min_length(Some(MIN))
            .max_length(Some(MAX))
            .into()
    }
}
impl<const MIN: usize, const MAX: usize> utoipa::ToSchema for Text<MIN, MAX> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Text{MIN}To{MAX}").into()
    }
}

/// A name: one line of 1 to `MAX` characters. Blanks around it are no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Name<const MAX: usize>(String);

impl<const MAX: usize> Name<MAX> {
    /// The name in its stored form.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let name = text.trim();
        if name.chars().any(breaks_a_line) {
            return Err(
                "must be one line, without line breaks, tabs and other control characters"
                    .to_owned(),
            );
        }
        Text::<1, MAX>::new(name.to_owned()).map(|name| Self(name.into_string()))
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> Deref for Name<MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Name<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<const MAX: usize> utoipa::PartialSchema for Name<MAX> {
    fn schema() -> RefOr<Schema> {
        Text::<1, MAX>::schema()
    }
}
impl<const MAX: usize> utoipa::ToSchema for Name<MAX> {
    fn name() -> std::borrow::Cow<'static, str> {
        Text::<1, MAX>::name()
    }
}

/// A text as one line without blanks around it: for words that programs send with their alerts, and that are not worth
/// the loss of one.
pub fn one_line(text: &str) -> String {
    let blank = |character| {
        if breaks_a_line(character) {
            ' '
        } else {
            character
        }
    };
    text.trim()
        .chars()
        .map(blank)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Control characters, and the two separators of Unicode that are none.
fn breaks_a_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// A login or an e-mail address: lower case, at most 128 characters, `name@dotted.domain`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Login(String);

impl Login {
    /// The login in its stored form.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let login = text.trim().to_lowercase();
        let is_part = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_alphanumeric() || "._%+-'&=~!#$*/?^`{|}".contains(c))
        };
        let has_form = login.split_once('@').is_some_and(|(name, domain)| {
            is_part(name)
                && domain.contains('.')
                && domain.split('.').all(|label| {
                    !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                })
        });
        if !has_form || login.chars().count() > 128 {
            return Err("must have the form of an address, like user@example.org".to_owned());
        }
        Ok(Self(login))
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Login {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Login {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Login {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .max_length(Some(128))
            .format(Some(utoipa::openapi::SchemaFormat::Custom(
                "email".to_owned(),
            )))
            .into()
    }
}
impl utoipa::ToSchema for Login {}

/// A colour `#RRGGBB`, or the empty text for none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Colour(String);

impl Colour {
    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Colour {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_colour = text.strip_prefix('#').is_some_and(|digits| {
            digits.len() == 6 && digits.chars().all(|digit| digit.is_ascii_hexdigit())
        });
        if is_colour || text.is_empty() {
            Ok(Self(text))
        } else {
            Err(D::Error::custom("must be a color like #1A2B3C"))
        }
    }
}

impl utoipa::PartialSchema for Colour {
    fn schema() -> RefOr<Schema> {
        String::schema()
    }
}
impl utoipa::ToSchema for Colour {}

#[cfg(test)]
mod tests {
    use super::{Login, Name, Text, one_line};

    #[test]
    fn limits_count_characters() {
        assert!(Text::<1, 3>::new("äöü".into()).is_ok());
        assert!(Text::<1, 3>::new("äöüß".into()).is_err());
        assert!(Text::<1, 3>::new("  ".into()).is_err());
        assert!(Text::<0, 3>::new(String::new()).is_ok());
    }

    #[test]
    fn a_name_is_one_line_without_blanks_around_it() {
        for (given, name) in [
            ("Acme", Some("Acme")),
            ("  María \n", Some("María")),
            ("\u{3000}名\t", Some("名")),
            ("a\nb", None),
            ("a\tb", None),
            ("a\r\nb", None),
            ("a\u{7f}", None),
            ("a\u{85}b", None),
            ("a\u{2028}b", None),
            (" \n ", None),
            ("", None),
            ("123456789", None),
            (" 12345678 ", Some("12345678")),
        ] {
            let read = Name::<8>::new(given).ok();
            assert_eq!(read.as_deref(), name, "{given:?}");
        }
    }

    #[test]
    fn a_tag_becomes_one_line() {
        for (given, line) in [
            ("a", "a"),
            (" a \n", "a"),
            ("a\nb", "a b"),
            ("\u{1}", ""),
            ("\u{1} a", "a"),
        ] {
            assert_eq!(one_line(given), line, "{given:?}");
        }
    }

    #[test]
    fn a_login_is_an_address_in_lower_case() {
        assert_eq!(
            &*Login::new("Analyst@TheHive.local").unwrap(),
            "analyst@thehive.local"
        );
        for wrong in ["", "analyst", "a@b", "@b.c", "a@.c", "a b@c.d", "a@b..c"] {
            assert!(Login::new(wrong).is_err(), "{wrong}");
        }
    }
}
