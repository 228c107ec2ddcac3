//! Memory, processors and disk against what is required. The bars for memory and processors are with their facts
//! (`machine::memory`, `machine::cores`); those for disks are here.

use std::path::Path;

use crate::machine::cores::CORES_NEEDED;
use crate::machine::{Cores, Disk, Finding, Memory, Root};

const GIB: u64 = 1 << 30;
/// Less free memory than this and the machine will stand still.
const AVAILABLE_FEW: u64 = 4 * GIB;
/// Of 16 GB, this much is usually left by the firmware and the graphics.
const USABLE_USUAL: u64 = 13 * GIB + GIB / 2;
/// Below this nothing works at all, whoever insists.
const AVAILABLE_FLOOR: u64 = GIB;
/// Free space below which it is refused: the program, a database and a copy of it.
const FREE_NEEDED: u64 = 2_000_000_000;
/// Free space that lasts for a while.
const FREE_USUAL: u64 = 20_000_000_000;
/// The part of all files that should still fit.
const INODES_FEW: f64 = 0.05;

/// Words of a finding that no override helps against.
const BELOW_FLOOR: &str = "less than 1 GiB is available";

/// Whether the machine is below what anybody may override.
pub(super) fn is_below_floor(finding: &Finding) -> bool {
    finding.found.contains(BELOW_FLOOR)
}

/// Is there as much memory as is sold as 16 GB?
pub(super) fn memory(memory: Option<Memory>) -> Finding {
    let (id, title) = ("memory", "Memory");
    let Some(memory) = memory else {
        return Finding::unknown(id, title, "/proc/meminfo cannot be read");
    };
    let found = format!(
        "{} installed, {} usable, {} available now",
        gib(memory.installed),
        gib(memory.usable),
        gib(memory.available)
    );
    let found = match memory.limit {
        Some(limit) => format!("{found}; a control group allows {}", gib(limit)),
        None => found,
    };
    if memory.available < AVAILABLE_FLOOR {
        return Finding::critical(
            id,
            title,
            format!("{found}: {BELOW_FLOOR}"),
            "End other programs or take a larger machine.",
        )
        .needs("16 GB");
    }
    if !memory.is_enough() {
        return Finding::critical(
            id,
            title,
            found,
            "Take a machine with 16 GB, or give this one more.",
        )
        .needs("16 GB (14.9 GiB) installed");
    }
    if memory.available < AVAILABLE_FEW {
        return Finding::warning(
            id,
            title,
            found,
            "End other programs that need much memory.",
        );
    }
    if memory.limit.is_none() && memory.usable < USABLE_USUAL {
        let lost = memory.installed.saturating_sub(memory.usable);
        return Finding::warning(
            id,
            title,
            found,
            format!("{} are held by the firmware or the graphics.", gib(lost)),
        );
    }
    Finding::ok(id, title, found)
}

/// Are there 4 logical processors?
pub(super) fn cores(cores: &Cores) -> Finding {
    let (id, title) = ("cores", "Cores");
    let mut found = format!("{} logical", cores.usable);
    if let Some(physical) = cores.physical {
        found = format!("{found}, {physical} physical");
    }
    if cores.usable < cores.online {
        found = format!("{found}, of {} in the machine", cores.online);
    }
    if !cores.is_enough() {
        return Finding::critical(
            id,
            title,
            found,
            "Take a machine with 4 cores, or give this one more.",
        )
        .needs(format!("{CORES_NEEDED} logical"));
    }
    if cores.usable < cores.online {
        return Finding::warning(
            id,
            title,
            found,
            "A control group or an affinity keeps the others from us.",
        );
    }
    Finding::ok(id, title, found)
}

/// The disk below the data folder: room and kind.
pub(super) fn disk(root: &Root, data_dir: &Path) -> Vec<Finding> {
    match Disk::of(root, data_dir) {
        Ok(disk) => vec![room(&disk), kind(&disk)],
        Err(error) => vec![Finding::unknown(
            "disk",
            "Disk",
            format!("{} cannot be looked at: {error}", data_dir.display()),
        )],
    }
}

fn room(disk: &Disk) -> Finding {
    let (id, title) = ("disk", "Disk");
    let found = format!(
        "{} free of {} at {}",
        gb(disk.free),
        gb(disk.total),
        disk.mount_point.display()
    );
    if disk.free < FREE_NEEDED {
        return Finding::critical(
            id,
            title,
            found,
            "Make room, or choose another folder with --data-dir.",
        )
        .needs("2 GB free");
    }
    if disk.free < FREE_USUAL {
        return Finding::warning(
            id,
            title,
            found,
            "It will do for a start; 20 GB last longer.",
        )
        .needs("20 GB free");
    }
    if disk.inodes_free_part() < INODES_FEW {
        return Finding::warning(
            id,
            title,
            format!("{found}; only {} more files fit", disk.inodes_free),
            "Remove files that nobody needs: the file system runs out of numbers for them.",
        );
    }
    Finding::ok(id, title, found)
}

fn kind(disk: &Disk) -> Finding {
    let (id, title) = ("disk-kind", "Kind of disk");
    let mut found = disk.kind.clone();
    match disk.is_rotational {
        Some(true) => found.push_str(", rotating"),
        Some(false) => found.push_str(", solid state"),
        None => {}
    }
    if disk.is_removable == Some(true) {
        found.push_str(", removable");
    }
    if disk.is_read_only {
        return Finding::critical(
            id,
            title,
            format!("{found}, read-only"),
            "Choose a folder that can be written with --data-dir.",
        );
    }
    if disk.is_unfit() {
        return Finding::critical(
            id,
            title,
            found,
            "Choose a folder on a local disk with --data-dir.",
        )
        .needs("ext4, xfs or btrfs: others have no usable locks, mode bits or shared memory");
    }
    if disk.is_volatile {
        return Finding::warning(
            id,
            title,
            format!("{found}, in memory"),
            "What is written there is gone when the machine is switched off.",
        );
    }
    if disk.kind == "overlay" {
        return Finding::warning(
            id,
            title,
            found,
            "An overlay is slower than the disk below it.",
        );
    }
    if disk.is_rotational == Some(true) {
        return Finding::warning(
            id,
            title,
            found,
            "It works; a solid-state disk is many times faster.",
        );
    }
    Finding::ok(id, title, found)
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn gib(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / GIB as f64)
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn gb(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::{cores, kind, memory, room};
    use crate::machine::{Cores, Disk, Memory, Verdict};

    fn machine(mib: u64, kept_mib: u64) -> Memory {
        let installed = mib << 20;
        let usable = (mib - kept_mib) << 20;
        Memory {
            installed,
            usable,
            available: usable / 10 * 9,
            limit: None,
            swap: 0,
        }
    }

    #[test]
    fn the_six_machines_of_the_requirement() {
        let verdict = |mib, count| {
            let cores = cores(&Cores {
                usable: count,
                online: count,
                allowed: count,
                quota: None,
                physical: None,
            });
            (memory(Some(machine(mib, 300))).verdict, cores.verdict)
        };
        let (ok, refused) = (Verdict::Ok, Verdict::Critical);
        assert_eq!(verdict(16_384, 4), (ok, ok));
        assert_eq!(verdict(15_360, 4), (ok, ok));
        assert_eq!(verdict(14_336, 4), (refused, ok));
        assert_eq!(verdict(16_384, 2), (ok, refused));
        assert_eq!(verdict(8_192, 2), (refused, refused));
    }

    #[test]
    fn memory_that_the_graphics_keep_is_told_and_not_refused() {
        let finding = memory(Some(machine(16_384, 4_096)));
        assert_eq!(finding.verdict, Verdict::Warning);
        assert!(finding.remedy.unwrap().contains("4.0 GiB are held"));
        let full = Memory {
            available: 2 << 30,
            ..machine(16_384, 300)
        };
        assert_eq!(memory(Some(full)).verdict, Verdict::Warning);
        let standing = Memory {
            available: 1 << 29,
            ..full
        };
        assert_eq!(memory(Some(standing)).verdict, Verdict::Critical);
        assert_eq!(memory(None).verdict, Verdict::Unknown);
    }

    #[test]
    fn processors_that_are_kept_from_us_are_told() {
        let finding = cores(&Cores {
            usable: 4,
            online: 8,
            allowed: 4,
            quota: None,
            physical: Some(4),
        });
        assert_eq!(finding.verdict, Verdict::Warning);
        assert_eq!(finding.found, "4 logical, 4 physical, of 8 in the machine");
    }

    fn disk_of(free: u64, kind: &str) -> Disk {
        Disk {
            folder: "/srv".into(),
            mount_point: "/".into(),
            source: "/dev/sda1".to_owned(),
            kind: kind.to_owned(),
            total: 100_000_000_000,
            free,
            inodes_total: 100,
            inodes_free: 50,
            is_rotational: Some(false),
            is_removable: None,
            is_read_only: false,
            is_executable: true,
            is_volatile: false,
        }
    }

    #[test]
    fn room_on_the_disk_has_two_bars() {
        let verdict = |free| room(&disk_of(free, "ext4")).verdict;
        assert_eq!(verdict(1_999_999_999), Verdict::Critical);
        assert_eq!(verdict(2_000_000_000), Verdict::Warning);
        assert_eq!(verdict(20_000_000_000), Verdict::Ok);
        let crowded = Disk {
            inodes_free: 4,
            ..disk_of(50_000_000_000, "ext4")
        };
        assert_eq!(room(&crowded).verdict, Verdict::Warning);
    }

    #[test]
    fn a_database_does_not_live_on_every_file_system() {
        let verdict = |name| kind(&disk_of(1, name)).verdict;
        for unfit in ["nfs4", "cifs", "9p", "vfat", "exfat", "ntfs3", "fuseblk"] {
            assert_eq!(verdict(unfit), Verdict::Critical, "{unfit}");
        }
        for fit in ["ext4", "xfs", "btrfs", "zfs"] {
            assert_eq!(verdict(fit), Verdict::Ok, "{fit}");
        }
        assert_eq!(verdict("overlay"), Verdict::Warning);
        let with = |change: fn(&mut Disk)| {
            let mut disk = disk_of(1, "ext4");
            change(&mut disk);
            kind(&disk).verdict
        };
        assert_eq!(with(|disk| disk.is_read_only = true), Verdict::Critical);
        assert_eq!(with(|disk| disk.is_volatile = true), Verdict::Warning);
        assert_eq!(
            with(|disk| disk.is_rotational = Some(true)),
            Verdict::Warning
        );
    }
}
