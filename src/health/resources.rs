//! Memory, processors and open files: against the requirement, and against what is used.

use super::subject::{Seat, Subject};
use super::words;
use crate::machine::cores::CORES_NEEDED;
use crate::machine::process::Process;
use crate::machine::{Cores, Finding, Memory, Root};
use crate::storage::inspect;

const MIB: u64 = 1 << 20;
/// With less available, programs begin to be killed soon…
const AVAILABLE_WARNING: u64 = 1_024 * MIB;
/// …and now.
const AVAILABLE_CRITICAL: u64 = 192 * MIB;
/// Of the open files that a process may have, this part in use is too near to the end.
const FILES_WARNING: f64 = 0.7;
const FILES_CRITICAL: f64 = 0.9;
/// Programs that wait for each processor, over five minutes.
const LOAD_WARNING: f64 = 2.0;

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    let cores = Cores::of(&subject.root);
    let mut findings = vec![
        memory(Memory::of(&subject.root)),
        processors(&cores),
        load(&subject.root, &cores),
    ];
    findings.extend(open_files(subject));
    findings.extend(override_of(subject));
    findings
}

fn memory(memory: Option<Memory>) -> Finding {
    const ID: &str = "memory";
    const TITLE: &str = "Memory";
    let Some(memory) = memory else {
        return Finding::unknown(ID, TITLE, "The system does not say how much there is.");
    };
    let found = format!(
        "{} installed, {} available now",
        words::memory(memory.installed),
        words::memory(memory.available)
    );
    let finding = if memory.available < AVAILABLE_CRITICAL {
        Finding::critical(ID, TITLE, found, FREE_MEMORY)
    } else if !memory.is_enough() {
        Finding::warning(
            ID,
            TITLE,
            found,
            "Give the machine more memory: with less, searches and imports slow down first.",
        )
    } else if memory.available < AVAILABLE_WARNING {
        Finding::warning(ID, TITLE, found, FREE_MEMORY)
    } else {
        Finding::ok(ID, TITLE, found)
    };
    finding.needs("16 GB")
}

const FREE_MEMORY: &str =
    "Find what uses the memory (ps aux --sort=-rss | head) and end what need not run here.";

fn processors(cores: &Cores) -> Finding {
    let found = match cores.physical {
        Some(physical) if physical != cores.usable => {
            format!("{} usable ({physical} physical)", cores.usable)
        }
        _ => format!("{} usable", cores.usable),
    };
    let finding = if cores.is_enough() {
        Finding::ok("cores", "Cores", found)
    } else {
        Finding::warning(
            "cores",
            "Cores",
            found,
            "Give the machine more cores: with fewer, everybody waits when many work.",
        )
    };
    finding.needs(CORES_NEEDED.to_string())
}

fn load(root: &Root, cores: &Cores) -> Finding {
    const TITLE: &str = "Load";
    let five_minutes = root
        .text("proc/loadavg")
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<f64>().ok());
    let Some(load) = five_minutes else {
        return Finding::unknown("load", TITLE, "The system does not say what its load is.");
    };
    let found = format!("{load:.2} over five minutes, on {} cores", cores.usable);
    if load > LOAD_WARNING * f64::from(cores.usable.max(1)) {
        Finding::warning(
            "load",
            TITLE,
            found,
            "Find what keeps the processors busy (top) and end what need not run here.",
        )
    } else {
        Finding::ok("load", TITLE, found)
    }
}

/// Of the server's process, where it is known.
fn open_files(subject: &Subject) -> Option<Finding> {
    let process = match subject.seat {
        Seat::Inside => "self".to_owned(),
        Seat::Outside => inspect::server_process(&subject.data_dir)?.to_string(),
    };
    let Some(used) = Process::of(&subject.root, &process) else {
        let found = format!("Those of process {process} are not shown to this user.");
        return Some(
            Finding::unknown("open-files", "Open files", found).advises("Run it with sudo."),
        );
    };
    Some(judge_files(used.open_files, used.open_files_max))
}

#[expect(clippy::cast_precision_loss, reason = "a part of a few thousand")]
fn judge_files(open: u64, limit: u64) -> Finding {
    let found = format!("{open} of {limit}");
    let part = open as f64 / limit as f64;
    let remedy = "Raise LimitNOFILE of the service, or find who keeps so many connections open.";
    if part >= FILES_CRITICAL {
        Finding::critical("open-files", "Open files", found, remedy)
    } else if part >= FILES_WARNING {
        Finding::warning("open-files", "Open files", found, remedy)
    } else {
        Finding::ok("open-files", "Open files", found)
    }
}

/// Where the Debian package notes that it was told to go on (installer/deb/preinst).
const PACKAGE_OVERRIDE: &str = "var/lib/skep-install/low-resources";

/// Somebody installed it on a machine that is too small, knowing that it is.
fn override_of(subject: &Subject) -> Option<Finding> {
    let found_then = match subject.record() {
        Some(record) => record.low_resources?,
        // The package keeps no record; its preinst writes this one line.
        None if subject.is_installed() => subject.root.text(PACKAGE_OVERRIDE)?,
        None => return None,
    };
    Some(Finding::warning(
        "low-resources",
        "Requirements",
        format!(
            "Installed although the machine is too small: {}",
            found_then.trim()
        ),
        "Move to a machine with 16 GB and 4 cores: skep backup here, skep install and skep restore there.",
    ))
}

#[cfg(test)]
mod tests {
    use super::{judge_files, memory, processors};
    use crate::machine::{Cores, Memory, Verdict};

    const GB: u64 = 1_000_000_000;

    fn verdict_of(installed: u64, available: u64) -> Verdict {
        memory(Some(Memory {
            installed,
            usable: installed,
            available,
            limit: None,
            swap: 0,
        }))
        .verdict
    }

    #[test]
    fn memory_is_judged_by_what_is_there_and_by_what_is_left() {
        assert_eq!(verdict_of(17 * GB, 9 * GB), Verdict::Ok);
        assert_eq!(verdict_of(8 * GB, 6 * GB), Verdict::Warning);
        assert_eq!(verdict_of(17 * GB, GB / 2), Verdict::Warning);
        assert_eq!(verdict_of(17 * GB, GB / 10), Verdict::Critical);
        assert_eq!(memory(None).verdict, Verdict::Unknown);
    }

    #[test]
    fn too_few_cores_are_a_warning_with_the_number_needed() {
        let cores = |usable| {
            processors(&Cores {
                usable,
                online: usable,
                allowed: usable,
                quota: None,
                physical: Some(2),
            })
        };
        assert_eq!(cores(4).verdict, Verdict::Ok);
        assert_eq!(cores(2).verdict, Verdict::Warning);
        assert_eq!(cores(2).needed.as_deref(), Some("4"));
        assert_eq!(cores(4).found, "4 usable (2 physical)");
    }

    #[test]
    fn open_files_are_judged_by_the_soft_limit() {
        assert_eq!(judge_files(100, 1_024).verdict, Verdict::Ok);
        assert_eq!(judge_files(800, 1_024).verdict, Verdict::Warning);
        assert_eq!(judge_files(1_000, 1_024).verdict, Verdict::Critical);
    }
}
