//! What went wrong with the bucket: in short for who asked for a file, and with the cause for who runs the platform.

use object_store::Error as Cause;

use crate::outbound;
use crate::storage::Error;

/// What only other settings help against, and what may be better in a while.
enum Kind {
    Refused,
    NotThere,
    /// With what to do.
    Wrong(&'static str),
    Away,
}

impl Kind {
    fn of(error: &Cause) -> Self {
        match said(error) {
            Some(outbound::Error::Untrusted { .. }) => {
                return Self::Wrong(
                    "If its certificate is of your own authority, name that in outbound.ca_file.",
                );
            }
            Some(outbound::Error::Refused { .. }) => {
                return Self::Wrong("Set s3.endpoint to another address.");
            }
            Some(_) => return Self::Away,
            None => {}
        }
        // The library tells some refusals by their kind, and those of a list in its text alone.
        match (error, code(&error.to_string())) {
            (_, Some("NoSuchBucket")) | (Cause::NotFound { .. }, _) => Self::NotThere,
            (Cause::PermissionDenied { .. } | Cause::Unauthenticated { .. }, _)
            | (_, Some("AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch")) => {
                Self::Refused
            }
            (_, None | Some("SlowDown" | "InternalError" | "ServiceUnavailable")) => Self::Away,
            (_, Some(_)) => Self::Wrong("Look at s3.endpoint, s3.region and s3.path_style."),
        }
    }
}

/// Notes the cause in the log, and gives what people are told.
pub(super) fn failed(attempted: &str, error: &Cause) -> Error {
    let why = why(error);
    tracing::error!(attempted, why, "the bucket of files failed");
    let told = match Kind::of(error) {
        Kind::NotThere => "does not have this file, or is not there any more",
        Kind::Refused | Kind::Wrong(_) => {
            "refuses the server; nothing was changed, and the log of the server has the cause"
        }
        Kind::Away => "does not answer; nothing was changed, try again later",
    };
    Error::Files(told.to_owned())
}

/// Why the bucket cannot be used, as a whole sentence for the person at the terminal.
pub(super) fn unusable(title: &str, attempted: &str, error: &Cause) -> Error {
    let why = why(error);
    let sentence = |advice: &str| {
        format!("The bucket {title} cannot be used, for it did not {attempted}: {why}. {advice}")
    };
    match Kind::of(error) {
        Kind::Refused => Error::Unusable(sentence(
            "Look at s3.access_key, s3.secret_key and s3.region, and at what the key may do: list, read, write and \
             delete objects.",
        )),
        Kind::NotThere => Error::Unusable(sentence(
            "Make the bucket, or set s3.bucket to one that is there.",
        )),
        Kind::Wrong(advice) => Error::Unusable(sentence(advice)),
        // It may be up in a minute: the service manager tries again.
        Kind::Away => Error::NotNow(sentence("Is it up, and is s3.endpoint right?")),
    }
}

/// The cause in a few words: what the connection says, else the code that the storage answered, else the library's words.
fn why(error: &Cause) -> String {
    if let Some(said) = said(error) {
        return said.to_string();
    }
    let text = error.to_string();
    match code(&text) {
        Some(code) => format!("it answered {code}"),
        None => text,
    }
}

/// The code of a refusal in the words of S3.
fn code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    Some(rest.split_once("</Code>")?.0)
}

/// What the house's own connection said, where the error came from there.
fn said(error: &Cause) -> Option<&outbound::Error> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(said) = inner.downcast_ref() {
            return Some(said);
        }
        cause = inner.source();
    }
    None
}
