//! Looks before the leap: each check gives a finding; all are run, then it is decided.

mod durability;
mod neighbours;
mod resources;
mod system;

use std::path::Path;

pub(super) use neighbours::Existing;

use super::answers::Answers;
use super::outcome::{Error, Result};
use crate::machine::installation::Layout;
use crate::machine::{Finding, Verdict};

/// Checks whose refusal somebody may override by `--allow-low-resources`.
const OVERRIDABLE: [&str; 2] = ["memory", "cores"];
/// Checks that find something else in the way.
const CONFLICTS: [&str; 3] = ["port", "existing", "package"];
/// The check that wants root.
const PRIVILEGE: &str = "privilege";

/// What the checks look at.
pub(super) struct Subject<'a> {
    pub(super) layout: &'a Layout,
    pub(super) answers: &'a Answers,
    pub(super) existing: &'a Existing,
    pub(super) now_ms: i64,
    /// The file that is to be installed.
    pub(super) program: &'a Path,
}

/// Runs all checks.
pub(super) fn run(subject: &Subject) -> Vec<Finding> {
    let root = subject.layout.root();
    let data_dir = subject.answers.data_dir.value.as_path();
    let mut findings = vec![
        resources::memory(crate::machine::Memory::of(root)),
        resources::cores(&crate::machine::Cores::of(root)),
    ];
    findings.extend(resources::disk(root, data_dir));
    findings.push(durability::check(root, data_dir, subject.answers.dry_run));
    findings.extend(system::checks(subject));
    findings.extend(neighbours::checks(subject));
    if subject.answers.allow_low_resources {
        for finding in &mut findings {
            allow(finding);
        }
    }
    findings
}

/// The refusal becomes a warning, which stays in the record of the installation.
fn allow(finding: &mut Finding) {
    if finding.verdict == Verdict::Critical
        && OVERRIDABLE.contains(&finding.id)
        && !resources::is_below_floor(finding)
    {
        finding.verdict = Verdict::Warning;
        finding.remedy = Some(
            "Going on because of --allow-low-resources; skep health will keep saying so."
                .to_owned(),
        );
    }
}

/// The warnings about a machine that is too small, in words for the record.
pub(super) fn low_resources(findings: &[Finding]) -> Option<String> {
    let found: Vec<String> = findings
        .iter()
        .filter(|finding| {
            OVERRIDABLE.contains(&finding.id)
                && finding.verdict == Verdict::Warning
                && finding.needed.is_some()
        })
        .map(|finding| format!("{}: {}", finding.title, finding.found))
        .collect();
    (!found.is_empty()).then(|| found.join("; "))
}

/// Whether it may go on.
///
/// # Errors
/// What refuses, with its numbers; `again` is how the command was typed.
pub(super) fn decide(findings: &[Finding], again: &str) -> Result<()> {
    let refused: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Critical)
        .collect();
    let of = |ids: &[&str]| -> Vec<&Finding> {
        refused
            .iter()
            .copied()
            .filter(|finding| ids.contains(&finding.id))
            .collect()
    };
    if !of(&[PRIVILEGE]).is_empty() {
        return Err(Error::NotRoot(again.to_owned()));
    }
    let conflicts = of(&CONFLICTS);
    if conflicts.len() < refused.len() {
        let small = of(&OVERRIDABLE);
        let others: Vec<&Finding> = refused
            .iter()
            .copied()
            .filter(|finding| !CONFLICTS.contains(&finding.id))
            .collect();
        let mut text = format!("This machine is not what Skep needs.\n{}", listed(&others));
        if small.len() == refused.len() {
            text = format!(
                "{text}\nTo install all the same, slow and at your own risk:\n\n  sudo {again} --allow-low-resources"
            );
        }
        return Err(Error::Requirements(text));
    }
    if !conflicts.is_empty() {
        return Err(Error::Conflict(format!(
            "Something is in the way.\n{}",
            listed(&conflicts)
        )));
    }
    Ok(())
}

fn listed(findings: &[&Finding]) -> String {
    findings
        .iter()
        .map(|finding| {
            let needed = finding
                .needed
                .as_ref()
                .map_or_else(String::new, |needed| format!(" (needed: {needed})"));
            let remedy = finding
                .remedy
                .as_ref()
                .map_or_else(String::new, |remedy| format!(" {remedy}"));
            format!("  {}: {}{needed}.{remedy}", finding.title, finding.found)
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::{allow, decide, low_resources};
    use crate::machine::{Finding, Verdict};

    fn small() -> Vec<Finding> {
        vec![
            Finding::critical("memory", "Memory", "8.0 GiB installed", "").needs("16 GB"),
            Finding::critical("cores", "Cores", "2", "").needs("4"),
        ]
    }

    #[test]
    fn a_small_machine_is_refused_with_its_numbers_unless_somebody_insists() {
        let refusal = decide(&small(), "./skep install").unwrap_err();
        assert_eq!(refusal.exit_code(), 3);
        let text = refusal.to_string();
        for part in [
            "8.0 GiB installed",
            "16 GB",
            "Cores: 2",
            "--allow-low-resources",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        let mut allowed = small();
        allowed.iter_mut().for_each(allow);
        decide(&allowed, "x").unwrap();
        assert_eq!(
            low_resources(&allowed).unwrap(),
            "Memory: 8.0 GiB installed; Cores: 2"
        );
    }

    #[test]
    fn nothing_else_is_overridden() {
        let mut kernel = Finding::critical("kernel", "Kernel", "4.4", "");
        allow(&mut kernel);
        assert_eq!(kernel.verdict, Verdict::Critical);
        let refusal = decide(&[kernel], "x").unwrap_err();
        assert_eq!(refusal.exit_code(), 3);
        assert!(!refusal.to_string().contains("--allow-low-resources"));
    }

    #[test]
    fn each_kind_of_refusal_has_its_status() {
        let port = Finding::critical("port", "Port", "taken by x (process 7)", "");
        let root = Finding::critical("privilege", "Rights", "not root", "");
        assert_eq!(
            decide(std::slice::from_ref(&port), "x")
                .unwrap_err()
                .exit_code(),
            5
        );
        assert_eq!(
            decide(&[port.clone(), root], "x").unwrap_err().exit_code(),
            4
        );
        let both = [port, small().remove(0)];
        let refusal = decide(&both, "x").unwrap_err();
        assert_eq!(refusal.exit_code(), 3);
        decide(&[Finding::ok("memory", "Memory", "")], "x").unwrap();
    }
}
