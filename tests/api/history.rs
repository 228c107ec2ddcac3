//! The audit trail as history, stream, flow and server-sent events tell it.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn history(client: &Client<'_>) -> Vec<Value> {
    let query = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "auditsFromContext" },
        { "_name": "sort", "_fields": [{ "_createdAt": "asc" }] }]);
    client
        .query(query)
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .clone()
}

fn words(records: &[Value]) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    records
        .iter()
        .map(|record| {
            format!(
                "{} {}",
                word(&record["action"]),
                word(&record["objectType"])
            )
        })
        .collect()
}

#[tokio::test]
async fn a_case_remembers_all_that_was_done() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = json!({ "title": "t", "description": "d", "tasks": [{ "title": "a" }] });
    team.analyst.post("/api/v1/case", input).await.expect(201);
    server.clock.advance_ms(10);
    team.analyst
        .patch("/api/v1/case/1", json!({ "assignee": "boss@acme.test" }))
        .await
        .expect(204);
    server.clock.advance_ms(10);
    team.analyst
        .post("/api/v1/case/1/comment", json!({ "message": "m" }))
        .await
        .expect(201);
    let records = history(&team.analyst).await;
    assert_eq!(
        words(&records),
        [
            "create Case",
            "update Case",
            "create Task",
            "update Case",
            "create Comment"
        ]
    );
    let is_main: Vec<bool> = records
        .iter()
        .map(|record| record["mainAction"].as_bool().unwrap())
        .collect();
    assert_eq!(is_main, [true, false, false, true, true]);
    assert_eq!(records[0]["requestId"], records[2]["requestId"]);
    assert_eq!(records[0]["details"]["title"], "t");
    assert_eq!(
        records[1]["details"]["share"],
        json!({ "organisation": "acme", "profile": "org-admin" })
    );
    assert_eq!(
        records[3]["details"],
        json!({ "assignee": "boss@acme.test" })
    );
    let change =
        json!([{ "field": "assignee", "before": "ana@acme.test", "after": "boss@acme.test" }]);
    assert_eq!(records[3]["changes"], change);
    assert_eq!(records[4]["object"]["message"], "m");
    assert_eq!(records[4]["context"]["number"], 1);
    assert_eq!(records[4]["rootId"], records[0]["objectId"]);
}

#[tokio::test]
async fn another_organisation_hears_nothing() {
    let server = Server::start().await;
    let team = server.team().await;
    let stream = team
        .other_organisation
        .post_nothing("/api/v1/stream")
        .await
        .text();
    team.analyst
        .post(
            "/api/v1/case",
            json!({ "title": "secret", "description": "d" }),
        )
        .await
        .expect(201);
    team.analyst.delete("/api/v1/case/1").await.expect(204);
    for stranger in [&team.other_organisation, &server.admin()] {
        let trail = stranger
            .query(json!([{ "_name": "listAudit" }]))
            .await
            .expect(200);
        let told = trail.to_string();
        assert!(!told.contains("secret"), "{told}");
        let flow = stranger.get("/api/v1/flow?count=500").await.expect(200);
        assert!(!flow.to_string().contains("secret"));
    }
    // Something of its own wakes the stranger's stream, and only that is told.
    team.other_organisation
        .post(
            "/api/v1/case",
            json!({ "title": "own", "description": "d" }),
        )
        .await
        .expect(201);
    let told = team
        .other_organisation
        .get(&format!("/api/v1/stream/{stream}"))
        .await
        .expect(200);
    assert!(told.to_string().contains("own") && !told.to_string().contains("secret"));
    team.analyst
        .get(&format!("/api/v1/stream/{stream}"))
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn a_stream_goes_on_where_it_was_left() {
    let server = Server::start().await;
    let team = server.team().await;
    let stream = team.analyst.post_nothing("/api/v1/stream").await;
    stream.expect(200);
    let id = stream.text();
    assert_eq!(id.len(), 20);
    let input =
        json!({ "title": "t", "description": "d", "tasks": [{ "title": "a" }, { "title": "b" }] });
    team.analyst.post("/api/v1/case", input).await.expect(201);
    let told = team
        .analyst
        .get(&format!("/api/v1/stream/{id}"))
        .await
        .expect(200);
    assert_eq!(told.as_array().unwrap().len(), 1);
    assert_eq!(told[0]["base"]["objectType"], "Case");
    assert_eq!(told[0]["base"]["object"]["title"], "t");
    assert_eq!(
        told[0]["summary"],
        json!({ "Case": { "create": 1, "update": 1 }, "Task": { "create": 2 } })
    );
    team.analyst
        .patch("/api/v1/case/1", json!({ "flag": true }))
        .await
        .expect(204);
    let told = team
        .analyst
        .get(&format!("/api/v1/stream/{id}"))
        .await
        .expect(200);
    assert_eq!(told[0]["base"]["details"], json!({ "flag": true }));
    team.analyst
        .get("/api/v1/stream/aaaaaaaaaaaaaaaaaaaa")
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn the_flow_is_the_newest_first_of_the_last_day() {
    let server = Server::start().await;
    let team = server.team().await;
    team.analyst
        .post(
            "/api/v1/case",
            json!({ "title": "old", "description": "d" }),
        )
        .await
        .expect(201);
    server.clock.advance_ms(25 * 60 * 60 * 1_000);
    team.analyst
        .post(
            "/api/v1/case",
            json!({ "title": "new", "description": "d" }),
        )
        .await
        .expect(201);
    team.analyst
        .patch("/api/v1/case/2", json!({ "flag": true }))
        .await
        .expect(204);
    let flow = team.analyst.get("/api/v1/flow").await.expect(200);
    let told: Vec<String> = flow
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["base"]["action"].to_string())
        .collect();
    assert_eq!(told, ["\"update\"", "\"create\""]);
    let id = flow[0]["base"]["rootId"].as_str().unwrap().to_owned();
    let of_case = team
        .analyst
        .get(&format!("/api/v1/flow?rootId={id}&count=1"))
        .await
        .expect(200);
    assert_eq!(of_case.as_array().unwrap().len(), 1);
}
