//! A Cortex as far as it is spoken to, with analyzers and responders that behave well, badly, or not at all.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use serde_json::{Value, json};

/// The key that it takes.
pub const KEY: &str = "key-of-the-fake-cortex";

/// What was asked: the method and path, and the body.
pub type Asked = (String, Vec<u8>);

/// A Cortex that listens on a port of its own until it is dropped.
pub struct FakeCortex {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for FakeCortex {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl FakeCortex {
    pub async fn start() -> Self {
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let router = Router::new().fallback(answer).with_state(asked.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            asked,
            serving,
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// What was asked by this method and path, body by body.
    pub fn asked(&self, what: &str) -> Vec<Vec<u8>> {
        let asked = self.asked.lock().unwrap();
        let bodies = asked.iter().filter(|(path, _)| path == what);
        bodies.map(|(_, body)| body.clone()).collect()
    }

    /// The JSON that was sent first by this method and path.
    pub fn sent(&self, what: &str) -> Value {
        serde_json::from_slice(&self.asked(what)[0]).unwrap()
    }
}

fn worker(id: &str, data_types: &[&str], max_tlp: i64) -> Value {
    json!({
        "id": id, "name": id, "version": "1.0", "description": format!("{id} of the tests"),
        "dataTypeList": data_types, "maxTlp": max_tlp, "maxPap": 3, "workerDefinitionId": id,
    })
}

fn analyzers() -> Vec<Value> {
    let mut all = vec![worker("Good_1_0", &["ip", "domain"], 3)];
    // As a Cortex calls it in truth: nothing that people could type.
    let mut hashed = worker("c0ffee42", &["ip"], 3);
    hashed["name"] = json!("Named_1_0");
    all.push(hashed);
    for id in [
        "Fails",
        "Hangs",
        "Html",
        "Types",
        "Redirects",
        "Floods",
        "Falters",
        "Slow",
        "HangsLater",
        "TypesLater",
        "NoReport",
        "Nul",
    ] {
        all.push(worker(id, &["ip"], 3));
    }
    all.push(worker("File_1_0", &["file"], 3));
    all
}

fn responders() -> Vec<Value> {
    let all = [
        "thehive:case",
        "thehive:alert",
        "thehive:case_task",
        "thehive:case_task_log",
        "thehive:case_artifact",
    ];
    vec![
        worker("Block_1_0", &all, 3),
        worker("Careful_1_0", &["thehive:case"], 1),
        worker("HangsOnRun", &["thehive:case"], 3),
    ]
}

async fn answer(State(asked): State<Arc<Mutex<Vec<Asked>>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let what = format!("{} {}", parts.method, parts.uri);
    asked.lock().unwrap().push((what.clone(), body.to_vec()));
    let times = asked
        .lock()
        .unwrap()
        .iter()
        .filter(|(path, _)| *path == what)
        .count();
    let path = parts.uri.path().to_owned();
    let words: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    if words == ["api", "status"] {
        return json_of(&json!({ "versions": { "Cortex": "3.1.8-1" } }));
    }
    let key = parts
        .headers
        .get(AUTHORIZATION)
        .map(|key| key.to_str().unwrap().to_owned());
    if key != Some(format!("Bearer {KEY}")) {
        let refused = json!({ "type": "AuthenticationError", "message": "Authentication failure" });
        return (StatusCode::UNAUTHORIZED, axum::Json(refused)).into_response();
    }
    match words.as_slice() {
        ["api", "user", "current"] => json_of(&json!({ "id": "thehive", "name": "thehive" })),
        ["api", "analyzer"] => json_of(&analyzers().into()),
        ["api", "analyzer", "type", data_type] => {
            let mut of_type = analyzers();
            of_type.retain(|it| {
                it["dataTypeList"]
                    .as_array()
                    .unwrap()
                    .contains(&json!(data_type))
            });
            json_of(&of_type.into())
        }
        ["api", kind @ ("analyzer" | "responder"), "_search"] => {
            let query: Value = serde_json::from_slice(&body).unwrap();
            let wanted = &query["query"]["_value"];
            let mut found = if *kind == "analyzer" {
                analyzers()
            } else {
                responders()
            };
            if query["query"]["_field"] == "name" {
                found.retain(|it| it["name"] == *wanted);
                return json_of(&found.into());
            }
            found.retain(|it| it["dataTypeList"].as_array().unwrap().contains(wanted));
            json_of(&found.into())
        }
        ["api", "analyzer", id] => one(analyzers(), id),
        ["api", "responder", id] => one(responders(), id),
        ["api", "analyzer" | "responder", id, "run"] => run(id, &body, times).await,
        ["api", "job", id, "waitreport"] => report(id, times).await,
        ["api", "datastore", "stored-file"] => (
            [(CONTENT_TYPE, "application/octet-stream")],
            "dropped content",
        )
            .into_response(),
        _ => not_found(),
    }
}

fn json_of(body: &Value) -> Response {
    axum::Json(body).into_response()
}

fn not_found() -> Response {
    let body = json!({ "type": "NotFoundError", "message": "not found" });
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}

fn one(all: Vec<Value>, id: &str) -> Response {
    let found = all.into_iter().find(|worker| worker["id"] == id);
    found.map_or_else(not_found, |worker| json_of(&worker))
}

fn job(id: &str, status: &str, report: &Value) -> Value {
    json!({
        "id": format!("job-{id}"), "workerId": id, "workerName": id, "workerDefinitionId": format!("{id}_definition"),
        "date": 1, "status": status, "organization": "test", "type": "analyzer", "report": report,
    })
}

async fn run(id: &str, body: &Bytes, times: usize) -> Response {
    match id {
        "Hangs" | "HangsOnRun" => {
            tokio::time::sleep(super::FOREVER).await;
            not_found()
        }
        "Html" => ([(CONTENT_TYPE, "text/html")], "<html>Sign in</html>").into_response(),
        "Types" => json_of(&json!({ "id": 7, "status": "Fine" })),
        "Redirects" => {
            let to = [(LOCATION, "http://169.254.169.254/latest/meta-data")];
            (StatusCode::FOUND, to).into_response()
        }
        "Floods" => flood(),
        "Falters" if times < 3 => {
            (StatusCode::BAD_GATEWAY, "<html>Bad gateway</html>").into_response()
        }
        _ if !analyzers()
            .iter()
            .chain(&responders())
            .any(|worker| worker["id"] == id) =>
        {
            not_found()
        }
        _ => {
            assert!(!body.is_empty());
            (
                StatusCode::CREATED,
                axum::Json(job(id, "Waiting", &json!("Waiting"))),
            )
                .into_response()
        }
    }
}

/// A gigabyte, as long as anybody takes it.
fn flood() -> Response {
    let piece = Bytes::from(vec![b' '; 1024 * 1024]);
    let pieces = stream::iter((0..1024).map(move |_| Ok::<_, std::io::Error>(piece.clone())));
    (
        [(CONTENT_TYPE, "application/json")],
        Body::from_stream(pieces),
    )
        .into_response()
}

async fn report(job_id: &str, times: usize) -> Response {
    let id = job_id.trim_start_matches("job-");
    if times < 2 || id == "Slow" {
        return json_of(&job(id, "InProgress", &json!("Running")));
    }
    match id {
        "HangsLater" => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            not_found()
        }
        "TypesLater" => json_of(&json!({ "id": [], "status": "Success", "report": 7 })),
        "NoReport" => json_of(&job(id, "Success", &json!("done"))),
        "Nul" => json_of(&job(
            id,
            "Success",
            &json!({ "success": true, "full": "a\u{0}b" }),
        )),
        "Fails" => {
            let report =
                json!({ "success": false, "errorMessage": "quota exceeded", "input": "{}" });
            json_of(&job(id, "Failure", &report))
        }
        "Block_1_0" | "Careful_1_0" => json_of(&job(id, "Success", &acts())),
        _ => json_of(&job(id, "Success", &finds())),
    }
}

fn finds() -> Value {
    json!({
        "success": true,
        "summary": { "taxonomies": [
            { "level": "malicious", "namespace": "Good", "predicate": "Score", "value": "9/10" },
        ] },
        "full": { "country": "NL", "html": "<script>alert(1)</script>" },
        "artifacts": [
            { "dataType": "domain", "data": "evil.test", "message": "resolves to it", "tags": ["dns"], "tlp": 1 },
            { "dataType": "file", "attachment": { "id": "stored-file", "name": "dropped.bin",
                "contentType": "application/octet-stream", "size": 15 }, "tags": [], "tlp": 2 },
            { "dataType": 7, "data": ["no artifact"] },
        ],
        "operations": [
            { "type": "AddTagToArtifact", "tag": "malicious" },
            { "type": "AddTagToCase", "tag": "c2" },
            { "type": "FlyToTheMoon" },
        ],
    })
}

fn acts() -> Value {
    json!({
        "success": true,
        "full": { "message": "blocked" },
        "artifacts": [],
        "operations": [
            { "type": "AddTagToCase", "tag": "blocked" },
            { "type": "AddTagToAlert", "tag": "blocked" },
            { "type": "AddTagToArtifact", "tag": "blocked" },
            { "type": "CreateTask", "title": "Look at the firewall", "description": "It blocks now" },
            { "type": "AddCustomFields", "name": "score", "tpe": "integer", "value": 7 },
            { "type": "CloseTask" },
            { "type": "MarkAlertAsRead" },
            { "type": "AddLogToTask", "content": "Blocked by the responder" },
            { "type": "AddArtifactToCase", "data": "198.51.100.9", "dataType": "ip", "message": "blocked too" },
            { "type": "AssignCase", "owner": "boss@acme.test" },
        ],
    })
}
