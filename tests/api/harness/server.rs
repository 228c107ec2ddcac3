//! A server for one test: the real application and the real router, without a socket.

use axum::Router;
use skep::app::App;
use skep::backup::Place;
use skep::clock::Clock;
use skep::config::{Config, Secret, Storage};
use std::num::NonZeroU32;

use super::client::Client;
use super::database::Database;

/// When the tests take place: 2026-03-02 12:00:00 UTC, a Monday.
pub const START_MS: i64 = 1_772_452_800_000;

/// An application on a database of its own, both gone when it is dropped.
pub struct Server {
    /// Moves the time of the whole application.
    pub clock: Clock,
    /// The application, for a test that needs more than its API.
    pub app: App,
    pub(super) router: Router,
    // Last, so that it is dropped after those that use it.
    database: Database,
}

impl Server {
    /// Starts as a new installation that nobody has used yet.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings than the usual ones.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_on(Database::after_first_start(), change).await
    }

    /// The same on a database that is there.
    pub async fn start_on(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Clock::standing_at(START_MS);
        let mut config = Config {
            storage: Storage {
                data_dir: database.data_dir(),
                database: database.url().map(Secret::new),
                readers_max: NonZeroU32::new(2).unwrap(),
                ..Storage::default()
            },
            ..Config::default()
        };
        change(&mut config);
        let app = {
            let clock = clock.clone();
            // Opening blocks, and PostgreSQL's client refuses to block a runtime's own thread.
            tokio::task::spawn_blocking(move || App::open(config, clock).unwrap())
                .await
                .unwrap()
        };
        Self {
            router: skep::server::router(&app),
            clock,
            app,
            database,
        }
    }

    /// Takes PostgreSQL's database away, as if it had gone down; false where the database is embedded.
    pub fn lose_database(&self) -> bool {
        self.database.drop_in_postgres()
    }

    /// Ends the application; its database stays.
    pub async fn stop(self) -> Database {
        let Self {
            app,
            router,
            database,
            ..
        } = self;
        drop(router);
        let closed = tokio::task::spawn_blocking(move || app.close());
        closed.await.unwrap();
        database
    }

    /// Where its data is, for copies.
    pub fn place(&self) -> Place {
        self.database.place()
    }

    /// A client without credentials.
    pub fn anonymous(&self) -> Client<'_> {
        Client::new(self)
    }
}
