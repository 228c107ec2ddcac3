//! Everything a request or a job can reach, built once, here.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{self, Scope};
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::{self, Amount};
use crate::first_start;
use crate::integration::cortex::actions::Tools;
use crate::integration::misp;
use crate::integration::server::Integrations;
use crate::jobs;
use crate::login;
use crate::login::lockout::Lockout;
use crate::login::password::{Cost, Passwords, random_word};
use crate::login::secret_box::{MASTER_KEY_FILE, SecretBox, SecretBoxError};
use crate::login::{Authenticator, LoginRules};
use crate::outbound::Outbound;
use crate::storage::blobs::{Blobs, Bucket};
use crate::storage::{self, Db, Location, Opening};
use crate::tenancy::user;

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
    /// The files beside the database. Who may read one is decided by the row that names it.
    pub blobs: Blobs,
    /// The way to the servers of others.
    pub integrations: Integrations,
    /// Wakes who reads the events of MISP servers.
    pub misp: misp::Wake,
    /// What became of the background work.
    pub background: jobs::Report,
    /// Cancelled when the program is asked to stop.
    pub stopping: CancellationToken,
    db: Db,
}

impl App {
    /// Opens the database and builds everything that stands on it. Blocks.
    ///
    /// # Errors
    /// When the database cannot be opened; see [`Db::open`].
    pub fn open(config: Config, clock: Clock) -> storage::Result<Self> {
        Self::open_telling(config, clock, &|_| {})
    }

    /// The same, and `tell` is told each step that may take long before it begins.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_telling(
        config: Config,
        clock: Clock,
        tell: &dyn Fn(&str),
    ) -> storage::Result<Self> {
        let location = match &config.storage.database {
            Some(url) => Location::Postgres {
                url: url.reveal().to_owned(),
            },
            None => Location::Embedded {
                data_dir: config.storage.data_dir.clone(),
            },
        };
        let opening = Opening {
            location,
            readers_max: config.storage.readers_max.get() as usize,
            units_per_commit: config.storage.units_per_commit.get() as usize,
            now_ms: clock.now_ms(),
        };
        let db = Db::open_telling(&opening, tell)?;
        let blobs = Blobs::open(&config.storage.data_dir, Bucket::of(&config)?)?;
        let gate = Gate::new(db.clone());
        let unusable =
            |error: &dyn std::fmt::Display| storage::Error::Unusable(format!("{error}."));
        let unusable_sentence =
            |error: &dyn std::fmt::Display| storage::Error::Unusable(error.to_string());
        let passwords = Passwords::new(Cost::default()).map_err(|error| unusable(&error))?;
        let secrets = secrets(&config).map_err(|error| unusable(&error))?;
        let outbound =
            Outbound::new(&config.outbound).map_err(|error| unusable_sentence(&error))?;
        let integrations = Integrations::new(outbound, secrets.clone());
        first_start::seed_what_is_missing(&gate, &passwords, clock.now_ms()).map_err(|error| {
            match error {
                access::Error::Storage(error) => error,
                other => storage::Error::NotNow(format!("{other}.")),
            }
        })?;
        let rules = LoginRules::of(&config.login);
        let authenticator = Authenticator::new(&db, passwords, secrets, Lockout::default(), rules);
        Ok(Self {
            gate,
            blobs,
            authenticator,
            integrations,
            misp: misp::Wake::default(),
            background: jobs::Report::default(),
            stopping: CancellationToken::new(),
            config: Arc::new(config),
            clock,
            db,
        })
    }

    /// Whether the first administrator still has the password that everybody knows.
    pub async fn is_default_password_in_use(&self) -> bool {
        let scope = Arc::new(Scope::system("start", self.clock.now_ms()));
        match self.gate.open::<Member>(scope) {
            Ok(by) => by
                .read(|reading| user::actions::is_default_password_in_use(reading))
                .await
                .unwrap_or(false),
            Err(_) => false,
        }
    }

    /// Sets a user's password and ends his sessions, for the command line.
    ///
    /// # Errors
    /// When there is no such user, or the password is one that is refused.
    pub async fn reset_password(
        &self,
        login: &str,
        password: &str,
        resets_totp: bool,
    ) -> access::Result<()> {
        let scope = Arc::new(Scope::system("reset-password", self.clock.now_ms()));
        let hash = self
            .authenticator
            .passwords()
            .hash(password.to_owned())
            .await?;
        let (login, password) = (login.to_owned(), password.to_owned());
        self.gate
            .open::<Member>(scope)?
            .write(move |unit| {
                user::actions::reset_password(unit, &login, &password, &hash, resets_totp)
            })
            .await
    }

    /// Makes demonstration data, for the command line; gives the password of [`demo::LOGIN`]. `made` is told how many more
    /// things there are.
    ///
    /// # Errors
    /// When there is such data already, else only those of the storage.
    pub async fn make_demo(&self, amount: Amount, made: &dyn Fn(u64)) -> access::Result<String> {
        let password = random_word();
        let passwords = self.authenticator.passwords();
        let hash = passwords.hash(password.clone()).await?;
        demo::make(&self.gate, amount, self.clock.now_ms(), hash, made).await?;
        Ok(password)
    }

    /// Works in the background until the program is asked to stop.
    pub async fn work(&self) {
        let clock = self.clock.clone();
        let system_scope = move || Scope::system("background work", clock.now_ms());
        let lifetimes = self.authenticator.lifetimes();
        let tools = self.cortex_tools();
        let misp = misp::Reader::new(
            self.gate.clone(),
            self.integrations.clone(),
            self.blobs.clone(),
            self.misp.clone(),
        );
        tokio::join!(
            jobs::run(
                &self.gate,
                &self.background,
                &system_scope,
                lifetimes,
                &self.stopping,
            ),
            jobs::sweep_files(
                &self.gate,
                &self.blobs,
                &self.background,
                &system_scope,
                &self.stopping,
            ),
            jobs::follow_cortex(&tools, &self.background, &system_scope, &self.stopping),
            jobs::check_servers(&tools, &self.background, &system_scope, &self.stopping),
            jobs::read_misp(&misp, &self.background, &system_scope, &self.stopping),
        );
    }

    /// What it takes to work on jobs of Cortex.
    pub fn cortex_tools(&self) -> Tools {
        Tools {
            gate: self.gate.clone(),
            integrations: self.integrations.clone(),
            blobs: self.blobs.clone(),
        }
    }

    /// What the writer of the database is busy with; nothing once closed.
    pub fn writing(&self) -> Option<storage::Writing> {
        self.db.writing()
    }

    /// How many people are signed in by a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_sessions(&self) -> access::Result<i64> {
        let scope = Arc::new(Scope::system("metrics", self.clock.now_ms()));
        self.gate
            .open::<Member>(scope)?
            .read(|reading| login::actions::count_sessions(reading))
            .await
    }

    /// A sign of life of everything that a request needs; see [`Db::sign_of_life`].
    ///
    /// # Errors
    /// Why there is none.
    pub async fn sign_of_life(
        &self,
        time_max: std::time::Duration,
    ) -> storage::Result<std::time::Duration> {
        self.db.sign_of_life(time_max).await
    }

    /// Finishes the writes that are queued and closes the database. Blocks.
    pub fn close(&self) {
        self.db.close();
    }
}

/// Under the key of the settings, else under that in the data folder, which is made where there is none.
fn secrets(config: &Config) -> Result<SecretBox, SecretBoxError> {
    let file = config.storage.data_dir.join(MASTER_KEY_FILE);
    let Some(key) = &config.login.master_key else {
        return SecretBox::open_or_create(&file);
    };
    let beside = std::fs::read_to_string(&file);
    if beside.is_ok_and(|beside| beside.trim() != key.reveal().trim()) {
        tracing::warn!(
            "there is another master key in {}, which is not used; skep health says which one is right",
            file.display()
        );
    }
    SecretBox::from_setting(key.reveal())
}
