//! Why the server cannot listen where it should, in words.

use std::io;
use std::net::SocketAddr;

use crate::machine::{Root, port};

/// The sentence for a failure to listen on `address`.
pub(super) fn explain(address: SocketAddr, error: &io::Error) -> anyhow::Error {
    let port = address.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let holder = port::holder(&Root::real(), port)
                .map_or_else(|| "another program".to_owned(), |holder| holder.in_words());
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
