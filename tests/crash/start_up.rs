//! Starts that must be refused, with one sentence and without harm.

use std::net::TcpListener;
use std::path::Path;

use rusqlite::Connection;
use serde_json::json;

use crate::folder::Folder;
use crate::server::{Server, run_to_end, run_to_end_with};

/// Demands that the program ends by itself with one sentence that holds each of `words`.
#[track_caller]
fn expect_refusal(data_dir: &Path, words: &[&str]) {
    expect_sentence(run_to_end(data_dir), words);
}

#[track_caller]
fn expect_sentence((code, said): (Option<i32>, String), words: &[&str]) {
    assert!(code.is_some_and(|code| code != 0), "{code:?}: {said}");
    let sentences: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("skep: ") || line.starts_with("error: "))
        .collect();
    assert_eq!(sentences.len(), 1, "{said}");
    for word in words {
        assert!(sentences[0].contains(word), "no {word} in: {said}");
    }
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let server = Server::start(&data_dir);
    let key = server.provision();
    let id = server.id().to_string();
    expect_refusal(&data_dir, &["Another Skep", &id, "--data-dir"]);
    let mut client = server.client(&key);
    let body = json!({ "title": "Still here", "description": "d" }).to_string();
    client
        .send("POST", "/api/v1/case", &body)
        .unwrap()
        .expect(201);
    client
        .send("GET", "/api/v1/case/1", "")
        .unwrap()
        .expect(200);
    // Nor did the refused one take away what keeps out a third.
    expect_refusal(&data_dir, &["Another Skep", &id]);
    server.stop();
    Server::start(&data_dir).stop();
}

#[test]
fn data_of_a_newer_version_is_refused_and_left_as_it_is() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let server = Server::start(&data_dir);
    let key = server.provision();
    server.stop();
    let migrations = |sql: &str| {
        let database = Connection::open(data_dir.join("skep.db")).unwrap();
        database.execute(sql, []).unwrap();
    };
    migrations("insert into schema_migration values (999, 'from_the_future', 'x', 1)");
    let before = std::fs::read(data_dir.join("skep.db")).unwrap();
    expect_refusal(&data_dir, &["newer version", "999"]);
    let after = std::fs::read(data_dir.join("skep.db")).unwrap();
    assert!(before == after, "the refused start changed the database");

    migrations("delete from schema_migration where number = 999");
    let server = Server::start(&data_dir);
    let answer = server.client(&key).send("GET", "/api/v1/user/current", "");
    answer.unwrap().expect(200);
    server.stop();
}

#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let folder = Folder::create();
    let file = folder.join("data").join("a-file");
    std::fs::write(&file, "not a folder").unwrap();
    expect_refusal(&file, &["a-file"]);
}

#[test]
fn an_address_that_is_taken_or_none_is_refused() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap();
    let run = |address: &str| run_to_end_with(&data_dir, address, &[], &[]);
    let port = format!("Port {}", taken.port());
    expect_sentence(run(&taken.to_string()), &[&port, "taken", "--listen"]);
    expect_sentence(
        run("192.0.2.1:9000"),
        &["192.0.2.1", "not an address of this machine"],
    );
    for wrong in ["nonsense", "127.0.0.1", "127.0.0.1:99999", ":9000"] {
        expect_sentence(run(wrong), &["server.listen", "wrong"]);
    }
    // None of them left anything behind that keeps the next one out.
    Server::start(&data_dir).stop();
}

#[test]
fn a_database_that_cannot_be_reached_is_refused() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for url in [
        format!("postgres://skep:hidden@{free}/skep"),
        "postgres://skep:hidden@no-such-host.invalid/skep".to_owned(),
        "nonsense".to_owned(),
    ] {
        let outcome = run_to_end_with(&data_dir, "127.0.0.1:0", &["--database", &url], &[]);
        assert!(!outcome.1.contains("hidden"), "{}", outcome.1);
        expect_sentence(outcome, &["PostgreSQL"]);
    }
}

#[test]
fn a_setting_that_does_not_exist_is_refused_with_a_suggestion() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let file = folder.path().join("skep.toml");
    let path = file.to_str().unwrap();
    for (text, words) in [
        (
            "[server]\nlisen = \"127.0.0.1:1\"\n",
            &["server.lisen", "did you mean server.listen?"][..],
        ),
        (
            "[login]\nsession_idle_minutes = 0\n",
            &["session_idle_minutes"][..],
        ),
        ("[server\n", &["skep.toml"][..]),
    ] {
        std::fs::write(&file, text).unwrap();
        expect_sentence(
            run_to_end_with(&data_dir, "127.0.0.1:0", &["--config", path], &[]),
            words,
        );
    }
    let setting = [("SKEP_LOGIN__MASTER_KEY", "c2hvcnQ=")];
    expect_sentence(
        run_to_end_with(&data_dir, "127.0.0.1:0", &[], &setting),
        &["login.master_key", "32 bytes"],
    );
    let setting = [("SKEP_LIMITS__BODY_SECOND_MAX", "1")];
    expect_sentence(
        run_to_end_with(&data_dir, "127.0.0.1:0", &[], &setting),
        &["did you mean SKEP_LIMITS__BODY_SECONDS_MAX?"],
    );
}
