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
const CALLS: &str = "rename,fsync,fdatasync,mkdir,unlink,rmdir,unlinkat";

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
    let mut step = 1;
    loop {
        let data_dir = folder.path().join("data");
        drop(std::fs::remove_dir_all(&data_dir));
        copy_folder(&old, &data_dir);
        let was_killed = restore_killed_at(step, &data_dir, &file);
        let server = Server::start(&data_dir);
        let is_new = titles_are(&server, &key, "new");
        let is_old = titles_are(&server, &old_key, "old");
        assert!(is_new != is_old, "step {step}: new {is_new}, old {is_old}");
        saw_new += usize::from(is_new);
        saw_old += usize::from(is_old);
        server.stop();
        database::check(&copy_database(&data_dir, &folder.join("copy")));
        if is_new {
            let kept = std::fs::read_dir(&data_dir).unwrap().any(|entry| {
                let entry = entry.unwrap();
                entry
                    .file_name()
                    .to_string_lossy()
                    .starts_with("skep.replaced-")
                    && entry.path().join("skep.db").exists()
            });
            assert!(kept, "step {step}: the old data is gone");
        }
        // And another restore goes well, whatever was left.
        expect_success(&data_dir, &["restore", file.to_str().unwrap()]);
        if !was_killed {
            break;
        }
        step += if environment::is_full() {
            1
        } else {
            1 + random.below(4)
        };
    }
    eprintln!("{step} steps: old after {saw_old}, new after {saw_new}");
    assert!(saw_old > 0 && saw_new > 1, "old {saw_old}, new {saw_new}");
}

/// Whether it was killed; false when it has fewer steps and ended well.
fn restore_killed_at(step: usize, data_dir: &Path, file: &Path) -> bool {
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "--seccomp-bpf", "-o", "/dev/null"])
        .args(["-e", &format!("trace={CALLS}")])
        .args(["-e", &format!("inject={CALLS}:signal=KILL:when={step}")])
        .arg(environment::binary())
        .arg("restore")
        .arg(file)
        .arg("--data-dir")
        .arg(data_dir);
    let output = strace.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // strace ends as its program did.
    let was_killed = !output.status.success();
    assert!(!was_killed || said.is_empty(), "step {step}: {said}");
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
fn titles_are(server: &Server, key: &str, title: &str) -> bool {
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
