//! `skep doctor`: the deep check of the data, and what can be mended.

use clap::Args;
use serde_json::json;

use super::Settings;
use super::exit::Exit;
use super::findings::{Look, summary, table};
use super::health::{ended, subject_of};
use crate::health::mend::{self, Mended};
use crate::health::{Depth, Report, doctor};
use crate::machine::Verdict;

/// What `skep doctor` takes.
#[derive(Args)]
pub(super) struct Arguments {
    /// Mend what can be derived from the rest: indexes, counters, what hangs on rows that are gone. Nothing else is
    /// touched. Stop the server first, if it uses the embedded database.
    #[arg(long)]
    repair: bool,
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

/// Looks at all of the data, mends it if asked to, and ends with the status of the worst that is left.
pub(super) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let subject = subject_of(arguments.settings, Depth::Deep)?;
    if !arguments.repair {
        let report = doctor::examine(&subject);
        super::say(&shown(&report, None, arguments.json)?);
        return ended(report.verdict);
    }
    let mended = mend::mend(&subject)
        .map_err(|refusal| Exit::with(Verdict::Critical.exit_code(), refusal.to_string()))?;
    let report = doctor::examine(&subject);
    super::say(&shown(&report, Some(&mended), arguments.json)?);
    ended(report.verdict)
}

fn shown(report: &Report, mended: Option<&[Mended]>, as_json: bool) -> anyhow::Result<String> {
    if as_json {
        let mut answer = serde_json::to_value(report)?;
        if let Some(mended) = mended {
            answer["mended"] = json!(mended);
        }
        return Ok(serde_json::to_string_pretty(&answer)?);
    }
    let look = Look::of_output();
    let mut text = match mended {
        None => String::new(),
        Some([]) => "There was nothing to mend.\n\n".to_owned(),
        Some(mended) => {
            let lines: Vec<&str> = mended.iter().map(|mended| mended.done.as_str()).collect();
            format!("Mended:\n  {}\n\n", lines.join("\n  "))
        }
    };
    text.push_str(&table(&report.findings, look));
    text.push_str("\n\n");
    text.push_str(&summary(&report.findings, look));
    Ok(text)
}
