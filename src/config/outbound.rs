//! How the program reaches others.

use std::path::PathBuf;

use super::secret::Secret;

settings! {
    /// How the program reaches others: Cortex, MISP, and what is fetched from an address. It asks nobody for anything
    /// by itself.
    pub struct Outbound named "outbound" {
        /// The proxy for it (`http://user:password@host:port`). The proxy then finds the addresses, so that what is
        /// refused by address is up to it.
        proxy: Option<Secret> = None,
        /// Hosts that are reached without the proxy, with commas between: `localhost,.example.org,10.0.0.0/8`.
        no_proxy: String = String::new(),
        /// A file of certificates (PEM) that are trusted beside those of the system: the authority of your own house.
        ca_file: Option<PathBuf> = None,
    }
}
