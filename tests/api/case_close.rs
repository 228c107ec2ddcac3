//! Closing and reopening: the dates of the stages, the computed times, and what becomes of the tasks.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn case_with_tasks(client: &Client<'_>) -> Value {
    let input = json!({ "title": "t", "description": "d",
        "tasks": [{ "title": "first" }, { "title": "second" }, { "title": "third" }] });
    client.post("/api/v1/case", input).await.expect(201)
}

async fn tasks(client: &Client<'_>) -> Vec<Value> {
    let query = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "tasks" },
        { "_name": "sort", "_fields": [{ "order": "asc" }] }]);
    client
        .query(query)
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .clone()
}

async fn read(client: &Client<'_>) -> Value {
    client.get("/api/v1/case/1").await.expect(200)
}

#[tokio::test]
async fn closing_ends_the_tasks_and_sets_the_times() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = case_with_tasks(&team.analyst).await;
    let start = case["startDate"].as_i64().unwrap();
    let listed = tasks(&team.analyst).await;
    let path = |index: usize| format!("/api/v1/task/{}", listed[index]["_id"].as_str().unwrap());
    server.clock.advance_ms(1_000);
    team.analyst
        .patch(&path(0), json!({ "status": "InProgress" }))
        .await
        .expect(204);
    let begun = read(&team.analyst).await;
    assert_eq!(
        (&begun["status"], &begun["stage"]),
        (&json!("InProgress"), &json!("InProgress"))
    );
    assert_eq!(begun["inProgressDate"], start + 1_000);
    assert_eq!(begun["timeToTriage"], 1_000);
    server.clock.advance_ms(1_000);
    let close =
        json!({ "status": "TruePositive", "impactStatus": "NoImpact", "summary": "Blocked" });
    team.analyst
        .patch("/api/v1/case/1", close)
        .await
        .expect(204);
    let closed = read(&team.analyst).await;
    assert_eq!(closed["stage"], "Closed");
    for field in ["endDate", "closedDate"] {
        assert_eq!(closed[field], start + 2_000, "{field}");
    }
    for field in ["timeToResolve", "handlingDuration", "timeToAcknowledge"] {
        assert_eq!(closed[field], 1_000, "{field}");
    }
    let statuses: Vec<Value> = tasks(&team.analyst)
        .await
        .iter()
        .map(|task| task["status"].clone())
        .collect();
    assert_eq!(statuses, ["Completed", "Cancel", "Cancel"]);
}

#[tokio::test]
async fn reopening_keeps_the_verdict_and_needs_its_right() {
    let server = Server::start().await;
    let team = server.team().await;
    case_with_tasks(&team.analyst).await;
    let close = json!({ "status": "FalsePositive", "summary": "Nothing" });
    team.analyst
        .patch("/api/v1/case/1", close)
        .await
        .expect(204);
    let profile = json!({ "name": "closer", "permissions": ["manageCase/update"] });
    server
        .admin()
        .post("/api/v1/profile", profile)
        .await
        .expect(201);
    let closer = server.person("cleo@acme.test", "acme", "closer").await;
    let reopen = json!({ "status": "InProgress" });
    closer
        .patch("/api/v1/case/1", reopen.clone())
        .await
        .expect_error(403, "AuthorizationError");
    closer
        .patch("/api/v1/case/1", json!({ "status": "Other" }))
        .await
        .expect(204);
    server.clock.advance_ms(5_000);
    team.analyst
        .patch("/api/v1/case/1", reopen)
        .await
        .expect(204);
    let case = read(&team.analyst).await;
    assert_eq!(case["stage"], "InProgress");
    assert_eq!(case["summary"], "Nothing");
    assert!(case["endDate"].is_i64() && case["closedDate"].is_i64());
}

#[tokio::test]
async fn a_mandatory_task_keeps_the_case_open_and_needs_a_log() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = json!({ "title": "t", "description": "d",
        "tasks": [{ "title": "Call the user", "mandatory": true }] });
    team.analyst.post("/api/v1/case", input).await.expect(201);
    let close = json!({ "status": "Other" });
    let message = team
        .analyst
        .patch("/api/v1/case/1", close.clone())
        .await
        .expect_error(400, "BadRequest");
    assert!(message.contains("Call the user"), "{message}");
    assert_eq!(read(&team.analyst).await["stage"], "New");
    let task = format!(
        "/api/v1/task/{}",
        tasks(&team.analyst).await[0]["_id"].as_str().unwrap()
    );
    let complete = json!({ "status": "Completed" });
    let message = team
        .analyst
        .patch(&task, complete.clone())
        .await
        .expect_error(400, "BadRequest");
    assert!(message.contains("Call the user"), "{message}");
    team.analyst
        .post(&format!("{task}/log"), json!({ "message": "Called" }))
        .await
        .expect(201);
    team.analyst.patch(&task, complete).await.expect(204);
    team.analyst
        .patch("/api/v1/case/1", close)
        .await
        .expect(204);
    assert_eq!(read(&team.analyst).await["stage"], "Closed");
}

#[tokio::test]
async fn a_case_can_be_created_closed() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = json!({ "title": "t", "description": "d", "status": "Duplicated" });
    let case = team.analyst.post("/api/v1/case", input).await.expect(201);
    assert_eq!(case["stage"], "Closed");
    assert_eq!(case["inProgressDate"], case["closedDate"]);
    assert!(case["endDate"].is_i64());
}
