//! The disk of the data: how much room there is, how fast it fills, whether a copy of everything still fits, and whether
//! what is written there stays.

use super::growth;
use super::subject::Subject;
use super::words;
use crate::machine::{Disk, Finding, LiveSession};

const GB: u64 = 1_000_000_000;
/// Below this the server refuses writes before long…
const FREE_CRITICAL: u64 = GB;
/// …and below this somebody should think about it.
const FREE_WARNING: u64 = 5 * GB;
/// The part of inodes that should be left.
const INODES_WARNING: f64 = 0.05;
/// When the disk will be full.
const DAYS_WARNING: i64 = 14;
const DAYS_CRITICAL: i64 = 2;

/// The room that the server keeps back: no copy has it.
const RESERVE: &str = "skep.reserve";

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    let disk = match Disk::of(&subject.root, &subject.data_dir) {
        Ok(disk) => disk,
        Err(error) => {
            let found = format!("{}: {error}", subject.data_dir.display());
            return vec![Finding::unknown("disk", "Disk space", found)];
        }
    };
    let mut findings = vec![free(&disk)];
    findings.extend(kind(&disk));
    findings.push(rate(
        disk.free,
        growth::bytes_each_day(&growth::noted(&subject.data_dir)),
    ));
    findings.push(for_a_copy(subject, &disk));
    findings.extend(stays(&disk, LiveSession::of(&subject.root)));
    findings
}

fn free(disk: &Disk) -> Finding {
    const TITLE: &str = "Disk space";
    let found = format!(
        "{} of {} free on {}",
        words::size(disk.free),
        words::size(disk.total),
        disk.mount_point.display()
    );
    let remedy = format!(
        "Make room on {}, or move the data to a larger disk.",
        disk.mount_point.display()
    );
    let finding = if disk.free < FREE_CRITICAL {
        Finding::critical("disk", TITLE, found, remedy)
    } else if disk.free < FREE_WARNING || disk.inodes_free_part() < INODES_WARNING {
        Finding::warning("disk", TITLE, found, remedy)
    } else {
        Finding::ok("disk", TITLE, found)
    };
    finding.needs("5 GB free")
}

fn kind(disk: &Disk) -> Option<Finding> {
    let found = |what: &str| format!("{} on {} {what}", disk.kind, disk.mount_point.display());
    let remedy = "Move the data folder to a local disk with ext4, xfs or btrfs.";
    if disk.is_read_only {
        return Some(Finding::critical(
            "disk-kind",
            "File system",
            found("is mounted so that nothing can be written."),
            "Look for the reason (dmesg | tail), then mount it for writing again.",
        ));
    }
    disk.is_unfit().then(|| {
        let what = "has no locks that a database can rely on.";
        Finding::critical("disk-kind", "File system", found(what), remedy)
    })
}

fn rate(free: u64, bytes_each_day: Option<i64>) -> Finding {
    const ID: &str = "disk-rate";
    const TITLE: &str = "Disk fills";
    let Some(rate) = bytes_each_day else {
        return Finding::ok(
            ID,
            TITLE,
            "How fast is known when the server has run for six hours.",
        );
    };
    let Some(each_day) = u64::try_from(rate).ok().filter(|rate| *rate > 0) else {
        return Finding::ok(ID, TITLE, "It does not get fuller.");
    };
    let days = i64::try_from(free / each_day).unwrap_or(i64::MAX);
    let found = format!("{} each day", words::size(each_day));
    let full = format!("{found}: full in {}", words::counted(days, "day"));
    let remedy = "Find what grows (du -xh --max-depth=2 / | sort -h | tail) and make room in time.";
    if days < DAYS_CRITICAL {
        Finding::critical(ID, TITLE, full, remedy)
    } else if days < DAYS_WARNING {
        Finding::warning(ID, TITLE, full, remedy)
    } else if days < 3_650 {
        Finding::ok(ID, TITLE, full)
    } else {
        Finding::ok(ID, TITLE, found)
    }
}

/// Whether a copy of all there is would fit beside it.
fn for_a_copy(subject: &Subject, disk: &Disk) -> Finding {
    const ID: &str = "backup-space";
    const TITLE: &str = "Space for a backup";
    let backups = subject.data_dir.join("backups");
    let of_data = bytes_below(&subject.data_dir, &backups);
    let disk_of_backups = Disk::of(&subject.root, &backups);
    let free = disk_of_backups.map_or(disk.free, |disk| disk.free);
    let found = format!(
        "{} free for {} of data",
        words::size(free),
        words::size(of_data)
    );
    if free < of_data + of_data / 10 {
        Finding::warning(
            ID,
            TITLE,
            found,
            format!(
                "Make room, or send the backups to another disk: skep backup FOLDER, or a mount at {}.",
                backups.display()
            ),
        )
    } else {
        Finding::ok(ID, TITLE, found)
    }
}

/// The size of the files below a folder, without those in `except`. What can't be read counts nothing.
fn bytes_below(folder: &std::path::Path, except: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .filter(|entry| entry.path() != except && entry.file_name() != RESERVE)
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path(), except),
            Ok(metadata) if metadata.is_file() => metadata.len(),
            _ => 0,
        })
        .sum()
}

fn stays(disk: &Disk, live: Option<LiveSession>) -> Option<Finding> {
    if !disk.is_volatile {
        return live.map(|live| {
            let found = format!(
                "A live session ({}), but the data is on a disk.",
                live.medium
            );
            Finding::ok("live-session", "Live session", found)
        });
    }
    Some(Finding::warning(
        "live-session",
        "Live session",
        "The data lies in memory: it is gone when this machine is switched off.",
        "Back it up to a stick (skep backup /media/…), or install with --data-device.",
    ))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{free, kind, rate, stays};
    use crate::machine::{Disk, Verdict};

    const GB: u64 = 1_000_000_000;

    fn disk(free: u64) -> Disk {
        Disk {
            folder: PathBuf::from("/var/lib/skep"),
            mount_point: PathBuf::from("/"),
            source: "/dev/vda".to_owned(),
            kind: "ext4".to_owned(),
            total: 100 * GB,
            free,
            inodes_total: 1_000,
            inodes_free: 900,
            is_rotational: None,
            is_removable: None,
            is_read_only: false,
            is_executable: true,
            is_volatile: false,
        }
    }

    #[test]
    fn room_is_judged_by_what_is_left() {
        assert_eq!(free(&disk(50 * GB)).verdict, Verdict::Ok);
        assert_eq!(free(&disk(3 * GB)).verdict, Verdict::Warning);
        assert_eq!(free(&disk(GB / 2)).verdict, Verdict::Critical);
        let few_inodes = Disk {
            inodes_free: 10,
            ..disk(50 * GB)
        };
        assert_eq!(free(&few_inodes).verdict, Verdict::Warning);
    }

    #[test]
    fn a_disk_that_will_be_full_soon_is_told_before() {
        let of = |each_day: i64| rate(100 * GB, Some(each_day * 1_000_000_000));
        assert_eq!(of(-3).verdict, Verdict::Ok);
        assert_eq!(of(1).verdict, Verdict::Ok);
        assert_eq!(of(10).verdict, Verdict::Warning);
        assert_eq!(of(10).found, "10.0 GB each day: full in 10 days");
        assert_eq!(of(80).verdict, Verdict::Critical);
        assert_eq!(rate(GB, None).verdict, Verdict::Ok);
    }

    #[test]
    fn what_a_database_cannot_live_on_is_named() {
        assert_eq!(kind(&disk(GB)), None);
        let unfit = |kind: &str| Disk {
            kind: kind.to_owned(),
            ..disk(GB)
        };
        let finding = kind(&unfit("vfat")).unwrap();
        assert_eq!(finding.verdict, Verdict::Critical);
        let read_only = Disk {
            is_read_only: true,
            ..disk(GB)
        };
        assert!(
            kind(&read_only)
                .unwrap()
                .found
                .contains("nothing can be written")
        );
    }

    #[test]
    fn data_in_memory_is_a_warning() {
        assert_eq!(stays(&disk(GB), None), None);
        let volatile = Disk {
            is_volatile: true,
            ..disk(GB)
        };
        assert_eq!(stays(&volatile, None).unwrap().verdict, Verdict::Warning);
    }
}
