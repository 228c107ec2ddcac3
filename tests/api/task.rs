//! Tasks, their logs, and the effects of their statuses.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn case(client: &Client<'_>) {
    client
        .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
        .await
        .expect(201);
}

async fn task(client: &Client<'_>, input: Value) -> Value {
    client.post("/api/v1/case/1/task", input).await.expect(201)
}

fn path(task: &Value) -> String {
    format!("/api/v1/task/{}", task["_id"].as_str().unwrap())
}

#[tokio::test]
async fn a_task_has_the_defaults_of_the_contract_and_its_place() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let first = task(&team.analyst, json!({ "title": "first" })).await;
    for (field, value) in [
        ("_type", json!("Task")),
        ("group", json!("default")),
        ("status", json!("Waiting")),
        ("flag", json!(false)),
        ("mandatory", json!(false)),
        ("order", json!(0)),
        ("extraData", json!({})),
    ] {
        assert_eq!(first[field], value, "{field}");
    }
    assert!(first.get("assignee").is_none());
    assert_eq!(team.analyst.get(&path(&first)).await.expect(200), first);
    assert_eq!(
        task(&team.analyst, json!({ "title": "second" })).await["order"],
        1
    );
    assert_eq!(
        task(&team.analyst, json!({ "title": "third", "order": 9 })).await["order"],
        9
    );
    assert_eq!(
        task(&team.analyst, json!({ "title": "fourth" })).await["order"],
        10
    );
}

#[tokio::test]
async fn statuses_move_dates_and_assignee() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let created = task(&team.analyst, json!({ "title": "a" })).await;
    let set = async |status: &str| {
        server.clock.advance_ms(100);
        team.analyst
            .patch(&path(&created), json!({ "status": status }))
            .await
            .expect(204);
        team.analyst.get(&path(&created)).await.expect(200)
    };
    let at = |ms: i64| created["_createdAt"].as_i64().unwrap() + ms;
    let begun = set("InProgress").await;
    assert_eq!(
        (&begun["startDate"], &begun["assignee"]),
        (&json!(at(100)), &json!("ana@acme.test"))
    );
    let done = set("Completed").await;
    assert_eq!(
        (&done["endDate"], &done["timeToHandle"]),
        (&json!(at(200)), &json!(100))
    );
    let again = set("InProgress").await;
    assert!(again.get("endDate").is_none() && again.get("timeToHandle").is_none());
    assert_eq!(set("Cancel").await["endDate"], at(400));
    assert!(set("Waiting").await.get("endDate").is_none());
    let wrong = team
        .analyst
        .patch(&path(&created), json!({ "status": "Done" }))
        .await
        .expect(400);
    assert_eq!(wrong["errors"][0]["name"], "status");
}

#[tokio::test]
async fn a_log_begins_its_task_and_the_case() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let created = task(&team.analyst, json!({ "title": "a" })).await;
    let log = team
        .analyst
        .post(
            &format!("{}/log", path(&created)),
            json!({ "message": "**Found** it" }),
        )
        .await;
    let log_id = log.id();
    let log = log.expect(201);
    assert_eq!(
        (&log["_type"], &log["owner"]),
        (&json!("Log"), &json!("ana@acme.test"))
    );
    assert_eq!(log["attachments"], json!([]));
    assert_eq!(
        team.analyst.get(&path(&created)).await.expect(200)["status"],
        "InProgress"
    );
    assert_eq!(
        team.analyst.get("/api/v1/case/1").await.expect(200)["status"],
        "InProgress"
    );
    let change = json!({ "message": "Corrected", "includeInTimeline": 5 });
    team.analyst
        .patch(&format!("/api/v1/log/{log_id}"), change)
        .await
        .expect(204);
    let read = team
        .analyst
        .query(json!([{ "_name": "getLog", "idOrName": log_id }]))
        .await
        .expect(200);
    assert_eq!(
        (&read[0]["message"], &read[0]["includeInTimeline"]),
        (&json!("Corrected"), &json!(5))
    );
    let empty = team
        .analyst
        .patch(&format!("/api/v1/log/{log_id}"), json!({ "message": " " }))
        .await;
    empty.expect_error(400, "AttributeCheckingError");
    team.other_organisation
        .delete(&format!("/api/v1/log/{log_id}"))
        .await
        .expect(404);
    team.analyst
        .delete(&format!("/api/v1/log/{log_id}"))
        .await
        .expect(204);
    let gone = team
        .analyst
        .query(json!([{ "_name": "getLog", "idOrName": log_id }]))
        .await
        .expect(200);
    assert_eq!(gone, json!([]));
}

#[tokio::test]
async fn tasks_are_changed_together_or_not_at_all() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let first = task(&team.analyst, json!({ "title": "a" })).await;
    let second = task(&team.analyst, json!({ "title": "b" })).await;
    let wrong = json!({ "ids": [first["_id"], "~1"], "group": "g" });
    team.analyst
        .patch("/api/v1/task/_bulk", wrong)
        .await
        .expect(404);
    assert_eq!(team.analyst.get(&path(&first)).await.expect(200), first);
    let right =
        json!({ "ids": [first["_id"], second["_id"]], "group": "g", "assignee": "boss@acme.test" });
    team.analyst
        .patch("/api/v1/task/_bulk", right)
        .await
        .expect(204);
    for task in [&first, &second] {
        let read = team.analyst.get(&path(task)).await.expect(200);
        assert_eq!(
            (&read["group"], &read["assignee"]),
            (&json!("g"), &json!("boss@acme.test"))
        );
    }
}

#[tokio::test]
async fn who_cannot_work_on_tasks_cannot_have_one() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    for login in ["reader@acme.test", "olga@other.test", "nobody@x.y"] {
        let input = json!({ "title": "a", "assignee": login });
        let body = team
            .analyst
            .post("/api/v1/case/1/task", input)
            .await
            .expect(400);
        assert_eq!(body["errors"][0]["name"], "assignee");
    }
    let reversed = json!({ "title": "a", "startDate": 2, "endDate": 1 });
    let body = team
        .analyst
        .post("/api/v1/case/1/task", reversed)
        .await
        .expect(400);
    assert_eq!(body["errors"][0]["name"], "endDate");
}

#[tokio::test]
async fn an_organisation_can_be_asked_to_act() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let created = task(&team.analyst, json!({ "title": "a" })).await;
    let asked = format!("{}/actionRequired", path(&created));
    assert_eq!(
        team.analyst.get(&asked).await.expect(200),
        json!({ "acme": false })
    );
    team.analyst
        .put(&format!("{asked}/acme"), json!({}))
        .await
        .expect(204);
    assert_eq!(
        team.analyst.get(&asked).await.expect(200),
        json!({ "acme": true })
    );
    team.analyst
        .put(&format!("{asked}/other"), json!({}))
        .await
        .expect(404);
    team.analyst
        .put(&format!("{}/actionDone/acme", path(&created)), json!({}))
        .await
        .expect(204);
    assert_eq!(
        team.analyst.get(&asked).await.expect(200),
        json!({ "acme": false })
    );
}

#[tokio::test]
async fn reassigning_a_case_can_take_its_open_tasks_along() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let open = task(&team.analyst, json!({ "title": "open" })).await;
    let done = task(
        &team.analyst,
        json!({ "title": "done", "status": "Completed" }),
    )
    .await;
    let update = json!({ "assignee": "boss@acme.test", "reassignOpenTasks": true });
    team.analyst
        .patch("/api/v1/case/1", update)
        .await
        .expect(204);
    assert_eq!(
        team.analyst.get(&path(&open)).await.expect(200)["assignee"],
        "boss@acme.test"
    );
    assert_eq!(
        team.analyst.get(&path(&done)).await.expect(200)["assignee"],
        "ana@acme.test"
    );
}

#[tokio::test]
async fn a_deleted_task_takes_its_logs_along() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let created = task(&team.analyst, json!({ "title": "a" })).await;
    team.analyst
        .post(
            &format!("{}/log", path(&created)),
            json!({ "message": "m" }),
        )
        .await
        .expect(201);
    team.read_only.delete(&path(&created)).await.expect(403);
    team.analyst.delete(&path(&created)).await.expect(204);
    team.analyst
        .get(&path(&created))
        .await
        .expect_error(404, "NotFoundError");
    let logs = team
        .analyst
        .query(json!([{ "_name": "listLog" }]))
        .await
        .expect(200);
    assert_eq!(logs, json!([]));
}
