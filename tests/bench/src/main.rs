//! Measures Skep from outside and prints a table: start, memory, reading, listing, durable writing, authentication.
//!
//! Everything is measured against the real binary over HTTP on loopback. What the machine itself can do (an
//! `fdatasync`, a raw batched insert into SQLite) is measured in the same minute and printed beside it: on a noisy
//! machine only ratios are worth quoting.

mod backup;
mod figures;
mod floor;
mod http;
mod scenario;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut binary = None;
    let mut sizes = vec![1_000, 20_000, 100_000];
    let mut is_backup = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--binary" => binary = arguments.next().map(PathBuf::from),
            "--quick" => sizes = vec![1_000, 5_000],
            "--backup" => is_backup = true,
            other => {
                eprintln!("Unknown option {other}; there are --binary FILE, --quick and --backup.");
                return ExitCode::from(2);
            }
        }
    }
    let Some(binary) = binary else {
        eprintln!("Say which program to measure: --binary FILE.");
        return ExitCode::from(2);
    };
    let outcome = if is_backup {
        backup::run(&binary)
    } else {
        scenario::run(&binary, &sizes)
    };
    match outcome {
        Ok(table) => {
            println!("{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("The benchmark stopped: {error}");
            ExitCode::FAILURE
        }
    }
}
