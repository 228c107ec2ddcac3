//! The event of a file becomes a case.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{observables, pairs};
use crate::harness::{Form, Server};

const PATH: &str = "/api/v1/connector/misp/case/import";

#[tokio::test]
async fn an_event_becomes_a_case() {
    let server = Server::start().await;
    let team = server.team().await;
    let event = json!({ "response": [{ "Event": {
        "id": "7", "info": "A campaign", "date": "2026-02-01", "threat_level_id": "2", "Orgc": { "name": "CIRCL" },
        "Tag": [{ "name": "tlp:red" }, { "name": "PAP:GREEN" }],
        "Attribute": [
            { "type": "domain", "value": "evil.test", "to_ids": true, "category": "Network activity" },
            { "type": "domain", "value": "gone.test", "deleted": true },
            { "type": "attachment", "value": "note.txt", "data": STANDARD.encode(b"a note") },
            { "type": "attachment", "value": "lost.txt" },
        ],
        "Object": [{ "name": "file", "Attribute": [{ "type": "filename|md5",
            "value": "a.exe|d41d8cd98f00b204e9800998ecf8427e" }] }],
    }}]});
    let form = Form::default()
        .json(&json!({ "tasks": [{ "title": "Look" }], "assignee": "ana@acme.test" }))
        .file("file", "event.json", None, event.to_string().as_bytes());
    let case = team.analyst.upload(PATH, form).await.expect(201);
    assert_eq!(
        (&case["title"], &case["severity"]),
        (&json!("A campaign"), &json!(2))
    );
    assert_eq!(
        (&case["tlp"], &case["pap"], &case["assignee"]),
        (&json!(4), &json!(1), &json!("ana@acme.test"))
    );
    assert_eq!(case["startDate"], 1_769_904_000_000_i64);
    assert!(
        case["tags"]
            .as_array()
            .unwrap()
            .contains(&json!("src:CIRCL"))
    );
    let id = case["_id"].as_str().unwrap();
    assert_eq!(
        observables(&team.analyst, id).await,
        pairs(&[
            ("domain", "evil.test"),
            ("file", "note.txt"),
            ("filename", "a.exe"),
            ("filename", "lost.txt"),
            ("hash", "d41d8cd98f00b204e9800998ecf8427e"),
        ])
    );
    let tasks = team
        .analyst
        .query(json!([{ "_name": "getCase", "idOrName": id }, { "_name": "tasks" }]))
        .await
        .expect(200);
    assert_eq!(tasks[0]["title"], "Look");
}

#[tokio::test]
async fn what_is_no_event_becomes_nothing() {
    let server = Server::start().await;
    let team = server.team().await;
    for content in ["{}", "[]", "7", "no json", "", "{\"Event\": 5}"] {
        let form =
            Form::default()
                .json(&json!({}))
                .file("file", "event.json", None, content.as_bytes());
        let message = team
            .analyst
            .upload(PATH, form)
            .await
            .expect_error(400, "BadRequest");
        assert_eq!(message, "Could not convert json to MISP event", "{content}");
    }
    let form = Form::default().json(&json!({}));
    team.analyst
        .upload(PATH, form)
        .await
        .expect_error(400, "AttributeCheckingError");
    let form =
        Form::default()
            .json(&json!({}))
            .file("file", "event.json", None, b"{\"info\": \"x\"}");
    team.read_only
        .upload(PATH, form)
        .await
        .expect_error(403, "AuthorizationError");
    let cases = team
        .analyst
        .query(json!([{ "_name": "listCase" }]))
        .await
        .expect(200);
    assert_eq!(cases, json!([]));
}
