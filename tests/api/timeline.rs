//! What happened in a case, and what people write onto its timeline.

use serde_json::{Value, json};

use crate::harness::{Client, START_MS, Server};

async fn events(client: &Client<'_>, case: &str) -> Vec<Value> {
    let path = format!("/api/v1/case/{case}/timeline");
    let timeline = client.get(&path).await.expect(200);
    timeline["events"].as_array().unwrap().clone()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_fresh_case_has_its_creation() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = json!({ "title": "Case", "description": "d" });
    let case = team.analyst.post("/api/v1/case", input).await.id();
    let events = events(&team.analyst, &case).await;
    assert_eq!(
        events,
        [json!({
            "date": START_MS, "kind": "CaseCreated", "entity": "Case", "entityId": case,
            "details": { "number": 1, "title": "Case", "severity": 2, "createdBy": "ana@acme.test" },
        })]
    );
    let path = format!("/api/v1/case/{case}/timeline");
    team.other_organisation.get(&path).await.expect(404);
    team.read_only.get(&path).await.expect(200);
}

#[tokio::test]
async fn everything_that_hangs_on_a_case_is_told_in_order() {
    let server = Server::start().await;
    let team = server.team().await;
    let analyst = &team.analyst;
    let input = json!({ "title": "Case", "description": "d", "startDate": START_MS - 5_000, "tasks": [{ "title": "Look" }] });
    let case = analyst.post("/api/v1/case", input).await.id();
    let tasks = analyst
        .query(json!([{ "_name": "getCase", "idOrName": case }, { "_name": "tasks" }]))
        .await
        .expect(200);
    let task = tasks[0]["_id"].as_str().unwrap();
    let log = json!({ "message": "seen", "includeInTimeline": START_MS - 4_000 });
    analyst
        .post(&format!("/api/v1/task/{task}/log"), log)
        .await
        .expect(201);
    analyst
        .post(
            &format!("/api/v1/task/{task}/log"),
            json!({ "message": "not told" }),
        )
        .await
        .expect(201);
    let procedure = json!({ "patternId": "T1566", "occurDate": START_MS - 6_000 });
    analyst
        .post(&format!("/api/v1/case/{case}/procedure"), procedure)
        .await
        .expect(201);
    let custom =
        json!({ "date": START_MS - 7_000, "endDate": START_MS - 1_000, "title": "Outage" });
    analyst
        .post(&format!("/api/v1/case/{case}/customEvent"), custom)
        .await
        .expect(201);
    server.clock.advance_ms(1_000);
    analyst
        .patch(
            &format!("/api/v1/task/{task}"),
            json!({ "status": "InProgress" }),
        )
        .await
        .expect(204);
    server.clock.advance_ms(1_000);
    analyst
        .patch(
            &format!("/api/v1/task/{task}"),
            json!({ "status": "Completed" }),
        )
        .await
        .expect(204);
    let events = events(analyst, &case).await;
    assert_eq!(
        kinds(&events),
        [
            "CustomEvent",
            "Procedure",
            "CaseStarted",
            "Log",
            "CaseCreated",
            "CaseInProgress",
            "TaskCompleted"
        ]
    );
    assert_eq!(events[0]["endDate"], START_MS - 1_000);
    assert_eq!(events[0]["entity"], "Custom");
    assert_eq!(events[1]["details"]["patternId"], "T1566");
    assert_eq!(events[3]["details"]["title"], "Look", "the task of a note");
    assert_eq!(events[6]["details"]["title"], "Look");
}

#[tokio::test]
async fn a_custom_event_is_changed_and_deleted() {
    let server = Server::start().await;
    let team = server.team().await;
    let analyst = &team.analyst;
    let input = json!({ "title": "Case", "description": "d" });
    let case = analyst.post("/api/v1/case", input).await.id();
    let path = format!("/api/v1/case/{case}/customEvent");
    let event = json!({ "date": 123, "title": "Call", "description": "from the bank" });
    team.read_only.post(&path, event.clone()).await.expect(403);
    team.other_organisation
        .post(&path, event.clone())
        .await
        .expect(404);
    let answer = analyst.post(&path, event).await;
    let id = answer.id();
    let created = answer.expect(201);
    let get = json!([{ "_name": "getCustomEvent", "idOrName": id }]);
    assert_eq!(
        analyst.query(get.clone()).await.expect(200),
        json!([created])
    );
    assert_eq!(
        analyst
            .query(json!([{ "_name": "getCase", "idOrName": case }, { "_name": "customEvents" }]))
            .await
            .expect(200),
        json!([created])
    );
    let one = format!("/api/v1/customEvent/{id}");
    analyst
        .patch(&one, json!({ "endDate": 122 }))
        .await
        .expect_error(400, "AttributeCheckingError");
    analyst
        .patch(
            &one,
            json!({ "endDate": 124, "title": "Two calls", "description": null }),
        )
        .await
        .expect(204);
    let changed = analyst.query(get.clone()).await.expect(200);
    assert_eq!(
        (&changed[0]["endDate"], &changed[0]["title"]),
        (&json!(124), &json!("Two calls"))
    );
    assert_eq!(changed[0].get("description"), None);
    let is_told = |events: Vec<Value>| events.iter().any(|event| event["entityId"] == id.as_str());
    assert!(is_told(events(analyst, &case).await));
    team.other_organisation.delete(&one).await.expect(404);
    analyst.delete(&one).await.expect(204);
    assert!(!is_told(events(analyst, &case).await));
    analyst.delete(&one).await.expect(404);
}
