//! Where log lines go: the standard error output, so that the standard output is for people.

use anyhow::Context;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Log, LogFormat};
use crate::platform::log;

pub(super) fn start(log: &Log) -> anyhow::Result<()> {
    let filter = log::changeable(&log.level)
        .with_context(|| format!("The setting log.level is wrong: {}", log.level))?;
    let lines = tracing_subscriber::fmt::layer()
        // The log may lie on a disk that is full. Saying so on the standard error output panics when that is the log.
        .log_internal_errors(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let filtered = tracing_subscriber::registry().with(filter);
    match log.format {
        LogFormat::Text => filtered.with(lines.with_target(false)).init(),
        LogFormat::Json => filtered.with(lines.json().flatten_event(true)).init(),
    }
    Ok(())
}
