//! A restore that is killed at any of its steps: the old data or the new is in force, never a mixture.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::backup::expect_success;
use crate::case_tree::ids_by_title;
use crate::database;
use crate::environment;
use crate::folder::{Folder, copy_database};
use crate::random::Random;
use crate::server::Server;

/// The calls that change names or put something onto the disk.
const CALLS: [&str; 5] = ["mkdir", "rename", "fsync", "unlink", "unlinkat"];

#[test]
fn killed_at_any_step_the_old_data_or_the_new_is_in_force() {
    if !can_trace() {
        environment::skip("restore", "strace is not here or may not trace");
        return;
    }
    let mut random = Random::new(environment::seed("restore killed"));
    let folder = Folder::create();
    let (old, file) = (folder.join("old"), folder.path().join("backup"));
    let server = Server::start(&folder.join("new"));
    let key = server.provision();
    create(&server, &key, "new");
    expect_success(&folder.join("new"), &["backup", file.to_str().unwrap()]);
    server.stop();
    let server = Server::start(&old);
    let old_key = server.provision();
    create(&server, &old_key, "old");
    // kill -9 leaves a log, which must not be mixed with the new database.
    server.kill();

    let (mut saw_old, mut saw_new) = (0, 0);
    for call in CALLS {
        let mut time = 1;
        loop {
            let data_dir = folder.path().join("data");
            drop(std::fs::remove_dir_all(&data_dir));
            copy_folder(&old, &data_dir);
            let was_killed = restore_killed_at(call, time, &data_dir, &file);
            let is_new = is_new(&data_dir, &key, &old_key);
            database::check(&copy_database(&data_dir, &folder.join("copy")));
            assert!(
                !is_new || keeps_old(&data_dir),
                "{call} {time}: the old data is gone"
            );
            // And another restore goes well, whatever was left.
            expect_success(&data_dir, &["restore", file.to_str().unwrap()]);
            if !was_killed {
                assert!(is_new && time > 1, "{call} {time}: new {is_new}");
                break;
            }
            saw_new += usize::from(is_new);
            saw_old += usize::from(!is_new);
            time += if environment::is_full() {
                1
            } else {
                1 + random.below(3)
            };
        }
    }
    eprintln!("killed {saw_old} times before the step and {saw_new} times after it");
    assert!(saw_old > 3 && saw_new > 3, "old {saw_old}, new {saw_new}");
}

/// Starts a server on what the restore left: whether the new data is in force. It must be that or the old.
#[track_caller]
fn is_new(data_dir: &Path, key: &str, old_key: &str) -> bool {
    let server = Server::start(data_dir);
    let is_new = holds(&server, key, "new");
    let is_old = holds(&server, old_key, "old");
    assert!(is_new != is_old, "new {is_new}, old {is_old}");
    server.stop();
    is_new
}

fn keeps_old(data_dir: &Path) -> bool {
    std::fs::read_dir(data_dir).unwrap().any(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name();
        name.to_string_lossy().starts_with("skep.replaced-")
            && entry.path().join("skep.db").exists()
    })
}

/// Kills it when it makes a call for the nth time; false when it makes fewer of them and ended well.
fn restore_killed_at(call: &str, time: usize, data_dir: &Path, file: &Path) -> bool {
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:signal=KILL:when={time}")])
        .arg(environment::binary())
        .arg("restore")
        .arg(file)
        .arg("--data-dir")
        .arg(data_dir);
    let output = strace.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // strace ends as its program did.
    let was_killed = !output.status.success();
    assert!(!was_killed || said.is_empty(), "{call} {time}: {said}");
    was_killed
}

fn can_trace() -> bool {
    Command::new("strace")
        .args(["-qq", "-e", "trace=none", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn create(server: &Server, key: &str, title: &str) {
    let body = json!({ "title": title, "description": title }).to_string();
    let answer = server.client(key).send("POST", "/api/v1/case", &body);
    answer.unwrap().expect(201);
}

/// Whether this key opens the data, and the case is in it.
fn holds(server: &Server, key: &str, title: &str) -> bool {
    let answer = server.client(key).send("GET", "/api/v1/user/current", "");
    answer.unwrap().status == 200 && ids_by_title(&mut server.client(key), title).len() == 1
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
