//! Everything a request or a job can reach, built once, here.

use std::sync::Arc;

use crate::access::guard::Gate;
use crate::clock::Clock;
use crate::config::Config;
use crate::first_start;
use crate::login::lockout::Lockout;
use crate::login::password::{Cost, Passwords};
use crate::login::secret_box::{MASTER_KEY_FILE, SecretBox};
use crate::login::{Authenticator, Lifetimes};
use crate::storage::{self, Db, Location, Opening};

/// How long sessions last: an hour without use, a day in all.
const LIFETIMES: Lifetimes = Lifetimes {
    idle_ms: 3_600_000,
    absolute_ms: 86_400_000,
};

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings it was opened with.
    pub config: Arc<Config>,
    /// What time it is.
    pub clock: Clock,
    /// The only way to the data.
    pub gate: Gate,
    /// Finds out who calls.
    pub authenticator: Authenticator,
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
        let gate = Gate::new(db.clone());
        let unusable =
            |error: &dyn std::fmt::Display| storage::Error::Unusable(format!("{error}."));
        let passwords = Passwords::new(Cost::default()).map_err(|error| unusable(&error))?;
        let secrets = SecretBox::open_or_create(&config.storage.data_dir.join(MASTER_KEY_FILE))
            .map_err(|error| unusable(&error))?;
        first_start::seed_if_empty(&gate, &passwords, clock.now_ms())
            .map_err(|error| unusable(&error))?;
        let authenticator =
            Authenticator::new(&db, passwords, secrets, Lockout::default(), LIFETIMES);
        Ok(Self {
            gate,
            authenticator,
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
