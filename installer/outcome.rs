//! How an installation ends that did not do what was asked, each with an exit status of its own.

use std::path::PathBuf;

use thiserror::Error;

/// Why it ended. The texts are for the person at the terminal.
#[derive(Debug, Error)]
pub enum Error {
    /// A step failed, and what was done is undone.
    #[error("{step}: {why}\n{}", restored(.journal))]
    Failed {
        step: String,
        why: String,
        journal: String,
    },
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The machine is not what is required.
    #[error("{0}")]
    Requirements(String),
    /// It has to be root.
    #[error("This needs root. Run it again as:\n\n  sudo {0}")]
    NotRoot(String),
    /// Something else is in the way.
    #[error("{0}")]
    Conflict(String),
    /// The person said no, or nobody could be asked.
    #[error("{0}")]
    Declined(String),
    /// A step failed, and undoing failed too.
    #[error(
        "{step}: {why}\nUndoing it failed too. This is left and has to be seen to by hand:\n{}",
        listed(.left)
    )]
    Left {
        step: String,
        why: String,
        left: Vec<String>,
    },
    /// A signal ended it, and what was done is undone.
    #[error("Interrupted. {}", if *.has_begun { "Everything is as it was before." } else { "Nothing was changed." })]
    Interrupted { signal: i32, has_begun: bool },
    /// Files could not be read or written outside of a step.
    #[error("{what} {}: {source}.", path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
}

/// What the installer's functions give.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The exit status; they are listed in `skep install --help`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Failed { .. } | Self::File { .. } => 1,
            Self::Usage(_) => 2,
            Self::Requirements(_) => 3,
            Self::NotRoot(_) => 4,
            Self::Conflict(_) => 5,
            Self::Declined(_) => 6,
            Self::Left { .. } => 7,
            Self::Interrupted { signal, .. } => u8::try_from(128 + signal).unwrap_or(u8::MAX),
        }
    }

    /// That a file could not be read or written.
    pub(super) fn file(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { what, path, source }
    }
}

fn restored(journal: &str) -> String {
    let mut text = "Everything is as it was before.".to_owned();
    if !journal.is_empty() {
        text.push_str("\n\nThe last lines of its log (journalctl -u skep):\n");
        text.push_str(journal);
    }
    text
}

fn listed(left: &[String]) -> String {
    left.iter()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn each_end_has_its_status() {
        let interrupted = |signal| Error::Interrupted {
            signal,
            has_begun: true,
        };
        assert_eq!(interrupted(2).exit_code(), 130);
        assert_eq!(interrupted(15).exit_code(), 143);
        assert_eq!(Error::Requirements(String::new()).exit_code(), 3);
        assert!(
            Error::NotRoot("./skep install".to_owned())
                .to_string()
                .contains("sudo ./skep install")
        );
    }
}
