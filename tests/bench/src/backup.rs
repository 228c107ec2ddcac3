//! What a backup costs: its time against a plain copy of the database, and what those who write meanwhile notice of it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::figures::{Samples, Table, ms};
use crate::http::Result;
use crate::scenario::{Scratch, provision};
use crate::server::Server;

/// How much is copied.
const DATABASE_BYTES: u64 = 300_000_000;
/// People at work, each of whom writes, and thinks for as long.
const WRITERS: usize = 8;
const THINKING: Duration = Duration::from_millis(20);
/// How often each time is taken; the median counts.
const TIMES: usize = 3;
/// After the filling, before anything is timed: the server puts its log into the database, and the disk what it owes.
const SETTLING: Duration = Duration::from_secs(3);

/// Runs everything and gives the table.
pub fn run(binary: &Path) -> Result<String> {
    let folder = Scratch::create()?;
    let mut table = Table::default();
    let data_dir = folder.0.join("data");
    std::fs::create_dir(&data_dir).map_err(|error| error.to_string())?;
    let server = Server::start(binary, &data_dir, &[])?;
    let key = provision(&server)?;
    eprintln!("Filling the database:");
    let numbers = AtomicUsize::new(0);
    fill(&server, &key, &data_dir, &numbers)?;
    std::thread::sleep(SETTLING);
    File::open(data_dir.join("skep.db"))
        .and_then(|database| database.sync_all())
        .map_err(|error| format!("sync the database: {error}"))?;

    let bytes = database_bytes(&data_dir)?;
    let mut copies = Vec::new();
    let mut backups = Vec::new();
    let mut said = String::new();
    // In turn, so that both see the same machine.
    for _ in 0..TIMES {
        copies.push(timed(|| plain_copy(&data_dir, &folder.0.join("copy")))?);
        backups.push(timed(|| {
            said = backup(binary, &data_dir, &folder.0.join("backup"))?;
            Ok(())
        })?);
    }
    let (copy_s, backup_s) = (median(copies), median(backups));
    let rate = |seconds: f64| bytes as f64 / 1e6 / seconds;
    table.row(
        format!(
            "plain copy of a database of {} MB, synced",
            bytes / 1_000_000
        ),
        "-",
        format!("{:.0} MB/s", rate(copy_s)),
    );
    table.row(
        "backup of it: copied, packed while it is checked and read back, synced",
        "≥ 0.5 × the copy",
        format!(
            "{:.2} × ({:.0} MB/s, {backup_s:.1} s)",
            copy_s / backup_s,
            rate(backup_s)
        ),
    );
    table.row("what the last backup said of its time", "-", said);
    meanwhile(
        binary, &server, &key, &data_dir, &folder.0, &numbers, &mut table,
    )?;
    server.stop()?;
    Ok(table.markdown())
}

/// How long writes take while nothing else happens, and while one backup follows the other.
fn meanwhile(
    binary: &Path,
    server: &Server,
    key: &str,
    data_dir: &Path,
    folder: &Path,
    numbers: &AtomicUsize,
    table: &mut Table,
) -> Result<()> {
    let quiet = writes_during(server, key, numbers, || {
        std::thread::sleep(Duration::from_secs(10));
        Ok(())
    })?;
    let busy = writes_during(server, key, numbers, || {
        for _ in 0..TIMES {
            backup(binary, data_dir, &folder.join("backup"))?;
        }
        Ok(())
    })?;
    for percent in [50, 99] {
        let (quiet, busy) = (quiet.percentile_ms(percent), busy.percentile_ms(percent));
        let bar = if percent == 99 {
            "≤ 3 × without"
        } else {
            "-"
        };
        table.row(
            format!("`POST /case` of {WRITERS} people during backups, p{percent}"),
            bar,
            format!("{:.1} × ({} against {})", busy / quiet, ms(busy), ms(quiet)),
        );
    }
    Ok(())
}

/// The times of the writes that people make while `work` lasts.
fn writes_during(
    server: &Server,
    key: &str,
    numbers: &AtomicUsize,
    work: impl FnOnce() -> Result<()>,
) -> Result<Samples> {
    let is_over = AtomicBool::new(false);
    let times = Mutex::new(Vec::new());
    let outcome = std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let Ok(mut connection) = server.connect(key) else {
                    return;
                };
                while !is_over.load(Ordering::Relaxed) {
                    let number = numbers.fetch_add(1, Ordering::Relaxed);
                    let body = case(number, 500);
                    let started = Instant::now();
                    if connection
                        .expect(201, "POST", "/api/v1/case", &body)
                        .is_err()
                    {
                        return;
                    }
                    let time = started.elapsed();
                    times.lock().expect("no writer panics").push(time);
                    std::thread::sleep(THINKING);
                }
            });
        }
        let outcome = work();
        is_over.store(true, Ordering::Relaxed);
        outcome
    });
    outcome?;
    let times = times.into_inner().map_err(|error| error.to_string())?;
    if times.len() < 100 {
        return Err(format!("only {} writes went well", times.len()));
    }
    Ok(Samples::of(times))
}

fn fill(server: &Server, key: &str, data_dir: &Path, numbers: &AtomicUsize) -> Result<()> {
    let results: Vec<Result<()>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..32)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = server.connect(key)?;
                    while database_bytes(data_dir)? < DATABASE_BYTES {
                        let number = numbers.fetch_add(1, Ordering::Relaxed);
                        let body = case(number, 8_000);
                        connection.expect(201, "POST", "/api/v1/case", &body)?;
                    }
                    Ok(())
                })
            })
            .collect();
        let join = |client: std::thread::ScopedJoinHandle<'_, Result<()>>| client.join();
        clients
            .into_iter()
            .map(|client| join(client).unwrap_or_else(|_| Err("a client died".to_owned())))
            .collect()
    });
    results.into_iter().collect::<Result<Vec<()>>>().map(drop)
}

/// A case whose description has about so many bytes, no two alike.
fn case(number: usize, bytes: usize) -> String {
    let mut state = number as u64 | 1 << 40;
    let mut description = String::with_capacity(bytes + 16);
    while description.len() < bytes {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // Words of a text, of which some come again and some do not.
        description.push_str(&format!("{:x} host-{} ", state >> 44, (state >> 32) % 300));
    }
    json!({ "title": format!("Case {number}"), "description": description }).to_string()
}

fn database_bytes(data_dir: &Path) -> Result<u64> {
    std::fs::metadata(data_dir.join("skep.db"))
        .map(|facts| facts.len())
        .map_err(|error| error.to_string())
}

fn plain_copy(data_dir: &Path, to: &PathBuf) -> Result<()> {
    std::fs::copy(data_dir.join("skep.db"), to)
        .and_then(|_| File::open(to)?.sync_all())
        .and_then(|()| std::fs::remove_file(to))
        .map_err(|error| format!("copy: {error}"))
}

/// Makes a backup and takes it away; gives what it said of its time.
fn backup(binary: &Path, data_dir: &Path, to: &Path) -> Result<String> {
    let output = Command::new(binary)
        .arg("backup")
        .arg(to)
        .arg("--data-dir")
        .arg(data_dir)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("start the backup: {error}"))?;
    if !output.status.success() {
        return Err("the backup failed".to_owned());
    }
    std::fs::remove_file(to).map_err(|error| format!("remove the backup: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let times = text.lines().find_map(|line| line.strip_prefix("Took "));
    Ok(times.unwrap_or("nothing").trim_end_matches('.').to_owned())
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
