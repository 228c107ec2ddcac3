//! The control groups this process is in: a container or a service manager may allow less than the machine has.

use std::path::{Path, PathBuf};

use super::root::Root;

/// Where control groups are mounted.
const MOUNT: &str = "sys/fs/cgroup";

/// Whether all controllers are in the one hierarchy of version 2; limits of a unit hold only there.
pub fn is_unified(root: &Root) -> bool {
    root.has(format!("{MOUNT}/cgroup.controllers"))
}

/// The least number that `file` holds in our group and those around it; nothing where none limits.
pub(super) fn least_bytes(root: &Root, controller: &str, file: &str) -> Option<u64> {
    texts(root, controller, file)
        .iter()
        .filter_map(|text| text.parse().ok())
        // Version 1 writes "no limit" as the largest whole number of pages.
        .filter(|bytes| *bytes < u64::MAX / 4)
        .min()
}

/// The least number of processors that a quota allows; nothing where none limits.
pub(super) fn processors(root: &Root) -> Option<f64> {
    texts(root, "cpu", "cpu.max")
        .iter()
        .filter_map(|text| {
            let (quota, period) = text.split_once(' ')?;
            Some(quota.parse::<f64>().ok()? / period.parse::<f64>().ok()?)
        })
        .min_by(f64::total_cmp)
}

/// What `file` says in our group and in each around it.
fn texts(root: &Root, controller: &str, file: &str) -> Vec<String> {
    let Some(groups) = root.text("proc/self/cgroup") else {
        return Vec::new();
    };
    let mut texts = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(group)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let mount = if controllers.is_empty() {
            PathBuf::from(MOUNT)
        } else if controllers.split(',').any(|name| name == controller) {
            Path::new(MOUNT).join(controllers)
        } else {
            continue;
        };
        let group = Path::new(group.trim_start_matches('/'));
        texts.extend(
            group
                .ancestors()
                .filter_map(|group| root.text(mount.join(group).join(file))),
        );
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::{is_unified, least_bytes, processors};
    use crate::machine::root::made_up::tree;

    #[test]
    fn the_tightest_group_around_us_counts() {
        let (root, _folder) = tree(&[
            ("proc/self/cgroup", "0::/machine/box/us\n"),
            ("sys/fs/cgroup/cgroup.controllers", "cpu memory"),
            ("sys/fs/cgroup/machine/memory.max", "max"),
            ("sys/fs/cgroup/machine/box/memory.max", "8000000000"),
            ("sys/fs/cgroup/machine/box/us/memory.max", "9000000000"),
            ("sys/fs/cgroup/machine/box/cpu.max", "150000 100000"),
            ("sys/fs/cgroup/machine/box/us/cpu.max", "max 100000"),
        ]);
        assert!(is_unified(&root));
        assert_eq!(
            least_bytes(&root, "memory", "memory.max"),
            Some(8_000_000_000)
        );
        assert_eq!(processors(&root), Some(1.5));
    }

    #[test]
    fn a_machine_without_limits_has_none() {
        let (root, _folder) = tree(&[
            ("proc/self/cgroup", "4:memory:/a\n"),
            (
                "sys/fs/cgroup/memory/a/memory.limit_in_bytes",
                "9223372036854771712",
            ),
        ]);
        assert!(!is_unified(&root));
        assert_eq!(least_bytes(&root, "memory", "memory.limit_in_bytes"), None);
        assert_eq!(processors(&root), None);
    }
}
