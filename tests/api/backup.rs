//! Backups of what the API made, on whichever engine the tests run: PostgreSQL's go through its own tools.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use skep::backup::{Engine, Meter, Place, Quiet, Restored, Taken, Target, restore, take, verify};

use crate::harness::{Client, Database, PASSWORD, START_MS, Server};

async fn backup(server: &Server, file: &Path) -> skep::backup::Result<Taken> {
    let (place, target) = (server.place(), Target::File(file.to_owned()));
    let taking = move || {
        take(
            &place,
            &target,
            None,
            START_MS,
            &mut Meter::new(&mut Quiet, None),
        )
    };
    tokio::task::spawn_blocking(taking).await.unwrap()
}

async fn put_back(place: &Place, file: &Path) -> skep::backup::Result<Restored> {
    let (place, file) = (place.clone(), file.to_owned());
    let restoring = move || {
        restore(
            &file,
            None,
            &place,
            START_MS,
            &mut Meter::new(&mut Quiet, None),
        )
    };
    tokio::task::spawn_blocking(restoring).await.unwrap()
}

/// Restores as soon as the connections of the server that ended are closed.
pub async fn put_back_after_stop(place: &Place, file: &Path) -> Restored {
    let ends_at = Instant::now() + Duration::from_secs(10);
    loop {
        match put_back(place, file).await {
            Err(error)
                if error.to_string().contains("others are connected")
                    && Instant::now() < ends_at =>
            {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            outcome => return outcome.unwrap(),
        }
    }
}

/// Who is in the team of the first server, and in every copy of it.
fn analyst(server: &Server) -> Client<'_> {
    server.anonymous().basic("ana@acme.test", PASSWORD)
}

async fn create_case(server: &Server, title: &str) {
    let body = json!({ "title": title, "description": "tab\there, line\nbreak, back\\slash, 🐝" });
    analyst(server).post("/api/v1/case", body).await.expect(201);
}

async fn titles(server: &Server) -> Vec<String> {
    let query = json!({ "query": [{ "_name": "listCase" }, { "_name": "sort", "_fields": [{ "number": "asc" }] }] });
    let cases = analyst(server)
        .post("/api/v1/query", query)
        .await
        .expect(200);
    let title = |case: &serde_json::Value| case["title"].as_str().unwrap().to_owned();
    cases.as_array().unwrap().iter().map(title).collect()
}

fn attachment(data_dir: &Path) -> PathBuf {
    let hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    let folder = data_dir.join("attachments/2d");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(hash)
}

#[tokio::test]
async fn what_the_api_made_comes_back_and_what_came_later_is_kept_beside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let server = Server::start().await;
    server.team().await;
    create_case(&server, "before").await;
    let file_of_case = attachment(&server.place().data_dir);
    std::fs::write(&file_of_case, "x").unwrap();
    let taken = backup(&server, &file).await.unwrap();
    let manifest = &taken.verified.manifest;
    let engine = match server.place().postgres {
        Some(_) => Engine::Postgres,
        None => Engine::Sqlite,
    };
    assert_eq!((manifest.about.engine, manifest.rows["case"]), (engine, 1));
    assert!(manifest.audit_head.is_some());

    create_case(&server, "after").await;
    std::fs::remove_file(&file_of_case).unwrap();
    let refusal = put_back(&server.place(), &file).await.unwrap_err();
    assert!(refusal.to_string().contains("stop"), "{refusal}");
    let database = server.stop().await;
    let restored = put_back_after_stop(&database.place(), &file).await;
    assert!(restored.replaced.is_some_and(|folder| folder.exists()));
    assert!(file_of_case.exists());
    let server = Server::start_on(database, |_| {}).await;
    assert_eq!(titles(&server).await, ["before"]);
    create_case(&server, "more").await;
    assert_eq!(titles(&server).await, ["before", "more"]);

    // On another machine, twice over: the second replaces the first.
    let elsewhere = Database::create();
    for _ in 0..2 {
        put_back(&elsewhere.place(), &file).await.unwrap();
    }
    let elsewhere = Server::start_on(elsewhere, |_| {}).await;
    assert_eq!(titles(&elsewhere).await, ["before"]);
}

#[tokio::test]
async fn a_changed_backup_is_refused_and_the_data_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let server = Server::start().await;
    server.team().await;
    create_case(&server, "before").await;
    backup(&server, &file).await.unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&file, bytes).unwrap();
    let (place, flipped) = (server.place(), file.clone());
    let verifying = move || {
        verify(
            &flipped,
            None,
            &place,
            START_MS,
            &mut Meter::new(&mut Quiet, None),
        )
    };
    let outcome = tokio::task::spawn_blocking(verifying).await.unwrap();
    assert!(
        outcome.is_err_and(|error| error.to_string().contains("is damaged")),
        "it was not noticed"
    );
    let database = server.stop().await;
    put_back(&database.place(), &file).await.unwrap_err();
    let server = Server::start_on(database, |_| {}).await;
    assert_eq!(titles(&server).await, ["before"]);
}
