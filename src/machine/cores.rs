//! How many processors there are for us.
//!
//! Logical processors are counted: that is what a cloud's "4 vCPU" means. Of those that are online, the ones that this
//! process may run on, and no more than the quota of a control group pays for.

use std::collections::BTreeSet;

use serde::Serialize;

use super::cgroup;
use super::root::Root;

/// What the requirement calls 4 cores.
pub const CORES_NEEDED: u32 = 4;

/// How many processors there are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cores {
    /// Those that Skep can use: the least of the others.
    pub usable: u32,
    /// Logical processors that are online.
    pub online: u32,
    /// Those that this process may run on.
    pub allowed: u32,
    /// What a quota pays for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<f64>,
    /// Cores of the chips, where the kernel tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical: Option<u32>,
}

impl Cores {
    /// Counts them.
    pub fn of(root: &Root) -> Self {
        let online = root
            .text("sys/devices/system/cpu/online")
            .map_or_else(Vec::new, |list| numbers(&list));
        let allowed = root
            .text("proc/self/status")
            .and_then(|status| {
                let list = status
                    .lines()
                    .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
                Some(numbers(list.trim()))
            })
            .unwrap_or_else(|| online.clone());
        let here = allowed
            .iter()
            .filter(|number| online.is_empty() || online.contains(number))
            .count();
        let quota = cgroup::processors(root);
        let paid = quota.map_or(u32::MAX, rounded_up);
        Self {
            usable: count(here).min(paid),
            online: count(online.len()),
            allowed: count(here),
            quota,
            physical: physical(root, &online),
        }
    }

    /// Whether it is what the requirement asks for.
    pub fn is_enough(&self) -> bool {
        self.usable >= CORES_NEEDED
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Half a processor more than one still needs the second.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a quota is a small positive number; a cast saturates"
)]
fn rounded_up(quota: f64) -> u32 {
    quota.ceil().max(1.0) as u32
}

/// The numbers in a list such as `0-3,8`.
fn numbers(list: &str) -> Vec<u32> {
    list.split(',')
        .filter_map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            Some(from.trim().parse().ok()?..=to.trim().parse().ok()?)
        })
        .flatten()
        .collect()
}

/// How many different cores the processors are on.
fn physical(root: &Root, online: &[u32]) -> Option<u32> {
    let cores: BTreeSet<(u64, u64)> = online
        .iter()
        .filter_map(|number| {
            let topology = format!("sys/devices/system/cpu/cpu{number}/topology");
            let package = root.number(format!("{topology}/physical_package_id"))?;
            Some((package, root.number(format!("{topology}/core_id"))?))
        })
        .collect();
    (!cores.is_empty()).then(|| count(cores.len()))
}

#[cfg(test)]
mod tests {
    use super::{Cores, numbers};
    use crate::machine::root::Root;
    use crate::machine::root::made_up::tree;

    #[test]
    fn lists_have_ranges() {
        assert_eq!(numbers("0-2,5"), [0, 1, 2, 5]);
        assert!(numbers("").is_empty());
    }

    #[test]
    fn two_threads_of_a_core_are_two_processors_and_one_core() {
        let mut files = vec![
            ("sys/devices/system/cpu/online".to_owned(), "0-3".to_owned()),
            (
                "proc/self/status".to_owned(),
                "Cpus_allowed_list:\t0-3\n".to_owned(),
            ),
        ];
        for number in 0..4 {
            let topology = format!("sys/devices/system/cpu/cpu{number}/topology");
            files.push((format!("{topology}/physical_package_id"), "0".to_owned()));
            files.push((format!("{topology}/core_id"), (number / 2).to_string()));
        }
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let (root, _folder) = tree(&files);
        let cores = Cores::of(&root);
        assert_eq!((cores.usable, cores.physical), (4, Some(2)));
        assert!(cores.is_enough());
    }

    #[test]
    fn affinity_and_quota_leave_fewer() {
        let (root, _folder) = tree(&[
            ("sys/devices/system/cpu/online", "0-7"),
            (
                "proc/self/status",
                "Name: skep\nCpus_allowed_list:\t0-3,6\n",
            ),
        ]);
        assert_eq!(Cores::of(&root).usable, 5);
        let (root, _folder) = tree(&[
            ("sys/devices/system/cpu/online", "0-7"),
            ("proc/self/status", "Cpus_allowed_list:\t0-7\n"),
            ("proc/self/cgroup", "0::/box\n"),
            ("sys/fs/cgroup/box/cpu.max", "250000 100000"),
        ]);
        let cores = Cores::of(&root);
        assert_eq!((cores.usable, cores.online), (3, 8));
        assert!(!cores.is_enough());
    }

    #[test]
    fn this_machine_has_a_processor() {
        assert!(Cores::of(&Root::real()).usable > 0);
    }
}
