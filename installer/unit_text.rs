//! The files of the service manager, as this installation needs them: one text for all, with what was answered put in.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;

use crate::machine::installation::{BACKUP_SERVICE, BACKUP_TIMER, DATA_DIR, SERVICE, SOCKET};

/// The units as they are in the repository.
const TEXTS: [(&str, &str); 4] = [
    (SERVICE, include_str!("../systemd/skep.service")),
    (SOCKET, include_str!("../systemd/skep.socket")),
    (
        BACKUP_SERVICE,
        include_str!("../systemd/skep-backup.service"),
    ),
    (BACKUP_TIMER, include_str!("../systemd/skep-backup.timer")),
];

/// What may differ between two installations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The data folder.
    pub data_dir: &'a Path,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whether what is written to the data folder lies in memory.
    pub is_volatile: bool,
}

/// Each unit with its text.
pub fn units(wanted: &Wanted) -> Vec<(&'static str, String)> {
    TEXTS
        .iter()
        .map(|(name, text)| {
            let mut text = with_data_dir(text, wanted.data_dir);
            if *name == SOCKET {
                text = with_addresses(&text, wanted.listen);
            }
            if wanted.is_volatile {
                text = without_memory_limit(&text);
            }
            (*name, text)
        })
        .collect()
}

/// systemd makes a folder below `/var/lib` itself; any other has to be there, and is the only one that may be written.
fn with_data_dir(text: &str, data_dir: &Path) -> String {
    if data_dir == Path::new(DATA_DIR) {
        return text.to_owned();
    }
    let folder = data_dir.display().to_string();
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with('#') {
            out.push_str(line);
        } else if line.starts_with("StateDirectory=") {
            // The folder could be written otherwise, and for nothing.
            let _ = write!(out, "ReadWritePaths={folder}");
        } else if line.starts_with("StateDirectoryMode=") {
            continue;
        } else {
            out.push_str(&line.replace(DATA_DIR, &folder));
        }
        out.push('\n');
    }
    out
}

fn with_addresses(text: &str, listen: SocketAddr) -> String {
    let port = listen.port();
    let wanted = if listen.ip().is_loopback() {
        vec![format!("127.0.0.1:{port}"), format!("[::1]:{port}")]
    } else if listen.is_ipv6() && listen.ip().is_unspecified() {
        vec![port.to_string()]
    } else {
        vec![listen.to_string()]
    };
    let mut out = String::new();
    let mut is_written = false;
    for line in text.lines() {
        if !line.starts_with("ListenStream=") {
            out.push_str(line);
            out.push('\n');
        } else if !is_written {
            is_written = true;
            for address in &wanted {
                let _ = writeln!(out, "ListenStream={address}");
            }
        }
    }
    out
}

/// What a service writes to a file system in memory is charged to the service: its limit would end it for its own data.
fn without_memory_limit(text: &str) -> String {
    text.lines()
        .map(|line| {
            if line.starts_with("MemoryMax=") {
                "MemoryMax=infinity\n".to_owned()
            } else {
                format!("{line}\n")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{TEXTS, Wanted, units};

    fn text(wanted: &Wanted, name: &str) -> String {
        units(wanted)
            .into_iter()
            .find(|(other, _)| *other == name)
            .map(|(_, text)| text)
            .unwrap()
    }

    fn wanted<'a>(data_dir: &'a str, listen: &str) -> Wanted<'a> {
        Wanted {
            data_dir: Path::new(data_dir),
            listen: listen.parse().unwrap(),
            is_volatile: false,
        }
    }

    #[test]
    fn the_usual_answers_leave_the_units_as_they_are() {
        for (name, original) in TEXTS {
            let made = text(&wanted("/var/lib/skep", "127.0.0.1:9000"), name);
            assert_eq!(made, original, "{name}");
        }
    }

    #[test]
    fn another_folder_is_written_and_mounted_in_place_of_the_usual_one() {
        let service = text(&wanted("/srv/hive", "127.0.0.1:9000"), "skep.service");
        let lines: Vec<&str> = service
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(lines.contains(&"ReadWritePaths=/srv/hive"), "{service}");
        assert!(lines.contains(&"RequiresMountsFor=/srv/hive"));
        assert!(lines.contains(&"WorkingDirectory=/srv/hive"));
        assert!(
            !lines
                .iter()
                .any(|line| line.contains("/var/lib/skep") || line.starts_with("StateDirectory"))
        );
        let backup = text(
            &wanted("/srv/hive", "127.0.0.1:9000"),
            "skep-backup.service",
        );
        assert!(backup.contains("/srv/hive/backups"), "{backup}");
    }

    #[test]
    fn the_socket_has_the_addresses_that_were_asked_for() {
        let addresses = |listen| -> Vec<String> {
            text(&wanted("/var/lib/skep", listen), "skep.socket")
                .lines()
                .filter_map(|line| line.strip_prefix("ListenStream=").map(ToOwned::to_owned))
                .collect()
        };
        assert_eq!(
            addresses("127.0.0.1:9100"),
            ["127.0.0.1:9100", "[::1]:9100"]
        );
        assert_eq!(addresses("[::]:9000"), ["9000"]);
        assert_eq!(addresses("0.0.0.0:9000"), ["0.0.0.0:9000"]);
        assert_eq!(addresses("192.168.1.5:80"), ["192.168.1.5:80"]);
    }

    #[test]
    fn data_in_memory_is_not_held_against_the_service() {
        let of = |is_volatile| {
            let wanted = Wanted {
                is_volatile,
                ..wanted("/var/lib/skep", "127.0.0.1:9000")
            };
            text(&wanted, "skep.service")
        };
        assert!(of(false).contains("\nMemoryMax=85%\n"));
        assert!(of(true).contains("\nMemoryMax=infinity\n"));
    }
}
