//! Why another server was not reached, or not understood. The texts are for the person who set it up.

use std::time::Duration;

use http::StatusCode;
use thiserror::Error;

/// What went wrong with a request to another server.
#[derive(Debug, Error)]
pub enum Error {
    /// The address is no URL of the web.
    #[error("{url} is no address of the form https://host/")]
    NoAddress { url: String },
    /// The settings cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The address must not be reached.
    #[error("{host} must not be reached: {why}")]
    Refused { host: String, why: String },
    /// The host has no address.
    #[error("{host} is not known: {why}")]
    UnknownHost { host: String, why: String },
    /// Nothing answers.
    #[error("{host} cannot be reached: {why}")]
    Unreachable { host: String, why: String },
    /// It is not who it says.
    #[error("{host} cannot be trusted: {why}")]
    Untrusted { host: String, why: String },
    /// It took too long.
    #[error("{host} gave no whole answer within {} s", after.as_secs())]
    TimedOut { host: String, after: Duration },
    /// It sent more than anybody would.
    #[error("{host} answered more than {bytes_max} bytes")]
    TooLarge { host: String, bytes_max: u64 },
    /// It sent us elsewhere.
    #[error("{host} sends on to {to}; if that is right, write that address into the settings")]
    Redirected { host: String, to: String },
    /// It did not do what it was asked.
    #[error("{host} answered {status}: {excerpt}")]
    Answered {
        host: String,
        status: StatusCode,
        excerpt: String,
    },
    /// It answered something that cannot be what was asked for.
    #[error("{host} answered something else than was asked for: {why}")]
    Strange { host: String, why: String },
    /// The connection broke.
    #[error("the connection to {host} broke: {why}")]
    Broken { host: String, why: String },
}

impl Error {
    /// Whether it refused who asks: the key is wrong.
    pub fn is_about_credentials(&self) -> bool {
        matches!(self, Self::Answered { status, .. }
            if [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(status))
    }

    /// Whether it says that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Answered { status, .. } if *status == StatusCode::NOT_FOUND)
    }
}
