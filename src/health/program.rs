//! The program as it runs: its unit, its port, whether it can serve, and whether it is the version that is installed.

use serde_json::Value;

use super::ask;
use super::subject::{Seat, Subject};
use crate::machine::installation::{BACKUP_TIMER, SERVICE, SOCKET};
use crate::machine::{Finding, Verdict, port, systemd};

/// Restarts by the service manager since the service was started by hand; more than this is no accident.
const RESTARTS_WARNING: u32 = 3;
/// What the program ends with when the data is damaged…
const EXIT_DAMAGED: &str = "65";
/// …and when its settings are wrong.
const EXIT_MISCONFIGURED: &str = "78";

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    if subject.seat == Seat::Inside {
        return vec![Finding::ok("version", "Version", env!("CARGO_PKG_VERSION"))];
    }
    let mut findings = Vec::new();
    findings.extend(unit(subject));
    findings.extend(with_the_machine(subject));
    let Some(holder) = port::holder(&subject.root, subject.listen.port()) else {
        findings.push(nobody_listens(subject));
        return findings;
    };
    let who = format!("{} on {}", holder.in_words(), subject.listen);
    // Who may not know whose it is takes it for ours.
    let is_ours =
        holder.process.is_none() || holder.is_systemd() || holder.program.starts_with("skep");
    let answers = answers(subject, is_ours);
    let is_well = answers
        .iter()
        .all(|finding| finding.verdict != Verdict::Critical);
    findings.push(if is_ours || is_well {
        Finding::ok("port", "Port", who)
    } else {
        taken(&who)
    });
    findings.extend(answers);
    findings
}

/// Somebody else has the port, and does not answer as Skep would.
fn taken(who: &str) -> Finding {
    Finding::critical(
        "port",
        "Port",
        format!("Taken by another program: {who}."),
        "Stop that program, then: sudo systemctl start skep.socket skep. Or let Skep listen elsewhere: sudo skep install \
         --listen ADDRESS:PORT.",
    )
}

fn nobody_listens(subject: &Subject) -> Finding {
    Finding::critical(
        "port",
        "Port",
        format!("Nobody listens on {}.", subject.listen),
        if subject.is_installed() {
            "Start the service: sudo systemctl start skep.socket skep (then look: journalctl -u skep -e)."
        } else {
            "Start the server: skep serve."
        },
    )
}

/// Whether the server answers, and as which version.
fn answers(subject: &Subject, is_ours: bool) -> Vec<Finding> {
    match ask::get(subject.listen, "/api/ready") {
        Ok(answer) if answer.status == 200 => {
            let found = format!("Answers in {} ms.", answer.took.as_millis());
            let ready = Finding::ok("ready", "Ready", found);
            let status = ask::get(subject.listen, "/api/status").ok();
            let running = status.and_then(|answer| {
                let status: Value = serde_json::from_str(&answer.body).ok()?;
                Some(status["versions"]["Skep"].as_str()?.to_owned())
            });
            vec![ready, version(running)]
        }
        Ok(answer) if answer.status == 503 => {
            let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            let reason = body["message"].as_str().unwrap_or("It does not say why.");
            vec![Finding::critical(
                "ready",
                "Ready",
                format!("It listens, but cannot serve: {reason}"),
                "Look into its log: journalctl -u skep -e.",
            )]
        }
        Ok(answer) => vec![foreign(&format!("answers {}", answer.status), subject)],
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            vec![foreign("does not speak HTTP", subject)]
        }
        Err(_) if !is_ours => vec![foreign("does not answer", subject)],
        Err(error) => vec![Finding::critical(
            "ready",
            "Ready",
            format!("It listens, but does not answer: {}.", told(&error)),
            "Look into its log (journalctl -u skep -e), then start it again: sudo systemctl restart skep.socket skep.",
        )],
    }
}

/// The system's word for an answer that did not come in time says nothing to people.
fn told(error: &std::io::Error) -> String {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    match error.kind() {
        WouldBlock | TimedOut => "it took too long".to_owned(),
        _ => error.to_string(),
    }
}

fn foreign(what: &str, subject: &Subject) -> Finding {
    Finding::critical(
        "ready",
        "Ready",
        format!("The program on {} {what}: it is not Skep.", subject.listen),
        "Stop that program, or let Skep listen elsewhere (server.listen in the settings).",
    )
}

fn version(running: Option<String>) -> Finding {
    let own = env!("CARGO_PKG_VERSION");
    match running {
        Some(running) if running == own => Finding::ok("version", "Version", running),
        Some(running) => Finding::warning(
            "version",
            "Version",
            format!("{running} is running, {own} is installed."),
            "Start the service again: sudo systemctl restart skep.",
        ),
        None => Finding::critical(
            "version",
            "Version",
            "The program that listens does not say its version: it is not Skep.",
            "Stop that program, or let Skep listen elsewhere (server.listen in the settings).",
        ),
    }
}

/// What the service manager says, where it is to run this installation.
fn unit(subject: &Subject) -> Option<Finding> {
    if !subject.is_installed() || !subject.root.path("run/systemd/system").is_dir() {
        return None;
    }
    let [load, active, sub, restarts, exit] = <[String; 5]>::try_from(systemd::properties(
        SERVICE,
        &[
            "LoadState",
            "ActiveState",
            "SubState",
            "NRestarts",
            "ExecMainStatus",
        ],
    ))
    .ok()?;
    // Without its unit somebody else runs it; the port tells whether anybody does.
    (load == "loaded").then(|| judge_unit(&active, &sub, restarts.parse().unwrap_or(0), &exit))
}

/// Whether the machine starts it, and its nightly backup.
fn with_the_machine(subject: &Subject) -> Option<Finding> {
    if !subject.is_installed() || !subject.root.path("run/systemd/system").is_dir() {
        return None;
    }
    let file_states: Vec<(&str, String)> = [SERVICE, SOCKET, BACKUP_TIMER]
        .into_iter()
        .filter_map(|unit| Some((unit, systemd::properties(unit, &["UnitFileState"]).pop()?)))
        .collect();
    judge_start(&file_states)
}

fn judge_start(file_states: &[(&str, String)]) -> Option<Finding> {
    const ID: &str = "autostart";
    const TITLE: &str = "Start with machine";
    // A unit that is not there has no state.
    if file_states.iter().all(|(_, state)| state.is_empty()) {
        return None;
    }
    let not_started: Vec<&str> = file_states
        .iter()
        .filter(|(_, state)| state != "enabled" && state != "enabled-runtime")
        .map(|(unit, _)| *unit)
        .collect();
    Some(if not_started.is_empty() {
        Finding::ok(ID, TITLE, "The service and its nightly backup.")
    } else {
        let units = not_started.join(" ");
        Finding::warning(
            ID,
            TITLE,
            format!("Not started with the machine: {}.", not_started.join(", ")),
            format!("sudo systemctl enable --now {units}"),
        )
    })
}

fn judge_unit(active: &str, sub: &str, restarts: u32, exit: &str) -> Finding {
    const ID: &str = "service";
    const TITLE: &str = "Service";
    let found = format!("{active} ({sub})");
    match (active, exit) {
        ("active" | "reloading", _) if restarts > RESTARTS_WARNING => Finding::warning(
            ID,
            TITLE,
            format!("{found}, started again {restarts} times"),
            "It ended by itself each time; its log says why: journalctl -u skep -e.",
        ),
        ("active" | "reloading", _) => Finding::ok(ID, TITLE, found),
        ("activating", _) => Finding::warning(
            ID,
            TITLE,
            found,
            "It starts; look again in a moment, and into its log: journalctl -u skep -e.",
        ),
        (_, EXIT_DAMAGED) => Finding::critical(
            ID,
            TITLE,
            format!("{found}: the disk or the data is damaged"),
            "Look what: sudo skep doctor. It says whether to mend or to restore.",
        ),
        (_, EXIT_MISCONFIGURED) => Finding::critical(
            ID,
            TITLE,
            format!("{found}: its settings are wrong"),
            "Its log says which: journalctl -u skep -e. Then: sudo systemctl restart skep.socket skep.",
        ),
        _ => Finding::critical(
            ID,
            TITLE,
            found,
            "Start it: sudo systemctl start skep.socket skep. If it ends again: journalctl -u skep -e.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{judge_start, judge_unit, version};
    use crate::machine::Verdict;

    #[test]
    fn each_state_of_the_service_has_its_verdict_and_remedy() {
        let cases = [
            ("active", "running", 0, "0", Verdict::Ok, ""),
            ("active", "running", 9, "0", Verdict::Warning, "journalctl"),
            (
                "activating",
                "start",
                0,
                "0",
                Verdict::Warning,
                "look again",
            ),
            (
                "inactive",
                "dead",
                0,
                "0",
                Verdict::Critical,
                "systemctl start",
            ),
            (
                "failed",
                "failed",
                0,
                "1",
                Verdict::Critical,
                "systemctl start",
            ),
            (
                "failed",
                "failed",
                0,
                "65",
                Verdict::Critical,
                "skep doctor",
            ),
            (
                "failed",
                "failed",
                0,
                "78",
                Verdict::Critical,
                "Its log says which",
            ),
        ];
        for (active, sub, restarts, exit, verdict, remedy) in cases {
            let finding = judge_unit(active, sub, restarts, exit);
            assert_eq!(finding.verdict, verdict, "{active} {exit}");
            assert!(finding.remedy.unwrap_or_default().contains(remedy));
        }
    }

    #[test]
    fn a_unit_that_the_machine_does_not_start_is_told() {
        let states = |states: [&str; 2]| {
            let [service, timer] = states.map(ToOwned::to_owned);
            judge_start(&[("skep.service", service), ("skep-backup.timer", timer)])
        };
        assert_eq!(states(["", ""]), None);
        assert_eq!(states(["enabled", "enabled"]).unwrap().verdict, Verdict::Ok);
        let told = states(["enabled", "disabled"]).unwrap();
        assert_eq!(told.verdict, Verdict::Warning);
        assert!(!told.found.contains("skep.service"), "{}", told.found);
        assert!(
            told.remedy
                .unwrap()
                .contains("enable --now skep-backup.timer")
        );
    }

    #[test]
    fn another_version_than_the_installed_is_told() {
        assert_eq!(
            version(Some(env!("CARGO_PKG_VERSION").to_owned())).verdict,
            Verdict::Ok
        );
        let old = version(Some("0.0.1".to_owned()));
        assert_eq!(old.verdict, Verdict::Warning);
        assert!(old.remedy.unwrap().contains("restart skep"));
        assert_eq!(version(None).verdict, Verdict::Critical);
    }
}
