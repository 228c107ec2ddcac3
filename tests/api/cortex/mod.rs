//! Cortex: what is asked of it, what it may answer, and what becomes of that.

mod action;
mod failing;
mod fake;
mod job;
mod setting_up;

use std::time::Duration;

use fake::FakeCortex;
use serde_json::{Value, json};
use skep::integration::cortex::actions::work_due;

use crate::harness::{Client, Server};

/// Adds the Cortex to the platform under that name.
async fn add_cortex(server: &Server, name: &str, cortex: &FakeCortex) {
    let input = json!({
        "kind": "cortex", "name": name, "url": cortex.url(), "key": fake::KEY, "timeMaxS": 1,
    });
    let path = "/api/skep/v1/integration/server";
    server.admin().post(path, input).await.expect(201);
}

/// Lets the background work go on as long as there is any, second by second.
async fn work(server: &Server) {
    let mut idle = 0;
    // Between questions there may be minutes, after errors.
    while idle < 100 {
        let done = work_due(&server.app.cortex_tools(), server.clock.now_ms())
            .await
            .unwrap();
        idle = if done == 0 { idle + 1 } else { 0 };
        server.clock.advance_ms(1_000);
    }
}

/// A case with an observable of it.
async fn case_with(client: &Client<'_>, observable: Value) -> (String, String) {
    let case = json!({ "title": "Case", "description": "d" });
    let case = client.post("/api/v1/case", case).await.id();
    let made = client
        .post(&format!("/api/v1/case/{case}/observable"), observable)
        .await
        .expect(201);
    (case, made[0]["_id"].as_str().unwrap().to_owned())
}

fn an_ip() -> Value {
    json!({ "dataType": "ip", "data": "203.0.113.7", "tlp": 3, "tags": ["seen"] })
}

async fn run_analyzer(
    client: &Client<'_>,
    analyzer: &str,
    cortex: &str,
    observable: &str,
) -> String {
    let job = json!({ "analyzerId": analyzer, "cortexId": cortex, "artifactId": observable });
    let answer = client.post("/api/v1/connector/cortex/job", job).await;
    let job = answer.expect(201);
    assert_eq!(
        (&job["_type"], &job["status"]),
        (&json!("case_artifact_job"), &json!("Waiting"))
    );
    answer.id()
}

async fn read_job(client: &Client<'_>, id: &str) -> Value {
    client
        .get(&format!("/api/v1/connector/cortex/job/{id}"))
        .await
        .expect(200)
}

/// The job, once it has failed, and why.
async fn failed(client: &Client<'_>, id: &str) -> String {
    let job = read_job(client, id).await;
    assert_eq!(job["status"], "Failure", "{job}");
    assert_eq!(job["report"]["success"], false);
    job["report"]["errorMessage"].as_str().unwrap().to_owned()
}

/// What takes longer than anybody waits.
const FOREVER: Duration = Duration::from_mins(1);
