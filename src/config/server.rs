//! Where the server listens.

use std::net::SocketAddr;

settings! {
    /// Where the server listens.
    pub struct Server named "server" {
        /// The address and the port. `0.0.0.0:9000` makes Skep reachable from other machines; change the first
        /// password before you do that, and put a proxy with TLS in front of it.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 9000)),
    }
}
