//! Passwords: how they are hashed, and how one is checked without giving away whether its user exists.
//!
//! Argon2id with 19 MiB and two passes, kept as a PHC string, so that the parameters can grow: a hash made with
//! smaller ones is replaced at the next sign-in. Each computation takes a thread and 19 MiB for some ten
//! milliseconds; at most two run at a time, off the threads that serve requests, so that sign-ins can't eat the
//! machine. This module knows nothing of users.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::access::{Error, Result};

/// Computations at a time.
const COMPUTATIONS_MAX: usize = 2;
/// How long one may wait for its turn.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// The cost: memory in KiB, passes, lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Hashes and checks passwords. Cheap to clone; the clones share the bound.
#[derive(Clone)]
pub struct Passwords {
    inner: Arc<Inner>,
}

struct Inner {
    hasher: Argon2<'static>,
    /// Checked in place of a user's hash when there is no such user, so that the answer takes as long.
    /// Computed when it is first needed: a server should not have to wait for it to start.
    dummy: OnceLock<String>,
    turns: Arc<Semaphore>,
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password, or no user, or one without a password.
    Wrong,
    /// The password.
    Right,
    /// The password, but its hash is weaker than one would be now.
    RightButWeak,
}

impl Passwords {
    /// With this cost for new hashes.
    ///
    /// # Errors
    /// When the cost is outside of what Argon2 allows.
    pub fn new(cost: Cost) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .map_err(|error| Error::Internal(format!("Argon2 parameters: {error}")))?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self {
            inner: Arc::new(Inner {
                hasher,
                dummy: OnceLock::new(),
                turns: Arc::new(Semaphore::new(COMPUTATIONS_MAX)),
            }),
        })
    }

    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// When too many wait for their turn.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.compute(move |inner| hash_now(&inner.hasher, password.as_bytes()))
            .await?
    }

    /// The same, on this thread. For the start of the program and the command line.
    ///
    /// # Errors
    /// Only a defect of the computation.
    pub fn hash_blocking(&self, password: &str) -> Result<String> {
        hash_now(&self.inner.hasher, password.as_bytes())
    }

    /// Whether `password` is the one of `hash`. Takes as long when there is no hash.
    ///
    /// # Errors
    /// When too many wait for their turn.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<Verdict> {
        self.compute(move |inner| inner.verify(&password, hash.as_deref()))
            .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T> {
        let turn = self.turn().await?;
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || {
            let result = work(&inner);
            drop(turn);
            result
        })
        .await
        .map_err(|error| Error::Internal(format!("a password computation ended early: {error}")))
    }

    /// The turn goes into the computation: a client that leaves does not free it before the work is done.
    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = self.inner.turns.clone().acquire_owned();
        match tokio::time::timeout(WAIT_MAX, turn).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(crate::storage::Error::Overloaded.into()),
        }
    }
}

impl Inner {
    fn verify(&self, password: &str, hash: Option<&str>) -> Verdict {
        // A hash that cannot be read is one that nothing matches; it takes the same time.
        let known = hash.and_then(|hash| PasswordHash::new(hash).ok());
        let Ok(compared) = known
            .clone()
            .map_or_else(|| PasswordHash::new(self.dummy()), Ok)
        else {
            return Verdict::Wrong;
        };
        let is_match = self
            .hasher
            .verify_password(password.as_bytes(), &compared)
            .is_ok();
        match known {
            Some(known) if is_match => {
                if self.is_weak(&known) {
                    Verdict::RightButWeak
                } else {
                    Verdict::Right
                }
            }
            _ => Verdict::Wrong,
        }
    }

    /// The hash of something that nobody knows.
    fn dummy(&self) -> &str {
        self.dummy.get_or_init(|| {
            let mut unknown = [0_u8; 32];
            fill_random(&mut unknown);
            hash_now(&self.hasher, &unknown).unwrap_or_default()
        })
    }

    /// Whether a hash was made with less work than one would be now.
    fn is_weak(&self, hash: &PasswordHash) -> bool {
        let wanted = self.hasher.params();
        Params::try_from(hash).map_or(true, |used| {
            hash.algorithm != Algorithm::Argon2id.ident()
                || used.m_cost() < wanted.m_cost()
                || used.t_cost() < wanted.t_cost()
        })
    }
}

fn hash_now(hasher: &Argon2, password: &[u8]) -> Result<String> {
    let mut salt = [0_u8; 16];
    fill_random(&mut salt);
    hasher
        .hash_password_with_salt(password, &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("Argon2: {error}")))
}

/// Fills `bytes` from the operating system's generator.
pub(super) fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has random numbers");
}

/// A word that nobody else has, for what has to be told apart.
pub fn random_word() -> String {
    let mut bytes = [0; 8];
    fill_random(&mut bytes);
    format!("{:016x}", u64::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::{Cost, Passwords, Verdict};

    const CHEAP: Cost = Cost {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::new(CHEAP).unwrap();
        let hash = passwords.hash("Analyst-2026 ".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        for (attempt, verdict) in [
            ("Analyst-2026 ", Verdict::Right),
            ("Analyst-2026", Verdict::Wrong),
            ("analyst-2026 ", Verdict::Wrong),
            ("", Verdict::Wrong),
        ] {
            let given = passwords
                .verify(attempt.into(), Some(hash.clone()))
                .await
                .unwrap();
            assert_eq!(given, verdict, "{attempt:?}");
        }
    }

    #[tokio::test]
    async fn nothing_is_right_without_a_hash_or_with_a_broken_one() {
        let passwords = Passwords::new(CHEAP).unwrap();
        for hash in [None, Some(String::new()), Some("$argon2id$nonsense".into())] {
            let verdict = passwords.verify("secret".into(), hash).await.unwrap();
            assert_eq!(verdict, Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn a_hash_with_less_work_than_today_is_told() {
        let before = Passwords::new(CHEAP).unwrap();
        let hash = before.hash("secret".into()).await.unwrap();
        let now = Passwords::new(Cost {
            memory_kib: 128,
            ..CHEAP
        })
        .unwrap();
        let check = async |password: &str, hash: &str| {
            now.verify(password.into(), Some(hash.into()))
                .await
                .unwrap()
        };
        assert_eq!(check("secret", &hash).await, Verdict::RightButWeak);
        assert_eq!(check("other", &hash).await, Verdict::Wrong);
        let renewed = now.hash("secret".into()).await.unwrap();
        assert_eq!(check("secret", &renewed).await, Verdict::Right);
        let stronger = before.verify("secret".into(), Some(renewed)).await.unwrap();
        assert_eq!(stronger, Verdict::Right, "more work than asked for is fine");
    }

    #[tokio::test]
    async fn two_hashes_of_a_password_differ() {
        let passwords = Passwords::new(CHEAP).unwrap();
        let first = passwords.hash("secret".into()).await.unwrap();
        assert_ne!(first, passwords.hash("secret".into()).await.unwrap());
    }
}
