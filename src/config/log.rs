//! What is logged, and how.

use std::fmt;

use serde::Deserialize;

settings! {
    /// What is logged, and how. The log goes to the standard error output.
    pub struct Log named "log" {
        /// The least important level that is logged: `error`, `warn`, `info`, `debug` or `trace`. A level for a part
        /// of the program follows a comma: `info,skep::storage=debug`.
        level: String = "info".to_owned(),
        /// `text` for people, `json` for machines (one object a line).
        format: LogFormat = LogFormat::Text,
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}
