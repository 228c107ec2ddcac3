//! What the load is told from outside, and the key that it writes with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::server;

/// The program under test.
#[expect(
    clippy::disallowed_methods,
    reason = "the setting of the tests themselves"
)]
pub fn binary() -> PathBuf {
    let binary = std::env::var_os("SKEP_BINARY");
    binary.expect("SKEP_BINARY names the program").into()
}

/// The key in `file`, as an `Authorization`; made, with its user, when there is none.
pub fn key(file: &Path, address: SocketAddr) -> String {
    if !file.exists() {
        std::fs::write(file, server::provision(address)).unwrap();
    }
    key_in(file)
}

pub fn key_in(file: &Path) -> String {
    std::fs::read_to_string(file).expect("the file of the key")
}
