//! `skep health`: what is wrong and what to do, at once or again and again.

use std::io::Write;
use std::time::Duration;

use clap::Args;

use super::exit::Exit;
use super::findings::{Look, summary, table};
use super::{Settings, installed};
use crate::clock::Clock;
use crate::health::{self, Depth, Report, Seat, Subject};
use crate::machine::Verdict;
use crate::storage::blobs::Bucket;

/// What `skep health` takes.
#[derive(Args)]
pub(super) struct Arguments {
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
    /// Look at all of the data too, however long it takes.
    #[arg(long)]
    deep: bool,
    /// Look again every so many seconds, until Ctrl-C [default without a number: 5].
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "5",
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    watch: Option<u64>,
    #[command(flatten)]
    settings: Settings,
}

/// Looks, shows what was found, and ends with the status of the worst: 0 well, 1 warning, 2 critical, 3 unknown.
pub(super) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let depth = if arguments.deep {
        Depth::Deep
    } else {
        Depth::Quick
    };
    let mut subject = subject_of(arguments.settings, depth)?;
    loop {
        subject.now_ms = Clock::system().now_ms();
        let report = health::look(&subject);
        let text = shown(&report, arguments.json)?;
        let Some(seconds) = arguments.watch else {
            super::say(&text);
            return ended(report.verdict);
        };
        // A new screen at a terminal; elsewhere one report after the other.
        let is_table = !arguments.json && std::io::IsTerminal::is_terminal(&std::io::stdout());
        let clear = if is_table { "\u{1b}[2J\u{1b}[H" } else { "" };
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{clear}{text}")
            .and_then(|()| out.flush())
            .is_err()
        {
            // Whoever watched has gone.
            return ended(report.verdict);
        }
        drop(out);
        std::thread::sleep(Duration::from_secs(seconds));
    }
}

/// What is looked at. Where not even that can be found out, nothing is known: the status is that of "unknown".
pub(super) fn subject_of(settings: Settings, depth: Depth) -> anyhow::Result<Subject> {
    let settings = installed::or_given(settings);
    let file = settings.config.clone();
    let loaded = settings
        .load()
        .map_err(|error| Exit::with(Verdict::Unknown.exit_code(), error.to_string()))?;
    let now_ms = Clock::system().now_ms();
    let mut subject = Subject::of(&loaded.config, now_ms, depth, Seat::Outside);
    subject.settings = file;
    subject.bucket = Bucket::of(&loaded.config)
        .map_err(|error| Exit::with(Verdict::Unknown.exit_code(), error.to_string()))?;
    Ok(subject)
}

fn shown(report: &Report, as_json: bool) -> anyhow::Result<String> {
    if as_json {
        return Ok(serde_json::to_string_pretty(report)?);
    }
    let look = Look::of_output();
    Ok(format!(
        "{}\n\n{}",
        table(&report.findings, look),
        summary(&report.findings, look)
    ))
}

/// The end with the status of a verdict.
pub(super) fn ended(verdict: Verdict) -> anyhow::Result<()> {
    match verdict.exit_code() {
        0 => Ok(()),
        code => Err(Exit::silently(code).into()),
    }
}
