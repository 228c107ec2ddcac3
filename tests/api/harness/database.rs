//! A database for one test: a folder, or a database in the PostgreSQL server that the environment names.
//!
//! What a first start puts into it (thousands of attack patterns and tags, the administrator) is the same for every test,
//! so the first test of a build makes it once and the others copy it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::UNIX_EPOCH;

use skep::app::App;
use skep::backup::Place;
use skep::clock::Clock;
use skep::config::{Config, Secret, Storage};
use tempfile::TempDir;

use super::server::START_MS;

/// The database that the others are copies of, where the tests run on PostgreSQL.
const FIRST_START: &str = "skep_first_start";

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
    /// An empty one.
    pub fn create() -> Self {
        let database = Self {
            folder: temporary_folder(),
            postgres: postgres_server().map(Postgres::new),
        };
        if let Some(postgres) = &database.postgres {
            run(
                &postgres.server_url,
                &format!("create database {}", postgres.name),
            );
        }
        database
    }

    /// One as a first start at [`START_MS`] leaves it.
    pub fn after_first_start() -> Self {
        let template = template();
        let database = Self {
            folder: temporary_folder(),
            postgres: postgres_server().map(Postgres::new),
        };
        copy_files(&template.folder, database.folder.path());
        if let (Some(postgres), Some(from)) = (&database.postgres, &template.postgres) {
            run(
                &postgres.server_url,
                &format!("create database {} template {from}", postgres.name),
            );
        }
        database
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
            installed_key: None,
            bucket: None,
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

/// Where the data of a first start is kept, for copies.
struct Template {
    folder: PathBuf,
    postgres: Option<String>,
}

/// The template of this build and engine; made by whichever test comes first, while the others wait.
fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let server = postgres_server();
        let engine = if server.is_some() {
            "postgres"
        } else {
            "sqlite"
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("first-start-{engine}"));
        fs::create_dir_all(&folder).unwrap();
        let lock = File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let postgres = server.as_ref().map(|_| FIRST_START.to_owned());
        let data = folder.join("data");
        // The name of the server belongs to it: another one has not got that database.
        let stamp = format!("{}\n{}", build(), server.clone().unwrap_or_default());
        // A server of a later run may have got the same port.
        let is_there = server
            .as_ref()
            .is_none_or(|server| try_run(&url_of(server, FIRST_START), "select 1").is_ok());
        if fs::read_to_string(folder.join("stamp")).is_ok_and(|made| made == stamp && is_there) {
            return Template {
                folder: data,
                postgres,
            };
        }
        let _ = fs::remove_file(folder.join("stamp"));
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data).unwrap();
        let url = server.zip(postgres.as_ref()).map(|(server, name)| {
            run(&server, &format!("drop database if exists {name}"));
            run(&server, &format!("create database {name}"));
            url_of(&server, name)
        });
        start_once(&data, url);
        // Kept for the day on which the disk is full, and made anew where it is missing.
        let _ = fs::remove_file(data.join("skep.reserve"));
        fs::write(folder.join("stamp"), stamp).unwrap();
        Template {
            folder: data,
            postgres,
        }
    })
}

/// Opens the application on what is empty and closes it. On a thread of its own: PostgreSQL's client refuses to block a
/// runtime's thread.
fn start_once(data_dir: &Path, postgres: Option<String>) {
    let config = Config {
        storage: Storage {
            data_dir: data_dir.to_owned(),
            database: postgres.map(Secret::new),
            ..Storage::default()
        },
        ..Config::default()
    };
    let start = move || {
        App::open(config, Clock::standing_at(START_MS))
            .unwrap()
            .close();
    };
    std::thread::spawn(start).join().unwrap();
}

/// Tells this build of the tests from others.
fn build() -> String {
    let program = std::env::current_exe().unwrap();
    let changed = fs::metadata(&program).unwrap().modified().unwrap();
    let since = changed.duration_since(UNIX_EPOCH).unwrap();
    format!("{} {}", program.display(), since.as_nanos())
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_files(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn temporary_folder() -> TempDir {
    let mut builder = tempfile::Builder::new();
    builder.prefix("skep-test-").tempdir().unwrap()
}

/// The URL of the server, where the tests run on PostgreSQL.
fn postgres_server() -> Option<String> {
    setting("SKEP_TEST_DATABASE").filter(|engine| engine == "postgres")?;
    let url = setting("SKEP_TEST_POSTGRES");
    Some(url.expect("SKEP_TEST_POSTGRES has the URL of a PostgreSQL server"))
}

/// The server's URL with the database `name` in place of its own.
fn url_of(server_url: &str, name: &str) -> String {
    let (address, options) = match server_url.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server_url, String::new()),
    };
    let host_at = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[host_at..]
        .find('/')
        .map_or(address.len(), |at| host_at + at);
    format!("{}/{name}{options}", &address[..host_end])
}

impl Postgres {
    fn new(server_url: String) -> Self {
        let number = CREATED.fetch_add(1, Ordering::Relaxed);
        let name = format!("skep_test_{}_{number}", std::process::id());
        Self { server_url, name }
    }

    fn url(&self) -> String {
        url_of(&self.server_url, &self.name)
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

fn run(url: &str, statement: &str) {
    try_run(url, statement).unwrap();
}

/// Runs one statement, on a thread of its own: the client refuses to block a runtime's thread.
fn try_run(url: &str, statement: &str) -> Result<(), postgres::Error> {
    let (url, statement) = (url.to_owned(), statement.to_owned());
    let worker = std::thread::spawn(move || {
        postgres::Client::connect(&url, postgres::NoTls)?.batch_execute(&statement)
    });
    worker.join().unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment which database to use"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
