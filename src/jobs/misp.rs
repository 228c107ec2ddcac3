//! Reads the events of MISP servers. Its own loop: it waits for others, which no unit of work should do.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{Report, Status};
use crate::access::Scope;
use crate::integration::misp::Reader;

/// How often it is looked whether it is a server's turn.
const EVERY: Duration = Duration::from_secs(20);

/// Reads events until `stop` changes; then what was begun is left where it is.
pub async fn read_misp<F>(
    reader: &Reader,
    report: &Report,
    system_scope: F,
    stop: &CancellationToken,
) where
    F: Fn() -> Scope + Send + Sync,
{
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
            () = reader.wait() => {}
        }
        let ran_at = system_scope().now_ms;
        let outcome = tokio::select! {
            () = stop.cancelled() => {
                if let Err(error) = reader.let_go(&system_scope).await {
                    tracing::warn!(%error, "what was read of MISP is held until it is over");
                }
                return;
            }
            outcome = reader.read(&system_scope) => outcome,
        };
        let outcome = match outcome {
            Ok(None) => continue,
            Ok(Some(count)) => Ok(count),
            Err(error) => {
                tracing::error!(%error, "the events of MISP servers were not read");
                Err(error.to_string())
            }
        };
        report.note(Status {
            name: "read events of MISP",
            ran_at,
            outcome,
        });
    }
}
