//! MISP, against a server that the tests run.

mod export;
mod fake;
mod hostile;
mod import;
mod sync;

use std::time::Duration;

use serde_json::{Value, json};
use skep::app::App;
use tokio::task::JoinHandle;

use crate::harness::{Client, Server};
use fake::{FakeMisp, KEY};

/// When the tests take place, in seconds.
const NOW_S: i64 = crate::harness::START_MS / 1_000;

/// The background work of a server, as long as it is there.
struct Work {
    app: App,
    running: Option<JoinHandle<()>>,
}

impl Work {
    fn of(server: &Server) -> Self {
        let app = server.app.clone();
        let working = app.clone();
        Self {
            app,
            running: Some(tokio::spawn(async move { working.work().await })),
        }
    }

    /// Ends it as the program does when it stops.
    async fn end(mut self) {
        self.app.stopping.cancel();
        self.running.take().unwrap().await.unwrap();
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.app.stopping.cancel();
    }
}

/// Tells the program of a MISP server; gives the id that it has here.
async fn add(server: &Server, fake: &FakeMisp, options: Value) -> String {
    let input = json!({
        "kind": "misp", "name": "misp", "url": fake.url, "key": KEY, "timeMaxS": 1, "options": options,
    });
    let added = server
        .admin()
        .post("/api/skep/v1/integration/server", input)
        .await;
    added.expect(201);
    added.id()
}

/// Reads the events and waits until they are read; what came of it.
async fn sync(server: &Server) -> Value {
    let admin = server.admin();
    let answer = admin.get("/api/v1/connector/misp/_syncAlerts").await;
    answer.expect(204);
    assert_eq!(answer.text(), "");
    wait(&admin).await
}

async fn wait(admin: &Client<'_>) -> Value {
    for _ in 0..1_500 {
        let status = admin.get("/api/v1/connector/misp/status").await.expect(200);
        if status["syncInProgress"] == false {
            return admin.get("/api/skep/v1/misp/sync").await.expect(200)[0].clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the events were not read within 30 s");
}

/// The alerts that somebody sees, by their references.
async fn alerts(client: &Client<'_>) -> Vec<Value> {
    let list = client
        .query(json!([{ "_name": "listAlert" }, { "_name": "sort", "_fields": [{ "sourceRef": "asc" }] }]))
        .await
        .expect(200);
    list.as_array().unwrap().clone()
}

/// The observables of an alert or a case: type and value, or the name of the file, sorted.
async fn observables(client: &Client<'_>, id: &str) -> Vec<(String, String)> {
    let list = client
        .query(json!([{ "_name": "listObservable" }, { "_name": "filter", "_field": "relatedId", "_value": id }]))
        .await
        .expect(200);
    let mut seen: Vec<(String, String)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|observable| {
            let value = observable["data"]
                .as_str()
                .or(observable["attachment"]["name"].as_str());
            (
                observable["dataType"].as_str().unwrap().to_owned(),
                value.unwrap().to_owned(),
            )
        })
        .collect();
    seen.sort();
    seen
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned()))
        .collect()
}
