//! What an error of a Cortex means for a job.

use crate::outbound::Error;

/// Whether the same may go well when it is tried again: the server may come back, but it does not stop lying.
pub(super) fn may_pass(error: &Error) -> bool {
    match error {
        Error::UnknownHost { .. }
        | Error::Unreachable { .. }
        | Error::TimedOut { .. }
        | Error::Broken { .. } => true,
        Error::Answered { status, .. } => {
            status.is_server_error() || *status == http::StatusCode::TOO_MANY_REQUESTS
        }
        Error::NoAddress { .. }
        | Error::Settings(_)
        | Error::Refused { .. }
        | Error::Untrusted { .. }
        | Error::TooLarge { .. }
        | Error::Redirected { .. }
        | Error::Strange { .. } => false,
    }
}

/// Whether the server may have got what was sent, though nobody said so.
pub(super) fn may_have_arrived(error: &Error) -> bool {
    matches!(
        error,
        Error::TimedOut { .. }
            | Error::Broken { .. }
            | Error::TooLarge { .. }
            | Error::Strange { .. }
    )
}
