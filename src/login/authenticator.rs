//! From the credentials of a request to its caller.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};

use super::identity::Identity;
use super::lockout::{Attempt, Lockout};
use super::password::{Passwords, Verdict};
use super::remembered::{Fingerprint, Remembered};
use super::secret_box::{Purpose, SecretBox};
use super::session::{COOKIE_NAME, Lifetimes, LoginRules};
use super::store::{self, Account};
use super::{api_key, token, totp};
use crate::access::guard::CallerRefused;
use crate::access::{Origin, Scope};
use crate::storage::{self, Db};
use crate::tenancy::user::model::UserType;

/// The header that names the organisation of a request.
pub const ORGANISATION_HEADER: &str = "x-organisation";
/// The one sentence for every credential that does not pass: it does not say what was wrong with it.
const FAILURE: &str = "Authentication failure";
/// Said of the password of a new installation when it comes from elsewhere.
const DEFAULT_FROM_ELSEWHERE: &str = "The default password is only accepted on the machine that Skep runs on. \
    Sign in there and change it, or run: skep user reset-password";

/// Finds out who calls. Cheap to clone.
#[derive(Clone)]
pub struct Authenticator {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub db: Db,
    pub passwords: Passwords,
    pub secrets: SecretBox,
    pub lockout: Lockout,
    pub rules: LoginRules,
    pub remembered: Remembered,
}

/// Credentials as a request brings them.
enum Credentials<'a> {
    Key(&'a str),
    Password { login: String, password: String },
    Session(&'a str),
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

fn failed(error: &dyn std::fmt::Display) -> CallerRefused {
    CallerRefused::Failed(format!("authentication: {error}"))
}

fn unauthenticated() -> CallerRefused {
    CallerRefused::Unauthenticated(FAILURE.to_owned())
}

impl Authenticator {
    /// An authenticator over `db`.
    pub fn new(
        db: &Db,
        passwords: Passwords,
        secrets: SecretBox,
        lockout: Lockout,
        rules: LoginRules,
    ) -> Self {
        let remembered = Remembered::of(db);
        Self {
            inner: Arc::new(Inner {
                db: db.clone(),
                passwords,
                secrets,
                lockout,
                rules,
                remembered,
            }),
        }
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// How long sessions last.
    pub fn lifetimes(&self) -> Lifetimes {
        self.inner.rules.lifetimes
    }

    /// Hashes and checks passwords, within the same bound as signing in does.
    pub fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    /// Seals the secrets of users.
    pub fn secrets(&self) -> &SecretBox {
        &self.inner.secrets
    }

    /// The counters of wrong attempts.
    pub fn lockout(&self) -> &Lockout {
        &self.inner.lockout
    }

    /// The caller of a request. A cookie's session goes on by it, if `prolongs` says so.
    ///
    /// # Errors
    /// When there are no credentials, wrong ones, or none for the organisation that the request is for.
    pub async fn authenticate(
        &self,
        origin: &Origin,
        headers: &HeaderMap,
        prolongs: bool,
    ) -> Result<Arc<Scope>, CallerRefused> {
        let identity = self.identify(origin, headers, prolongs).await?;
        let organisation = headers
            .get(ORGANISATION_HEADER)
            .and_then(|value| value.to_str().ok());
        let organisation = organisation
            .filter(|name| !name.is_empty())
            .map(percent_decoded);
        identity
            .scope(origin, organisation.as_deref())
            .map(Arc::new)
    }

    /// Whose credentials a request brings.
    pub(super) async fn identify(
        &self,
        origin: &Origin,
        headers: &HeaderMap,
        prolongs: bool,
    ) -> Result<Arc<Identity>, CallerRefused> {
        let credentials = credentials(headers).ok_or_else(unauthenticated)?;
        let print = self.fingerprint(&credentials);
        let now_ms = origin.now_ms;
        if let Some(identity) = self.inner.remembered.recall(&print, now_ms) {
            Self::check_default(origin, &identity)?;
            self.check_session(&identity, now_ms)?;
            return Ok(identity);
        }
        let generation = self.inner.remembered.generation();
        let identity = match credentials {
            Credentials::Key(key) => self.by_key(key).await?,
            Credentials::Session(token) => self.by_session(token, now_ms, prolongs).await?,
            Credentials::Password { login, password } => {
                self.by_basic(origin, &login, &password).await?
            }
        };
        Self::check_default(origin, &identity)?;
        let identity = Arc::new(identity);
        self.inner
            .remembered
            .remember(print, identity.clone(), now_ms, generation);
        Ok(identity)
    }

    /// The id of the session that the request's cookie names, if it has one.
    pub async fn current_session(&self, origin: &Origin, headers: &HeaderMap) -> Option<i64> {
        let identity = self.identify(origin, headers, false).await.ok()?;
        identity.session.as_ref().map(|session| session.id)
    }

    fn fingerprint(&self, credentials: &Credentials) -> Fingerprint {
        let remembered = &self.inner.remembered;
        match credentials {
            Credentials::Key(key) => remembered.fingerprint("Bearer", key.as_bytes()),
            Credentials::Session(token) => self.fingerprint_of_session(token),
            Credentials::Password { login, password } => {
                remembered.fingerprint("Basic", format!("{login}\0{password}").as_bytes())
            }
        }
    }

    pub(super) fn fingerprint_of_session(&self, token: &str) -> Fingerprint {
        self.inner
            .remembered
            .fingerprint("Session", token.as_bytes())
    }

    /// The default password counts only on this machine. A session that it opened goes on wherever it was opened.
    fn check_default(origin: &Origin, identity: &Identity) -> Result<(), CallerRefused> {
        let is_by_password = identity.session.is_none();
        if identity.is_password_default && is_by_password && !origin.is_this_machine() {
            return Err(CallerRefused::Refused(DEFAULT_FROM_ELSEWHERE.to_owned()));
        }
        Ok(())
    }

    fn check_session(&self, identity: &Identity, now_ms: i64) -> Result<(), CallerRefused> {
        match &identity.session {
            Some(session) if self.inner.rules.lifetimes.is_over(session, now_ms) => {
                Err(unauthenticated())
            }
            _ => Ok(()),
        }
    }

    async fn by_key(&self, key: &str) -> Result<Identity, CallerRefused> {
        let hash = api_key::hash(key);
        let found = self.inner.db.read(move |tx| {
            let Some(account) = store::account_by_key(tx, &hash)? else {
                return Ok(None);
            };
            let places = store::places(tx, account.id)?;
            Ok::<_, storage::Error>(Some((account, places)))
        });
        let (account, places) = found
            .await
            .map_err(|error| failed(&error))?
            .ok_or_else(unauthenticated)?;
        refuse_locked(&account)?;
        Ok(Identity {
            user_id: account.id,
            login: account.login,
            session: None,
            is_password_default: false,
            places,
        })
    }

    async fn by_session(
        &self,
        token: &str,
        now_ms: i64,
        prolongs: bool,
    ) -> Result<Identity, CallerRefused> {
        let hash = token::hash(token);
        let found = self.inner.db.read(move |tx| {
            let Some(session) = store::session_by_token(tx, &hash)? else {
                return Ok(None);
            };
            let Some(account) = store::account_by_id(tx, session.user_id)? else {
                return Ok(None);
            };
            let places = store::places(tx, account.id)?;
            Ok::<_, storage::Error>(Some((session, account, places)))
        });
        let (mut session, account, places) = found
            .await
            .map_err(|error| failed(&error))?
            .ok_or_else(unauthenticated)?;
        if self.inner.rules.lifetimes.is_over(&session, now_ms) {
            return Err(unauthenticated());
        }
        refuse_locked(&account)?;
        if prolongs {
            session.last_seen_at = now_ms;
            self.note_seen(session.id, now_ms);
        }
        Ok(Identity {
            user_id: account.id,
            login: account.login,
            session: Some(session),
            is_password_default: account.is_password_default,
            places,
        })
    }

    /// Notes beside the request that its session was used: at most once a minute, since it is remembered so long. A
    /// full disk must not keep anybody out.
    fn note_seen(&self, session_id: i64, now_ms: i64) {
        let db = self.inner.db.clone();
        tokio::spawn(async move {
            let noted = db
                .write(move |tx| store::note_seen(tx, session_id, now_ms))
                .await;
            if let Err(error) = noted {
                tracing::warn!(%error, "cannot note that a session was used");
            }
        });
    }

    /// HTTP basic: `password`, or `password:code` for an account with TOTP.
    async fn by_basic(
        &self,
        origin: &Origin,
        login: &str,
        password: &str,
    ) -> Result<Identity, CallerRefused> {
        let whole = self.check_password(origin, login, password, None).await;
        let refused = match whole {
            Ok(passed) => return Ok(passed.identity),
            Err(PasswordRefused::Caller(refused @ CallerRefused::Unauthenticated(_))) => refused,
            Err(PasswordRefused::Caller(refused)) => return Err(refused),
            Err(PasswordRefused::CodeRequired) => return Err(unauthenticated()),
        };
        let with_code = password.rsplit_once(':').filter(|(_, code)| {
            code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit())
        });
        let Some((password, code)) = with_code else {
            return Err(refused);
        };
        match self
            .check_password(origin, login, password, Some(code))
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
        code: Option<&str>,
    ) -> Result<Passed, PasswordRefused> {
        let login = self.inner.rules.complete(login);
        let attempt = self
            .inner
            .lockout
            .begin(&login, origin.address, origin.now_ms)
            .map_err(|retry_after_s| CallerRefused::TooManyRequests { retry_after_s })?;
        let wanted = login.clone();
        let account = self
            .inner
            .db
            .read(move |tx| store::account_by_login(tx, &wanted))
            .await
            .map_err(|error: storage::Error| failed(&error))?
            .filter(|account| account.kind == UserType::Normal);
        let hash = account
            .as_ref()
            .and_then(|account| account.password_hash.clone());
        let verdict = self.inner.passwords.verify(password.to_owned(), hash).await;
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(error) => {
                self.inner.lockout.abandoned(attempt);
                return Err(failed(&error).into());
            }
        };
        match account {
            Some(account) if verdict != Verdict::Wrong => {
                self.let_in(origin, account, attempt, verdict, password, code)
                    .await
            }
            _ => Err(unauthenticated().into()),
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
                self.inner.lockout.abandoned(attempt);
                return Err(PasswordRefused::CodeRequired);
            };
            self.check_code(&account, code, origin.now_ms).await?;
        }
        self.inner.lockout.succeeded(attempt, origin.now_ms);
        refuse_locked(&account)?;
        if account.is_password_default && !origin.is_this_machine() {
            return Err(CallerRefused::Refused(DEFAULT_FROM_ELSEWHERE.to_owned()).into());
        }
        if verdict == Verdict::RightButWeak {
            self.strengthen(&account, password).await;
        }
        let id = account.id;
        let places = self.inner.db.read(move |tx| store::places(tx, id)).await?;
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
            .inner
            .secrets
            .open_sealed(Purpose::TotpSecret, account.id, sealed)
            .map_err(|error| failed(&error))?;
        let step = totp::accept(&secret, code, account.totp_step_used, now_ms)
            .ok_or_else(unauthenticated)?;
        let id = account.id;
        let is_first = self
            .inner
            .db
            .write(move |tx| store::note_totp_step(tx, id, step))
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
        let outcome = match self.inner.passwords.hash(password.to_owned()).await {
            Ok(after) => {
                let write =
                    move |tx: &storage::WriteTx| store::strengthen_hash(tx, id, &before, &after);
                self.inner
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

fn refuse_locked(account: &Account) -> Result<(), CallerRefused> {
    if account.is_locked {
        return Err(CallerRefused::Refused("This account is locked".to_owned()));
    }
    Ok(())
}

/// The credentials of a request: a key or a password by header, else the cookie of a session.
fn credentials(headers: &HeaderMap) -> Option<Credentials<'_>> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, value) = value.to_str().ok()?.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Credentials::Key(value.trim()));
        }
        if scheme.eq_ignore_ascii_case("basic") {
            let decoded = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            let (login, password) = decoded.split_once(':')?;
            return Some(Credentials::Password {
                login: login.to_owned(),
                password: password.to_owned(),
            });
        }
        return None;
    }
    session_token(headers).map(Credentials::Session)
}

/// The token in the session's cookie.
pub(super) fn session_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, token)| *name == COOKIE_NAME && !token.is_empty())
        .map(|(_, token)| token)
}

/// Names with letters beyond ASCII come percent-encoded, since a header can't hold them.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high * 16 + low);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| digit.try_into().ok())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{Credentials, credentials, percent_decoded};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_header_wins_over_the_cookie() {
        let both = headers(&[
            ("authorization", "Bearer k1"),
            ("cookie", "THEHIVE-SESSION=t"),
        ]);
        assert!(matches!(credentials(&both), Some(Credentials::Key("k1"))));
        let cookie = headers(&[("cookie", "a=b; THEHIVE-SESSION=t; c=d")]);
        assert!(matches!(
            credentials(&cookie),
            Some(Credentials::Session("t"))
        ));
        assert!(credentials(&headers(&[("cookie", "THEHIVE-SESSION=")])).is_none());
        assert!(credentials(&headers(&[("authorization", "Digest x")])).is_none());
    }

    #[test]
    fn a_password_may_hold_colons() {
        // u@x.y:p:q
        let basic = headers(&[("authorization", "basic dUB4Lnk6cDpx")]);
        let Some(Credentials::Password { login, password }) = credentials(&basic) else {
            panic!()
        };
        assert_eq!((login.as_str(), password.as_str()), ("u@x.y", "p:q"));
    }

    #[test]
    fn a_name_may_be_percent_encoded() {
        assert_eq!(percent_decoded("S%C3%A9curit%C3%A9"), "Sécurité");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("a%zzb"), "a%zzb");
    }
}
