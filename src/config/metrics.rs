//! Whether the program's figures are told to Prometheus, and to whom.

use std::net::SocketAddr;

use super::secret::Secret;

settings! {
    /// Whether the program's figures are told to Prometheus at `/metrics`, and to whom. Off unless one of these is set.
    /// They tell how busy the server is and how it is, nothing of what people keep in it.
    pub struct Metrics named "metrics" {
        /// An address and a port of their own, like `127.0.0.1:9001`, which answer nothing but `/metrics`. Who reaches
        /// them may read; with a token, only who has that too.
        listen: Option<SocketAddr> = None,
        /// With it, the usual address answers `/metrics` too, to who sends it: `Authorization: Bearer TOKEN`. At least
        /// 16 characters.
        token: Option<Secret> = None,
    }
}
