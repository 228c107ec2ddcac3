//! What a health check looks at.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::Config;
use crate::machine::Root;
use crate::machine::installation::{Layout, Record};
use crate::storage::Location;
use crate::storage::blobs::Bucket;

/// How far a look goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What can be seen in less than a second.
    Quick,
    /// All of the data, however long it takes.
    Deep,
}

/// Where the one who looks stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// Beside the server, which may not run.
    Outside,
    /// In the server: it runs, and listens.
    Inside,
}

/// An installation, as it is looked at.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Where the database is.
    pub location: Location,
    /// The data folder.
    pub data_dir: PathBuf,
    /// Whether the master key comes from elsewhere than the data folder.
    pub has_own_key: bool,
    /// The bucket of the files, if they are not in the data folder.
    pub bucket: Option<Bucket>,
    /// The file with the settings, if there is one.
    pub settings: Option<PathBuf>,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The time of the look, milliseconds since the epoch.
    pub now_ms: i64,
    /// Where facts about the machine are read.
    pub root: Root,
    /// How far to look.
    pub depth: Depth,
    /// Where the one who looks stands.
    pub seat: Seat,
}

impl Subject {
    /// The installation of these settings on this machine.
    pub fn of(config: &Config, now_ms: i64, depth: Depth, seat: Seat) -> Self {
        let storage = &config.storage;
        Self {
            location: match &storage.database {
                Some(url) => Location::Postgres {
                    url: url.reveal().to_owned(),
                },
                None => Location::Embedded {
                    data_dir: storage.data_dir.clone(),
                },
            },
            data_dir: storage.data_dir.clone(),
            has_own_key: config.login.master_key.is_some(),
            bucket: None,
            settings: None,
            listen: config.server.listen,
            now_ms,
            root: Root::real(),
            depth,
            seat,
        }
    }

    /// The record of the installation, if this is the one that was installed. One that can't be read is none.
    pub(super) fn record(&self) -> Option<Record> {
        let record = Record::read(&Layout::below(self.root.clone())).ok()??;
        (record.data_dir == self.data_dir).then_some(record)
    }

    /// Whether the service manager is to run it.
    pub(super) fn is_installed(&self) -> bool {
        let layout = Layout::below(self.root.clone());
        self.record().is_some() || self.data_dir == layout.data_dir()
    }

    pub(super) fn is_embedded(&self) -> bool {
        matches!(self.location, Location::Embedded { .. })
    }

    pub(super) fn is_deep(&self) -> bool {
        self.depth == Depth::Deep
    }
}
