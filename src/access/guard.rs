//! The guards: what a handler takes as its first argument, and the only way from a request to the data.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::error::{Error, Result};
use super::permission::{Member, Need, Requirement};
use super::scope::Scope;
use super::unit::{Reading, Writing};
use crate::storage::Db;

/// Holds the database for the guards. Nothing else can take it out.
#[derive(Clone)]
pub struct Gate {
    db: Db,
}

impl Gate {
    /// The gate to `db`.
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Whether the database behind it answers, within `time_max`. Gives nothing of what is in it.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn probe(&self, time_max: Duration) -> crate::storage::Result<()> {
        self.db.probe(time_max).await
    }

    /// Opens the gate for a caller whose scope is known: background work and tests. Handlers use their guard.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the scope lacks `P`.
    pub fn open<P: Requirement>(&self, scope: Arc<Scope>) -> Result<Authorized<P>> {
        if P::NEED.is_met_by(scope.permissions) {
            Ok(Authorized {
                gate: self.clone(),
                scope,
                holds: PhantomData,
            })
        } else {
            Err(Error::Forbidden(P::NEED))
        }
    }
}

/// What the authentication found out about a request; put into its extensions by the server.
#[derive(Clone)]
pub struct Caller(pub std::result::Result<Arc<Scope>, CallerRefused>);

/// Why a request has no caller.
#[derive(Clone, Debug)]
pub enum CallerRefused {
    /// No credentials, or wrong ones.
    Unauthenticated(String),
    /// Too many wrong attempts.
    TooManyRequests { retry_after_s: u64 },
    /// Good credentials, but not for this organisation, or a locked account.
    Refused(String),
    /// Too many wait to be looked at.
    Busy,
    /// The database is not there.
    Unreachable,
    /// The look-up itself failed.
    Failed(String),
}

impl From<CallerRefused> for Error {
    fn from(refused: CallerRefused) -> Self {
        match refused {
            CallerRefused::Unauthenticated(text) => Self::Unauthenticated(text),
            CallerRefused::TooManyRequests { retry_after_s } => {
                Self::TooManyRequests { retry_after_s }
            }
            CallerRefused::Refused(text) => Self::Refused(text),
            CallerRefused::Busy => Self::Storage(crate::storage::Error::Overloaded),
            CallerRefused::Unreachable => Self::Storage(crate::storage::Error::Unreachable {
                cause: String::new(),
            }),
            CallerRefused::Failed(text) => Self::Internal(text),
        }
    }
}

/// A guard, as the catalogue of endpoints sees it.
pub trait AccessGuard {
    /// What it asks of the caller.
    const NEED: Need;
}

/// The caller is signed in and holds `P` in the organisation of the request.
#[derive(Clone)]
pub struct Authorized<P: Requirement> {
    gate: Gate,
    scope: Arc<Scope>,
    holds: PhantomData<P>,
}

/// The caller is signed in.
pub type Authenticated = Authorized<Member>;

impl<P: Requirement> AccessGuard for Authorized<P> {
    const NEED: Need = P::NEED;
}

impl<P: Requirement> Authorized<P> {
    /// The caller.
    pub fn scope(&self) -> &Arc<Scope> {
        &self.scope
    }

    /// Runs `work` on a snapshot.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Reading) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let scope = self.scope.clone();
        self.gate
            .db
            .read(move |tx| work(&Reading::new(tx, &scope)))
            .await
    }

    /// Runs `work` as one unit: all of it, with its audit records, or nothing.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Writing<P>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let scope = self.scope.clone();
        self.gate
            .db
            .write(move |tx| work(&Writing::new(tx, &scope)))
            .await
    }

    /// Wakes after every commit.
    pub fn commits(&self) -> tokio::sync::watch::Receiver<u64> {
        self.gate.db.commits()
    }
}

impl<P, S> FromRequestParts<S> for Authorized<P>
where
    P: Requirement,
    S: Send + Sync,
    Gate: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let caller = parts
            .extensions
            .get::<Caller>()
            .cloned()
            .ok_or_else(|| Error::Internal("the request was not authenticated".to_owned()))?;
        let scope = caller.0.map_err(Error::from)?;
        Gate::from_ref(state).open(scope)
    }
}

/// Anybody may call the endpoint; it gives no way to the data.
pub struct Public;

impl AccessGuard for Public {
    const NEED: Need = Need::Nothing;
}

impl<S: Send + Sync> FromRequestParts<S> for Public {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        _parts: &mut Parts,
        _state: &S,
    ) -> std::result::Result<Self, Self::Rejection> {
        Ok(Self)
    }
}
