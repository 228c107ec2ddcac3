//! Why somebody is not let in, in the words that he gets.

use super::store::Account;
use crate::access::Error;
use crate::access::guard::CallerRefused;
use crate::storage;
use crate::tenancy::user::model::UserType;

/// The one sentence for every credential that does not pass: it does not say what was wrong with it.
const FAILURE: &str = "Authentication failure";
/// Said of the password of a new installation when it comes from elsewhere.
const DEFAULT_FROM_ELSEWHERE: &str = "The default password is only accepted on the machine that Skep runs on. \
    Sign in there and change it, or run: skep user reset-password";

/// No credentials, or wrong ones.
pub(super) fn unauthenticated() -> CallerRefused {
    CallerRefused::Unauthenticated(FAILURE.to_owned())
}

/// The default password, but not on this machine.
pub(super) fn default_from_elsewhere() -> CallerRefused {
    CallerRefused::Refused(DEFAULT_FROM_ELSEWHERE.to_owned())
}

/// The look-up went wrong.
pub(super) fn failed(error: &storage::Error) -> CallerRefused {
    match error {
        storage::Error::Overloaded | storage::Error::Closed => CallerRefused::Busy,
        storage::Error::Unreachable { .. } => CallerRefused::Unreachable,
        other => CallerRefused::Failed(format!("authentication: {other}")),
    }
}

/// The computation went wrong.
pub(super) fn failed_to_compute(error: &Error) -> CallerRefused {
    match error {
        Error::Storage(error) => failed(error),
        other => CallerRefused::Failed(format!("authentication: {other}")),
    }
}

/// Refuses who is known, and yet may not come in.
pub(super) fn refuse_barred(account: &Account) -> Result<(), CallerRefused> {
    let why = if account.is_locked {
        "This account is locked"
    } else if account.kind == UserType::External {
        "External users have no access here"
    } else {
        return Ok(());
    };
    Err(CallerRefused::Refused(why.to_owned()))
}
