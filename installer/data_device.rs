//! A disk of its own for the data: what a live session needs to keep anything. Only found and mounted, never formatted.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::command;
use super::outcome::{Error, Result};
use super::steps::MountUnit;

/// Where it is mounted.
pub(super) const MOUNT_POINT: &str = "/var/lib/skep_disk";
/// The file systems that a database can live on and that keep whose a file is.
const FIT: [&str; 3] = ["ext4", "xfs", "btrfs"];

/// A partition, or a disk without any.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Partition {
    pub(super) path: PathBuf,
    #[serde(default)]
    pub(super) label: Option<String>,
    #[serde(default)]
    pub(super) uuid: Option<String>,
    #[serde(default)]
    pub(super) fstype: Option<String>,
    #[serde(default)]
    pub(super) size: Option<u64>,
    #[serde(default)]
    pub(super) mountpoint: Option<PathBuf>,
    #[serde(default)]
    children: Vec<Partition>,
}

#[derive(Deserialize)]
struct Table {
    blockdevices: Vec<Partition>,
}

/// All that could hold data, as the kernel sees them.
pub(super) fn list() -> Result<Vec<Partition>> {
    let text = command::output(
        "lsblk",
        &[
            "--json",
            "--bytes",
            "--output",
            "PATH,LABEL,UUID,FSTYPE,SIZE,MOUNTPOINT",
        ],
    )
    .map_err(|why| Error::Requirements(format!("The disks cannot be listed: {why}.")))?;
    read(&text).ok_or_else(|| Error::Requirements("The disks cannot be listed.".to_owned()))
}

fn read(text: &str) -> Option<Vec<Partition>> {
    let table: Table = serde_json::from_str(text).ok()?;
    let mut found = Vec::new();
    let mut open = table.blockdevices;
    while let Some(mut device) = open.pop() {
        open.append(&mut device.children);
        if device.is_fit() {
            found.push(device);
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Some(found)
}

impl Partition {
    fn is_fit(&self) -> bool {
        let is_of_system = self.mountpoint.as_deref().is_some_and(|point| {
            !point.starts_with("/media")
                && !point.starts_with("/mnt")
                && point != Path::new(MOUNT_POINT)
        });
        self.uuid.is_some()
            && !is_of_system
            && self
                .fstype
                .as_deref()
                .is_some_and(|kind| FIT.contains(&kind))
    }

    /// A line for the choice.
    #[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
    pub(super) fn in_words(&self) -> String {
        let size = self.size.unwrap_or(0) as f64 / 1e9;
        let label = self.label.as_deref().unwrap_or("no label");
        let kind = self.fstype.as_deref().unwrap_or_default();
        format!("{label} ({}, {kind}, {size:.1} GB)", self.path.display())
    }
}

/// The one that is meant by a UUID, a label, or a path.
///
/// # Errors
/// When there is none, or more than one.
pub(super) fn choose<'a>(partitions: &'a [Partition], named: &str) -> Result<&'a Partition> {
    let meant: Vec<&Partition> = partitions
        .iter()
        .filter(|partition| {
            partition.uuid.as_deref() == Some(named)
                || partition.label.as_deref() == Some(named)
                || partition.path == Path::new(named)
        })
        .collect();
    match meant.as_slice() {
        [one] => Ok(one),
        [] => {
            let there = partitions
                .iter()
                .map(Partition::in_words)
                .collect::<Vec<_>>();
            let there = if there.is_empty() {
                "There is none with ext4, xfs or btrfs that is not in use.".to_owned()
            } else {
                format!("There are: {}.", there.join("; "))
            };
            Err(Error::Requirements(format!(
                "No disk for the data is called {named}. {there}"
            )))
        }
        _ => Err(Error::Usage(format!(
            "More than one disk is called {named}; name it by its UUID (lsblk -f)."
        ))),
    }
}

/// The folder of the data on it.
pub(super) fn data_dir() -> PathBuf {
    Path::new(MOUNT_POINT).join("skep")
}

/// The unit that mounts it, by what does not change from machine to machine.
pub(super) fn mount_unit(uuid: &str, fstype: &str) -> MountUnit {
    MountUnit {
        // The name of such a unit is its path with "-" for "/".
        name: "var-lib-skep_disk.mount".to_owned(),
        text: format!(
            "# The disk with the data of Skep. Nothing on it is ever started or trusted for its rights.\n\
             [Unit]\n\
             Description=Disk for the data of Skep\n\
             \n\
             [Mount]\n\
             What=UUID={uuid}\n\
             Where={MOUNT_POINT}\n\
             Type={fstype}\n\
             Options=nosuid,nodev,noexec\n"
        ),
        point: PathBuf::from(MOUNT_POINT),
    }
}

#[cfg(test)]
mod tests {
    use super::{choose, mount_unit, read};

    const TABLE: &str = r#"{"blockdevices": [
        {"path":"/dev/sr0","label":"Ubuntu","uuid":"2024","fstype":"iso9660","size":5000000000,"mountpoint":"/cdrom"},
        {"path":"/dev/sda","label":null,"uuid":null,"fstype":null,"size":500000000000,"mountpoint":null,"children":[
            {"path":"/dev/sda1","label":null,"uuid":"a-1","fstype":"ext4","size":500000000000,"mountpoint":"/"},
            {"path":"/dev/sda2","label":"WIN","uuid":"a-2","fstype":"ntfs","size":1,"mountpoint":null}]},
        {"path":"/dev/sdb","label":null,"uuid":null,"fstype":null,"size":8000000000,"mountpoint":null,"children":[
            {"path":"/dev/sdb1","label":"CASES","uuid":"b-1","fstype":"ext4","size":8000000000,"mountpoint":"/media/ubuntu/CASES"},
            {"path":"/dev/sdb2","label":"CASES2","uuid":"b-2","fstype":"xfs","size":8000000000,"mountpoint":null}]}
    ]}"#;

    #[test]
    fn only_disks_that_can_hold_data_and_are_not_the_systems_are_offered() {
        let found = read(TABLE).unwrap();
        let paths: Vec<_> = found.iter().map(|one| one.path.to_str().unwrap()).collect();
        assert_eq!(paths, ["/dev/sdb1", "/dev/sdb2"]);
        assert_eq!(found[0].in_words(), "CASES (/dev/sdb1, ext4, 8.0 GB)");
        for name in ["b-1", "CASES", "/dev/sdb1"] {
            assert_eq!(choose(&found, name).unwrap().uuid.as_deref(), Some("b-1"));
        }
        let refusal = choose(&found, "WIN").unwrap_err();
        assert_eq!(refusal.exit_code(), 3);
        assert!(refusal.to_string().contains("CASES2"));
        let mut twins = found.clone();
        twins[1].label = Some("CASES".to_owned());
        assert_eq!(choose(&twins, "CASES").unwrap_err().exit_code(), 2);
    }

    #[test]
    fn the_unit_mounts_by_uuid_and_trusts_nothing() {
        let unit = mount_unit("b-1", "ext4");
        assert!(
            unit.text
                .contains("What=UUID=b-1\nWhere=/var/lib/skep_disk\n")
        );
        assert!(unit.text.contains("Options=nosuid,nodev,noexec"));
    }
}
