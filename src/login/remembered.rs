//! Credentials that passed, remembered for a minute: Argon2 and the look-ups are paid only at the first request.
//!
//! Nothing is kept from which a credential could be read: the key is a hash of it under a key of this process. What a
//! commit changes about users, organisations or profiles is forgotten before the commit's answer leaves (see
//! [`Db::observe`]), so a lock, a new password or a lesser profile counts from the next request on.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::OwnedMutexGuard;

use super::identity::Identity;
use super::password::fill_random;
use crate::storage::{Db, Touch};

/// How long a credential is remembered, milliseconds.
pub(super) const TIME_MS: i64 = 60_000;
/// Credentials that are remembered; beyond, all are forgotten and paid for once more.
const REMEMBERED_MAX: usize = 20_000;
/// Checks under way after which those that are over are cleared away.
const TURNS_TIDY: usize = 1_000;

/// Names a credential without giving it away.
pub(super) type Fingerprint = [u8; 32];

/// What is remembered. Cheap to clone.
#[derive(Clone)]
pub(super) struct Remembered {
    key: [u8; 32],
    memory: Arc<Mutex<Memory>>,
    turns: Arc<Mutex<HashMap<Fingerprint, Weak<tokio::sync::Mutex<()>>>>>,
}

#[derive(Default)]
struct Memory {
    entries: HashMap<Fingerprint, Entry>,
    /// Grows when something is forgotten: what was read before is not remembered after.
    generation: u64,
}

struct Entry {
    identity: Arc<Identity>,
    until_ms: i64,
}

impl Remembered {
    /// An empty memory that hears of the commits of `db`.
    pub(super) fn of(db: &Db) -> Self {
        let mut key = [0; 32];
        fill_random(&mut key);
        let remembered = Self {
            key,
            memory: Arc::default(),
            turns: Arc::default(),
        };
        let memory = remembered.memory.clone();
        db.observe(move |touched| forget(&mut lock(&memory), touched));
        remembered
    }

    /// The fingerprint of a credential; `scheme` keeps the kinds apart.
    pub(super) fn fingerprint(&self, scheme: &str, credential: &[u8]) -> Fingerprint {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        mac.update(scheme.as_bytes());
        mac.update(&[0]);
        mac.update(credential);
        mac.finalize().into_bytes().into()
    }

    /// Whose credential it is, if it passed within the last minute.
    pub(super) fn recall(&self, fingerprint: &Fingerprint, now_ms: i64) -> Option<Arc<Identity>> {
        let memory = lock(&self.memory);
        let entry = memory.entries.get(fingerprint)?;
        (entry.until_ms > now_ms).then(|| entry.identity.clone())
    }

    /// Waits for one's turn to check a credential. The same one, brought by many requests at the same time, is checked
    /// once: the others find it remembered when their turn comes.
    pub(super) async fn turn(&self, fingerprint: &Fingerprint) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = lock(&self.turns);
            if turns.len() >= TURNS_TIDY {
                turns.retain(|_, turn| turn.strong_count() > 0);
            }
            let known = turns.get(fingerprint).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let turn = Arc::default();
                turns.insert(*fingerprint, Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }

    /// To be asked before the look-ups whose outcome is to be remembered.
    pub(super) fn generation(&self) -> u64 {
        lock(&self.memory).generation
    }

    /// Remembers whose credential it is, unless something was forgotten since `generation`.
    pub(super) fn remember(
        &self,
        fingerprint: Fingerprint,
        identity: Arc<Identity>,
        now_ms: i64,
        generation: u64,
    ) {
        let mut memory = lock(&self.memory);
        if memory.generation != generation {
            return;
        }
        if memory.entries.len() >= REMEMBERED_MAX {
            memory.entries.retain(|_, entry| entry.until_ms > now_ms);
            if memory.entries.len() >= REMEMBERED_MAX {
                memory.entries.clear();
            }
        }
        memory.entries.insert(
            fingerprint,
            Entry {
                identity,
                until_ms: now_ms + TIME_MS,
            },
        );
    }

    /// Forgets one credential: its session was ended by its owner.
    pub(super) fn drop_one(&self, fingerprint: &Fingerprint) {
        let mut memory = lock(&self.memory);
        memory.generation += 1;
        memory.entries.remove(fingerprint);
    }
}

/// Forgets what the commit made out of date.
fn forget(memory: &mut Memory, touched: &BTreeSet<Touch>) {
    let is_of_all = |touch: &Touch| matches!(touch.kind, "Organisation" | "Profile");
    if touched.iter().any(is_of_all) {
        memory.generation += 1;
        memory.entries.clear();
    }
    for user in touched.iter().filter(|touch| touch.kind == "User") {
        memory.generation += 1;
        memory
            .entries
            .retain(|_, entry| entry.identity.user_id != user.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::{Entry, Memory, Remembered, TIME_MS, forget};
    use crate::login::identity::Identity;
    use crate::storage::Touch;

    fn identity(user_id: i64) -> Arc<Identity> {
        Arc::new(Identity {
            user_id,
            login: "u@x.y".into(),
            session: None,
            is_password_default: false,
            places: Vec::new(),
        })
    }

    fn remembered() -> Remembered {
        Remembered {
            key: [7; 32],
            memory: Arc::default(),
            turns: Arc::default(),
        }
    }

    #[test]
    fn a_credential_is_recalled_for_a_minute() {
        let remembered = remembered();
        let print = remembered.fingerprint("Basic", b"u:p");
        assert!(remembered.recall(&print, 0).is_none());
        remembered.remember(print, identity(1), 0, 0);
        assert_eq!(remembered.recall(&print, TIME_MS - 1).unwrap().user_id, 1);
        assert!(remembered.recall(&print, TIME_MS).is_none());
        assert_ne!(
            print,
            remembered.fingerprint("Bearer", b"u:p"),
            "the kinds are kept apart"
        );
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let remembered = remembered();
        let print = remembered.fingerprint("Basic", b"u:p");
        let generation = remembered.generation();
        remembered.drop_one(&print);
        remembered.remember(print, identity(1), 0, generation);
        assert!(remembered.recall(&print, 0).is_none());
    }

    #[test]
    fn a_change_of_a_user_forgets_him_and_a_change_of_a_profile_everybody() {
        let mut memory = Memory::default();
        for id in [1, 2] {
            let key = [u8::try_from(id).unwrap(); 32];
            memory.entries.insert(
                key,
                Entry {
                    identity: identity(id),
                    until_ms: 9,
                },
            );
        }
        let touched = |kind, id| BTreeSet::from([Touch { kind, id }]);
        forget(&mut memory, &touched("Case", 1));
        assert_eq!(memory.entries.len(), 2);
        forget(&mut memory, &touched("User", 1));
        assert_eq!(memory.entries.len(), 1);
        forget(&mut memory, &touched("Profile", 9));
        assert!(memory.entries.is_empty());
    }
}
