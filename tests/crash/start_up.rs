//! Starts that must be refused, with one sentence and without harm.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;

use crate::folder::Folder;
use crate::server::{Server, run_to_end};

/// Demands that the program ends by itself with one sentence that holds each of `words`.
#[track_caller]
fn expect_refusal(data_dir: &Path, words: &[&str]) {
    let (code, said) = run_to_end(data_dir);
    assert!(code.is_some_and(|code| code != 0), "{code:?}: {said}");
    let sentences: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("skep: "))
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
