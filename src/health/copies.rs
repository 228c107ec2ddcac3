//! The last backup, and the last time that one was restored to see whether it is good.

use std::path::Path;

use serde::Deserialize;

use super::store;
use super::subject::Subject;
use super::words;
use crate::machine::Finding;
use crate::storage::inspect::Inspection;

/// What is noted of backups, in `<data folder>/backups/state.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct State {
    last_backup: Option<Backup>,
    last_verify: Option<Verification>,
}

#[derive(Debug, Deserialize)]
struct Backup {
    at: i64,
    #[serde(default)]
    file: String,
    #[serde(default)]
    bytes: u64,
    ok: bool,
    #[serde(default)]
    message: String,
}

#[derive(Debug, Deserialize)]
struct Verification {
    at: i64,
    #[serde(default)]
    file: String,
    ok: bool,
    #[serde(default)]
    message: String,
}

fn read_state(data_dir: &Path) -> std::io::Result<State> {
    match std::fs::read(data_dir.join("backups").join("state.json")) {
        Ok(text) => Ok(serde_json::from_slice(&text)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(State::default()),
        Err(error) => Err(error),
    }
}

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The timer makes one each day.
const BACKUP_WARNING_MS: i64 = 2 * DAY_MS;
const BACKUP_CRITICAL_MS: i64 = 7 * DAY_MS;
/// How old a test restore may be.
const VERIFY_WARNING_MS: i64 = 35 * DAY_MS;
/// A new installation has this long until its first backup, and its first test restore.
const FIRST_BACKUP_MS: i64 = 26 * HOUR_MS;
const FIRST_VERIFY_MS: i64 = 8 * DAY_MS;

const BACK_UP: &str = "Make one now: sudo skep backup FOLDER; every day: sudo systemctl enable --now skep-backup.timer.";
const VERIFY: &str = "Restore one to see: sudo skep backup --verify FILE.";

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    let age_ms = age(subject);
    match read_state(&subject.data_dir) {
        Ok(State {
            last_backup,
            last_verify,
        }) => vec![
            judge_backup(last_backup.as_ref(), subject.now_ms, age_ms),
            judge_verification(last_verify.as_ref(), subject.now_ms, age_ms),
        ],
        Err(error) => vec![Finding::unknown(
            "backup",
            "Last backup",
            format!("What is noted of it cannot be read: {error}."),
        )],
    }
}

/// How old the installation is; nothing where that can't be told.
fn age(subject: &Subject) -> Option<i64> {
    let inspection = Inspection::open(&subject.location, Some(super::database::TIME_MAX)).ok()?;
    let made_at = store::made_at(&inspection).ok()??;
    Some(subject.now_ms - made_at)
}

fn judge_backup(last: Option<&Backup>, now_ms: i64, age_ms: Option<i64>) -> Finding {
    const ID: &str = "backup";
    const TITLE: &str = "Last backup";
    let Some(last) = last else {
        return if age_ms.is_some_and(|age| age < FIRST_BACKUP_MS) {
            Finding::ok(ID, TITLE, "None yet, the installation is new.")
        } else {
            Finding::warning(ID, TITLE, "There has never been one.", BACK_UP)
        };
    };
    let age = now_ms - last.at;
    if !last.ok {
        let found = format!("Failed {} ago: {}", words::span(age), last.message);
        return Finding::critical(
            ID,
            TITLE,
            found,
            "Do what it says, then: sudo systemctl start skep-backup.service.",
        );
    }
    let found = format!(
        "{} ago, {} ({})",
        words::span(age),
        last.file,
        words::size(last.bytes)
    );
    if age > BACKUP_CRITICAL_MS {
        Finding::critical(ID, TITLE, found, BACK_UP)
    } else if age > BACKUP_WARNING_MS {
        Finding::warning(ID, TITLE, found, BACK_UP)
    } else {
        Finding::ok(ID, TITLE, found)
    }
}

fn judge_verification(last: Option<&Verification>, now_ms: i64, age_ms: Option<i64>) -> Finding {
    const ID: &str = "test-restore";
    const TITLE: &str = "Last test restore";
    let Some(last) = last else {
        return if age_ms.is_some_and(|age| age < FIRST_VERIFY_MS) {
            Finding::ok(ID, TITLE, "None yet, the installation is new.")
        } else {
            Finding::warning(
                ID,
                TITLE,
                "No backup was ever restored to see whether it is good.",
                VERIFY,
            )
        };
    };
    let age = now_ms - last.at;
    if !last.ok {
        let found = format!("Failed {} ago: {}", words::span(age), last.message);
        return Finding::critical(
            ID,
            TITLE,
            found,
            "Do not rely on that backup; make another and test it: sudo skep backup FOLDER.",
        );
    }
    let found = format!("{} ago, {}", words::span(age), last.file);
    if age > VERIFY_WARNING_MS {
        Finding::warning(ID, TITLE, found, VERIFY)
    } else {
        Finding::ok(ID, TITLE, found)
    }
}

#[cfg(test)]
mod tests {
    use super::{Backup, DAY_MS, HOUR_MS, Verification, judge_backup, judge_verification};
    use crate::machine::Verdict;

    const NOW: i64 = 100 * DAY_MS;

    fn backup(age_ms: i64, ok: bool) -> Backup {
        Backup {
            at: NOW - age_ms,
            file: "skep-2026-03-02.tar.zst".to_owned(),
            bytes: 12_000_000,
            ok,
            message: "no room".to_owned(),
        }
    }

    #[test]
    fn a_backup_is_judged_by_its_age_and_outcome() {
        let of = |last: Option<&Backup>| judge_backup(last, NOW, Some(99 * DAY_MS));
        assert_eq!(of(None).verdict, Verdict::Warning);
        assert_eq!(judge_backup(None, NOW, Some(HOUR_MS)).verdict, Verdict::Ok);
        assert_eq!(of(Some(&backup(20 * HOUR_MS, true))).verdict, Verdict::Ok);
        assert_eq!(
            of(Some(&backup(3 * DAY_MS, true))).verdict,
            Verdict::Warning
        );
        assert_eq!(
            of(Some(&backup(8 * DAY_MS, true))).verdict,
            Verdict::Critical
        );
        let failed = of(Some(&backup(HOUR_MS, false)));
        assert_eq!(failed.verdict, Verdict::Critical);
        assert!(failed.found.contains("no room"));
    }

    #[test]
    fn a_backup_that_was_never_restored_is_a_warning() {
        let of = |age_ms: i64, ok| {
            let last = Verification {
                at: NOW - age_ms,
                file: "a".to_owned(),
                ok,
                message: "a byte is flipped".to_owned(),
            };
            judge_verification(Some(&last), NOW, None).verdict
        };
        assert_eq!(
            judge_verification(None, NOW, None).verdict,
            Verdict::Warning
        );
        assert_eq!(
            judge_verification(None, NOW, Some(DAY_MS)).verdict,
            Verdict::Ok
        );
        assert_eq!(of(DAY_MS, true), Verdict::Ok);
        assert_eq!(of(40 * DAY_MS, true), Verdict::Warning);
        assert_eq!(of(DAY_MS, false), Verdict::Critical);
    }
}
