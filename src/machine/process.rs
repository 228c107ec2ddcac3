//! A process: how much of the machine it uses.

use serde::Serialize;

use super::root::Root;

/// What the kernel counts processor time in, on every Linux there is.
const TICKS_EACH_SECOND: u64 = 100;

/// What a process uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// Bytes of memory that are really there.
    pub resident: u64,
    /// Hundredths of a second that it kept processors busy.
    pub processor_centiseconds: u64,
    /// How many files and connections it has open.
    pub open_files: u64,
    /// How many it may have open.
    pub open_files_max: u64,
    /// How many threads it has.
    pub threads: u64,
}

impl Process {
    /// Looks at a process, `self` for the own one; nothing where this user may not know.
    pub fn of(root: &Root, id: &str) -> Option<Self> {
        let status = root.text(format!("proc/{id}/status"))?;
        let field = |name: &str| -> Option<u64> {
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let open = std::fs::read_dir(root.path(format!("proc/{id}/fd"))).ok()?;
        Some(Self {
            resident: field("VmRSS")? * 1_024,
            processor_centiseconds: processor_time(&root.text(format!("proc/{id}/stat"))?)?,
            open_files: open.count() as u64,
            open_files_max: soft_limit(&root.text(format!("proc/{id}/limits"))?)?,
            threads: field("Threads")?,
        })
    }
}

/// The time in user and in kernel mode in the text of `/proc/PID/stat`. The name of the program, in brackets, may hold
/// anything.
fn processor_time(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) * 100 / TICKS_EACH_SECOND)
}

/// The soft limit of open files in the text of `/proc/PID/limits`.
fn soft_limit(limits: &str) -> Option<u64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Process, processor_time, soft_limit};
    use crate::machine::root::Root;
    use crate::machine::root::made_up::tree;

    #[test]
    fn the_own_process_uses_something() {
        let process = Process::of(&Root::real(), "self").unwrap();
        assert!(process.resident > 1 << 20);
        assert!(process.open_files >= 3 && process.open_files <= process.open_files_max);
        assert!(process.threads >= 1);
    }

    #[test]
    fn a_name_in_brackets_may_hold_anything() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 9 0 0 0 120 30 0 0 20 0 9 0 100 0 0";
        assert_eq!(processor_time(stat), Some(150));
        assert_eq!(processor_time("7 nonsense"), None);
    }

    #[test]
    fn the_soft_limit_is_the_first_number() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(soft_limit(limits), Some(1_024));
    }

    #[test]
    fn a_process_that_is_not_there_uses_nothing() {
        let (root, _folder) = tree(&[("proc/1/comm", "init")]);
        assert_eq!(Process::of(&root, "7"), None);
    }
}
