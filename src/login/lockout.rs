//! Slows down guessing. A wrong password costs time: first nothing, then one second, two, four… up to a limit, for
//! the account, for the address, and for both together.
//!
//! Never permanent, and a stranger can't keep a user out: who signed in from an address lately is not held up there by
//! what others try elsewhere, and the delay of an account that strangers elsewhere try is short. Held in memory, within
//! a bound; a restart forgets it. The time is an argument.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::text::fold::fold;

/// Counters that are kept; beyond, those that are due to be forgotten first make room.
const COUNTERS_MAX: usize = 20_000;
/// A counter without a failure for so long is forgotten; so is a sign-in, as a reason to trust an address.
const FORGET_AFTER_MS: i64 = 60 * 60 * 1_000;
const TRUST_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Characters of a login that count: nobody's is longer.
const LOGIN_CHARS_MAX: usize = 128;

/// How one kind of counter slows down.
#[derive(Debug, Clone, Copy)]
struct Slope {
    /// Failures without delay.
    free: u32,
    /// The longest delay.
    delay_max_ms: i64,
}

/// One account from one address: a person who mistypes, or somebody who guesses.
const PAIR: Slope = Slope {
    free: 5,
    delay_max_ms: 15 * 60 * 1_000,
};
/// One address, whichever account: somebody who tries the same password on all.
const ADDRESS: Slope = Slope {
    free: 30,
    delay_max_ms: 15 * 60 * 1_000,
};
/// One account, whichever address: somebody with many machines. Short, since it also meets the account's own user.
const ACCOUNT: Slope = Slope {
    free: 50,
    delay_max_ms: 30 * 1_000,
};

impl Slope {
    /// How long to wait after so many failures.
    fn delay_ms(self, failures: u32) -> i64 {
        let over = failures.saturating_sub(self.free);
        if over == 0 {
            return 0;
        }
        // 2^20 seconds is far beyond any limit here.
        (1_000_i64 << (over - 1).min(20)).min(self.delay_max_ms)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Pair(String, IpAddr),
    Address(IpAddr),
    Account(String),
}

impl Key {
    fn slope(&self) -> Slope {
        match self {
            Self::Pair(..) => PAIR,
            Self::Address(_) => ADDRESS,
            Self::Account(_) => ACCOUNT,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    failures: u32,
    last_failure_ms: i64,
    /// Since when the pair is trusted: its last sign-in.
    signed_in_ms: Option<i64>,
}

impl Counter {
    fn forget_at_ms(&self) -> i64 {
        let trusted_until = self.signed_in_ms.map_or(i64::MIN, |at| at + TRUST_MS);
        (self.last_failure_ms + FORGET_AFTER_MS).max(trusted_until)
    }

    /// Failures that still count.
    fn failures_at(&self, now_ms: i64) -> u32 {
        if now_ms - self.last_failure_ms >= FORGET_AFTER_MS {
            0
        } else {
            self.failures
        }
    }
}

/// The counters of wrong attempts.
#[derive(Default)]
pub struct Lockout {
    counters: Mutex<HashMap<Key, Counter>>,
}

/// What the counters say of an account; shown to those who manage users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockoutState {
    /// Wrong attempts lately, from wherever.
    pub failures: u32,
    /// When the last of them was, milliseconds since the epoch.
    pub last_failure_ms: Option<i64>,
}

/// An attempt that is under way. It counts as failed until it is known to have succeeded, so that many attempts at
/// the same time don't all pass before the first has failed.
#[derive(Debug)]
#[must_use = "an attempt counts as failed until it succeeded"]
pub struct Attempt {
    keys: Vec<Key>,
}

impl Lockout {
    /// Begins an attempt to sign in as `login` from `address`.
    ///
    /// # Errors
    /// The seconds to wait, when there were too many wrong ones. Such an attempt isn't counted.
    pub fn begin(&self, login: &str, address: IpAddr, now_ms: i64) -> Result<Attempt, u64> {
        let account: String = fold(login).chars().take(LOGIN_CHARS_MAX).collect();
        let mut counters = self.lock();
        let pair = Key::Pair(account.clone(), address);
        let is_trusted = counters
            .get(&pair)
            .and_then(|counter| counter.signed_in_ms)
            .is_some_and(|at| now_ms - at < TRUST_MS);
        let mut keys = vec![pair];
        // All users of this machine, and of a proxy that isn't declared, have this address.
        if !address.is_loopback() {
            keys.push(Key::Address(address));
        }
        keys.push(Key::Account(account));
        let wait_ms = keys
            .iter()
            .filter(|key| !(is_trusted && matches!(key, Key::Account(_))))
            .filter_map(|key| Some((key, counters.get(key)?)))
            .map(|(key, counter)| {
                let delay_ms = key.slope().delay_ms(counter.failures_at(now_ms));
                counter.last_failure_ms + delay_ms - now_ms
            })
            .max()
            .unwrap_or(0);
        if wait_ms > 0 {
            return Err(u64::try_from(wait_ms).unwrap_or(1).div_ceil(1_000));
        }
        for key in &keys {
            make_room(&mut counters, key, now_ms);
            let counter = counters.entry(key.clone()).or_insert(Counter {
                failures: 0,
                last_failure_ms: now_ms,
                signed_in_ms: None,
            });
            counter.failures = counter.failures_at(now_ms).saturating_add(1);
            counter.last_failure_ms = now_ms;
        }
        Ok(Attempt { keys })
    }

    /// The attempt was right: this account has a clean sheet at this address, which is trusted from now on.
    pub fn succeeded(&self, attempt: Attempt, now_ms: i64) {
        let mut counters = self.lock();
        for key in attempt.keys {
            let Some(counter) = counters.get_mut(&key) else {
                continue;
            };
            if matches!(key, Key::Pair(..)) {
                counter.failures = 0;
                counter.signed_in_ms = Some(now_ms);
            } else {
                // Only this attempt is taken back: a guesser with an account of his own stays as slow as he was.
                counter.failures = counter.failures.saturating_sub(1);
                if counter.failures == 0 {
                    counters.remove(&key);
                }
            }
        }
    }

    /// The attempt came to no end: it counts for nothing.
    pub fn abandoned(&self, attempt: Attempt) {
        let mut counters = self.lock();
        for key in attempt.keys {
            if let Some(counter) = counters.get_mut(&key) {
                counter.failures = counter.failures.saturating_sub(1);
            }
        }
    }

    /// Forgets all wrong attempts at an account: it has a new password.
    pub fn forget(&self, login: &str) {
        let account: String = fold(login).chars().take(LOGIN_CHARS_MAX).collect();
        self.lock().retain(|key, _| match key {
            Key::Pair(login, _) | Key::Account(login) => *login != account,
            Key::Address(_) => true,
        });
    }

    /// What is counted of an account.
    pub fn state(&self, login: &str, now_ms: i64) -> LockoutState {
        let account: String = fold(login).chars().take(LOGIN_CHARS_MAX).collect();
        let counters = self.lock();
        let counter = counters.get(&Key::Account(account));
        let failures = counter.map_or(0, |counter| counter.failures_at(now_ms));
        LockoutState {
            failures,
            last_failure_ms: counter
                .filter(|_| failures > 0)
                .map(|counter| counter.last_failure_ms),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Counter>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes room for `key` when the bound is reached.
fn make_room(counters: &mut HashMap<Key, Counter>, key: &Key, now_ms: i64) {
    if counters.len() < COUNTERS_MAX || counters.contains_key(key) {
        return;
    }
    counters.retain(|_, counter| counter.forget_at_ms() > now_ms);
    if counters.len() < COUNTERS_MAX {
        return;
    }
    // An eighth at once, so that looking for them costs little for each attempt.
    let mut ends: Vec<i64> = counters.values().map(Counter::forget_at_ms).collect();
    let (_, &mut last_out, _) = ends.select_nth_unstable(COUNTERS_MAX / 8);
    let mut surplus = COUNTERS_MAX / 8;
    counters.retain(|_, counter| {
        let is_out = surplus > 0 && counter.forget_at_ms() <= last_out;
        surplus -= usize::from(is_out);
        !is_out
    });
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{ACCOUNT, COUNTERS_MAX, FORGET_AFTER_MS, Lockout, PAIR};

    const USER: &str = "analyst@thehive.local";

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
    }

    /// Fails once, waiting as long as it's told to; returns the wait.
    fn fail(lockout: &Lockout, login: &str, from: IpAddr, now_ms: &mut i64) -> u64 {
        let mut waited = 0;
        loop {
            match lockout.begin(login, from, *now_ms) {
                Ok(_attempt) => return waited,
                Err(seconds) => {
                    waited += seconds;
                    *now_ms += i64::try_from(seconds).unwrap() * 1_000;
                }
            }
        }
    }

    #[test]
    fn the_delay_doubles_up_to_its_limit() {
        let lockout = Lockout::default();
        let mut now = 1_000_000;
        let waits: Vec<u64> = (0..20)
            .map(|_| fail(&lockout, USER, address(1), &mut now))
            .collect();
        assert_eq!(waits[..10], [0, 0, 0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(waits[19], 900, "never more than a quarter of an hour");
    }

    #[test]
    fn attempts_at_the_same_time_count_before_they_end() {
        let lockout = Lockout::default();
        let under_way: Vec<_> = (0..100)
            .map_while(|_| lockout.begin(USER, address(1), 0).ok())
            .collect();
        assert_eq!(under_way.len(), PAIR.free as usize + 1);
    }

    #[test]
    fn success_clears_the_pair_and_time_clears_everything() {
        let lockout = Lockout::default();
        for _ in 0..PAIR.free {
            drop(lockout.begin(USER, address(1), 0));
        }
        let attempt = lockout.begin(USER, address(1), 0).unwrap();
        lockout.succeeded(attempt, 0);
        assert!(lockout.begin(USER, address(1), 0).is_ok());

        let mut now = 0;
        for _ in 0..12 {
            fail(&lockout, USER, address(2), &mut now);
        }
        assert!(lockout.begin(USER, address(2), now).is_err());
        assert!(
            lockout
                .begin(USER, address(2), now + FORGET_AFTER_MS)
                .is_ok()
        );
        assert_eq!(lockout.state(USER, now + 2 * FORGET_AFTER_MS).failures, 0);
    }

    #[test]
    fn a_stranger_does_not_keep_the_user_out() {
        let lockout = Lockout::default();
        let mut now = 0;
        // The user's own address, known from a sign-in before.
        let attempt = lockout.begin(USER, address(200), now).unwrap();
        lockout.succeeded(attempt, now);
        for round in 0..200 {
            fail(&lockout, USER, address(round % 100), &mut now);
        }
        assert!(lockout.begin(USER, address(200), now).is_ok());
        // At an address that was never used: at most the short delay of the account.
        let wait = lockout.begin(USER, address(201), now).unwrap_err();
        assert!(wait <= u64::try_from(ACCOUNT.delay_max_ms / 1_000).unwrap());
        now += ACCOUNT.delay_max_ms;
        assert!(lockout.begin(USER, address(201), now).is_ok());
    }

    #[test]
    fn one_address_that_tries_many_accounts_is_slowed_down_but_not_this_machine() {
        let lockout = Lockout::default();
        let many = |from: IpAddr| {
            (0..100).all(|number| lockout.begin(&format!("u{number}@a.b"), from, 0).is_ok())
        };
        assert!(!many(address(1)));
        assert!(many(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    }

    #[test]
    fn a_good_account_of_ones_own_does_not_buy_more_guesses() {
        let lockout = Lockout::default();
        let mut allowed = 0;
        for number in 0..200 {
            if let Ok(own) = lockout.begin("own@a.b", address(1), 0) {
                lockout.succeeded(own, 0);
            }
            if lockout
                .begin(&format!("victim{number}@a.b"), address(1), 0)
                .is_ok()
            {
                allowed += 1;
            }
        }
        assert!(allowed <= 31, "{allowed}");
    }

    #[test]
    fn an_attempt_without_outcome_and_a_forgotten_account_count_for_nothing() {
        let lockout = Lockout::default();
        for _ in 0..50 {
            let attempt = lockout.begin(USER, address(1), 0).unwrap();
            lockout.abandoned(attempt);
        }
        for _ in 0..10 {
            drop(lockout.begin(USER, address(1), 0));
        }
        assert!(lockout.begin(USER, address(1), 0).is_err());
        assert!(
            lockout
                .begin("ANALYST@thehive.local", address(1), 0)
                .is_err()
        );
        lockout.forget("Analyst@TheHive.local");
        assert!(lockout.begin(USER, address(1), 0).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let lockout = Lockout::default();
        for (number, now_ms) in (0..COUNTERS_MAX + 500).zip(0_i64..) {
            let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
            drop(lockout.begin(&format!("u{number}@a.b"), from, now_ms));
        }
        assert!(lockout.lock().len() <= COUNTERS_MAX);
    }
}
