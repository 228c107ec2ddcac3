//! What is mounted where, from `/proc/self/mountinfo`.

use std::path::{Path, PathBuf};

use super::root::Root;

/// One mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub point: PathBuf,
    /// The type of the file system, such as `ext4`.
    pub kind: String,
    /// What is mounted: a device, or a name such as `/cow`.
    pub source: String,
    /// The device's number, `major:minor`.
    pub device: String,
    /// The options of the mount and of the file system.
    pub options: Vec<String>,
}

impl Mount {
    /// Whether an option is set.
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|other| other == option)
    }

    /// The value of an option.
    pub fn value(&self, option: &str) -> Option<&str> {
        self.options
            .iter()
            .find_map(|other| other.strip_prefix(option)?.strip_prefix('='))
    }
}

/// All that is mounted, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mounts(Vec<Mount>);

impl Mounts {
    /// Reads them.
    pub fn of(root: &Root) -> Self {
        Self(
            root.text("proc/self/mountinfo")
                .unwrap_or_default()
                .lines()
                .filter_map(mount)
                .collect(),
        )
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Mount> {
        self.0.iter()
    }

    /// The file system that `path` is on. What was mounted last over the same place is what is seen.
    pub fn holding(&self, path: &Path) -> Option<&Mount> {
        self.0
            .iter()
            .filter(|mount| path.starts_with(&mount.point))
            .max_by_key(|mount| mount.point.components().count())
    }
}

/// One line: `36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=continue`.
fn mount(line: &str) -> Option<Mount> {
    let (place, system) = line.split_once(" - ")?;
    let place: Vec<&str> = place.split(' ').collect();
    let mut system = system.split(' ');
    let kind = system.next()?.to_owned();
    let source = unescaped(system.next()?);
    let options = [*place.get(5)?, system.next().unwrap_or_default()]
        .iter()
        .flat_map(|options| options.split(','))
        .filter(|option| !option.is_empty())
        .map(unescaped)
        .collect();
    Some(Mount {
        point: PathBuf::from(unescaped(place.get(4)?)),
        kind,
        source,
        device: (*place.get(2)?).to_owned(),
        options,
    })
}

/// Spaces and such are written as three octal digits.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let octal = (*first == b'\\')
            .then(|| after.get(..3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if let Some(byte) = octal {
            bytes.push(byte);
            rest = &after[3..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Mounts, unescaped};
    use crate::machine::root::made_up::tree;

    const TABLE: &str = "\
        22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro\n\
        30 22 0:25 / /tmp rw,nosuid,noexec - tmpfs tmpfs rw,size=8\n\
        31 22 8:17 / /media/ubuntu/MY\\040STICK rw - vfat /dev/sdb1 rw,showexec\n\
        32 30 0:26 / /tmp rw - ramfs none rw\n";

    #[test]
    fn a_path_is_on_the_deepest_mount_and_there_on_the_last() {
        let (root, _folder) = tree(&[("proc/self/mountinfo", TABLE)]);
        let mounts = Mounts::of(&root);
        let kind = |path: &str| mounts.holding(Path::new(path)).unwrap().kind.clone();
        assert_eq!(kind("/var/lib/skep"), "ext4");
        assert_eq!(kind("/tmp/x"), "ramfs");
        assert_eq!(kind("/tmpx"), "ext4");
        let stick = mounts
            .holding(Path::new("/media/ubuntu/MY STICK/a"))
            .unwrap();
        assert_eq!(
            (stick.kind.as_str(), stick.device.as_str()),
            ("vfat", "8:17")
        );
        assert!(stick.has("showexec") && !stick.has("noexec"));
        assert_eq!(
            mounts.holding(Path::new("/")).unwrap().value("errors"),
            Some("remount-ro")
        );
    }

    #[test]
    fn what_only_looks_escaped_stays() {
        assert_eq!(unescaped("a\\b\\0"), "a\\b\\0");
    }
}
