//! Runs the reconcilers, one after the other, each at its interval.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::runs::RECONCILERS;
use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{Result, Scope};
use crate::login::Lifetimes;

/// How often the intervals are looked at.
const TICK: Duration = Duration::from_secs(15);

/// What became of a reconciler's last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub name: &'static str,
    /// When it ran, milliseconds since the epoch.
    pub ran_at: i64,
    /// How much it did, or why it failed.
    pub outcome: std::result::Result<usize, String>,
}

/// What became of all of them.
#[derive(Clone, Default)]
pub struct Report(Arc<Mutex<Vec<Status>>>);

impl Report {
    /// The last run of each that ran.
    pub fn statuses(&self) -> Vec<Status> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn ran_at(&self, name: &str) -> Option<i64> {
        self.statuses()
            .iter()
            .find(|status| status.name == name)
            .map(|status| status.ran_at)
    }

    pub(super) fn note(&self, status: Status) {
        let mut statuses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        statuses.retain(|other| other.name != status.name);
        statuses.push(status);
    }
}

/// Runs the reconcilers until `stop` changes. `system_scope` makes the scope that they act in, with the time;
/// `lifetimes` says when sessions are over.
pub async fn run<F>(
    gate: &Gate,
    report: &Report,
    system_scope: F,
    lifetimes: Lifetimes,
    stop: &CancellationToken,
) where
    F: Fn() -> Scope + Send,
{
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => run_due(gate, report, &system_scope, lifetimes).await,
        }
    }
}

/// Runs each reconciler whose interval is over.
async fn run_due(
    gate: &Gate,
    report: &Report,
    system_scope: &impl Fn() -> Scope,
    lifetimes: Lifetimes,
) {
    for reconciler in RECONCILERS {
        let scope = system_scope();
        let ran_at = scope.now_ms;
        let is_due = report
            .ran_at(reconciler.name)
            .is_none_or(|last| last + reconciler.every_ms <= ran_at);
        if !is_due {
            continue;
        }
        let outcome = run_one(gate, scope, reconciler.work, lifetimes)
            .await
            .map_err(|error| error.to_string());
        if let Err(error) = &outcome {
            tracing::error!(reconciler = reconciler.name, %error, "background work failed");
        }
        report.note(Status {
            name: reconciler.name,
            ran_at,
            outcome,
        });
    }
}

async fn run_one(
    gate: &Gate,
    scope: Scope,
    work: super::runs::Work,
    lifetimes: Lifetimes,
) -> Result<usize> {
    gate.open::<Member>(Arc::new(scope))?
        .write(move |unit| work(unit, lifetimes))
        .await
}
