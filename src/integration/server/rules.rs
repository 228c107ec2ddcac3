//! What an address of a server has to be.

use crate::access::{Error, FieldProblem, Result};

/// How long an answer may take, unless somebody says otherwise.
pub(super) const TIME_MAX_S: i64 = 30;
const TIMES_MAX_S: std::ops::RangeInclusive<i64> = 1..=600;

/// The address in the form in which it is kept: without a slash at the end.
///
/// # Errors
/// What is no address of the web, or holds credentials: they would be shown to everybody who sees the server.
pub(super) fn address(text: &str) -> Result<String> {
    let refuse = |message: &str| Err(Error::invalid(FieldProblem::format("url", message)));
    let text = text.trim().trim_end_matches('/');
    let Some(rest) = origin(text)
        .and_then(|_| text.split_once("://"))
        .map(|(_, rest)| rest)
    else {
        return refuse("must be an address like https://host or https://host/path");
    };
    if rest.contains('@') {
        return refuse("must hold no user and no password");
    }
    if rest.contains(['?', '#']) {
        return refuse("must have no query: the paths of the server's API are put behind it");
    }
    Ok(text.to_owned())
}

/// Scheme, host and port of an address of the web, in lower case.
pub(super) fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_sound = ["http", "https"].contains(&scheme.as_str())
        && !host.is_empty()
        && !address.chars().any(|c| c.is_whitespace() || c.is_control());
    is_sound.then(|| format!("{scheme}://{}", host.to_ascii_lowercase()))
}

/// How long an answer may take.
///
/// # Errors
/// What nobody would wait for.
pub(super) fn time_max_s(seconds: Option<i64>) -> Result<i64> {
    let seconds = seconds.unwrap_or(TIME_MAX_S);
    if TIMES_MAX_S.contains(&seconds) {
        return Ok(seconds);
    }
    let message = format!(
        "must be {} to {} seconds",
        TIMES_MAX_S.start(),
        TIMES_MAX_S.end()
    );
    Err(Error::invalid(FieldProblem::format("timeMaxS", message)))
}

#[cfg(test)]
mod tests {
    use super::{address, origin, time_max_s};

    #[test]
    fn an_address_is_one_of_the_web_without_secrets() {
        assert_eq!(
            address(" https://Host:9001/ ").unwrap(),
            "https://Host:9001"
        );
        assert_eq!(address("http://h/cortex//").unwrap(), "http://h/cortex");
        for wrong in [
            "",
            "host",
            "ftp://host",
            "http://",
            "http:///x",
            "https://u:p@host",
            "https://h/?a=b",
            "https://h/#x",
            "https://h h/",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_origin_is_scheme_host_and_port() {
        assert_eq!(
            origin("HTTPS://Host:1/p").as_deref(),
            Some("https://host:1")
        );
        assert_eq!(origin("file:///etc"), None);
    }

    #[test]
    fn waiting_has_limits() {
        assert_eq!(time_max_s(None).unwrap(), 30);
        assert!(time_max_s(Some(0)).is_err() && time_max_s(Some(601)).is_err());
    }
}
