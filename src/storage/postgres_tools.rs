//! PostgreSQL's own tools, for copies of a whole database: `pg_dump`, `pg_restore` and `psql` of the path.
//!
//! What they are told goes through the environment: an argument could be read by everybody on this machine.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use postgres::config::Host;

use super::connection::Connection as _;
use super::error::{Error, Result};
use super::postgres::Postgres;
use super::value::Row;

/// Takes all tables of the schema away before others come, in the transaction in which they do.
const DROP_TABLES: &[u8] = b"do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = current_schema() loop
        execute format('drop table if exists %I cascade', name);
    end loop; end $$;\n";

/// Writes the database into a file of `pg_dump`'s custom form, as it was at `snapshot` (see [`super::snapshot::export`]).
/// It is not compressed: what it goes into is.
///
/// # Errors
/// [`Error::Unusable`] with a sentence when `pg_dump` is missing or fails.
pub fn dump(url: &str, snapshot: &str, to: &Path) -> Result<()> {
    let mut pg_dump = tool("pg_dump");
    connect(&mut pg_dump, url)?;
    pg_dump
        .args([
            "--format=custom",
            "--compress=0",
            "--no-owner",
            "--no-privileges",
        ])
        .arg(format!("--snapshot={snapshot}"))
        .arg("--file")
        .arg(to);
    let mut child = start(
        "pg_dump",
        pg_dump.stdin(Stdio::null()).stdout(Stdio::null()),
    )?;
    end("pg_dump", &mut child)
}

/// Puts the tables of such a file in the place of those of the database, all of them or none.
///
/// # Errors
/// [`Error::Unusable`] with a sentence when a tool is missing or fails; the database is as before then.
pub fn restore(url: &str, from: &Path) -> Result<()> {
    let mut psql = tool("psql");
    connect(&mut psql, url)?;
    psql.args(["--no-psqlrc", "--quiet", "--single-transaction", "--file=-"])
        .args(["--set", "ON_ERROR_STOP=1", "--output", "/dev/null"]);
    let mut psql = start("psql", psql.stdin(Stdio::piped()).stdout(Stdio::null()))?;
    let mut input = psql.stdin.take().ok_or(Error::Closed)?;
    // When psql gives up it takes no more; why is what it says at its end.
    let fed = input.write_all(DROP_TABLES).map_err(Error::from_pipe);
    let fed =
        fed.and_then(|()| script(from, |line| input.write_all(line).map_err(Error::from_pipe)));
    if fed.is_err() {
        // An end of input would commit what came so far.
        drop(psql.kill());
    }
    drop(input);
    let ended = end("psql", &mut psql);
    match fed {
        Err(Error::Closed) => ended.and(Err(Error::Closed)),
        Err(error) => Err(error),
        Ok(()) => ended,
    }
}

/// Has `pg_restore` write such a file as SQL; `each_line` gets it line by line. It reads all of it, so a file that is damaged
/// is found.
///
/// # Errors
/// [`Error::Unusable`] with a sentence when `pg_restore` is missing or fails; those of `each_line`.
pub fn script(from: &Path, mut each_line: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut pg_restore = tool("pg_restore");
    pg_restore
        .args(["--no-owner", "--no-privileges", "--file=-"])
        .arg(from);
    let mut child = start(
        "pg_restore",
        pg_restore.stdin(Stdio::null()).stdout(Stdio::piped()),
    )?;
    let mut lines = BufReader::with_capacity(1 << 20, child.stdout.take().ok_or(Error::Closed)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = lines
            .read_until(b'\n', &mut line)
            .map_err(|error| Error::engine("read what pg_restore writes", error))?;
        if length == 0 {
            break;
        }
        if let Err(error) = each_line(&line) {
            drop(child.kill());
            drop(child.wait());
            return Err(error);
        }
    }
    end("pg_restore", &mut child)
}

/// How many others are connected to the database.
///
/// # Errors
/// When it cannot be reached.
pub fn others_connected(url: &str) -> Result<i64> {
    let mut connection = Postgres::connect(url, 0)?;
    let rows = connection.query(
        "select count(*) from pg_stat_activity where datname = current_database()
         and pid <> pg_backend_pid() and backend_type = 'client backend'",
        &[],
    )?;
    rows.into_iter().next().map_or(Ok(0), Row::single)
}

fn tool(name: &str) -> Command {
    let mut command = Command::new(name);
    // What it says is read for one sentence, in English.
    command.env("LC_ALL", "C").stderr(Stdio::piped());
    command
}

fn connect(command: &mut Command, url: &str) -> Result<()> {
    let config: postgres::Config = url.parse().map_err(|error: postgres::Error| {
        Error::Unusable(format!(
            "The URL of the PostgreSQL database is wrong: {error}."
        ))
    })?;
    let host = config.get_hosts().first().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.display().to_string(),
    });
    let password = config
        .get_password()
        .map(|password| String::from_utf8_lossy(password).into_owned());
    let user = config.get_user().map(str::to_owned);
    let database = config.get_dbname().map(str::to_owned).or(user.clone());
    for (variable, value) in [
        ("PGHOST", host),
        ("PGPORT", config.get_ports().first().map(u16::to_string)),
        ("PGUSER", user),
        ("PGPASSWORD", password),
        ("PGDATABASE", database),
    ] {
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
    }
    Ok(())
}

fn start(name: &str, command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| {
        Error::Unusable(if error.kind() == ErrorKind::NotFound {
            format!(
                "{name} is not in the path; install PostgreSQL's client programs (apt install postgresql-client)."
            )
        } else {
            format!("Cannot start {name}: {error}.")
        })
    })
}

fn end(name: &str, child: &mut Child) -> Result<()> {
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        drop(stderr.read_to_string(&mut said));
    }
    let status = child
        .wait()
        .map_err(|error| Error::engine(format!("wait for {name}"), error))?;
    if status.success() {
        return Ok(());
    }
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    Err(Error::Unusable(format!(
        "{name} failed: {}.",
        last.unwrap_or("it did not say why").trim_end_matches('.')
    )))
}

impl Error {
    /// A pipe that the other side closed is no failure of its own.
    fn from_pipe(error: std::io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::engine("write to psql", error)
        }
    }
}
