//! The program under test: a process of its own, started as its users start it.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::client::Client;
use crate::environment;

/// The administrator of a new installation.
pub const ADMIN: &str = "Basic YWRtaW5AdGhlaGl2ZS5sb2NhbDpzZWNyZXQ=";
/// Who writes.
pub const ANALYST: &str = "analyst@thehive.local";
pub const PASSWORD: &str = "Analyst-2026";
/// How long a start may take on a machine that is busy with something else; the bar itself is the test's.
const START_TIME_MAX: Duration = Duration::from_secs(20);

/// A running program; killed when dropped.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
    log: PathBuf,
    /// From the start of the process to its first answer.
    pub start_took: Duration,
}

impl Server {
    /// Starts the program on `data_dir` and waits for its first answer. Its log is beside the folder.
    #[track_caller]
    pub fn start(data_dir: &Path) -> Self {
        Self::start_under(&[], data_dir)
    }

    /// The same under another program, which is given as the first words of the command line.
    #[track_caller]
    pub fn start_under(words: &[&str], data_dir: &Path) -> Self {
        Self::start_by(words, &[], data_dir)
    }

    /// The same with settings, by the names that they have in the environment.
    #[track_caller]
    pub fn start_with(settings: &[(&str, &str)], data_dir: &Path) -> Self {
        Self::start_by(&[], settings, data_dir)
    }

    #[track_caller]
    fn start_by(words: &[&str], settings: &[(&str, &str)], data_dir: &Path) -> Self {
        let address = free_address();
        let mut command = command(words, data_dir, &address.to_string());
        command.envs(settings.iter().copied());
        Self::run(&mut command, address, data_dir)
    }

    /// Starts it on a socket that listens already, as a service manager does. The settings name another address.
    #[track_caller]
    pub fn start_on(socket: &TcpListener, data_dir: &Path) -> Self {
        // It comes as the standard input, and is moved to where service managers put it.
        let take = r#"exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@""#;
        let elsewhere = free_address();
        let mut command = command(&["sh", "-c", take], data_dir, &elsewhere.to_string());
        command.stdin(OwnedFd::from(socket.try_clone().unwrap()));
        let server = Self::run(&mut command, socket.local_addr().unwrap(), data_dir);
        assert!(
            TcpListener::bind(elsewhere).is_ok(),
            "it listens at {elsewhere} too"
        );
        server
    }

    #[track_caller]
    fn run(command: &mut Command, address: SocketAddr, data_dir: &Path) -> Self {
        let log = data_dir.with_extension("log");
        let started = Instant::now();
        let process = command
            .stdout(append_to(&data_dir.with_extension("out")))
            .stderr(append_to(&log))
            .spawn()
            .unwrap();
        let mut server = Self {
            process,
            address,
            log,
            start_took: Duration::ZERO,
        };
        while !server.answers() {
            if let Some(status) = server.process.try_wait().unwrap() {
                panic!("the server ended at once, {status}: {}", server.log());
            }
            assert!(
                started.elapsed() < START_TIME_MAX,
                "no answer: {}",
                server.log()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        server.start_took = started.elapsed();
        server
    }

    fn answers(&self) -> bool {
        Client::open(self.address, "")
            .and_then(|mut client| client.send("GET", "/api/v1/user/current", ""))
            .is_ok_and(|answer| answer.status == 401)
    }

    #[track_caller]
    pub fn client(&self, authorization: &str) -> Client {
        Client::open(self.address, authorization).unwrap()
    }

    #[track_caller]
    pub fn client_with_cookie(&self, cookie: &str) -> Client {
        Client::open_with(self.address, &format!("Cookie: {cookie}\r\n")).unwrap()
    }

    /// Makes an organisation and an analyst; gives the analyst's API key as an `Authorization`.
    #[track_caller]
    pub fn provision(&self) -> String {
        provision(self.address)
    }

    /// A new API key of the analyst that [`provision`](Self::provision) made, as an `Authorization`.
    #[track_caller]
    pub fn key_of_analyst(&self) -> String {
        key_of_analyst(self.address)
    }

    /// kill -9.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Stops it where it stands, without ending it.
    pub fn freeze(&self) {
        let id = Pid::from_child(&self.process);
        kill_process(id, Signal::STOP).unwrap();
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        let id = Pid::from_child(&self.process);
        kill_process(id, Signal::CONT).unwrap();
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let id = Pid::from_child(&self.process);
        kill_process(id, Signal::TERM).unwrap();
    }

    /// Waits for it to end by itself.
    #[track_caller]
    pub fn wait(&mut self, time_max: Duration) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(
                started.elapsed() < time_max,
                "it still runs after {time_max:?}: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks it to stop and waits until it has.
    #[track_caller]
    pub fn stop(mut self) {
        self.terminate();
        let status = self.wait(Duration::from_secs(10));
        assert!(status.success(), "{status}: {}", self.log());
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// What it printed when it was ready.
    pub fn banner(&self) -> String {
        std::fs::read_to_string(self.log.with_extension("out")).unwrap_or_default()
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its memory that lies in the machine's, bytes.
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let words = line.unwrap().split_whitespace().nth(1).unwrap();
        words.parse::<u64>().unwrap() * 1_024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Runs a program that should end by itself at once: its exit code and its standard error output.
#[track_caller]
pub fn run_to_end(data_dir: &Path) -> (Option<i32>, String) {
    run_to_end_with(data_dir, &free_address().to_string(), &[], &[])
}

/// The same for an address to listen on, with further arguments and settings.
#[track_caller]
pub fn run_to_end_with(
    data_dir: &Path,
    address: &str,
    arguments: &[&str],
    settings: &[(&str, &str)],
) -> (Option<i32>, String) {
    let mut process = command(&[], data_dir, address)
        .args(arguments)
        .envs(settings.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while process.try_wait().unwrap().is_none() {
        if started.elapsed() > START_TIME_MAX {
            drop(process.kill());
            panic!("it runs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = process.wait_with_output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), text)
}

fn command(words: &[&str], data_dir: &Path, address: &str) -> Command {
    let binary = environment::binary();
    let mut command = match words {
        [] => Command::new(binary),
        [first, others @ ..] => {
            let mut command = Command::new(first);
            command.args(others).arg(binary);
            command
        }
    };
    command
        .args(["serve", "--listen", address, "--data-dir"])
        .arg(data_dir)
        .env("SKEP_LOG__LEVEL", "info")
        .stdin(Stdio::null());
    command
}

fn append_to(path: &Path) -> File {
    let options = File::options().create(true).append(true).open(path);
    options.unwrap()
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap()
}

/// Makes an organisation and an analyst on the server at `address`; gives the analyst's API key as an `Authorization`.
#[track_caller]
pub fn provision(address: SocketAddr) -> String {
    let mut admin = Client::open(address, ADMIN).unwrap();
    let organisation = json!({ "name": "lab", "description": "Of the tests under faults" });
    let user = json!({ "login": ANALYST, "name": "Analyst", "password": PASSWORD,
            "organisation": "lab", "profile": "org-admin" });
    for (path, body) in [("organisation", organisation), ("user", user)] {
        let answer = admin.send("POST", &format!("/api/v1/{path}"), &body.to_string());
        answer.unwrap().expect(201);
    }
    key_of_analyst(address)
}

/// A new API key of the analyst that [`provision`] made, as an `Authorization`.
#[track_caller]
fn key_of_analyst(address: SocketAddr) -> String {
    let mut admin = Client::open(address, ADMIN).unwrap();
    let path = format!("/api/v1/user/{ANALYST}/key/renew");
    let answer = admin.send("POST", &path, "").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    format!("Bearer {}", answer.body.trim())
}
