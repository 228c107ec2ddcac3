//! The servers of others: looks how they are, and follows what they were asked to do.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Report, Status};
use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{Result, Scope};
use crate::integration::cortex::actions::{Tools, next_due, status_check_ms, work_due};
use crate::integration::server;

/// What is due is looked for at least this often: another node may have asked for it.
const PAUSE_MAX_MS: i64 = 15_000;
/// And never more often than this.
const PAUSE_MIN_MS: i64 = 100;
const FOLLOW: &str = "follow jobs of Cortex";
const LOOK: &str = "look how the servers of others are";

/// Follows jobs and actions of Cortex until `stop` changes.
pub async fn follow_cortex<F>(
    tools: &Tools,
    report: &Report,
    system_scope: F,
    stop: &CancellationToken,
) where
    F: Fn() -> Scope + Send,
{
    let mut commits = None;
    loop {
        let scope = system_scope();
        let now_ms = scope.now_ms;
        let outcome = work_due(tools, now_ms).await;
        note(report, FOLLOW, now_ms, outcome);
        let pause = pause_ms(&tools.gate, system_scope()).await;
        let commits = commits.get_or_insert_with(|| {
            let by = tools
                .gate
                .open::<Member>(std::sync::Arc::new(system_scope()));
            by.map(|by| by.commits()).ok()
        });
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            // What was just asked for is begun at once.
            () = next_commit(commits.as_mut()) => {
                tokio::time::sleep(Duration::from_millis(PAUSE_MIN_MS.unsigned_abs())).await;
            }
        }
    }
}

async fn next_commit(commits: Option<&mut tokio::sync::watch::Receiver<u64>>) {
    if let Some(commits) = commits
        && commits.changed().await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// How long nothing will be due.
async fn pause_ms(gate: &Gate, scope: Scope) -> Duration {
    let now_ms = scope.now_ms;
    let next = match gate.open::<Member>(std::sync::Arc::new(scope)) {
        Ok(by) => by.read(|reading| next_due(reading)).await.ok().flatten(),
        Err(_) => None,
    };
    let pause = next.map_or(PAUSE_MAX_MS, |next| next - now_ms);
    Duration::from_millis(pause.clamp(PAUSE_MIN_MS, PAUSE_MAX_MS).unsigned_abs())
}

/// Looks how the servers are until `stop` changes.
pub async fn check_servers<F>(
    tools: &Tools,
    report: &Report,
    system_scope: F,
    stop: &CancellationToken,
) where
    F: Fn() -> Scope + Send,
{
    loop {
        let scope = system_scope();
        let now_ms = scope.now_ms;
        let outcome = server::actions::check_all(&tools.gate, &tools.integrations, now_ms).await;
        note(report, LOOK, now_ms, outcome);
        let pause = match tools.gate.open::<Member>(std::sync::Arc::new(scope)) {
            Ok(by) => by.read(|reading| status_check_ms(reading)).await.ok(),
            Err(_) => None,
        };
        let pause = Duration::from_millis(pause.unwrap_or(60_000).unsigned_abs());
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn note(report: &Report, name: &'static str, ran_at: i64, outcome: Result<usize>) {
    if let Err(error) = &outcome {
        tracing::error!(work = name, %error, "background work failed");
    }
    report.note(Status {
        name,
        ran_at,
        outcome: outcome.map_err(|error| error.to_string()),
    });
}
