//! A MISP server for one test: it speaks what section 30 of the contract says, and can be told to misbehave.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The key that it takes.
pub const KEY: &str = "misp-key-of-a-test";

/// What it does in place of answering.
#[derive(Clone)]
pub enum Trouble {
    Hangs,
    Status(u16),
    /// Says something else, in HTML.
    Html,
    /// Says this.
    Says(Value),
    SendsTo(String),
    /// A gigabyte of spaces and no end.
    Endless,
}

#[derive(Default)]
struct Inside {
    events: Vec<Value>,
    attributes: HashMap<String, Vec<Value>>,
    files: HashMap<String, Vec<u8>>,
    troubles: HashMap<String, Trouble>,
    asked: Vec<(String, Value)>,
}

/// The server; it goes with the test's runtime.
#[derive(Clone)]
pub struct FakeMisp {
    pub url: String,
    inside: Arc<Mutex<Inside>>,
}

impl FakeMisp {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            inside: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake
    }

    /// Adds an event, or puts it in the place of that with its id.
    pub fn put_event(&self, event: Value) {
        let mut inside = self.inside.lock().unwrap();
        inside.events.retain(|other| other["id"] != event["id"]);
        inside.events.push(event);
    }

    /// Adds an attribute to an event, or puts it in the place of that with its id.
    pub fn put_attribute(&self, event: &str, attribute: Value) {
        let mut inside = self.inside.lock().unwrap();
        let list = inside.attributes.entry(event.to_owned()).or_default();
        list.retain(|other| other["id"] != attribute["id"]);
        list.push(attribute);
    }

    /// Gives an attribute a file.
    pub fn put_file(&self, attribute: &str, content: &[u8]) {
        let mut inside = self.inside.lock().unwrap();
        inside.files.insert(attribute.to_owned(), content.to_vec());
    }

    /// Lets what is asked at a path (`/events/index`), or of an event there (`/attributes/restSearch/json 7`), be answered
    /// by trouble.
    pub fn trouble(&self, at: &str, trouble: Trouble) {
        let mut inside = self.inside.lock().unwrap();
        inside.troubles.insert(at.to_owned(), trouble);
    }

    /// Ends all trouble.
    pub fn behave(&self) {
        self.inside.lock().unwrap().troubles.clear();
    }

    /// The bodies of what was asked at a path so far.
    pub fn asked(&self, path: &str) -> Vec<Value> {
        let inside = self.inside.lock().unwrap();
        let at_path = inside.asked.iter().filter(|(other, _)| other == path);
        at_path.map(|(_, body)| body.clone()).collect()
    }
}

/// An event that changed at that second.
pub fn event(id: &str, changed_s: i64) -> Value {
    json!({
        "id": id, "uuid": format!("00000000-0000-4000-8000-{id:0>12}"), "info": format!("Event {id}"),
        "date": "2026-02-01", "threat_level_id": "1", "timestamp": changed_s.to_string(), "attribute_count": "1",
        "analysis": "0", "published": true, "Org": {"id": "1", "name": "Our Org"}, "Orgc": {"id": "2", "name": "CIRCL"},
        "EventTag": [{"Tag": {"name": "tlp:green"}}, {"Tag": {"name": "malware"}}],
    })
}

/// An attribute that changed at that second.
pub fn attribute(id: &str, kind: &str, value: &str, changed_s: i64) -> Value {
    json!({
        "id": id, "type": kind, "category": "Payload delivery", "value": value, "comment": "seen", "to_ids": true,
        "deleted": false, "timestamp": changed_s.to_string(), "Tag": [{"name": "tag-of-attribute"}],
    })
}

async fn answer(State(fake): State<FakeMisp>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let has_key = request
        .headers()
        .get(AUTHORIZATION)
        .is_some_and(|key| key == KEY);
    let bytes = axum::body::to_bytes(request.into_body(), 100_000_000)
        .await
        .unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let trouble = {
        let mut inside = fake.inside.lock().unwrap();
        inside.asked.push((path.clone(), body.clone()));
        let of_event = format!(
            "{path} {}",
            body["request"]["eventid"].as_str().unwrap_or_default()
        );
        inside
            .troubles
            .get(&of_event)
            .or_else(|| inside.troubles.get(&path))
            .cloned()
    };
    match trouble {
        Some(trouble) => misbehave(trouble).await,
        None if !has_key => {
            let text = json!({ "message": "Authentication failed. Please make sure you pass the API key" });
            (StatusCode::FORBIDDEN, axum::Json(text)).into_response()
        }
        None => speak(&fake, &path, &body),
    }
}

async fn misbehave(trouble: Trouble) -> Response {
    match trouble {
        Trouble::Hangs => {
            tokio::time::sleep(Duration::from_mins(10)).await;
            StatusCode::OK.into_response()
        }
        Trouble::Status(status) => {
            (StatusCode::from_u16(status).unwrap(), "no\u{7} such luck").into_response()
        }
        Trouble::Html => ([(CONTENT_TYPE, "text/html")], "<html>Login</html>").into_response(),
        Trouble::Says(json) => axum::Json(json).into_response(),
        Trouble::SendsTo(url) => (StatusCode::FOUND, [(LOCATION, url)]).into_response(),
        Trouble::Endless => {
            let piece = Bytes::from(vec![b' '; 1_000_000]);
            let pieces = futures_util::stream::iter(
                std::iter::repeat_n(piece, 1_000).map(Ok::<_, std::io::Error>),
            );
            (
                [(CONTENT_TYPE, "application/json")],
                Body::from_stream(pieces),
            )
                .into_response()
        }
    }
}

fn number(value: &Value) -> i64 {
    match value {
        Value::String(text) => text.parse().unwrap_or_default(),
        other => other.as_i64().unwrap_or_default(),
    }
}

fn speak(fake: &FakeMisp, path: &str, body: &Value) -> Response {
    let mut inside = fake.inside.lock().unwrap();
    let wanted = &body["request"];
    let answer = match path {
        "/servers/getVersion" => json!({ "version": "2.4.200" }),
        "/users/view/me" => json!({ "User": { "id": "1", "org_id": "1" } }),
        "/organisations/view/1" => json!({ "Organisation": { "id": "1", "name": "Our Org" } }),
        "/events/index" => {
            let since = number(&body["searchtimestamp"]);
            let page = body["page"].as_u64().unwrap_or(1).max(1) - 1;
            let limit = body["limit"].as_u64().unwrap_or(1_000);
            let found = inside
                .events
                .iter()
                .filter(|event| number(&event["timestamp"]) >= since);
            let skipped = usize::try_from(page * limit).unwrap();
            let taken = usize::try_from(limit).unwrap();
            found.skip(skipped).take(taken).cloned().collect()
        }
        "/attributes/restSearch/json" => {
            let since = number(&wanted["timestamp"]);
            let is_deleted = wanted["deleted"] == "only";
            let event = wanted["eventid"].as_str().unwrap_or_default();
            let all = inside.attributes.get(event).cloned().unwrap_or_default();
            let found: Vec<Value> = all
                .into_iter()
                .filter(|attribute| {
                    attribute["deleted"] == is_deleted && number(&attribute["timestamp"]) >= since
                })
                .collect();
            json!({ "response": { "Attribute": found } })
        }
        "/events" => {
            let mut made = body["Event"].clone();
            let id = (900 + inside.events.len()).to_string();
            made["id"] = id.clone().into();
            made["uuid"] = format!("10000000-0000-4000-8000-{id:0>12}").into();
            // Now, as the tests have it.
            made["timestamp"] = "1772452800".into();
            made["Orgc"] = json!({ "name": "Our Org" });
            made["Org"] = json!({ "name": "Our Org" });
            inside.events.push(made.clone());
            json!({ "Event": made })
        }
        _ if path.starts_with("/events/upload_sample/") => json!({ "success": true }),
        _ => {
            let file = path
                .strip_prefix("/attributes/download/")
                .and_then(|id| inside.files.get(id));
            return match file {
                Some(content) => content.clone().into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            };
        }
    };
    axum::Json(answer).into_response()
}
