//! A database for one test: a folder, or a database in the PostgreSQL server that the environment names.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use skep::backup::Place;
use tempfile::TempDir;

static CREATED: AtomicU32 = AtomicU32::new(0);

pub struct Database {
    folder: TempDir,
    postgres: Option<Postgres>,
}

struct Postgres {
    server_url: String,
    name: String,
}

impl Database {
    pub fn create() -> Self {
        let is_postgres = setting("SKEP_TEST_DATABASE").is_some_and(|engine| engine == "postgres");
        Self {
            folder: tempfile::Builder::new()
                .prefix("skep-test-")
                .tempdir()
                .unwrap(),
            postgres: is_postgres.then(|| {
                let server_url = setting("SKEP_TEST_POSTGRES")
                    .expect("SKEP_TEST_POSTGRES has the URL of a PostgreSQL server");
                Postgres::create(server_url)
            }),
        }
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Where it is, for copies.
    pub fn place(&self) -> Place {
        Place {
            data_dir: self.data_dir(),
            postgres: self.url(),
            master_key: None,
        }
    }

    /// Drops it, with everybody who is connected; false where it is no database of PostgreSQL.
    pub fn drop_in_postgres(&self) -> bool {
        self.postgres.as_ref().map(Postgres::drop_now).is_some()
    }

    pub fn url(&self) -> Option<String> {
        self.postgres.as_ref().map(Postgres::url)
    }
}

impl Postgres {
    fn create(server_url: String) -> Self {
        let number = CREATED.fetch_add(1, Ordering::Relaxed);
        let name = format!("skep_test_{}_{number}", std::process::id());
        run(&server_url, &format!("create database {name}"));
        Self { server_url, name }
    }

    /// The server's URL with our database's name in place of its own.
    fn url(&self) -> String {
        let (address, options) = match self.server_url.split_once('?') {
            Some((address, options)) => (address, format!("?{options}")),
            None => (self.server_url.as_str(), String::new()),
        };
        let host_at = address.find("://").map_or(0, |at| at + 3);
        let host_end = address[host_at..]
            .find('/')
            .map_or(address.len(), |at| host_at + at);
        format!("{}/{}{options}", &address[..host_end], self.name)
    }
}

impl Postgres {
    fn drop_now(&self) {
        run(
            &self.server_url,
            &format!("drop database if exists {} with (force)", self.name),
        );
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.drop_now();
    }
}

/// Runs one statement, on a thread of its own: the client refuses to block a runtime's thread.
fn run(url: &str, statement: &str) {
    let (url, statement) = (url.to_owned(), statement.to_owned());
    std::thread::spawn(move || {
        postgres::Client::connect(&url, postgres::NoTls)
            .unwrap()
            .batch_execute(&statement)
            .unwrap();
    })
    .join()
    .unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment which database to use"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
