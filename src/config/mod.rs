//! The settings: one struct for each topic, read once at the start and passed on as values.
//!
//! A setting comes from, the later the stronger: its default, a credential of the service manager, the file
//! (`--config`), the environment (`SKEP_SERVER__LISTEN`), the command line. The structs are the reference: `docs/CONFIGURATION.md` and
//! `skep config print` are made of them. This is the only module that reads the environment.

#[macro_use]
mod setting;

mod data_dir;
mod environment;
mod error;
mod layer;
mod limits;
mod load;
mod log;
mod login;
mod metrics;
mod origin;
mod outbound;
mod reference;
mod s3;
mod secret;
mod server;
mod storage;

pub use environment::Environment;
pub use error::Error;
pub use limits::Limits;
pub use load::{Flag, Loaded, load};
pub use log::{Log, LogFormat};
pub use login::Login;
pub use metrics::Metrics;
pub use origin::Origin;
pub use outbound::Outbound;
pub use reference::reference;
pub use s3::S3;
pub use secret::Secret;
pub use server::Server;
pub use setting::{Kind, Setting};
pub use storage::Storage;

use serde::Deserialize;

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    pub server: Server,
    pub storage: Storage,
    pub s3: S3,
    pub login: Login,
    pub limits: Limits,
    pub outbound: Outbound,
    pub log: Log,
    pub metrics: Metrics,
}

/// One struct of settings as the reference shows it.
pub struct Topic {
    /// Its table in the file.
    pub name: &'static str,
    /// What it is about.
    pub docs: &'static [&'static str],
    /// Its settings.
    pub settings: Vec<Setting>,
}

impl Config {
    /// All settings with their documentation and values, in the order of the reference.
    pub fn topics(&self) -> Vec<Topic> {
        vec![
            self.server.topic(),
            self.storage.topic(),
            self.s3.topic(),
            self.login.topic(),
            self.limits.topic(),
            self.outbound.topic(),
            self.log.topic(),
            self.metrics.topic(),
        ]
    }
}
