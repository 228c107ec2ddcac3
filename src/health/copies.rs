//! The last backup, and the last time that one was restored to see whether it is good.

use std::path::Path;

use super::store;
use super::subject::Subject;
use super::words;
use crate::backup::state::{self, LastBackup, LastVerify};
use crate::machine::Finding;
use crate::storage::inspect::Inspection;

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
    match state::read(&subject.data_dir) {
        Ok(state) => vec![
            lost(state.last_good_backup.as_ref()).unwrap_or_else(|| {
                judge_backup(
                    state.last_backup.as_ref(),
                    state.last_good_backup.as_ref(),
                    subject.now_ms,
                    age_ms,
                )
            }),
            judge_verification(state.last_verify.as_ref(), subject.now_ms, age_ms),
        ],
        Err(error) => vec![
            Finding::unknown(
                "backup",
                "Last backup",
                format!("What is noted of it cannot be read: {error}"),
            )
            .advises("Run it with sudo, or make a new backup: it notes anew."),
        ],
    }
}

/// The last good backup, when its file is not where it was put though its folder is there. A folder that is not there is
/// on a disk that somebody took out, as one should.
fn lost(last_good: Option<&LastBackup>) -> Option<Finding> {
    let file = &last_good?.file;
    let is_gone = matches!(file.try_exists(), Ok(false));
    let has_folder = file.parent().is_some_and(Path::is_dir);
    (is_gone && has_folder).then(|| {
        Finding::warning(
            "backup",
            "Last backup",
            format!(
                "The last good one is not there any more: {}",
                file.display()
            ),
            format!("If nobody moved it to a safe place, there is none. {BACK_UP}"),
        )
    })
}

/// The archive's own name: its folder makes a line long and says little.
fn name_of(archive: &Path) -> String {
    let name = archive.file_name().unwrap_or(archive.as_os_str());
    name.to_string_lossy().into_owned()
}

/// How old the installation is; nothing where that can't be told.
fn age(subject: &Subject) -> Option<i64> {
    let inspection = Inspection::open(&subject.location, Some(super::database::TIME_MAX)).ok()?;
    let made_at = store::made_at(&inspection).ok()??;
    Some(subject.now_ms - made_at)
}

fn judge_backup(
    last: Option<&LastBackup>,
    last_good: Option<&LastBackup>,
    now_ms: i64,
    age_ms: Option<i64>,
) -> Finding {
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
        let good = last_good.map_or_else(
            || "there is no good one".to_owned(),
            |good| format!("the last good one is {} old", words::span(now_ms - good.at)),
        );
        let found = format!("Failed {} ago ({good}): {}", words::span(age), last.message);
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
        name_of(&last.file),
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

fn judge_verification(last: Option<&LastVerify>, now_ms: i64, age_ms: Option<i64>) -> Finding {
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
    let found = format!("{} ago, {}", words::span(age), name_of(&last.file));
    if age > VERIFY_WARNING_MS {
        Finding::warning(ID, TITLE, found, VERIFY)
    } else {
        Finding::ok(ID, TITLE, found)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, HOUR_MS, judge_backup, judge_verification, lost};
    use crate::backup::state::{LastBackup, LastVerify};
    use crate::machine::Verdict;

    const NOW: i64 = 100 * DAY_MS;

    fn backup(age_ms: i64, ok: bool) -> LastBackup {
        LastBackup {
            at: NOW - age_ms,
            file: "/b/skep-2026-03-02.tar.zst".into(),
            bytes: 12_000_000,
            ok,
            message: "no room".to_owned(),
        }
    }

    #[test]
    fn a_backup_is_judged_by_its_age_and_outcome() {
        let of = |last: Option<&LastBackup>| judge_backup(last, None, NOW, Some(99 * DAY_MS));
        assert_eq!(of(None).verdict, Verdict::Warning);
        assert_eq!(
            judge_backup(None, None, NOW, Some(HOUR_MS)).verdict,
            Verdict::Ok
        );
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
        assert!(failed.found.contains("there is no good one"));
        let good = backup(3 * DAY_MS, true);
        let failed = judge_backup(Some(&backup(HOUR_MS, false)), Some(&good), NOW, None);
        assert!(failed.found.contains("the last good one is 3 days old"));
    }

    #[test]
    fn a_backup_whose_file_is_gone_is_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let mut last = backup(HOUR_MS, true);
        assert_eq!(lost(Some(&last)), None, "its disk is not in the machine");
        last.file = folder.path().join("skep.tar.zst");
        let finding = lost(Some(&last)).unwrap();
        assert_eq!(finding.verdict, Verdict::Warning);
        assert!(finding.found.contains("skep.tar.zst"), "{}", finding.found);
        std::fs::write(&last.file, "a backup").unwrap();
        assert_eq!(lost(Some(&last)), None);
        assert_eq!(lost(None), None);
    }

    #[test]
    fn a_backup_that_was_never_restored_is_a_warning() {
        let of = |age_ms: i64, ok| {
            let last = LastVerify {
                at: NOW - age_ms,
                file: "a".into(),
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
