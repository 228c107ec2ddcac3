//! The JSON body of a request.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_path_to_error::Track;

use super::plain::plain;
use crate::access::error::{Error, FieldProblem};

/// The largest JSON body, 10 MB (the contract's default).
pub const JSON_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A JSON body, read into `T`.
///
/// Refuses another content type: a form of a foreign page can't send `application/json` without asking first, which
/// is our defence against cross-site requests.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        parse(&json_bytes(request, state).await?).map(Self)
    }
}

/// A JSON body that may be absent: then it says nothing, as `T::default()` does.
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        // Who sends nothing need not say what kind of nothing it is.
        let is_json = is_json(&request);
        let bytes = read(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        if !is_json {
            return Err(not_json());
        }
        if &*bytes == b"null" {
            return Ok(Self(T::default()));
        }
        parse(&bytes).map(Self)
    }
}

/// The body of a change of several entities: their `ids`, and beside them what `T` describes.
pub struct BulkBody<T> {
    pub ids: Vec<String>,
    pub update: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for BulkBody<T> {
    type Rejection = Error;

    /// Reads it once for each of the two: serde's `flatten` would lose the places of problems.
    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        #[derive(serde::Deserialize)]
        struct Ids {
            ids: Vec<String>,
        }
        let bytes = json_bytes(request, state).await?;
        Ok(Self {
            ids: parse::<Ids>(&bytes)?.ids,
            update: parse(&bytes)?,
        })
    }
}

async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Error> {
    if !is_json(&request) {
        return Err(not_json());
    }
    read(request, state).await
}

fn is_json(request: &Request) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Error> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
                Error::TooLarge {
                    limit_bytes: JSON_BYTES_MAX,
                }
            } else {
                Error::Rule(format!(
                    "The body could not be read: {}",
                    rejection.body_text()
                ))
            }
        })
}

fn not_json() -> Error {
    Error::Rule("The body has to be sent as Content-Type: application/json".to_owned())
}

/// Reads JSON into `T`; the problem names the place in the body.
///
/// # Errors
/// [`Error::Rule`] when it is no JSON at all, [`Error::Invalid`] when an attribute is wrong.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if has_nul(bytes) {
        return Err(Error::Rule(
            "The body holds a NUL character, which no text may have".to_owned(),
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Error::Rule(format!("The body is not UTF-8: {error}")))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut track = Track::new();
    // Erased, so that JSON and paths are compiled once and not once for each body.
    let value = erased_serde::deserialize(&mut <dyn erased_serde::Deserializer>::erase(
        serde_path_to_error::Deserializer::new(&mut deserializer, &mut track),
    ))
    .map_err(|error| problem(&error, &track.path().to_string(), text))?;
    deserializer
        .end()
        .map_err(|error| Error::Rule(format!("The body is not JSON: {error}")))?;
    Ok(value)
}

fn problem(cause: &erased_serde::Error, path: &str, body: &str) -> Error {
    // Where one of some words is expected, serde_json calls anything else bad syntax.
    if let Err(syntax) = serde_json::from_str::<IgnoredAny>(body) {
        return Error::Rule(format!("The body is not JSON: {syntax}"));
    }
    let text = cause.to_string();
    // serde_json ends its messages with the place in the text, which the path says better.
    let message = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(message, _)| message);
    // The body as a whole has no name; a place in a list that it shouldn't be has one that begins with it.
    let name = match path {
        "." => "body".to_owned(),
        place if place.starts_with('[') => format!("body{place}"),
        place => place.to_owned(),
    };
    // Of these two serde says the attribute, and its path is that of what holds it.
    let of_holder = |field: &str| match path {
        "." => field.to_owned(),
        _ => format!("{name}.{field}"),
    };
    let quoted = |start: &str| message.strip_prefix(start)?.strip_suffix('`');
    Error::invalid(if let Some(field) = quoted("missing field `") {
        FieldProblem::missing(of_holder(field))
    } else if let Some(field) = quoted("duplicate field `") {
        FieldProblem::format(of_holder(field), "is there twice")
    } else {
        FieldProblem::format(name, plain(message))
    })
}

/// Whether a text in the JSON holds the character NUL, which PostgreSQL can't store.
fn has_nul(bytes: &[u8]) -> bool {
    let escape = b"\\u0000";
    bytes.windows(escape.len()).enumerate().any(|(at, window)| {
        // An even number of backslashes before is text about the escape, not the escape.
        window == escape
            && bytes[..at]
                .iter()
                .rev()
                .take_while(|byte| **byte == b'\\')
                .count()
                % 2
                == 0
    })
}

#[cfg(test)]
mod tests {
    use super::{Error, parse};
    use crate::access::error::FieldProblemKind;
    use crate::wire::Text;

    #[derive(serde::Deserialize, Debug)]
    #[expect(dead_code, reason = "only read into")]
    struct Input {
        title: Text<1, 5>,
        tags: Vec<Text<1, 3>>,
    }

    #[test]
    fn a_problem_names_its_place() {
        let problem = |json: &str| match parse::<Input>(json.as_bytes()) {
            Err(Error::Invalid(problems)) => (problems[0].name.clone(), problems[0].kind),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            problem(r#"{"tags":[]}"#),
            ("title".to_owned(), FieldProblemKind::Missing)
        );
        assert_eq!(problem(r#"{"title":3,"tags":[]}"#).0, "title");
        assert_eq!(problem(r#"{"title":"a","tags":["a","bbbb"]}"#).0, "tags[1]");
    }

    #[test]
    fn a_word_of_a_list_that_is_no_text_is_a_problem_of_its_place() {
        #[derive(serde::Deserialize, Debug)]
        enum Word {
            One,
        }
        #[derive(serde::Deserialize, Debug)]
        #[expect(dead_code, reason = "only read into")]
        struct Input {
            word: Word,
        }
        assert!(matches!(parse::<Word>(br#""One""#), Ok(Word::One)));
        for json in [r#"{"word":[1]}"#, r#"{"word":7}"#, r#"{"word":null}"#] {
            match parse::<Input>(json.as_bytes()) {
                Err(Error::Invalid(problems)) => assert_eq!(problems[0].name, "word", "{json}"),
                other => panic!("{json}: {other:?}"),
            }
        }
    }

    #[test]
    fn nul_is_refused_but_text_about_it_is_not() {
        assert!(matches!(
            parse::<String>(br#""a\u0000""#),
            Err(Error::Rule(_))
        ));
        assert_eq!(parse::<String>(br#""a\\u0000""#).unwrap(), r"a\u0000");
    }

    #[test]
    fn what_is_no_json_is_said_to_be_none() {
        assert!(matches!(
            parse::<serde_json::Value>(b"{"),
            Err(Error::Rule(_))
        ));
        assert!(matches!(parse::<String>(b"\"a\" x"), Err(Error::Rule(_))));
        assert!(matches!(parse::<String>(b"\"\xff\""), Err(Error::Rule(_))));
        // Half of a pair is JSON, but no text.
        assert!(parse::<String>(br#""\ud800""#).is_err());
    }
}
