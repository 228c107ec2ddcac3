//! `skep user reset-password` at a terminal, and with a pipe in place of one.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;

use crate::environment;
use crate::folder::Folder;
use crate::server::Server;

const LOGIN: &str = "admin@thehive.local";

fn reset_password(data_dir: &Path) -> Command {
    let mut command = Command::new(environment::binary());
    command
        .args(["user", "reset-password", LOGIN, "--data-dir"])
        .arg(data_dir);
    command
}

#[track_caller]
fn expect_password(data_dir: &Path, password: &str) {
    let server = Server::start(data_dir);
    let body = json!({ "user": LOGIN, "password": password }).to_string();
    server
        .client("")
        .send("POST", "/api/v1/login", &body)
        .unwrap()
        .expect(200);
    server.stop();
}

/// Types the lines at a terminal, and gives what the terminal showed and whether the program succeeded.
fn type_at_terminal(data_dir: &Path, lines: [&str; 2]) -> (String, bool) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let terminal = || {
        let path = name.to_str().unwrap();
        Stdio::from(File::options().read(true).write(true).open(path).unwrap())
    };
    let mut process = reset_password(data_dir)
        .stdin(terminal())
        .stdout(terminal())
        .stderr(terminal())
        .spawn()
        .unwrap();
    let mut master = File::from(master);
    let mut shown = String::new();
    let mut part = [0; 1_024];
    for (question, line) in ["New password: ", "Once more: "].iter().zip(lines) {
        while !shown.ends_with(question) {
            let length = master.read(&mut part).unwrap();
            shown.push_str(&String::from_utf8_lossy(&part[..length]));
        }
        // As a person does, after the question: what is typed before it is thrown away.
        std::thread::sleep(Duration::from_millis(50));
        writeln!(master, "{line}").unwrap();
    }
    // A terminal whose last program ended cannot be read any more.
    while let Ok(length) = master.read(&mut part) {
        if length == 0 {
            break;
        }
        shown.push_str(&String::from_utf8_lossy(&part[..length]));
    }
    (shown, process.wait().unwrap().success())
}

#[test]
fn a_password_is_not_shown_while_it_is_typed() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    Server::start(&data_dir).stop();
    let (shown, is_done) = type_at_terminal(&data_dir, ["typed in secret 1", "typed in secret 1"]);
    assert!(is_done, "{shown}");
    assert!(!shown.contains("typed in secret"), "{shown}");
    expect_password(&data_dir, "typed in secret 1");

    let (shown, is_done) = type_at_terminal(&data_dir, ["another one", "yet another"]);
    assert!(!is_done && shown.contains("not the same"), "{shown}");
    assert!(!shown.contains("another"), "{shown}");
    expect_password(&data_dir, "typed in secret 1");
}

#[test]
fn a_password_may_be_piped_in() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    Server::start(&data_dir).stop();
    for arguments in [&[][..], &["--password-file", "-"]] {
        let password = format!("piped in {}", arguments.len());
        let mut process = reset_password(&data_dir)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut pipe = process.stdin.take().unwrap();
        writeln!(pipe, "{password}").unwrap();
        drop(pipe);
        assert!(process.wait().unwrap().success());
        expect_password(&data_dir, &password);
    }
    let refused = reset_password(&data_dir)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is empty"));
}
