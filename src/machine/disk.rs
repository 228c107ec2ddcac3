//! The disk that a folder is on: how much room, and what kind of thing it is.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::live::is_volatile;
use super::mounts::Mounts;
use super::root::Root;

/// File systems without usable locks, mode bits or shared memory: a database does not live there.
const UNFIT: [&str; 16] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "vfat",
    "msdos",
    "exfat",
    "ntfs",
    "ntfs3",
    "fuseblk",
    "fuse.sshfs",
    "virtiofs",
    "iso9660",
    "squashfs",
];

/// The disk below a folder. Sizes are in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Disk {
    /// The folder that was asked about.
    pub folder: PathBuf,
    /// Where its file system is mounted.
    pub mount_point: PathBuf,
    /// What is mounted there.
    pub source: String,
    /// The type of the file system.
    pub kind: String,
    /// How much fits.
    pub total: u64,
    /// What programs other than root's may still use.
    pub free: u64,
    /// How many files fit; 0 where the file system sets no bound.
    pub inodes_total: u64,
    /// How many more files fit.
    pub inodes_free: u64,
    /// Whether it turns, where the kernel knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_rotational: Option<bool>,
    /// Whether it can be pulled out, where the kernel knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_removable: Option<bool>,
    /// Whether it is mounted so that nothing can be written.
    pub is_read_only: bool,
    /// Whether programs on it can be started.
    pub is_executable: bool,
    /// Whether what is written there is gone when the power is.
    pub is_volatile: bool,
}

impl Disk {
    /// The disk that `folder` is on, or will be on once it is made.
    ///
    /// # Errors
    /// When the file system does not say how full it is.
    pub fn of(root: &Root, folder: &Path) -> io::Result<Self> {
        let existing = nearest_existing(root, folder);
        let room = rustix::fs::statvfs(root.path(&existing))?;
        let mounts = Mounts::of(root);
        let mount = mounts.holding(&existing);
        let device = mount.map(|mount| mount.device.as_str()).unwrap_or_default();
        Ok(Self {
            folder: folder.to_owned(),
            mount_point: mount.map_or_else(|| PathBuf::from("/"), |mount| mount.point.clone()),
            source: mount.map(|mount| mount.source.clone()).unwrap_or_default(),
            kind: mount.map(|mount| mount.kind.clone()).unwrap_or_default(),
            total: room.f_blocks.saturating_mul(room.f_frsize),
            free: room.f_bavail.saturating_mul(room.f_frsize),
            inodes_total: room.f_files,
            inodes_free: room.f_favail,
            is_rotational: flag_of_device(root, device, "queue/rotational"),
            is_removable: flag_of_device(root, device, "removable"),
            is_read_only: mount.is_some_and(|mount| mount.has("ro")),
            is_executable: mount.is_none_or(|mount| !mount.has("noexec")),
            is_volatile: is_volatile(root, &mounts, &existing),
        })
    }

    /// Whether a database cannot live on such a file system.
    pub fn is_unfit(&self) -> bool {
        UNFIT.contains(&self.kind.as_str())
    }

    /// The part of all files that still fit, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a percentage needs no 53 bits")]
    pub fn inodes_free_part(&self) -> f64 {
        if self.inodes_total == 0 {
            1.0
        } else {
            self.inodes_free as f64 / self.inodes_total as f64
        }
    }
}

/// The folder itself, or the one above it that is there.
pub fn nearest_existing(root: &Root, folder: &Path) -> PathBuf {
    folder
        .ancestors()
        .find(|folder| root.path(folder).exists())
        .unwrap_or_else(|| Path::new("/"))
        .to_owned()
}

/// What the kernel says of a block device; a partition has it from its disk.
fn flag_of_device(root: &Root, device: &str, flag: &str) -> Option<bool> {
    if device.is_empty() {
        return None;
    }
    let of_device = format!("sys/dev/block/{device}/{flag}");
    // Through the link, which leads into the folder of the disk.
    let of_disk = format!("sys/dev/block/{device}/../{flag}");
    root.number(of_device)
        .or_else(|| root.number(of_disk))
        .map(|flag| flag == 1)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Disk, nearest_existing};
    use crate::machine::root::Root;
    use crate::machine::root::made_up::tree;

    #[test]
    fn a_partition_is_what_its_disk_is() {
        let (root, _folder) = tree(&[
            (
                "proc/self/mountinfo",
                "1 0 8:17 / / ro - vfat /dev/sdb1 rw,noexec\n",
            ),
            ("sys/devices/pci/block/sdb/removable", "1"),
            ("sys/devices/pci/block/sdb/queue/rotational", "0"),
            ("sys/devices/pci/block/sdb/sdb1/partition", "1"),
        ]);
        std::fs::create_dir_all(root.path("sys/dev/block")).unwrap();
        std::os::unix::fs::symlink(
            "../../devices/pci/block/sdb/sdb1",
            root.path("sys/dev/block/8:17"),
        )
        .unwrap();
        let disk = Disk::of(&root, Path::new("/var/lib/skep")).unwrap();
        assert_eq!(disk.is_removable, Some(true));
        assert_eq!(disk.is_rotational, Some(false));
        assert!(disk.is_unfit() && disk.is_read_only && !disk.is_executable);
        assert!(disk.total > 0);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_will_be_where_its_parent_is() {
        let (root, _folder) = tree(&[("srv/x", "")]);
        assert_eq!(
            nearest_existing(&root, Path::new("/srv/a/b")),
            Path::new("/srv")
        );
        let disk = Disk::of(&Root::real(), Path::new("/srv/no/such/folder")).unwrap();
        assert!(disk.free <= disk.total);
    }
}
