//! Everything a request or a job can reach, built once, here.

use std::sync::Arc;

use crate::access::guard::Gate;
use crate::clock::Clock;
use crate::config::Config;
use crate::storage::{self, Db, Location, Opening};

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings it was opened with.
    pub config: Arc<Config>,
    /// What time it is.
    pub clock: Clock,
    /// The only way to the data.
    pub gate: Gate,
    db: Db,
}

impl App {
    /// Opens the database and builds everything that stands on it. Blocks.
    ///
    /// # Errors
    /// When the database cannot be opened; see [`Db::open`].
    pub fn open(config: Config, clock: Clock) -> storage::Result<Self> {
        let location = match &config.storage.database {
            Some(url) => Location::Postgres { url: url.clone() },
            None => Location::Embedded {
                data_dir: config.storage.data_dir.clone(),
            },
        };
        let db = Db::open(&Opening {
            location,
            readers_max: config.storage.readers_max,
            units_per_commit: storage::UNITS_PER_COMMIT,
            now_ms: clock.now_ms(),
        })?;
        Ok(Self {
            gate: Gate::new(db.clone()),
            config: Arc::new(config),
            clock,
            db,
        })
    }

    /// Finishes the writes that are queued and closes the database. Blocks.
    pub fn close(&self) {
        self.db.close();
    }
}
