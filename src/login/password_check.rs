//! Checking a password, and all that hangs on it: the wait after wrong ones, the code of the second factor, the lock,
//! the password that everybody knows.

use super::authenticator::Authenticator;
use super::identity::Identity;
use super::lockout::Attempt;
use super::password::Verdict;
use super::refusal::{
    default_from_elsewhere, failed, failed_to_compute, refuse_barred, unauthenticated,
};
use super::secret_box::Purpose;
use super::store::{self, Account};
use super::totp;
use crate::access::Origin;
use crate::access::guard::CallerRefused;
use crate::storage;
use crate::tenancy::user::model::UserType;

/// Where the code of an account with TOTP is.
#[derive(Clone, Copy)]
pub(super) enum Code<'a> {
    /// In a field of its own, or nowhere.
    Beside(Option<&'a str>),
    /// Behind the password, with a colon between; only an account that wants a code is looked at so.
    Appended,
}

impl<'a> Code<'a> {
    /// The password and the code.
    fn split(self, password: &'a str, wants_code: bool) -> (&'a str, Option<&'a str>) {
        let is_code =
            |text: &str| text.len() == 6 && text.bytes().all(|digit| digit.is_ascii_digit());
        match self {
            Self::Beside(code) => (password, code),
            Self::Appended if wants_code => match password.rsplit_once(':') {
                Some((password, code)) if is_code(code) => (password, Some(code)),
                _ => (password, None),
            },
            Self::Appended => (password, None),
        }
    }
}

/// Who asked to sign in by a password, when it was right.
pub(super) struct Passed {
    pub account: Account,
    pub identity: Identity,
}

/// Why a password does not let in.
pub(super) enum PasswordRefused {
    Caller(CallerRefused),
    /// It was right, and the account wants a code too.
    CodeRequired,
}

impl From<storage::Error> for PasswordRefused {
    fn from(error: storage::Error) -> Self {
        Self::Caller(failed(&error))
    }
}

impl From<CallerRefused> for PasswordRefused {
    fn from(refused: CallerRefused) -> Self {
        Self::Caller(refused)
    }
}

impl Authenticator {
    /// HTTP basic: `password`, or `password:code` for an account with TOTP.
    pub(super) async fn by_basic(
        &self,
        origin: &Origin,
        login: &str,
        password: &str,
    ) -> Result<Identity, CallerRefused> {
        match self
            .check_password(origin, login, password, Code::Appended)
            .await
        {
            Ok(passed) => Ok(passed.identity),
            Err(PasswordRefused::Caller(refused)) => Err(refused),
            Err(PasswordRefused::CodeRequired) => Err(unauthenticated()),
        }
    }

    /// Checks a password, and the code of an account that wants one.
    pub(super) async fn check_password(
        &self,
        origin: &Origin,
        login: &str,
        password: &str,
        code: Code<'_>,
    ) -> Result<Passed, PasswordRefused> {
        let login = self.inner().rules.complete(login);
        let attempt = self
            .inner()
            .lockout
            .begin(&login, origin.address, origin.now_ms)
            .map_err(|retry_after_s| CallerRefused::TooManyRequests { retry_after_s })?;
        let wanted = login.clone();
        let account = self
            .inner()
            .db
            .read(move |tx| store::account_by_login(tx, &wanted))
            .await
            .map_err(|error: storage::Error| failed(&error))?
            .filter(|account| account.kind == UserType::Normal);
        let wants_code = account
            .as_ref()
            .is_some_and(|account| account.totp_secret_sealed.is_some());
        let (password, code) = code.split(password, wants_code);
        let hash = account
            .as_ref()
            .and_then(|account| account.password_hash.clone());
        let verdict = self
            .inner()
            .passwords
            .verify(password.to_owned(), hash)
            .await;
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(error) => {
                self.inner().lockout.abandoned(attempt);
                return Err(failed_to_compute(&error).into());
            }
        };
        match account {
            Some(account) if verdict != Verdict::Wrong => {
                self.let_in(origin, account, attempt, verdict, password, code)
                    .await
            }
            _ => {
                let (address, request_id) = (&origin.address, &origin.request_id);
                tracing::warn!(%login, %address, %request_id, "a wrong password");
                Err(unauthenticated().into())
            }
        }
    }

    /// The password was right; what is left are the code, the lock, and the default password.
    async fn let_in(
        &self,
        origin: &Origin,
        account: Account,
        attempt: Attempt,
        verdict: Verdict,
        password: &str,
        code: Option<&str>,
    ) -> Result<Passed, PasswordRefused> {
        if account.totp_secret_sealed.is_some() {
            let Some(code) = code else {
                self.inner().lockout.abandoned(attempt);
                return Err(PasswordRefused::CodeRequired);
            };
            self.check_code(&account, code, origin.now_ms).await?;
        }
        self.inner().lockout.succeeded(attempt, origin.now_ms);
        refuse_barred(&account)?;
        if account.is_password_default && !origin.is_this_machine() {
            return Err(default_from_elsewhere().into());
        }
        if verdict == Verdict::RightButWeak {
            self.strengthen(&account, password).await;
        }
        let id = account.id;
        let places = self
            .inner()
            .db
            .read(move |tx| store::places(tx, id))
            .await?;
        let identity = Identity {
            user_id: account.id,
            login: account.login.clone(),
            session: None,
            is_password_default: account.is_password_default,
            places,
        };
        Ok(Passed { account, identity })
    }

    /// Each code counts once, also when it comes twice at the same time.
    async fn check_code(
        &self,
        account: &Account,
        code: &str,
        now_ms: i64,
    ) -> Result<(), PasswordRefused> {
        let Some(sealed) = &account.totp_secret_sealed else {
            return Ok(());
        };
        let secret = self
            .inner()
            .secrets
            .open_sealed(Purpose::TotpSecret, account.id, sealed)
            .map_err(|error| CallerRefused::Failed(error.to_string()))?;
        let step = totp::accept(&secret, code, account.totp_step_used, now_ms)
            .ok_or_else(unauthenticated)?;
        let id = account.id;
        let is_first = self
            .inner()
            .db
            .write_on_reserve(move |tx| store::note_totp_step(tx, id, step))
            .await?;
        if is_first {
            Ok(())
        } else {
            Err(unauthenticated().into())
        }
    }

    /// Hashes the password anew with the present cost. If that fails, the old hash goes on.
    async fn strengthen(&self, account: &Account, password: &str) {
        let (Some(before), id) = (account.password_hash.clone(), account.id) else {
            return;
        };
        let outcome = match self.inner().passwords.hash(password.to_owned()).await {
            Ok(after) => {
                let write =
                    move |tx: &storage::WriteTx| store::strengthen_hash(tx, id, &before, &after);
                self.inner()
                    .db
                    .write(write)
                    .await
                    .map_err(|error: storage::Error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "cannot strengthen the hash of a password");
        }
    }
}
