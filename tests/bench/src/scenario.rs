//! What is done to the server, in which order.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::figures::{Samples, Table, ms};
use crate::floor;
use crate::http::{Connection, Result};
use crate::investigation::intake;
use crate::server::Server;

/// The administrator that an installation begins with.
pub const ADMIN: &str = "Basic YWRtaW5AdGhlaGl2ZS5sb2NhbDpzZWNyZXQ=";
const ANALYST: &str = "analyst@thehive.local";
const PASSWORD: &str = "Analyst-2026";
/// How long a rate is measured.
const RATE_TIME: Duration = Duration::from_secs(4);
/// Clients at once, where the most is asked of writing.
pub const CLIENTS: usize = 32;

/// Runs everything and gives the table.
pub fn run(binary: &Path, sizes: &[usize]) -> Result<String> {
    let folder = Scratch::create()?;
    let mut table = Table::default();
    floor(&folder.0, &mut table)?;

    let data_dir = folder.0.join("data");
    std::fs::create_dir(&data_dir).map_err(|error| error.to_string())?;
    let mut server = Server::start(binary, &data_dir, &[])?;
    let key = provision(&server)?;
    std::thread::sleep(Duration::from_millis(500));
    table.row(
        "resident memory after the first start, which fills the database",
        "-",
        format!("{:.1} MB", server.resident_mb()?),
    );
    server.stop()?;
    server = Server::start(binary, &data_dir, &[])?;
    std::thread::sleep(Duration::from_millis(500));
    table.row(
        "resident memory idle",
        "≤ 25 MB",
        format!("{:.1} MB", server.resident_mb()?),
    );

    writing(binary, &folder.0, &mut table)?;
    let mut present = 0;
    for size in sizes {
        eprintln!("With {size} cases:");
        fill(&server, &key, present, *size)?;
        present = count(&server, &key)?;
        if *size == 20_000 || sizes.len() < 3 {
            reading(&server, &key, present, &mut table)?;
        }
        listing(&server, &key, present, &mut table)?;
        server.stop()?;
        let started = Instant::now();
        server = Server::start(binary, &data_dir, &[])?;
        server
            .connect(&key)?
            .expect(200, "GET", "/api/v1/case/1", "")?;
        let ready_ms = started.elapsed().as_secs_f64() * 1_000.0;
        let bar = if present >= 100_000 {
            "≤ 200 ms"
        } else {
            "≤ 100 ms"
        };
        table.row(
            format!("start to the first authenticated answer, {present} cases"),
            bar,
            ms(ready_ms),
        );
    }
    authentication(&server, &key, &mut table)?;
    listing_load(&server, &key)?;
    table.row(
        "resident memory after the run",
        "≤ 120 MB",
        format!("{:.1} MB", server.resident_mb()?),
    );
    server.stop()?;
    one_commit_each(binary, &folder.0, &mut table)?;
    Ok(table.markdown())
}

/// Runs only the durable writing, of cases and of alerts, and tells what a case costs the processor: that depends less on who else uses the machine.
pub fn run_writing(binary: &Path) -> Result<String> {
    let folder = Scratch::create()?;
    let mut table = Table::default();
    floor(&folder.0, &mut table)?;
    writing(binary, &folder.0, &mut table)?;
    one_commit_each(binary, &folder.0, &mut table)?;
    intake::on_empty(binary, &folder.0, &mut table)?;
    Ok(table.markdown())
}

/// What the machine itself can do.
pub fn floor(folder: &Path, table: &mut Table) -> Result<()> {
    eprintln!("The machine's own floor:");
    let sync_ms = floor::sync_ms(folder)?;
    table.row("floor: `fdatasync` after 4 KiB, median", "-", ms(sync_ms));
    let raw = floor::raw_inserts_per_s(folder)?;
    table.row(
        "floor: raw SQLite insert, 64 rows to a commit, durable",
        "-",
        format!("{raw:.0} rows/s"),
    );
    Ok(())
}

/// A folder that is gone afterwards.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn create() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("skep-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Makes an organisation and an analyst; gives the analyst's API key as an `Authorization`.
pub fn provision(server: &Server) -> Result<String> {
    let mut admin = server.connect(ADMIN)?;
    let organisation = json!({ "name": "bench", "description": "Of the benchmark" });
    admin.expect(
        201,
        "POST",
        "/api/v1/organisation",
        &organisation.to_string(),
    )?;
    let user = json!({ "login": ANALYST, "name": "Analyst", "password": PASSWORD,
        "organisation": "bench", "profile": "analyst" });
    admin.expect(201, "POST", "/api/v1/user", &user.to_string())?;
    key_of(&mut admin, ANALYST)
}

/// A new API key of a user, as an `Authorization`.
pub fn key_of(admin: &mut Connection, login: &str) -> Result<String> {
    let path = format!("/api/v1/user/{login}/key/renew");
    let key = admin.expect(200, "POST", &path, "")?;
    Ok(format!("Bearer {}", String::from_utf8_lossy(&key).trim()))
}

/// The body of a case; of each ten, some are high, some are tagged, some are in progress.
fn case(number: usize) -> String {
    let words = [
        "Phishing",
        "Malware",
        "Lost laptop",
        "Odd login",
        "Port scan",
    ];
    json!({
        "title": format!("{} reported by department {}", words[number % 5], number % 97),
        "description": format!("Somebody reported it; ticket {number}. Find out who is affected and contain it."),
        "severity": 1 + number % 4,
        "status": if number.is_multiple_of(10) { "InProgress" } else { "New" },
        "tags": [words[number % 5].to_lowercase(), format!("site-{}", number % 50)],
    })
    .to_string()
}

/// Sends requests from `clients` connections for [`RATE_TIME`]; requests a second.
pub fn rate(
    server: &Server,
    key: &str,
    clients: usize,
    request: impl Fn(&mut Connection, usize) -> Result<()> + Sync,
) -> Result<f64> {
    let done = AtomicUsize::new(0);
    let started = Instant::now();
    let results: Vec<Result<()>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = server.connect(key)?;
                    while started.elapsed() < RATE_TIME {
                        request(&mut connection, done.fetch_add(1, Ordering::Relaxed))?;
                    }
                    Ok(())
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| {
                client
                    .join()
                    .unwrap_or_else(|_| Err("a client died".to_owned()))
            })
            .collect()
    });
    results.into_iter().collect::<Result<Vec<()>>>()?;
    Ok(done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64())
}

fn create(connection: &mut Connection, number: usize) -> Result<()> {
    connection
        .expect(201, "POST", "/api/v1/case", &case(number))
        .map(|_| ())
}

fn writing(binary: &Path, folder: &Path, table: &mut Table) -> Result<()> {
    let data_dir = folder.join("writing");
    std::fs::create_dir(&data_dir).map_err(|error| error.to_string())?;
    let server = Server::start(binary, &data_dir, &[])?;
    let key = provision(&server)?;
    for (clients, bar) in [(1, "≥ 1,200/s"), (8, "≥ 3,000/s"), (32, "≥ 5,000/s")] {
        let (all_before, writer_before) = server.processor_ms()?;
        let rate = rate(&server, &key, clients, create)?;
        let (all, writer) = server.processor_ms()?;
        let each_us = |ms: f64| ms * 1_000.0 / (rate * RATE_TIME.as_secs_f64());
        table.row(
            format!("durable `POST /case`, {clients} client(s)"),
            bar,
            format!(
                "{rate:.0}/s ({:.0} µs of the processor each, {:.0} of them the writer's)",
                each_us(all - all_before),
                each_us(writer - writer_before)
            ),
        );
    }
    server.stop()
}

fn one_commit_each(binary: &Path, folder: &Path, table: &mut Table) -> Result<()> {
    let (each, _) = rate_on_empty(binary, &folder.join("each"), 1, create)?;
    let (grouped, _) = rate_on_empty(binary, &folder.join("grouped"), 64, create)?;
    let measured = format!(
        "{:.1} × ({grouped:.0}/s against {each:.0}/s)",
        grouped / each
    );
    table.row(
        "32 clients against one commit for each request",
        "≥ 3 ×",
        measured,
    );
    Ok(())
}

/// The rate of [`CLIENTS`] on a new data folder and the processor time of each request in microseconds, where so many units of work share a commit at most.
pub fn rate_on_empty(
    binary: &Path,
    data_dir: &Path,
    units_per_commit: usize,
    request: impl Fn(&mut Connection, usize) -> Result<()> + Sync,
) -> Result<(f64, f64)> {
    std::fs::create_dir(data_dir).map_err(|error| error.to_string())?;
    let units = units_per_commit.to_string();
    let server = Server::start(
        binary,
        data_dir,
        &[("SKEP_STORAGE__UNITS_PER_COMMIT", &units)],
    )?;
    let key = provision(&server)?;
    let (before_ms, _) = server.processor_ms()?;
    let rate = rate(&server, &key, CLIENTS, request)?;
    let (ms, _) = server.processor_ms()?;
    server.stop()?;
    let each_us = (ms - before_ms) * 1_000.0 / (rate * RATE_TIME.as_secs_f64());
    Ok((rate, each_us))
}

fn fill(server: &Server, key: &str, present: usize, size: usize) -> Result<()> {
    let next = AtomicUsize::new(present);
    let results: Vec<Result<()>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..32)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = server.connect(key)?;
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= size {
                            return Ok(());
                        }
                        create(&mut connection, number)?;
                    }
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| {
                client
                    .join()
                    .unwrap_or_else(|_| Err("a client died".to_owned()))
            })
            .collect()
    });
    results.into_iter().collect::<Result<Vec<()>>>().map(|_| ())
}

fn count(server: &Server, key: &str) -> Result<usize> {
    let query = json!({ "query": [{ "_name": "listCase" }, { "_name": "count" }] }).to_string();
    let body = server
        .connect(key)?
        .expect(200, "POST", "/api/v1/query", &query)?;
    String::from_utf8_lossy(&body)
        .trim()
        .parse()
        .map_err(|_| "the count is no number".to_owned())
}

fn reading(server: &Server, key: &str, present: usize, table: &mut Table) -> Result<()> {
    let path = |number: usize| format!("/api/v1/case/{}", 1 + number * 7_919 % present);
    let mut connection = server.connect(key)?;
    let samples = Samples::take(3_000, |number| {
        connection.expect(200, "GET", &path(number), "").map(|_| ())
    })?;
    let p50 = samples.percentile_ms(50);
    table.row(
        format!("`GET` a case, {present} cases, 1 client, p50"),
        "≤ 0.35 ms",
        ms(p50),
    );
    let rate = rate(server, key, 8, |connection, number| {
        connection.expect(200, "GET", &path(number), "").map(|_| ())
    })?;
    table.row(
        format!("`GET` a case, {present} cases, 8 clients"),
        "≥ 5,000/s",
        format!("{rate:.0}/s"),
    );
    Ok(())
}

fn page(filter: Option<Value>, extra: &[&str]) -> String {
    let mut operations = vec![json!({ "_name": "listCase" })];
    if let Some(mut filter) = filter {
        filter["_name"] = json!("filter");
        operations.push(filter);
    }
    operations.push(json!({ "_name": "sort", "_fields": [{ "_createdAt": "desc" }] }));
    operations.push(json!({ "_name": "page", "from": 0, "to": 50, "extraData": extra }));
    json!({ "query": operations }).to_string()
}

fn is(field: &str, value: &str) -> Value {
    json!({ "_eq": { "_field": field, "_value": value } })
}

/// What the case list asks for beside the cases.
const EXTRA: [&str; 4] = ["taskStats", "actionRequired", "isOwner", "shareCount"];

fn listing(server: &Server, key: &str, present: usize, table: &mut Table) -> Result<()> {
    let mut connection = server.connect(key)?;
    let severity = json!({ "_gte": { "_field": "severity", "_value": 3 } });
    for (what, bar, query) in [
        ("plain", "≤ 1.5 ms", page(None, &[])),
        (
            "status = In progress",
            "≤ 1.5 ms",
            page(Some(is("status", "InProgress")), &[]),
        ),
        ("severity ≥ high", "≤ 1.5 ms", page(Some(severity), &[])),
        ("tag", "≤ 1.5 ms", page(Some(is("tags", "site-7")), &[])),
        ("with the list's extra data", "≤ 4 ms", page(None, &EXTRA)),
        (
            "with the list's extra data and total",
            "-",
            page(None, &[&EXTRA[..], &["total"]].concat()),
        ),
    ] {
        let samples = Samples::take(300, |_| {
            connection
                .expect(200, "POST", "/api/v1/query", &query)
                .map(|_| ())
        })?;
        let measured = format!(
            "{} (p99 {})",
            ms(samples.percentile_ms(50)),
            ms(samples.percentile_ms(99))
        );
        table.row(
            format!("case list of 50, {what}, {present} cases, p50"),
            bar,
            measured,
        );
    }
    Ok(())
}

/// The list again from many connections, for the memory that it takes.
fn listing_load(server: &Server, key: &str) -> Result<()> {
    let query = page(None, &EXTRA);
    rate(server, key, 16, |connection, _| {
        connection
            .expect(200, "POST", "/api/v1/query", &query)
            .map(|_| ())
    })?;
    Ok(())
}

/// What it costs to know the caller, whose credentials are remembered: a request that needs them against one that doesn't.
/// In turn, so that all see the same machine.
fn authentication(server: &Server, key: &str, table: &mut Table) -> Result<()> {
    let basic = format!("Basic {}", base64(&format!("{ANALYST}:{PASSWORD}")));
    let mut connections = Vec::new();
    for (authorization, path, status) in [
        ("None", "/api/v1/status/public", 200),
        (key, "/api/v1/permission", 200),
        (basic.as_str(), "/api/v1/permission", 200),
    ] {
        let mut connection = server.connect(authorization)?;
        connection.expect(status, "GET", path, "")?;
        connections.push((connection, path, status, Vec::new()));
    }
    for _ in 0..3_000 {
        for (connection, path, status, samples) in &mut connections {
            let started = Instant::now();
            connection.expect(*status, "GET", path, "")?;
            samples.push(started.elapsed());
        }
    }
    let p50 = connections.into_iter().map(|(.., mut samples)| {
        samples.sort_unstable();
        samples[samples.len() / 2].as_secs_f64() * 1_000.0
    });
    let p50: Vec<f64> = p50.collect();
    for (what, with) in [("API key", p50[1]), ("HTTP basic", p50[2])] {
        let measured = format!(
            "{:.0} µs over an open endpoint ({} against {})",
            (with - p50[0]) * 1_000.0,
            ms(with),
            ms(p50[0])
        );
        table.row(
            format!("authentication by {what}, once verified, the longer answer included"),
            "< 50 µs",
            measured,
        );
    }
    Ok(())
}

fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text.as_bytes()
        .chunks(3)
        .map(|part| {
            let bits = part.iter().enumerate().fold(0_u32, |bits, (at, byte)| {
                bits | u32::from(*byte) << (16 - 8 * at)
            });
            (0..4)
                .map(|at| {
                    if at > part.len() {
                        '='
                    } else {
                        char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize])
                    }
                })
                .collect::<String>()
        })
        .collect()
}
