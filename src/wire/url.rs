//! What a request says in its URL: the parameters of the path and of the search.
//!
//! The framework's own readers of both refuse in plain text; these refuse as everything else does, and name the
//! parameter.

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::plain::{kind, plain};
use crate::access::error::{Error, FieldProblem};

/// The `{parameters}` of a path.
pub struct Path<T>(pub T);

/// What follows the `?`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Self(value))
            .map_err(|rejection| path_problem(&rejection))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// A yes or no in the URL: any letter case, `1` and `0`, and yes when only its name is given (`?asZip`).
///
/// # Errors
/// Another word.
pub fn flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    flag_of(&text).ok_or_else(|| serde::de::Error::custom("must be true or false"))
}

/// The same of a text.
pub fn flag_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "" | "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn path_problem(rejection: &PathRejection) -> Error {
    let PathRejection::FailedToDeserializePathParams(failed) = rejection else {
        return Error::Internal(rejection.body_text());
    };
    match failed.kind() {
        ErrorKind::InvalidUtf8InPathParam { key } => {
            Error::invalid(FieldProblem::format(key, "must be UTF-8"))
        }
        ErrorKind::ParseErrorAtKey {
            key, expected_type, ..
        } => Error::invalid(FieldProblem::format(
            key,
            format!("must be {}", kind(expected_type)),
        )),
        ErrorKind::DeserializeError { key, message, .. } => {
            Error::invalid(FieldProblem::format(key, plain(message)))
        }
        // The handler asks for parameters that its path does not have.
        other => Error::Internal(other.to_string()),
    }
}

fn query<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let pairs = form_urlencoded::parse(text.as_bytes());
    let deserializer = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let message = error.inner().to_string();
        let quoted = |start: &str| Some(message.strip_prefix(start)?.strip_suffix('`')?.to_owned());
        Error::invalid(if let Some(name) = quoted("missing field `") {
            FieldProblem::missing(name)
        } else if let Some(name) = quoted("duplicate field `") {
            FieldProblem::format(name, "is there twice")
        } else {
            FieldProblem::format(error.path().to_string(), plain(&message))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Error, FieldProblem, query};
    use crate::access::error::FieldProblemKind;

    #[derive(serde::Deserialize, Debug)]
    #[serde(rename_all = "camelCase")]
    struct Search {
        q: String,
        only_unread: Option<bool>,
        from: Option<i64>,
    }

    #[test]
    fn a_search_is_read() {
        let search: Search = query("from=-3&q=a%20b+c%26&other=1&onlyUnread=true").unwrap();
        assert_eq!(search.q, "a b c&");
        assert_eq!((search.only_unread, search.from), (Some(true), Some(-3)));
    }

    #[test]
    fn a_problem_names_its_parameter() {
        use FieldProblemKind::{InvalidFormat, Missing};
        for (text, name, kind, message) in [
            ("", "q", Missing, "is required"),
            (
                "q=a&from=x",
                "from",
                InvalidFormat,
                "must be a whole number",
            ),
            ("q=a&from=", "from", InvalidFormat, "must be a whole number"),
            (
                "q=a&from=9223372036854775808",
                "from",
                InvalidFormat,
                "must be a smaller number",
            ),
            (
                "q=a&onlyUnread=maybe",
                "onlyUnread",
                InvalidFormat,
                "must be true or false",
            ),
            ("q=a&q=b", "q", InvalidFormat, "is there twice"),
        ] {
            match query::<Search>(text) {
                Err(Error::Invalid(problems)) => {
                    assert_eq!(
                        problems,
                        [FieldProblem {
                            name: name.to_owned(),
                            kind,
                            message: message.to_owned()
                        }],
                        "{text}"
                    );
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
