//! From the credentials of a request to its caller.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use super::credentials::{Credentials, credentials, organisation};
use super::identity::Identity;
use super::lockout::Lockout;
use super::password::Passwords;
use super::refusal::{default_from_elsewhere, failed, refuse_barred, unauthenticated};
use super::remembered::{Fingerprint, Remembered, TIME_MS};
use super::secret_box::SecretBox;
use super::session::{Lifetimes, LoginRules};
use super::store::{self, SessionRow};
use super::{api_key, token};
use crate::access::guard::CallerRefused;
use crate::access::{Origin, Scope};
use crate::storage::{self, Db};

/// How long a request waits until its session's use is noted.
const NOTE_TIME_MAX: Duration = Duration::from_secs(1);
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
        identity
            .scope(origin, organisation(headers).as_deref())
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
        if let Some(identity) = self.recall(&print, origin, prolongs) {
            return identity;
        }
        let _turn = match credentials {
            Credentials::Password { .. } => Some(self.inner.remembered.turn(&print).await),
            _ => None,
        };
        if let Some(identity) = self.recall(&print, origin, prolongs) {
            return identity;
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

    /// Whose credentials they are, if that is remembered; unless it is a session whose use is to be noted again.
    fn recall(
        &self,
        print: &Fingerprint,
        origin: &Origin,
        prolongs: bool,
    ) -> Option<Result<Arc<Identity>, CallerRefused>> {
        let identity = self.inner.remembered.recall(print, origin.now_ms)?;
        let is_unseen = |session: &SessionRow| session.last_seen_at + TIME_MS <= origin.now_ms;
        if prolongs && identity.session.as_ref().is_some_and(is_unseen) {
            return None;
        }
        let checked = Self::check_default(origin, &identity)
            .and_then(|()| self.check_session(&identity, origin.now_ms));
        Some(checked.map(|()| identity))
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
            return Err(default_from_elsewhere());
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
        refuse_barred(&account)?;
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
        refuse_barred(&account)?;
        if prolongs {
            session.last_seen_at = now_ms;
            self.note_seen(session.id, now_ms).await;
        }
        Ok(Identity {
            user_id: account.id,
            login: account.login,
            session: Some(session),
            is_password_default: account.is_password_default,
            places,
        })
    }

    /// Notes that the session was used: at most once a minute, since it is remembered so long. A full disk or a busy
    /// writer must not keep anybody out.
    async fn note_seen(&self, session_id: i64, now_ms: i64) {
        let write = self
            .inner
            .db
            .write_on_reserve(move |tx| store::note_seen(tx, session_id, now_ms));
        match tokio::time::timeout(NOTE_TIME_MAX, write).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "cannot note that a session was used"),
            Err(_) => tracing::warn!("noting that a session was used takes too long"),
        }
    }
}
