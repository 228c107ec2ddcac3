//! Takes files away that nothing names any more. Its own loop: it reads a folder, which no unit of work should wait for.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{Report, Status};
use crate::access::Scope;
use crate::access::guard::Gate;
use crate::investigation::attachment;
use crate::storage::blobs::Blobs;

/// How often it is looked.
const EVERY: Duration = Duration::from_hours(1);

/// Looks for files that nothing names until `stop` changes.
pub async fn sweep_files<F>(
    gate: &Gate,
    blobs: &Blobs,
    report: &Report,
    system_scope: F,
    stop: &CancellationToken,
) where
    F: Fn() -> Scope + Send,
{
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let scope = system_scope();
        let ran_at = scope.now_ms;
        let swept = attachment::actions::sweep(gate, blobs, Arc::new(scope)).await;
        if let Err(error) = &swept {
            tracing::error!(%error, "files that nothing names were not swept");
        }
        report.note(Status {
            name: "sweep files that nothing names",
            ran_at,
            outcome: swept.map_err(|error| error.to_string()),
        });
    }
}
