//! What can be wrong with the settings, in whole sentences for the person at the terminal.

use std::path::PathBuf;

use thiserror::Error;

/// The settings cannot be used.
#[derive(Debug, Error)]
pub enum Error {
    #[error("Cannot read the settings in {}: {source}.", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("The setting {name} in {origin} does not exist{}", did_you_mean(.suggestion.as_deref()))]
    Unknown {
        name: String,
        origin: String,
        suggestion: Option<String>,
    },
    #[error("Cannot read the file {} that {setting} names: {source}.", path.display())]
    SecretFile {
        setting: String,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{0}")]
    Value(String),
    #[error("There is no home folder to put the data into; choose a folder with --data-dir.")]
    NoHome,
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(
        || "; docs/CONFIGURATION.md lists those that do.".to_owned(),
        |suggestion| format!("; did you mean {suggestion}?"),
    )
}
