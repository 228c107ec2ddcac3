//! Under a service manager: what it is told and when, sockets that it hands over, and exit codes that it acts on.

use std::io::{Read, Write};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::client::Client;
use crate::disk_failing::can_trace;
use crate::environment::skip;
use crate::folder::Folder;
use crate::server::{ADMIN, Server, run_to_end, run_to_end_with};

/// The other end of `sd_notify`.
struct Manager {
    socket: UnixDatagram,
    said: Vec<String>,
}

impl Manager {
    fn listen(path: &Path) -> Self {
        let socket = UnixDatagram::bind(path).unwrap();
        Self {
            socket,
            said: Vec::new(),
        }
    }

    /// Waits for a line, and tells the lines that came before it.
    #[track_caller]
    fn expect(&mut self, line: &str, time_max: Duration) -> Vec<String> {
        let until = Instant::now() + time_max;
        loop {
            if let Some(place) = self.said.iter().position(|said| said == line) {
                let rest = self.said.split_off(place + 1);
                return std::mem::replace(&mut self.said, rest);
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no {line} but {:?}", self.said);
            self.socket.set_read_timeout(Some(left)).unwrap();
            let mut bytes = [0; 4_096];
            if let Ok(length) = self.socket.recv(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..length]);
                self.said.extend(text.lines().map(str::to_owned));
            }
        }
    }

    /// Whether `line` comes within `time`.
    fn hears(&mut self, line: &str, time: Duration) -> bool {
        let until = Instant::now() + time;
        while Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            self.socket.set_read_timeout(Some(left)).unwrap();
            let mut bytes = [0; 4_096];
            if let Ok(length) = self.socket.recv(&mut bytes)
                && String::from_utf8_lossy(&bytes[..length]).contains(line)
            {
                return true;
            }
        }
        false
    }
}

#[test]
fn the_service_manager_is_told_when_it_is_ready_that_it_lives_and_that_it_stops() {
    let folder = Folder::create();
    let path = folder.path().join("manager");
    let mut manager = Manager::listen(&path);
    let settings = [
        ("NOTIFY_SOCKET", path.to_str().unwrap()),
        ("WATCHDOG_USEC", "1000000"),
    ];
    let second = Duration::from_secs(1);
    let mut server = Server::start_with(&settings, &folder.join("data"));
    manager.expect("READY=1", second * 5);
    let status = format!(
        "STATUS=Serving on http://localhost:{}",
        server.address.port()
    );
    manager.expect(&status, second);
    for _ in 0..4 {
        manager.expect("WATCHDOG=1", second);
    }

    server.freeze();
    while manager.hears("WATCHDOG=1", second) {}
    server.thaw();
    manager.expect("WATCHDOG=1", second * 2);

    server.terminate();
    manager.expect("STOPPING=1", second * 5);
    assert!(server.wait(second * 10).success());
}

/// It reads and answers as ever, but its writer waits for a disk that never comes back.
#[test]
fn no_sign_of_life_comes_from_a_program_that_cannot_write() {
    if !can_trace() {
        skip(
            "a writer that hangs",
            "there is no strace, or it may not trace",
        );
        return;
    }
    let folder = Folder::create();
    let path = folder.path().join("manager");
    let mut manager = Manager::listen(&path);
    let settings = [
        ("NOTIFY_SOCKET", path.to_str().unwrap()),
        ("WATCHDOG_USEC", "1000000"),
    ];
    let server = Server::start_with(&settings, &folder.join("data"));
    let key = server.provision();
    let mut strace = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-p",
            &server.id().to_string(),
        ])
        .args(["-e", "trace=fdatasync,fsync"])
        .args(["-e", "inject=fdatasync,fsync:delay_enter=120s"])
        .spawn()
        .unwrap();
    let second = Duration::from_secs(1);
    std::thread::sleep(second);
    let mut writer = server.client(&key);
    let body = r#"{"title":"Never answered","description":"d"}"#;
    writer
        .begin("POST", "/api/v1/case", body.len(), body)
        .unwrap();
    let hung = Instant::now();
    while manager.hears("WATCHDOG=1", second * 2) {}
    let silent = hung.elapsed();
    assert!(
        silent > second * 10 && silent < second * 25,
        "no sign of life after {silent:?}"
    );
    let answer = server.client(&key).send("GET", "/api/v1/user/current", "");
    answer.unwrap().expect(200);
    strace.kill().unwrap();
    strace.wait().unwrap();
}

#[test]
fn a_socket_that_is_handed_over_beats_the_settings_and_outlives_the_program() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    // Somebody who comes before the program waits in line.
    let mut early = TcpStream::connect(address).unwrap();
    early
        .write_all(b"GET /api/health HTTP/1.1\r\nHost: hive\r\nConnection: close\r\n\r\n")
        .unwrap();
    let server = Server::start_on(&socket, &data_dir);
    let mut answer = String::new();
    early.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let banner = server.banner();
    let url = format!("http://localhost:{}\n", address.port());
    assert!(banner.contains(&url), "{banner}");
    server.stop();

    let is_over = AtomicBool::new(false);
    let (mut answered, mut restarts) = (0, 0);
    std::thread::scope(|scope| {
        let asks = scope.spawn(|| ask_again_and_again(address, &is_over));
        while restarts < 5 {
            let server = Server::start_on(&socket, &data_dir);
            std::thread::sleep(Duration::from_millis(150));
            server.stop();
            restarts += 1;
        }
        let last = Server::start_on(&socket, &data_dir);
        is_over.store(true, Ordering::Relaxed);
        answered = asks.join().expect("no request failed");
        last.stop();
    });
    eprintln!("{answered} requests answered during {restarts} restarts");
    assert!(answered > 200, "{answered}");
}

/// One connection for each request; all of them must be answered.
fn ask_again_and_again(address: SocketAddr, is_over: &AtomicBool) -> usize {
    let mut answered = 0;
    while !is_over.load(Ordering::Relaxed) {
        let mut client = Client::open(address, "").unwrap();
        let answer = client.send("GET", "/api/health", "").unwrap();
        assert_eq!(answer.status, 200);
        answered += 1;
    }
    answered
}

#[test]
fn ipv4_on_a_socket_for_ipv6_is_this_machine_too() {
    let folder = Folder::create();
    let Ok(socket) = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)) else {
        skip("ipv4_on_a_socket_for_ipv6", "there is no IPv6 here");
        return;
    };
    let server = Server::start_on(&socket, &folder.join("data"));
    let port = server.address.port();
    // The password that everybody knows works from this machine only.
    for address in [format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
        let mut client = Client::open(address.parse().unwrap(), ADMIN).unwrap();
        let answer = client.send("GET", "/api/v1/user/current", "");
        answer.unwrap().expect(200);
    }
    server.stop();
}

#[test]
fn what_needs_a_person_has_an_exit_code_of_its_own() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let expect = |(code, said): (Option<i32>, String), wanted: i32, word: &str| {
        assert_eq!(code, Some(wanted), "{said}");
        assert!(said.contains(word), "no {word} in: {said}");
    };
    let wrong = [("SKEP_LOGIN__MASTER_KEY", "no key")];
    let started = run_to_end_with(&data_dir, "127.0.0.1:0", &[], &wrong);
    expect(started, 78, "master_key");
    let wrong = [("SKEP_SERVER__LISTN", "127.0.0.1:0")];
    let started = run_to_end_with(&data_dir, "127.0.0.1:0", &[], &wrong);
    expect(started, 78, "did you mean");

    let server = Server::start(&data_dir);
    expect(run_to_end(&data_dir), 1, "Another Skep");
    server.stop();
    let file = data_dir.join("skep.db");
    let database = Connection::open(&file).unwrap();
    let newer = "insert into schema_migration values (999, 'from_the_future', 'x', 1)";
    database.execute(newer, []).unwrap();
    drop(database);
    expect(run_to_end(&data_dir), 78, "newer version");

    std::fs::write(&file, "this was a database once".repeat(1_000)).unwrap();
    expect(run_to_end(&data_dir), 65, "damaged");
}
