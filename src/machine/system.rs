//! The operating system: its kernel, its name, what confines programs on it, and whether it is a container.

use serde::Serialize;

use super::root::Root;

/// What the system is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct System {
    /// The kernel's release, such as `6.8.0-45-generic`.
    pub kernel: String,
    /// The name of the distribution, such as `Ubuntu 24.04.1 LTS`.
    pub name: String,
    /// What the machine is called.
    pub hostname: String,
    /// What kind of container it is; nothing on a machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// What confines programs beside their users: `apparmor`, `selinux`.
    pub confinement: Vec<String>,
    /// Whether SELinux refuses, and does not only tell.
    pub is_selinux_enforcing: bool,
}

impl System {
    /// Looks it up.
    pub fn of(root: &Root) -> Self {
        Self {
            kernel: root.text("proc/sys/kernel/osrelease").unwrap_or_default(),
            name: name(root),
            hostname: root.text("proc/sys/kernel/hostname").unwrap_or_default(),
            container: container(root),
            confinement: confinement(root),
            is_selinux_enforcing: root.number("sys/fs/selinux/enforce") == Some(1),
        }
    }

    /// The first two numbers of the kernel's release.
    pub fn kernel_version(&self) -> Option<(u32, u32)> {
        let mut numbers = self
            .kernel
            .split(|c: char| !c.is_ascii_digit())
            .map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }
}

fn name(root: &Root) -> String {
    ["etc/os-release", "usr/lib/os-release"]
        .iter()
        .find_map(|file| {
            let text = root.text(file)?;
            let name = text
                .lines()
                .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
            Some(name.trim_matches(['"', '\'']).to_owned())
        })
        .unwrap_or_else(|| "Linux".to_owned())
}

fn container(root: &Root) -> Option<String> {
    // systemd writes what it found at its start; without systemd the engines leave files of their own.
    if let Some(kind) = root.text("run/systemd/container") {
        return Some(kind);
    }
    [
        ("run/host/container-manager", "container"),
        (".dockerenv", "docker"),
        ("run/.containerenv", "podman"),
    ]
    .iter()
    .find(|(file, _)| root.has(file))
    .map(|(_, kind)| (*kind).to_owned())
}

fn confinement(root: &Root) -> Vec<String> {
    let active = root.text("sys/kernel/security/lsm").unwrap_or_default();
    ["apparmor", "selinux"]
        .into_iter()
        .filter(|name| active.split(',').any(|other| other == *name))
        .map(ToOwned::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::System;
    use crate::machine::root::made_up::tree;

    #[test]
    fn an_ubuntu_with_apparmor() {
        let (root, _folder) = tree(&[
            ("proc/sys/kernel/osrelease", "6.8.0-45-generic\n"),
            ("proc/sys/kernel/hostname", "ubuntu\n"),
            (
                "etc/os-release",
                "NAME=\"Ubuntu\"\nPRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\n",
            ),
            (
                "sys/kernel/security/lsm",
                "lockdown,capability,landlock,yama,apparmor",
            ),
        ]);
        let system = System::of(&root);
        assert_eq!(system.kernel_version(), Some((6, 8)));
        assert_eq!(system.name, "Ubuntu 24.04.1 LTS");
        assert_eq!(system.confinement, ["apparmor"]);
        assert!(!system.is_selinux_enforcing && system.container.is_none());
    }

    #[test]
    fn a_container_and_an_enforcing_selinux() {
        let (root, _folder) = tree(&[
            ("run/systemd/container", "systemd-nspawn\n"),
            ("sys/fs/selinux/enforce", "1"),
            ("sys/kernel/security/lsm", "capability,selinux"),
        ]);
        let system = System::of(&root);
        assert_eq!(system.container.as_deref(), Some("systemd-nspawn"));
        assert!(system.is_selinux_enforcing);
        assert_eq!(
            (system.name.as_str(), system.kernel_version()),
            ("Linux", None)
        );
    }
}
