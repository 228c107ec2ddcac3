//! Who listens on a TCP port. Programs of other users are named only to root.

use std::path::Path;

use serde::Serialize;

use super::root::Root;

/// A program that listens on a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Its process; nothing where we may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<u32>,
    /// What it is called.
    pub program: String,
}

impl Holder {
    /// As it is named in a sentence: `nginx (process 123)`.
    pub fn in_words(&self) -> String {
        match self.process {
            Some(process) => format!("{} (process {process})", self.program),
            None => "another program".to_owned(),
        }
    }

    /// Whether it is systemd: then the port is one of a socket unit.
    pub fn is_systemd(&self) -> bool {
        self.process == Some(1)
    }
}

/// Who listens on the port; nothing where nobody does. The program that took the socket over from systemd comes before
/// systemd, which keeps it open too.
pub fn holder(root: &Root, port: u16) -> Option<Holder> {
    let sockets: Vec<String> = ["proc/net/tcp", "proc/net/tcp6"]
        .iter()
        .filter_map(|table| root.text(table))
        .flat_map(|table| sockets_on(&table, port))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    let mut processes: Vec<u32> = root
        .names("proc")
        .iter()
        .filter_map(|name| name.parse().ok())
        .collect();
    processes.sort_unstable_by(|one, other| other.cmp(one));
    let process = processes
        .into_iter()
        .find(|process| holds(root, *process, &sockets));
    Some(Holder {
        process,
        program: process
            .and_then(|process| root.text(format!("proc/{process}/comm")))
            .unwrap_or_else(|| "another program".to_owned()),
    })
}

fn holds(root: &Root, process: u32, sockets: &[String]) -> bool {
    let files = format!("proc/{process}/fd");
    root.names(&files).iter().any(|file| {
        std::fs::read_link(root.path(Path::new(&files).join(file)))
            .is_ok_and(|target| sockets.iter().any(|socket| target == Path::new(socket)))
    })
}

/// The inodes of the sockets that listen on `port`, from the text of `/proc/net/tcp`.
fn sockets_on(table: &str, port: u16) -> Vec<String> {
    const LISTENING: &str = "0A";
    let of_port = format!(":{port:04X}");
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (local, state) = (fields.get(1)?, fields.get(3)?);
            (local.ends_with(&of_port) && *state == LISTENING)
                .then(|| fields.get(9).map(ToString::to_string))
                .flatten()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{holder, sockets_on};
    use crate::machine::root::Root;
    use crate::machine::root::made_up::tree;

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:2328 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 11 1\n\
             1: 0100007F:2328 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22 1\n";

    #[test]
    fn the_holder_of_a_port_is_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let found = holder(&Root::real(), port).unwrap();
        assert_eq!(found.process, Some(std::process::id()));
        drop(listener);
        assert_eq!(holder(&Root::real(), port), None);
    }

    #[test]
    fn only_a_listening_socket_counts() {
        assert_eq!(sockets_on(TABLE, 9000), ["22"]);
        assert!(sockets_on(TABLE, 9001).is_empty());
    }

    #[test]
    fn the_program_comes_before_systemd_and_one_of_somebody_else_has_no_name() {
        let (root, _folder) = tree(&[
            ("proc/net/tcp", TABLE),
            ("proc/1/comm", "systemd"),
            ("proc/1/fd/x", ""),
            ("proc/77/comm", "skep"),
            ("proc/77/fd/x", ""),
        ]);
        assert_eq!(holder(&root, 9000).unwrap().in_words(), "another program");
        let link = |process: u32| {
            std::os::unix::fs::symlink("socket:[22]", root.path(format!("proc/{process}/fd/3")))
                .unwrap();
        };
        link(1);
        assert!(holder(&root, 9000).unwrap().is_systemd());
        link(77);
        assert_eq!(holder(&root, 9000).unwrap().in_words(), "skep (process 77)");
    }
}
