//! The service manager: whether it is there, how it is, and how to ask it.

use std::io;

use serde::Serialize;

use super::ask;
use super::root::Root;

/// The oldest version that knows every key of our units (Ubuntu 22.04).
pub const VERSION_NEEDED: u32 = 249;

/// The service manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Systemd {
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What it says of the system: `running`, `degraded`, `starting`…
    pub state: String,
    /// Units that failed.
    pub failed_units: Vec<String>,
}

impl Systemd {
    /// Asks it; nothing where it does not run the machine.
    pub fn of(root: &Root) -> Option<Self> {
        if !root.path("run/systemd/system").is_dir() {
            return None;
        }
        if !root.is_real() {
            return Some(Self {
                version: None,
                state: "unknown".to_owned(),
                failed_units: Vec::new(),
            });
        }
        let text = |arguments: &[&str]| {
            systemctl(arguments)
                .map(|said| said.trim().to_owned())
                .unwrap_or_default()
        };
        Some(Self {
            version: version(&text(&["--version"])),
            state: text(&["is-system-running"]),
            failed_units: names(&text(&["list-units", "--failed", "--plain", "--no-legend"])),
        })
    }
}

/// What `systemctl` says, which neither asks nor pages here.
fn systemctl(arguments: &[&str]) -> io::Result<String> {
    ask::answer(
        "systemctl",
        &[&["--no-pager", "--no-ask-password"], arguments].concat(),
    )
}

/// Properties of a unit, in the order in which they are asked for; those that it does not have are empty.
pub fn properties(unit: &str, names: &[&str]) -> Vec<String> {
    let asked = format!("--property={}", names.join(","));
    let text = systemctl(&["show", unit, &asked]).unwrap_or_default();
    names
        .iter()
        .map(|name| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

/// `systemd 255 (255.4-1ubuntu8)`.
fn version(text: &str) -> Option<u32> {
    let number: String = text
        .strip_prefix("systemd ")?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    number.parse().ok()
}

fn names(table: &str) -> Vec<String> {
    table
        .lines()
        .filter_map(|line| line.split_whitespace().find(|word| word.contains('.')))
        .map(ToOwned::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Systemd, names, version};
    use crate::machine::root::made_up::tree;

    #[test]
    fn what_systemctl_prints_is_read() {
        assert_eq!(version("systemd 255 (255.4-1ubuntu8)\n+PAM"), Some(255));
        assert_eq!(version("systemd 257~rc1"), Some(257));
        assert_eq!(version("sh: not found"), None);
        assert_eq!(
            names("● a.service loaded failed failed A\nb.mount loaded failed failed B\n"),
            ["a.service", "b.mount"]
        );
    }

    #[test]
    fn a_machine_without_it_has_none() {
        let (root, _folder) = tree(&[("proc/1/comm", "sh")]);
        assert_eq!(Systemd::of(&root), None);
        let (root, _folder) = tree(&[("run/systemd/system/x", "")]);
        assert!(Systemd::of(&root).is_some());
    }
}
