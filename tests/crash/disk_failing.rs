//! A disk that fails: one system call of the program is made to fail by strace.
//!
//! After a sync that failed, a second one may succeed although the data is gone. So the program must not try again: it
//! ends, and what was acknowledged before is there at the next start.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::database;
use crate::environment;
use crate::folder::{Folder, copy_database};
use crate::load::{Tally, Writer};
use crate::oracle::{self, Extent};
use crate::random::Random;
use crate::server::Server;

const WRITERS: usize = 4;
/// What the program ends with when the disk failed (`EX_IOERR`).
const DISK_FAILED: i32 = 74;

/// Whether strace is here and may trace.
pub fn can_trace() -> bool {
    Command::new("strace")
        .args(["-qq", "-e", "trace=none", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A server under strace, which makes the calls `calls` fail as `fault` says and notes all of them in `trace`.
fn start_with_fault(data_dir: &Path, calls: &str, fault: &str, trace: &Path) -> Server {
    let inject = format!("inject={calls}:{fault}");
    let calls = format!("trace={calls}");
    let trace = trace.to_str().unwrap();
    // -D: the program is our own child, and strace a grandchild.
    let words = [
        "strace",
        "-D",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-o",
        trace,
        "-e",
        &calls,
        "-e",
        &inject,
    ];
    Server::start_under(&words, data_dir)
}

struct Setting {
    folder: Folder,
    writers: Vec<Writer>,
    key: String,
}

/// Data of an installation that was used without faults before.
fn prepare(seed: u64) -> Setting {
    let mut random = Random::new(seed);
    let folder = Folder::create();
    let server = Server::start(&folder.join("data"));
    let key = server.provision();
    let mut writers: Vec<Writer> = (0..WRITERS)
        .map(|number| Writer::new(random.next(), format!("writer {number}")))
        .collect();
    load(&server, &key, &mut writers, Duration::from_millis(200));
    server.stop();
    Setting {
        folder,
        writers,
        key,
    }
}

fn load(server: &Server, key: &str, writers: &mut [Writer], time: Duration) -> Tally {
    for writer in &mut *writers {
        writer.tally = Tally::default();
    }
    let is_over = AtomicBool::new(false);
    let address = server.address;
    std::thread::scope(|scope| {
        for writer in &mut *writers {
            scope.spawn(|| writer.run(address, key, &is_over));
        }
        std::thread::sleep(time);
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    writers.iter().fold(Tally::default(), |sum, writer| Tally {
        acknowledged: sum.acknowledged + writer.tally.acknowledged,
        full: sum.full + writer.tally.full,
        failed: sum.failed + writer.tally.failed,
        cut: sum.cut + writer.tally.cut,
        broken: sum.broken + writer.tally.broken,
    })
}

/// Starts without a fault and compares everything.
fn expect_all_acknowledged(setting: &mut Setting) {
    let data_dir = setting.folder.join("data");
    let server = Server::start(&data_dir);
    oracle::check(
        &server,
        &setting.key,
        &mut setting.writers,
        Extent::Everything,
    );
    load(
        &server,
        &setting.key,
        &mut setting.writers,
        Duration::from_millis(50),
    );
    oracle::check(&server, &setting.key, &mut setting.writers, Extent::Touched);
    server.stop();
    database::check(&copy_database(&data_dir, &setting.folder.join("copy")));
}

#[test]
fn a_sync_that_fails_ends_it_and_is_not_tried_again() {
    if !can_trace() {
        environment::skip("disk_failing", "strace is not here or may not trace");
        return;
    }
    let seed = environment::seed("a sync that fails");
    let mut random = Random::new(seed);
    let rounds = if environment::is_full() { 20 } else { 2 };
    let mut setting = prepare(random.next());
    let data_dir = setting.folder.join("data");
    for round in 0..rounds {
        let trace = setting.folder.path().join(format!("syncs-{round}"));
        let fault = format!("error=EIO:when={}", 5 + random.below(40));
        let mut server = start_with_fault(&data_dir, "fdatasync,fsync", &fault, &trace);
        let tally = load(
            &server,
            &setting.key,
            &mut setting.writers,
            Duration::from_secs(10),
        );
        let status = server.wait(Duration::from_secs(5));
        assert_eq!(
            status.code(),
            Some(DISK_FAILED),
            "{status}: {}",
            server.log()
        );
        assert!(tally.failed > 0, "nobody was told: {tally:?}");
        assert!(server.log().contains("disk"), "{}", server.log());
        let syncs = std::fs::read_to_string(&trace).unwrap();
        let (_, after) = syncs.split_once("(INJECTED)").expect("a fault");
        assert!(!after.contains("sync("), "it was tried again: {after}");
        expect_all_acknowledged(&mut setting);
    }
}

#[test]
fn a_write_that_fails_fails_its_requests_only() {
    if !can_trace() {
        environment::skip("disk_failing", "strace is not here or may not trace");
        return;
    }
    let mut random = Random::new(environment::seed("a write that fails"));
    let mut setting = prepare(random.next());
    let trace = setting.folder.path().join("writes");
    let when = 60 + random.below(100);
    let fault = format!("error=EIO:when={when}..{}", when + 1);
    let server = start_with_fault(&setting.folder.join("data"), "pwrite64", &fault, &trace);
    let tally = load(
        &server,
        &setting.key,
        &mut setting.writers,
        Duration::from_millis(700),
    );
    let writes = std::fs::read_to_string(&trace).unwrap();
    assert!(writes.contains("(INJECTED)"), "no fault");
    assert!(tally.failed > 0, "nobody was told: {tally:?}");
    assert_eq!(tally.cut, 0, "{}", server.log());
    oracle::check(
        &server,
        &setting.key,
        &mut setting.writers,
        Extent::Everything,
    );
    server.stop();
    expect_all_acknowledged(&mut setting);
}
