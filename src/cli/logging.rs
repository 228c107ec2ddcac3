//! Where log lines go: the standard error output, so that the standard output is for people.

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

pub(super) fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level)
        .with_context(|| format!("The setting log.level is wrong: {}", log.level))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // The log may lie on a disk that is full. Saying so on the standard error output panics when that is the log.
        .log_internal_errors(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    match log.format {
        LogFormat::Text => subscriber.with_target(false).init(),
        LogFormat::Json => subscriber.json().flatten_event(true).init(),
    }
    Ok(())
}
