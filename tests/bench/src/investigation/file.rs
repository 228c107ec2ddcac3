//! A list as a file: how quickly it comes, and what it takes of the memory, however long it is.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::questions::{list, newest};
use crate::figures::Table;
use crate::http::{Result, encoded};
use crate::server::Server;

/// Rows of the files, which differ so that one sees what grows with them. A file has at most as many as the last.
const ROWS: [usize; 3] = [10_000, 100_000, 1_000_000];
const LOOK_EACH: Duration = Duration::from_millis(5);

pub fn measure(server: &Server, key: &str, table: &mut Table) -> Result<()> {
    let mut connection = server.connect(key)?;
    // Once for what it takes the first time only.
    for (asked, is_warm_up) in [(ROWS[0], true)]
        .into_iter()
        .chain(ROWS.map(|rows| (rows, false)))
    {
        let [sort, page] = newest(asked, &[]);
        let query = json!({ "query": [list("listAlert"), sort, page] });
        let options = json!({ "format": "csv", "model": "Alert" });
        let path = format!(
            "/api/v1/export?query={}&options={}",
            encoded(&query.to_string()),
            encoded(&options.to_string())
        );
        let (mut lines, mut bytes) = (0, 0);
        let started = Instant::now();
        let grown_mb = growth_mb(server, || {
            connection.stream(&path, |part| {
                lines += part.iter().filter(|byte| **byte == b'\n').count();
                bytes += part.len();
            })
        })?;
        if is_warm_up {
            continue;
        }
        let seconds = started.elapsed().as_secs_f64();
        // The first line says what the others are.
        let rows = lines.saturating_sub(1);
        table.row(
            format!("export of {rows} alerts as CSV, {} MB", bytes / 1_000_000),
            "memory does not grow with rows",
            format!(
                "{seconds:.1} s, {:.0} rows/s, resident memory {grown_mb:+.1} MB at most",
                rows as f64 / seconds
            ),
        );
        if rows < asked {
            break;
        }
    }
    Ok(())
}

/// By how much the resident memory grows at most while `work` lasts.
fn growth_mb(server: &Server, work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let before = server.resident_mb()?;
    let is_over = AtomicBool::new(false);
    let most = Mutex::new(before);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| -> Result<()> {
            while !is_over.load(Ordering::Relaxed) {
                let now = server.resident_mb()?;
                let mut most = most.lock().expect("nobody panics with it");
                *most = most.max(now);
                drop(most);
                std::thread::sleep(LOOK_EACH);
            }
            Ok(())
        });
        let outcome = work();
        is_over.store(true, Ordering::Relaxed);
        let watched = watcher
            .join()
            .unwrap_or_else(|_| Err("the watcher died".to_owned()));
        outcome.and(watched)
    })?;
    Ok(most.into_inner().map_err(|error| error.to_string())? - before)
}
