//! The reconcilers there are. Each run is one short unit of work; what is left over is done by the next.

use crate::access::permission::Member;
use crate::access::unit::Scoped;
use crate::access::{Result, Writing};
use crate::automation::inbox;
use crate::investigation::{alert, case};
use crate::login::{self, Lifetimes};

/// What a reconciler does; returns how much it did.
pub(super) type Work = fn(&Writing<Member>, Lifetimes) -> Result<usize>;

/// Work that is done again and again.
pub(super) struct Reconciler {
    pub name: &'static str,
    pub every_ms: i64,
    pub work: Work,
}

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Cases removed for good in one run, and as many alerts.
const PURGED_AT_ONCE: i64 = 50;

/// All of them.
pub(super) const RECONCILERS: &[Reconciler] = &[
    Reconciler {
        name: "remind of what is due",
        every_ms: MINUTE_MS,
        work: remind,
    },
    Reconciler {
        name: "empty the bin",
        every_ms: 10 * MINUTE_MS,
        work: empty_bin,
    },
    Reconciler {
        name: "forget sessions that are over",
        every_ms: 30 * MINUTE_MS,
        work: sweep_sessions,
    },
];

fn remind(unit: &Writing<Member>, _lifetimes: Lifetimes) -> Result<usize> {
    inbox::actions::remind_of_due(unit, DAY_MS)
}

fn empty_bin(unit: &Writing<Member>, _lifetimes: Lifetimes) -> Result<usize> {
    let until_ms = unit.scope().now_ms - case::BIN_TIME_MS;
    let cases = case::actions::purge_expired(unit, until_ms, PURGED_AT_ONCE)?;
    let alerts = alert::actions::purge_expired(unit, until_ms, PURGED_AT_ONCE)?;
    Ok(cases + alerts)
}

fn sweep_sessions(unit: &Writing<Member>, lifetimes: Lifetimes) -> Result<usize> {
    login::actions::sweep(unit, lifetimes.idle_ms, lifetimes.absolute_ms)
}
