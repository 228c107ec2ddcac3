//! Where the value of a setting came from.

use std::fmt;
use std::path::PathBuf;

/// Where the value of a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The service manager handed it over in this file.
    Credential(PathBuf),
    /// The file of settings.
    File(PathBuf),
    /// This variable.
    Environment(String),
    /// This flag.
    CommandLine(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Credential(path) => write!(f, "credential {}", path.display()),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(variable) => write!(f, "environment {variable}"),
            Self::CommandLine(flag) => write!(f, "command line {flag}"),
        }
    }
}
