//! A full disk: writes are refused by 507, reading and signing in go on, nothing acknowledged is lost, and all is well
//! again, without a restart, when there is room.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::Client;
use crate::database;
use crate::environment;
use crate::folder::{Folder, copy_database};
use crate::load::Writer;
use crate::oracle::{self, Extent};
use crate::random::Random;
use crate::server::{ANALYST, PASSWORD, Server};

/// Room for the log of writes at its largest before it is worked into the database (16 MiB), as much for the database, and
/// the log of the program.
const DISK_SIZE: &str = "48m";

/// A file system of its own, in memory; unmounted when dropped.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// `None` when we may not mount.
    fn mount(path: PathBuf, size: &str) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&path)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self { path }),
            _ => None,
        }
    }

    /// Takes room away, as other programs on the machine do. With no size: all that is left.
    fn occupy(&self, bytes: Option<usize>) {
        use std::io::Write;
        let mut file = std::fs::File::create(self.ballast()).unwrap();
        let chunk = [1; 4_096];
        let mut left = bytes.unwrap_or(usize::MAX);
        while left > 0 && file.write_all(&chunk).is_ok() {
            left = left.saturating_sub(chunk.len());
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.path).status());
    }
}

struct Setting {
    // Dropped in this order: the program, the file system, the folder it is mounted on.
    server: Option<Server>,
    disk: SmallDisk,
    folder: Folder,
    key: String,
    writer: Writer,
}

impl Setting {
    fn prepare(test: &str) -> Option<Self> {
        let seed = environment::seed(test);
        let folder = Folder::create();
        let Some(disk) = SmallDisk::mount(folder.join("disk"), DISK_SIZE) else {
            environment::skip(test, "only root may mount a small file system");
            return None;
        };
        // A folder within, so that the log, which lies beside it, is on the full disk too.
        let server = Server::start(&folder.join("disk/data"));
        let key = server.provision();
        let mut writer = Writer::new(Random::new(seed).next(), "writer");
        writer.text_size = 20_000;
        Some(Self {
            server: Some(server),
            disk,
            folder,
            key,
            writer,
        })
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    fn client(&self) -> Client {
        self.server().client(&self.key)
    }

    /// Writes on a disk that has room.
    #[track_caller]
    fn write_hundred(&mut self) {
        let mut client = self.client();
        while self.writer.tally.acknowledged < 100 {
            assert!(self.writer.write_one(&mut client));
            assert_eq!(
                self.writer.tally.full, 0,
                "the disk is too small for the test"
            );
        }
    }

    /// Writes until `count` requests in a row were refused for want of room.
    #[track_caller]
    fn fill(&mut self, count: usize) {
        let mut client = self.client();
        let started = Instant::now();
        let (mut row, mut full) = (0, self.writer.tally.full);
        while row < count {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "not full yet: {:?}",
                self.writer.tally
            );
            assert!(
                self.writer.write_one(&mut client),
                "cut: {}",
                self.server().log()
            );
            row = if self.writer.tally.full > full {
                row + 1
            } else {
                0
            };
            full = self.writer.tally.full;
        }
        assert_eq!(
            self.writer.tally.failed,
            0,
            "failed: {}",
            self.server().log()
        );
    }

    /// Demands that a write gets a clear refusal, and that everything else goes on.
    #[track_caller]
    fn expect_full(&self) {
        let body = json!({ "title": "No room", "description": "x".repeat(100_000) }).to_string();
        let answer = self.client().send("POST", "/api/v1/case", &body).unwrap();
        assert_eq!(answer.status, 507, "{}", answer.body);
        let said = answer.json();
        assert_eq!(said["type"], "InsufficientStorage");
        assert!(
            said["message"].as_str().unwrap().contains("is full"),
            "{said}"
        );

        let list =
            json!({ "query": [{ "_name": "listCase" }, { "_name": "page", "from": 0, "to": 15 }] });
        let answer = self
            .client()
            .send("POST", "/api/v1/query", &list.to_string());
        assert_eq!(answer.unwrap().expect(200).as_array().unwrap().len(), 15);
        self.expect_sign_in();
    }

    /// By password, as the UI does it, and out again.
    #[track_caller]
    fn expect_sign_in(&self) {
        let body = json!({ "user": ANALYST, "password": PASSWORD }).to_string();
        let answer = self
            .server()
            .client("")
            .send("POST", "/api/v1/login", &body)
            .unwrap();
        let cookie = answer.cookie.clone();
        answer.expect(200);
        let mut client = self
            .server()
            .client_with_cookie(&cookie.expect("a session"));
        client
            .send("GET", "/api/v1/user/current", "")
            .unwrap()
            .expect(200);
        let answer = client.send("POST", "/api/v1/logout", "{}").unwrap();
        assert!(answer.is_success(), "{}", answer.body);
        let answer = client.send("GET", "/api/v1/user/current", "").unwrap();
        assert_eq!(answer.status, 401, "signed out: {}", answer.body);
    }

    /// Demands that writing succeeds again soon.
    #[track_caller]
    fn expect_recovery(&mut self) {
        let mut client = self.client();
        let started = Instant::now();
        let before = self.writer.tally.acknowledged;
        while self.writer.tally.acknowledged < before + 20 {
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "it does not recover: {}",
                self.server().log()
            );
            assert!(self.writer.write_one(&mut client));
        }
        self.compare();
    }

    #[track_caller]
    fn compare(&mut self) {
        let server = self.server.as_ref().unwrap();
        let writers = std::slice::from_mut(&mut self.writer);
        let found = oracle::check(server, &self.key, writers, Extent::Everything);
        assert_eq!(found.made_in_silence, 0, "what was refused was made");
    }

    #[track_caller]
    fn finish(mut self) {
        self.server.take().unwrap().stop();
        let data_dir = self.disk.path.join("data");
        let copy = copy_database(&data_dir, &self.folder.join("copy"));
        database::check(&copy);
        let server = Server::start(&data_dir);
        let writers = std::slice::from_mut(&mut self.writer);
        oracle::check(&server, &self.key, writers, Extent::Everything);
        server.stop();
    }
}

#[test]
fn filled_by_its_own_data_it_refuses_writes_and_goes_on() {
    let Some(mut setting) = Setting::prepare("filled by its own data") else {
        return;
    };
    setting.disk.occupy(Some(16 << 20));
    setting.fill(50);
    setting.compare();
    setting.expect_full();
    setting.disk.make_room();
    setting.expect_recovery();
    setting.finish();
}

#[test]
fn filled_by_others_to_the_last_byte_it_refuses_writes_and_goes_on() {
    let Some(mut setting) = Setting::prepare("filled by others") else {
        return;
    };
    setting.write_hundred();
    for _ in 0..2 {
        setting.disk.occupy(None);
        setting.fill(50);
        setting.compare();
        setting.expect_full();
        setting.disk.make_room();
        setting.expect_recovery();
    }
    setting.finish();
}

#[test]
fn on_a_full_disk_it_starts_and_reads() {
    let Some(mut setting) = Setting::prepare("started on a full disk") else {
        return;
    };
    setting.write_hundred();
    setting.disk.occupy(None);
    setting.fill(20);
    setting.server.take().unwrap().kill();
    setting.disk.occupy(None);
    setting.server = Some(Server::start(&setting.disk.path.join("data")));
    setting.compare();
    setting.expect_full();
    setting.disk.make_room();
    setting.expect_recovery();
    setting.finish();
}
