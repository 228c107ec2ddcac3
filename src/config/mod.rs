//! The settings, one struct for each topic, passed on as values.

use std::net::SocketAddr;
use std::path::PathBuf;

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    pub server: Server,
    pub storage: Storage,
}

/// Where to listen.
#[derive(Debug, Clone)]
pub struct Server {
    pub listen: SocketAddr,
}

/// Where the data is.
#[derive(Debug, Clone)]
pub struct Storage {
    pub data_dir: PathBuf,
    pub database: Option<String>,
    pub readers_max: usize,
}
