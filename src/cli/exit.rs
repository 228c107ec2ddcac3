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
        eprintln!("skep: {error:#}");
    }
    exit.map_or(ExitCode::FAILURE, |exit| ExitCode::from(exit.code))
}
