//! What the machine itself can do, measured in the same minute.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use crate::figures::Samples;

/// Rows in one transaction of the raw insert, as many as the server commits together.
const BATCH: usize = 64;

/// The time of one `fdatasync` after a write of 4 KiB, in milliseconds (median of 300).
pub fn sync_ms(folder: &Path) -> Result<f64, String> {
    let path = folder.join("sync.floor");
    let error = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)
        .map_err(error)?;
    file.write_all(&[0; 1 << 20])
        .and_then(|()| file.sync_all())
        .map_err(error)?;
    let samples = Samples::take(300, |number| {
        let at = (number as u64 % 256) * 4_096;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&[number as u8; 4_096])?;
        file.sync_data()
    })
    .map_err(error)?;
    std::fs::remove_file(&path).map_err(error)?;
    Ok(samples.percentile_ms(50))
}

/// Rows a second that SQLite itself inserts, durably, 64 to a transaction, from one thread without a server.
pub fn raw_inserts_per_s(folder: &Path) -> Result<f64, String> {
    insert(&folder.join("raw.floor.db")).map_err(|error| format!("raw SQLite: {error}"))
}

fn insert(path: &Path) -> rusqlite::Result<f64> {
    let mut connection = rusqlite::Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute_batch("create table t (id integer primary key, title text, body text, at integer); create index t_at on t (at, id)")?;
    let started = Instant::now();
    let mut rows = 0_usize;
    while started.elapsed().as_secs_f64() < 2.0 {
        let transaction = connection.transaction()?;
        {
            let mut statement = transaction
                .prepare_cached("insert into t (title, body, at) values (?1, ?2, ?3)")?;
            for _ in 0..BATCH {
                rows += 1;
                let at = rows as i64;
                statement.execute((
                    format!("Phishing email number {rows}"),
                    "A user reported an email",
                    at,
                ))?;
            }
        }
        transaction.commit()?;
    }
    Ok(rows as f64 / started.elapsed().as_secs_f64())
}
