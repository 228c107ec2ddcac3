//! The figures themselves.

use super::Source;
use crate::config::Storage;
use crate::machine::process::Process;
use crate::machine::{Disk, Root};
use crate::metrics::Exposition;
use crate::storage::inspect;

/// From microseconds to seconds.
const MICRO: f64 = 1e-6;

/// All figures, as text. What can't be found out is left out.
pub(super) async fn of(source: &Source) -> String {
    let mut text = Exposition::default();
    build(source, &mut text);
    requests(source, &mut text);
    writer(source, &mut text);
    if let Ok(sessions) = source.app.count_sessions().await {
        text.gauge(
            "skep_sessions",
            "Sessions that are not over.",
            &[(&[], sessions)],
        );
    }
    let storage = source.app.config.storage.clone();
    let files = tokio::task::spawn_blocking(move || {
        let mut text = Exposition::default();
        process(&mut text);
        disk(&storage, &mut text);
        text.into_text()
    });
    let files = files.await.unwrap_or_default();
    health(source, &mut text).await;
    text.into_text() + &files
}

fn build(source: &Source, text: &mut Exposition) {
    let version = env!("CARGO_PKG_VERSION");
    let engine = if source.app.config.storage.database.is_some() {
        "postgresql"
    } else {
        "sqlite"
    };
    text.gauge(
        "skep_build_info",
        "The program that answers.",
        &[(&[("version", version), ("engine", engine)], 1)],
    );
    text.gauge(
        "skep_uptime_seconds",
        "How long it has been running.",
        &[(&[], source.began.elapsed().as_secs())],
    );
}

fn requests(source: &Source, text: &mut Exposition) {
    let answers = source.traffic.answers();
    let labels: Vec<[(&str, &str); 2]> = answers
        .iter()
        .map(|(method, status, _)| [("method", *method), ("status", status.as_str())])
        .collect();
    let values: Vec<(&[(&str, &str)], u64)> = labels
        .iter()
        .zip(&answers)
        .map(|(labels, (_, _, count))| (labels.as_slice(), *count))
        .collect();
    text.counter(
        "skep_http_requests_total",
        "Requests that were answered.",
        &values,
    );
    text.histogram(
        "skep_http_request_seconds",
        "How long answers took, without those that waited for something to happen.",
        &source.traffic.times().shape(),
        MICRO,
    );
}

fn writer(source: &Source, text: &mut Exposition) {
    let Some(writing) = source.app.writing() else {
        return;
    };
    text.gauge(
        "skep_writer_queue",
        "Units of work that wait for the writer or are in its hands.",
        &[(&[], writing.waiting)],
    );
    text.histogram(
        "skep_commit_units",
        "Units of work that shared a commit.",
        &writing.units,
        1.0,
    );
    text.histogram(
        "skep_commit_seconds",
        "How long commits took, to the disk's word.",
        &writing.times_us,
        MICRO,
    );
    text.counter(
        "skep_commits_failed_total",
        "Commits that failed and were rolled back.",
        &[(&[], writing.failed)],
    );
}

fn process(text: &mut Exposition) {
    let Some(process) = Process::of(&Root::real(), "self") else {
        return;
    };
    let seconds = format!(
        "{}.{:02}",
        process.processor_centiseconds / 100,
        process.processor_centiseconds % 100
    );
    text.counter(
        "process_cpu_seconds_total",
        "Processor time used.",
        &[(&[], seconds)],
    );
    for (name, help, value) in [
        (
            "process_resident_memory_bytes",
            "Memory in use.",
            process.resident,
        ),
        (
            "process_open_fds",
            "Open files and connections.",
            process.open_files,
        ),
        (
            "process_max_fds",
            "How many may be open.",
            process.open_files_max,
        ),
        ("process_threads", "Threads.", process.threads),
    ] {
        text.gauge(name, help, &[(&[], value)]);
    }
}

fn disk(storage: &Storage, text: &mut Exposition) {
    if let Ok(disk) = Disk::of(&Root::real(), &storage.data_dir) {
        text.gauge(
            "skep_disk_bytes",
            "Size of the data's disk.",
            &[(&[], disk.total)],
        );
        text.gauge(
            "skep_disk_free_bytes",
            "What is free of it.",
            &[(&[], disk.free)],
        );
    }
    if storage.database.is_some() {
        return;
    }
    let database = std::fs::metadata(inspect::database_file(&storage.data_dir));
    if let Ok(database) = database {
        text.gauge(
            "skep_database_bytes",
            "The database file.",
            &[(&[], database.len())],
        );
    }
    let log = inspect::wal_bytes(&storage.data_dir).unwrap_or(0);
    text.gauge("skep_wal_bytes", "The write-ahead log.", &[(&[], log)]);
}

/// The findings of the health check, which is made at most once a minute for this.
async fn health(source: &Source, text: &mut Exposition) {
    let Ok(report) = source.status.recent(source.app.clock.now_ms()).await else {
        return;
    };
    let labels: Vec<[(&str, &str); 1]> = report
        .findings
        .iter()
        .map(|finding| [("check", finding.id)])
        .collect();
    let values: Vec<(&[(&str, &str)], u8)> = labels
        .iter()
        .zip(&report.findings)
        .map(|(labels, finding)| (labels.as_slice(), finding.verdict.exit_code()))
        .collect();
    text.gauge(
        "skep_health",
        "Findings of the health check: 0 well, 1 warning, 2 critical, 3 unknown.",
        &values,
    );
}
