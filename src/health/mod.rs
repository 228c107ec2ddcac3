//! What is wrong with an installation and what to do: `skep health` for everything around the data, `skep doctor` for
//! the data itself. Each check is a function that gives a [`Finding`].
//!
//! The same checks answer the command line, which stands beside the server, and the server itself when an administrator
//! asks it; [`Seat`] says which. Looking changes nothing: no file is made, no lock is taken. Only [`mend`] writes, and
//! only what can be derived from the rest.

mod accounts;
mod ask;
mod attachments;
mod bucket;
mod clock;
mod copies;
mod database;
pub mod doctor;
mod files;
pub mod growth;
mod http;
mod integrations;
mod key;
pub mod mend;
mod program;
mod resources;
mod room;
mod store;
mod subject;
mod upkeep;
mod words;

use serde::Serialize;

use crate::machine::{Finding, Verdict, worst};

pub use http::{Status, endpoints};
pub use subject::{Depth, Seat, Subject};
pub use upkeep::Indexing;

/// All findings at one moment. Its fields are the stable keys of `skep health --json`.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The worst of the findings.
    pub verdict: Verdict,
    /// The version of the program that looked.
    pub version: &'static str,
    /// When it looked, milliseconds since the epoch.
    pub checked_at: i64,
    /// What it found.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Of these findings.
    pub fn new(findings: Vec<Finding>, checked_at: i64) -> Self {
        Self {
            verdict: worst(&findings),
            version: env!("CARGO_PKG_VERSION"),
            checked_at,
            findings,
        }
    }
}

/// Looks at everything. Blocks, without [`Depth::Deep`] for less than a second.
pub fn look(subject: &Subject) -> Report {
    // What waits for others (the service manager, the server, the disk) waits at the same time.
    let findings = std::thread::scope(|scope| {
        let program = scope.spawn(|| program::findings(subject));
        let clock = scope.spawn(|| clock::findings(subject));
        let database = scope.spawn(|| database::findings(subject));
        let bucket = scope.spawn(|| bucket::findings(subject));
        let mut findings = resources::findings(subject);
        findings.extend(room::findings(subject));
        for others in [program, clock, database, bucket] {
            findings.extend(others.join().unwrap_or_else(|_| {
                vec![Finding::unknown(
                    "check",
                    "Check",
                    "A check ended unexpectedly; the others are listed.",
                )]
            }));
        }
        findings.extend(files::findings(subject));
        findings.extend(key::finding(subject));
        findings.extend(copies::findings(subject));
        if subject.is_deep() {
            findings.extend(attachments::finding(subject));
        }
        findings
    });
    Report::new(findings, subject.now_ms)
}
