//! With which exit status a command ends that did not do what it was asked to.

use std::fmt;
use std::process::ExitCode;

/// An end with a status of its own. Commands give it as their error.
#[derive(Debug)]
pub struct Exit {
    code: u8,
    sentence: String,
}

impl Exit {
    /// Ends with `code`, and `sentence` for the person at the terminal.
    pub(super) fn with(code: u8, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
        }
    }

    /// Ends with `code`; all there is to say was said.
    pub(super) fn silently(code: u8) -> Self {
        Self::with(code, "")
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Exit {}

/// Says what went wrong and gives the status to end with: 1 where no other was chosen.
pub fn end(error: &anyhow::Error) -> ExitCode {
    let exit = error.downcast_ref::<Exit>();
    if exit.is_none_or(|exit| !exit.sentence.is_empty()) {
        eprintln!("skep: {}", told(error));
    }
    exit.map_or(ExitCode::FAILURE, |exit| ExitCode::from(exit.code))
}

/// The error with what led to it. Many errors have the words of their cause in their own: those are not said again.
pub(super) fn told(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(cause.trim_end_matches('.')) {
            text = format!("{}: {cause}", text.trim_end_matches('.'));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::Context;
    use thiserror::Error;

    use super::told;

    #[derive(Debug, Error)]
    #[error("The key cannot be read: {0}.")]
    struct Whole(#[source] std::io::Error);

    #[test]
    fn what_an_error_says_of_its_cause_is_not_said_again() {
        let error = anyhow::Error::from(Whole(std::io::Error::other("it is gone")));
        assert_eq!(told(&error), "The key cannot be read: it is gone.");
        let error = Err::<(), _>(std::io::Error::other("it is gone"))
            .context("cannot start")
            .unwrap_err();
        assert_eq!(told(&error), "cannot start: it is gone");
    }
}
