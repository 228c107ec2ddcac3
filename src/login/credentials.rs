//! Credentials as a request brings them, before anybody has looked whether they are right.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};

use super::session::COOKIE_NAME;

/// The header that names the organisation of a request.
pub const ORGANISATION_HEADER: &str = "x-organisation";

/// Credentials as a request brings them.
pub(super) enum Credentials<'a> {
    Key(&'a str),
    Password { login: String, password: String },
    Session(&'a str),
}

/// The credentials of a request: a key or a password by header, else the cookie of a session.
pub(super) fn credentials(headers: &HeaderMap) -> Option<Credentials<'_>> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, value) = value.to_str().ok()?.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Credentials::Key(value.trim()));
        }
        if scheme.eq_ignore_ascii_case("basic") {
            let decoded = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            // No login and no password has the character NUL.
            let (login, password) = decoded
                .split_once(':')
                .filter(|_| !decoded.contains('\0'))?;
            return Some(Credentials::Password {
                login: login.to_owned(),
                password: password.to_owned(),
            });
        }
        return None;
    }
    session_token(headers).map(Credentials::Session)
}

/// The token in the session's cookie.
pub(super) fn session_token(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, |name| name == COOKIE_NAME)
}

/// The first cookie of that name that holds something.
fn cookie(headers: &HeaderMap, is_it: impl Fn(&str) -> bool) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| is_it(name) && !value.is_empty())
        .map(|(_, value)| value)
}

/// The organisation that a request is for, if it says so: by the header, else by a cookie of the same name.
pub(super) fn organisation(headers: &HeaderMap) -> Option<String> {
    let name = match headers.get(ORGANISATION_HEADER) {
        Some(name) => text_of(name.as_bytes()),
        None => cookie(headers, |name| {
            name.eq_ignore_ascii_case(ORGANISATION_HEADER)
        })?
        .to_owned(),
    };
    (!name.is_empty()).then(|| percent_decoded(&name))
}

/// A header has no encoding: some clients send UTF-8, some Latin-1. One that is passed over would have the request do its
/// work in another organisation.
fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Names with letters beyond ASCII may come percent-encoded.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high * 16 + low);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| digit.try_into().ok())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{Credentials, ORGANISATION_HEADER, credentials, organisation, percent_decoded};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_header_wins_over_the_cookie() {
        let both = headers(&[
            ("authorization", "Bearer k1"),
            ("cookie", "THEHIVE-SESSION=t"),
        ]);
        assert!(matches!(credentials(&both), Some(Credentials::Key("k1"))));
        let cookie = headers(&[("cookie", "a=b; THEHIVE-SESSION=t; c=d")]);
        assert!(matches!(
            credentials(&cookie),
            Some(Credentials::Session("t"))
        ));
        assert!(credentials(&headers(&[("cookie", "THEHIVE-SESSION=")])).is_none());
        assert!(credentials(&headers(&[("authorization", "Digest x")])).is_none());
    }

    #[test]
    fn a_password_may_hold_colons() {
        // u@x.y:p:q
        let basic = headers(&[("authorization", "basic dUB4Lnk6cDpx")]);
        let Some(Credentials::Password { login, password }) = credentials(&basic) else {
            panic!()
        };
        assert_eq!((login.as_str(), password.as_str()), ("u@x.y", "p:q"));
    }

    #[test]
    fn nul_is_in_no_login() {
        // u\0@x.y:p
        assert!(credentials(&headers(&[("authorization", "Basic dQBAeC55OnA=")])).is_none());
    }

    #[test]
    fn the_organisation_may_come_by_cookie() {
        let cookie = headers(&[("cookie", "THEHIVE-SESSION=t; X-Organisation=a%20b")]);
        assert_eq!(organisation(&cookie).as_deref(), Some("a b"));
        let both = headers(&[("cookie", "X-Organisation=a"), ("x-organisation", "b")]);
        assert_eq!(organisation(&both).as_deref(), Some("b"));
        assert_eq!(organisation(&headers(&[("cookie", "a=b")])), None);
    }

    #[test]
    fn no_name_in_the_header_is_passed_over() {
        for bytes in [
            "Sécurité".as_bytes(),
            b"S\xe9curit\xe9",
            b"S%C3%A9curit%C3%A9",
        ] {
            let name = HeaderValue::from_bytes(bytes).unwrap();
            let headers = HeaderMap::from_iter([(ORGANISATION_HEADER.parse().unwrap(), name)]);
            assert_eq!(organisation(&headers).as_deref(), Some("Sécurité"));
        }
    }

    #[test]
    fn a_name_may_be_percent_encoded() {
        assert_eq!(percent_decoded("S%C3%A9curit%C3%A9"), "Sécurité");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("a%zzb"), "a%zzb");
    }
}
