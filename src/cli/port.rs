//! Why the server cannot listen where it should, in words.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

/// The sentence for a failure to listen on `address`.
pub(super) fn explain(address: SocketAddr, error: &io::Error) -> anyhow::Error {
    let port = address.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let holder = holder_of(port).unwrap_or_else(|| "another program".to_owned());
            anyhow::anyhow!(
                "Port {port} is taken by {holder}; stop it, or choose another port with --listen {}:{}.",
                address.ip(),
                if port == 9000 { 9001 } else { 9000 }
            )
        }
        io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "This user may not listen on port {port}; choose a port above 1023 with --listen."
        ),
        io::ErrorKind::AddrNotAvailable => anyhow::anyhow!(
            "{} is not an address of this machine; 0.0.0.0 stands for all of them.",
            address.ip()
        ),
        _ => anyhow::anyhow!("Cannot listen on {address}: {error}."),
    }
}

/// The program that listens on a port, as far as this user may know: `nginx (process 123)`.
fn holder_of(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .find_map(|table| {
            let text = std::fs::read_to_string(table).ok()?;
            inode_of_listener(&text, port)
        })?;
    let link = format!("socket:[{inode}]");
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let process = entry.file_name().into_string().unwrap_or_default();
        if process.chars().all(|c| c.is_ascii_digit()) && holds(&entry.path(), &link) {
            let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (process {process})", name.trim()));
        }
    }
    None
}

/// Whether the process has the socket open.
fn holds(process: &Path, link: &str) -> bool {
    let Ok(files) = std::fs::read_dir(process.join("fd")) else {
        return false;
    };
    files
        .flatten()
        .any(|file| std::fs::read_link(file.path()).is_ok_and(|target| target == Path::new(link)))
}

/// Finds the socket that listens on `port` in the text of `/proc/net/tcp`.
fn inode_of_listener(table: &str, port: u16) -> Option<String> {
    const LISTENING: &str = "0A";
    let of_port = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (local, state) = (fields.get(1)?, fields.get(3)?);
        (local.ends_with(&of_port) && *state == LISTENING)
            .then(|| fields.get(9).map(ToString::to_string))
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::{holder_of, inode_of_listener};

    #[test]
    fn the_holder_of_a_port_is_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let holder = holder_of(listener.local_addr().unwrap().port()).unwrap();
        assert!(
            holder.ends_with(&format!("(process {})", std::process::id())),
            "{holder}"
        );
    }

    #[test]
    fn only_a_listening_socket_counts() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:2328 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 11 1\n\
             1: 0100007F:2328 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22 1\n";
        assert_eq!(inode_of_listener(table, 9000), Some("22".to_owned()));
        assert_eq!(inode_of_listener(table, 9001), None);
    }
}
