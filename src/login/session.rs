//! Sessions: how long they last, and their cookie.

use super::store::SessionRow;

/// The name of the cookie, as the contract has it.
pub const COOKIE_NAME: &str = "THEHIVE-SESSION";

/// How long a session lasts, milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// Without being used.
    pub idle_ms: i64,
    /// In all.
    pub absolute_ms: i64,
}

/// How people sign in, as the settings say.
#[derive(Debug, Clone)]
pub struct LoginRules {
    pub lifetimes: Lifetimes,
    /// Sessions one user may have.
    pub sessions_of_user_max: i64,
    /// The cookie travels by HTTPS only.
    pub is_cookie_secure: bool,
    /// Added to a login without `@`.
    pub default_domain: Option<String>,
}

impl LoginRules {
    /// As the settings say.
    pub fn of(settings: &crate::config::Login) -> Self {
        let domain = settings
            .default_domain
            .trim()
            .trim_start_matches('@')
            .to_lowercase();
        Self {
            lifetimes: Lifetimes {
                idle_ms: i64::from(settings.session_idle_minutes.get()) * 60_000,
                absolute_ms: i64::from(settings.session_lifetime_hours.get()) * 3_600_000,
            },
            sessions_of_user_max: i64::from(settings.sessions_of_user_max.get()),
            is_cookie_secure: settings.cookie_secure,
            default_domain: (!domain.is_empty()).then_some(domain),
        }
    }

    /// The login in its stored form.
    pub(super) fn complete(&self, login: &str) -> String {
        let login = login.trim().to_lowercase();
        match &self.default_domain {
            Some(domain) if !login.contains('@') => format!("{login}@{domain}"),
            _ => login,
        }
    }
}

impl Lifetimes {
    /// Whether the session is over at `now_ms`.
    pub(super) fn is_over(&self, session: &SessionRow, now_ms: i64) -> bool {
        self.ends_at(session) <= now_ms
    }

    /// When the session will be over if it is not used any more.
    pub(super) fn ends_at(&self, session: &SessionRow) -> i64 {
        let idle_end = session.last_seen_at.saturating_add(self.idle_ms);
        idle_end.min(session.created_at.saturating_add(self.absolute_ms))
    }
}

/// The `Set-Cookie` that opens a session. It lasts as long as the browser does; the server ends it before.
pub(super) fn cookie(token: &str, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// The `Set-Cookie` that takes it away.
pub(super) fn no_cookie() -> String {
    format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::Lifetimes;
    use crate::login::store::SessionRow;

    #[test]
    fn a_session_ends_when_it_is_idle_and_at_last_anyway() {
        let lifetimes = Lifetimes {
            idle_ms: 100,
            absolute_ms: 1_000,
        };
        let session = |created_at, last_seen_at| SessionRow {
            id: 1,
            user_id: 1,
            organisation_id: None,
            created_at,
            last_seen_at,
            address: String::new(),
            user_agent: String::new(),
        };
        assert!(!lifetimes.is_over(&session(0, 0), 99));
        assert!(lifetimes.is_over(&session(0, 0), 100));
        assert!(!lifetimes.is_over(&session(0, 950), 999));
        assert!(lifetimes.is_over(&session(0, 950), 1_000));
    }
}
