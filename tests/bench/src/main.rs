//! Measures Skep from outside and prints a table: start, memory, reading, listing, durable writing, authentication;
//! or only the writing, or backups, or what an investigation asks of much data.
//!
//! Everything is measured against the real binary over HTTP on loopback. What the machine itself can do (an
//! `fdatasync`, a raw batched insert into SQLite) is measured in the same minute and printed beside it: on a noisy
//! machine only ratios are worth quoting.

mod backup;
mod figures;
mod floor;
mod http;
mod investigation;
mod scenario;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

/// What is measured.
enum What {
    Everyday,
    Writing,
    Backup,
    Investigation,
}

fn main() -> ExitCode {
    let mut binary = None;
    let mut sizes = vec![1_000, 20_000, 100_000];
    let mut what = What::Everyday;
    let mut scale = 1.0;
    let mut data = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--binary" => binary = arguments.next().map(PathBuf::from),
            "--quick" => sizes = vec![1_000, 5_000],
            "--writing" => what = What::Writing,
            "--backup" => what = What::Backup,
            "--investigation" => what = What::Investigation,
            "--scale" => match arguments.next().and_then(|scale| scale.parse().ok()) {
                Some(number) => scale = number,
                None => {
                    eprintln!("--scale needs a number, like 0.1.");
                    return ExitCode::from(2);
                }
            },
            "--data" => data = arguments.next().map(PathBuf::from),
            other => {
                eprintln!(
                    "Unknown option {other}; there are --binary FILE, --quick, --writing, --backup, --investigation, --scale N and \
                     --data FOLDER (of an earlier `skep demo`, in place of making the data)."
                );
                return ExitCode::from(2);
            }
        }
    }
    let Some(binary) = binary else {
        eprintln!("Say which program to measure: --binary FILE.");
        return ExitCode::from(2);
    };
    let outcome = match what {
        What::Everyday => scenario::run(&binary, &sizes),
        What::Writing => scenario::run_writing(&binary),
        What::Backup => backup::run(&binary),
        What::Investigation => investigation::run(&binary, scale, data),
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
