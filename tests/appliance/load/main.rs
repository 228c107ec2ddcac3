//! The load on the machines of `tests/appliance`, and the look at what became of it: the writers and the oracle of
//! `tests/crash`, from outside of the machine and over more than one life of it.
//!
//! What was acknowledged is noted in files here. On a disk that is recorded (`vm/disklab`), each note tells how long the
//! record was by then, so that it's known what must be there after a cut at any place of the record.

#[path = "../../crash/case_tree.rs"]
#[allow(dead_code, reason = "shared with tests/crash, which uses all of it")]
mod case_tree;
#[path = "../../crash/client.rs"]
#[allow(dead_code, reason = "shared with tests/crash, which uses all of it")]
mod client;
#[path = "../../crash/database.rs"]
#[allow(dead_code, reason = "shared with tests/crash, which uses all of it")]
mod database;
mod environment;
#[path = "../../crash/folder.rs"]
#[allow(dead_code, reason = "shared with tests/crash, which uses all of it")]
mod folder;
#[path = "../../crash/load.rs"]
#[allow(dead_code, reason = "shared with tests/crash, which uses all of it")]
mod load;
mod model;
mod notes;
#[path = "../../crash/random.rs"]
#[allow(dead_code, reason = "shared with tests/crash, which uses all of it")]
mod random;
mod requests;
#[path = "../../crash/server.rs"]
#[allow(dead_code, reason = "shared with tests/crash, which uses all of it")]
mod server;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};

use crate::client::Client;
use crate::load::Writer;
use crate::notes::Notes;
use crate::server::Server;

/// Runs what follows it with syncs that do nothing.
const LYING_SYNC: [&str; 9] = [
    "strace",
    // The program is our own child, and strace a grandchild.
    "-D",
    "-f",
    "-qq",
    "-o/dev/null",
    "-e",
    "trace=fdatasync,fsync",
    "-e",
    "inject=fdatasync,fsync:retval=0",
];

#[derive(Parser)]
#[command(about = "Writes to a Skep and checks what became of it")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write until the time is over or the connection ends, and note what was acknowledged.
    Write(Write),
    /// The same on a server of its own, started on this data folder.
    WriteTo {
        data_dir: PathBuf,
        #[command(flatten)]
        write: Write,
        /// Make every sync of the server's a lie: nothing is done and nothing goes wrong. Needs strace.
        #[arg(long)]
        without_sync: bool,
    },
    /// Compare what a server says with the notes.
    Check {
        #[arg(long)]
        address: SocketAddr,
        #[command(flatten)]
        check: Against,
    },
    /// Start a server on this data folder, compare, kill it, and look at the database itself.
    CheckIn {
        data_dir: PathBuf,
        #[command(flatten)]
        check: Against,
    },
    /// Look at a copy of a data folder that no program uses: integrity, no half of anything, the chain of the audit trail.
    CheckFile { data_dir: PathBuf },
    /// Send requests, each by a connection of its own, and tell how many were not answered with 200.
    Requests {
        #[arg(long)]
        address: SocketAddr,
        #[arg(long)]
        count: usize,
        /// Milliseconds between two of them.
        #[arg(long, default_value_t = 0)]
        pause: u64,
    },
}

#[derive(clap::Args)]
struct Write {
    #[arg(long, default_value = "127.0.0.1:9000")]
    address: SocketAddr,
    /// The folder of the notes; made.
    #[arg(long)]
    notes: PathBuf,
    /// The file of the API key; when it isn't there, an organisation and an analyst are made by the first administrator.
    #[arg(long)]
    key: PathBuf,
    #[arg(long, default_value_t = 4)]
    writers: usize,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The record of the disk, whose length is noted.
    #[arg(long)]
    record: Option<PathBuf>,
    /// What decides everything that is left to chance.
    #[arg(long)]
    seed: u64,
}

#[derive(clap::Args)]
struct Against {
    /// Folders of notes.
    #[arg(long, required = true)]
    notes: Vec<PathBuf>,
    #[arg(long)]
    key: PathBuf,
    /// The place in the record of the disk at which it was cut; without it, all that was acknowledged must be there.
    #[arg(long)]
    place: Option<u64>,
}

fn main() {
    match Arguments::parse().command {
        Command::Write(write) => write_and_note(&write, write.address),
        Command::WriteTo {
            data_dir,
            write,
            without_sync,
        } => {
            std::fs::create_dir_all(&data_dir).unwrap();
            let under = if without_sync { &LYING_SYNC[..] } else { &[] };
            let server = Server::start_under(under, &data_dir);
            write_and_note(&write, server.address);
            server.kill();
        }
        Command::Check { address, check } => compare(&check, address),
        Command::CheckIn { data_dir, check } => check_in(&data_dir, &check),
        Command::CheckFile { data_dir } => {
            println!(
                "{} audit records",
                database::check(&data_dir.join("skep.db"))
            );
        }
        Command::Requests {
            address,
            count,
            pause,
        } => requests::send(address, count, Duration::from_millis(pause)),
    }
}

fn write_and_note(write: &Write, address: SocketAddr) {
    let key = environment::key(&write.key, address);
    let mut random = random::Random::new(write.seed);
    let name = write.notes.file_name().expect("a name").to_string_lossy();
    let is_over = AtomicBool::new(false);
    let acknowledged: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (1..=write.writers)
            .map(|number| {
                let name = format!("{name}-{number}");
                let notes = Notes::begin(&write.notes, &name, write.record.as_deref());
                let writer = Writer::new(random.next(), name);
                let (key, is_over) = (&key, &is_over);
                scope.spawn(move || write_one_by_one(writer, notes, address, key, is_over))
            })
            .collect();
        let until = Instant::now() + Duration::from_secs(write.seconds);
        while Instant::now() < until && writers.iter().any(|writer| !writer.is_finished()) {
            std::thread::sleep(Duration::from_millis(20));
        }
        is_over.store(true, Ordering::Relaxed);
        writers
            .into_iter()
            .map(|writer| writer.join().expect("the writer goes on"))
            .sum()
    });
    println!("{acknowledged} changes acknowledged");
}

/// Gives how many changes were acknowledged.
fn write_one_by_one(
    mut writer: Writer,
    mut notes: Notes,
    address: SocketAddr,
    key: &str,
    is_over: &AtomicBool,
) -> usize {
    let Ok(mut client) = Client::open(address, key) else {
        return 0;
    };
    while !is_over.load(Ordering::Relaxed) {
        let goes_on = writer.write_one(&mut client);
        if let Some(latest) = writer.latest.take() {
            notes.take(latest);
        }
        if !goes_on {
            break;
        }
    }
    writer.tally.acknowledged
}

fn compare(check: &Against, address: SocketAddr) {
    let key = environment::key_in(&check.key);
    let mut client = Client::open(address, &key).expect("the server answers");
    let mut found = model::Found::default();
    for folder in &check.notes {
        for file in notes::files_in(folder) {
            model::compare(&mut client, &notes::read(&file), check.place, &mut found);
        }
    }
    println!(
        "{} cases compared, {} acknowledged changes are there, {} more were made without an answer",
        found.cases, found.acknowledged, found.made_in_silence
    );
}

/// The program's own way to start is part of what is tested: it recovers what the fault left.
fn check_in(data_dir: &Path, check: &Against) {
    // Nothing was acknowledged yet: there may be nothing to start on.
    let is_begun = check
        .notes
        .iter()
        .flat_map(|folder| notes::files_in(folder))
        .any(|file| notes::is_anything_sure(&notes::read(&file), check.place));
    if !is_begun && !data_dir.exists() {
        println!("cut before the first acknowledged change");
        return;
    }
    std::fs::create_dir_all(data_dir).unwrap();
    let server = Server::start(data_dir);
    if is_begun {
        compare(check, server.address);
    }
    server.kill();
    let copy = folder::copy_database(data_dir, &data_dir.with_extension("copy"));
    println!("{} audit records", database::check(&copy));
}
