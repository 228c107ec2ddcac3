//! The data itself, all of it: `skep doctor`.

use std::path::{Path, PathBuf};

use super::subject::{Depth, Subject};
use super::{Report, attachments, database, words};
use crate::machine::Finding;

/// A copy that is still unfinished after so long was given up.
const UNFINISHED_MS: i64 = 24 * 3_600_000;

/// Looks at the whole of the data. Blocks for as long as it takes, in bounded memory; a server may run meanwhile.
pub fn examine(subject: &Subject) -> Report {
    let subject = Subject {
        depth: Depth::Deep,
        ..subject.clone()
    };
    let mut findings = database::findings(&subject);
    // That is a matter of who may come in, not of the data.
    findings.retain(|finding| finding.id != "password");
    findings.extend(attachments::finding(&subject));
    findings.extend(left_files(&subject));
    Report::new(findings, subject.now_ms)
}

fn left_files(subject: &Subject) -> Option<Finding> {
    let left = unfinished(&subject.data_dir, subject.now_ms);
    let first = left.first()?;
    let count = i64::try_from(left.len()).unwrap_or(i64::MAX);
    Some(Finding::warning(
        "left-files",
        "Left-over files",
        format!(
            "{} of copies that were given up, such as {}",
            words::counted(count, "file"),
            first.display()
        ),
        database::REPAIR,
    ))
}

/// The unfinished files of copies that nobody makes any more.
pub(super) fn unfinished(data_dir: &Path, now_ms: i64) -> Vec<PathBuf> {
    let mut left = Vec::new();
    for folder in [data_dir.to_owned(), data_dir.join("backups")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_part = path.extension().is_some_and(|ending| ending == "part");
            let changed = entry.metadata().and_then(|metadata| metadata.modified());
            let age_ms = changed.ok().map(|changed| now_ms - milliseconds(changed));
            if is_part && path.is_file() && age_ms.is_some_and(|age| age > UNFINISHED_MS) {
                left.push(path);
            }
        }
    }
    left.sort();
    left
}

fn milliseconds(time: std::time::SystemTime) -> i64 {
    time.duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

#[cfg(test)]
mod tests {
    use super::{UNFINISHED_MS, milliseconds, unfinished};

    #[test]
    fn only_what_nobody_writes_any_more_is_left_over() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("skep.before-migration-2.db.part");
        std::fs::write(&part, "half").unwrap();
        std::fs::write(folder.path().join("skep.db"), "whole").unwrap();
        let changed = std::fs::metadata(&part).unwrap().modified().unwrap();
        let now = milliseconds(changed);
        assert!(unfinished(folder.path(), now + UNFINISHED_MS).is_empty());
        assert_eq!(unfinished(folder.path(), now + UNFINISHED_MS + 1), [part]);
    }
}
