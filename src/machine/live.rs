//! Whether this is a live session, and whether what is written in it outlives it.
//!
//! The question that matters is not "is it live" but "where does the written part of the root lie": a live stick may
//! have a partition for it. Nor is the kernel's command line enough: Ubuntu's desktop images have no `boot=casper`.

use std::path::Path;

use serde::Serialize;

use super::mounts::{Mount, Mounts};
use super::root::Root;

/// Signs of a live system: a file, and the medium the system was started from.
const SIGNS: [(&str, &str); 5] = [
    ("run/live/medium", "/run/live/medium"),
    ("cdrom/casper", "/cdrom"),
    ("etc/casper.conf", "/cdrom"),
    ("run/initramfs/live", "/run/initramfs/live"),
    ("run/archiso", "/run/archiso/bootmnt"),
];

/// A session started from a live medium.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveSession {
    /// Where the medium is mounted.
    pub medium: String,
    /// Whether the system's own disk keeps what is written to it.
    pub is_kept: bool,
}

impl LiveSession {
    /// Looks for one.
    pub fn of(root: &Root) -> Option<Self> {
        let sign = SIGNS.iter().find(|(file, _)| root.has(file));
        let mounts = Mounts::of(root);
        let is_volatile = is_volatile(root, &mounts, Path::new("/"));
        let is_casper = mounts
            .holding(Path::new("/"))
            .is_some_and(|mount| mount.source == "/cow");
        if sign.is_none() && !is_casper {
            return None;
        }
        Some(Self {
            medium: sign.map_or("/cdrom", |(_, medium)| medium).to_owned(),
            is_kept: !is_volatile,
        })
    }
}

/// Whether what is written to `path` lies in memory.
pub fn is_volatile(root: &Root, mounts: &Mounts, path: &Path) -> bool {
    match mounts.holding(path) {
        Some(mount) if is_in_memory(mount) => true,
        Some(mount) if mount.kind == "overlay" => is_overlay_volatile(root, mounts, mount),
        _ => false,
    }
}

fn is_in_memory(mount: &Mount) -> bool {
    matches!(mount.kind.as_str(), "tmpfs" | "ramfs")
}

/// An overlay is as lasting as its upper layer. Often that was mounted before the root was changed, and is not seen from
/// here: then a live system's overlay lies in memory unless its kernel was told of a partition for it.
fn is_overlay_volatile(root: &Root, mounts: &Mounts, overlay: &Mount) -> bool {
    let upper = overlay.value("upperdir").map(Path::new);
    let seen = upper
        .and_then(|upper| mounts.holding(upper))
        .filter(|mount| mount.point != overlay.point);
    match seen {
        Some(mount) => is_in_memory(mount),
        None => is_of_live_system(root, overlay) && !is_told_to_keep(root),
    }
}

fn is_of_live_system(root: &Root, overlay: &Mount) -> bool {
    overlay.source == "/cow" || SIGNS.iter().any(|(file, _)| root.has(file))
}

/// `persistent` is casper's word, `persistence` that of Debian's live systems.
fn is_told_to_keep(root: &Root) -> bool {
    root.text("proc/cmdline").is_some_and(|words| {
        words
            .split_whitespace()
            .any(|word| word == "persistent" || word == "persistence")
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{LiveSession, is_volatile};
    use crate::machine::mounts::Mounts;
    use crate::machine::root::made_up::tree;

    const CASPER: &str = "1 0 0:30 / / rw - overlay /cow rw,lowerdir=/a.squashfs,upperdir=/cow/upper,workdir=/cow/work\n\
                          2 1 11:0 / /cdrom ro - iso9660 /dev/sr0 ro\n";
    const CMDLINE: &str =
        "BOOT_IMAGE=/casper/vmlinuz layerfs-path=minimal.standard.live.squashfs --- quiet splash";

    #[test]
    fn ubuntus_live_session_keeps_nothing() {
        let (root, _folder) = tree(&[
            ("proc/self/mountinfo", CASPER),
            ("proc/cmdline", CMDLINE),
            ("etc/casper.conf", ""),
            ("cdrom/casper/x", ""),
        ]);
        let live = LiveSession::of(&root).unwrap();
        assert_eq!((live.medium.as_str(), live.is_kept), ("/cdrom", false));
        assert!(is_volatile(
            &root,
            &Mounts::of(&root),
            Path::new("/var/lib")
        ));
    }

    #[test]
    fn a_live_session_with_a_partition_keeps_everything() {
        let (root, _folder) = tree(&[
            ("proc/self/mountinfo", CASPER),
            ("proc/cmdline", &format!("{CMDLINE} persistent")),
            ("etc/casper.conf", ""),
        ]);
        assert!(LiveSession::of(&root).unwrap().is_kept);
    }

    #[test]
    fn the_upper_layer_decides_where_it_is_seen() {
        let debian = |kind: &str| {
            let table = format!(
                "1 0 0:30 / / rw - overlay overlay rw,upperdir=/run/live/overlay/rw\n\
                 2 1 0:31 / /run/live/overlay rw - {kind} x rw\n"
            );
            let (root, _folder) =
                tree(&[("proc/self/mountinfo", &table), ("run/live/medium/x", "")]);
            LiveSession::of(&root).unwrap().is_kept
        };
        assert!(!debian("tmpfs"));
        assert!(debian("ext4"));
    }

    #[test]
    fn an_installed_system_and_a_container_are_not_live() {
        let (root, _folder) = tree(&[(
            "proc/self/mountinfo",
            "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / /tmp rw - tmpfs x rw\n",
        )]);
        assert_eq!(LiveSession::of(&root), None);
        let mounts = Mounts::of(&root);
        assert!(!is_volatile(&root, &mounts, Path::new("/var/lib/skep")));
        assert!(is_volatile(&root, &mounts, Path::new("/tmp/skep")));
        let (container, _folder) = tree(&[(
            "proc/self/mountinfo",
            "1 0 0:30 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/x/diff\n",
        )]);
        assert_eq!(LiveSession::of(&container), None);
        assert!(!is_volatile(
            &container,
            &Mounts::of(&container),
            Path::new("/var")
        ));
    }
}
