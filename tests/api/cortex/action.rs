//! Responders, and what they do to the work in the name of who ran them.

use serde_json::{Value, json};

use super::{add_cortex, an_ip, case_with, fake::FakeCortex, work};
use crate::harness::{Client, Server};

const ACTION: &str = "/api/v1/connector/cortex/action";

async fn act(client: &Client<'_>, kind: &str, id: &str) -> Value {
    let input = json!({ "responderId": "Block_1_0", "objectType": kind, "objectId": id });
    client.post(ACTION, input).await.expect(200)
}

/// What came of the operations of the last action: type and whether it succeeded.
async fn outcome(client: &Client<'_>, kind: &str, id: &str) -> Vec<(String, bool)> {
    let actions = client
        .get(&format!("{ACTION}/{kind}/{id}"))
        .await
        .expect(200);
    assert_eq!(actions[0]["status"], "Success", "{actions}");
    let operations: Value =
        serde_json::from_str(actions[0]["operations"].as_str().unwrap()).unwrap();
    let each = operations.as_array().unwrap().iter();
    each.map(|operation| {
        let kind = operation["type"].as_str().unwrap().to_owned();
        (kind, operation["status"] == "Success")
    })
    .collect()
}

fn done(outcome: &[(String, bool)]) -> Vec<&str> {
    let done = outcome.iter().filter(|(_, is_done)| *is_done);
    done.map(|(kind, _)| kind.as_str()).collect()
}

async fn a_field(server: &Server) {
    let field = json!({
        "name": "score", "displayName": "score", "group": "g", "description": "d", "type": "integer",
    });
    let answer = server.admin().post("/api/v1/customField", field).await;
    assert!(
        [201, 400].contains(&answer.status.as_u16()),
        "{}",
        answer.text()
    );
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
async fn a_case_is_acted_on_with_all_that_makes_sense() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    a_field(&server).await;
    let (case, _) = case_with(&team.analyst, an_ip()).await;
    let action = act(&team.analyst, "case", &case).await;
    assert_eq!(
        (
            &action["objectType"],
            &action["status"],
            &action["operations"],
            &action["report"]
        ),
        (
            &json!("Case"),
            &json!("Waiting"),
            &json!("[]"),
            &json!("{}")
        )
    );
    assert_eq!(
        (&action["cortexId"], &action["responderName"]),
        (&json!("main"), &json!("Block_1_0"))
    );
    work(&server).await;
    let sent = cortex.sent("POST /api/responder/Block_1_0/run");
    assert_eq!(
        (&sent["label"], &sent["dataType"]),
        (&json!("#1 Case"), &json!("thehive:case"))
    );
    assert_eq!(
        (&sent["data"]["caseId"], &sent["data"]["extendedStatus"]),
        (&json!(1), &json!("New"))
    );
    let outcome = outcome(&team.analyst, "case", &case).await;
    assert_eq!(
        done(&outcome),
        [
            "AddTagToCase",
            "CreateTask",
            "AddCustomFields",
            "AddArtifactToCase",
            "AssignCase"
        ],
        "{outcome:?}"
    );
    let after = team
        .analyst
        .get(&format!("/api/v1/case/{case}"))
        .await
        .expect(200);
    assert_eq!(
        (&after["tags"], &after["assignee"]),
        (&json!(["blocked"]), &json!("boss@acme.test"))
    );
    assert_eq!(after["customFields"][0]["value"], 7);
    let tasks = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "tasks" }]);
    let tasks = team.analyst.query(tasks).await.expect(200);
    assert_eq!(
        (&tasks[0]["title"], &tasks[0]["_createdBy"]),
        (&json!("Look at the firewall"), &json!("ana@acme.test"))
    );
    let listed = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "actions" }, { "_name": "count" }]);
    assert_eq!(team.analyst.query(listed).await.expect(200), 1);
    assert_eq!(
        team.other_organisation
            .query(json!([{ "_name": "listAction" }]))
            .await
            .expect(200),
        json!([])
    );
}

#[tokio::test]
async fn tasks_logs_alerts_and_observables_are_acted_on() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (case, observable) = case_with(&team.analyst, an_ip()).await;
    let task = json!({ "title": "Work" });
    let task = team
        .analyst
        .post(&format!("/api/v1/case/{case}/task"), task)
        .await
        .id();
    let log = json!({ "message": "m" });
    let log = team
        .analyst
        .post(&format!("/api/v1/task/{task}/log"), log)
        .await
        .id();
    let alert =
        json!({ "type": "t", "source": "s", "sourceRef": "1", "title": "A", "description": "d" });
    let alert = team.analyst.post("/api/v1/alert", alert).await.id();
    for (kind, id, expected) in [
        ("case_task_log", &log, &["CloseTask", "AddLogToTask"][..]),
        ("Task", &task, &["CloseTask", "AddLogToTask"][..]),
        ("alert", &alert, &["AddTagToAlert", "MarkAlertAsRead"][..]),
        (
            "case_artifact",
            &observable,
            &["AddTagToArtifact", "AddTagToCase"][..],
        ),
    ] {
        act(&team.analyst, kind, id).await;
        work(&server).await;
        let outcome = outcome(&team.analyst, kind, id).await;
        for operation in expected {
            assert!(done(&outcome).contains(operation), "{kind}: {outcome:?}");
        }
    }
    let sent = cortex.asked("POST /api/responder/Block_1_0/run");
    let sent: Vec<Value> = sent
        .iter()
        .map(|body| serde_json::from_slice(body).unwrap())
        .collect();
    assert_eq!(sent[0]["data"]["case_task"]["case"]["caseId"], 1);
    assert_eq!(sent[1]["data"]["case"]["caseId"], 1);
    assert_eq!(sent[2]["label"], "[s:1] A");
    assert_eq!(sent[3]["label"], "[ip] 203.0.113.7");
    let task = json!([{ "_name": "getTask", "idOrName": task }]);
    assert_eq!(
        team.analyst.query(task).await.expect(200)[0]["status"],
        "Completed"
    );
    let alert = team
        .analyst
        .get(&format!("/api/v1/alert/{alert}"))
        .await
        .expect(200);
    assert_eq!(
        (&alert["status"], &alert["tags"]),
        (&json!("Ignored"), &json!(["blocked"]))
    );
}

#[tokio::test]
async fn responders_are_offered_by_tlp_and_unknown_ones_are_not_found() {
    let server = Server::start().await;
    let team = server.team().await;
    let (case, _) = case_with(&team.analyst, an_ip()).await;
    let offered = format!("/api/v1/connector/cortex/responder/case/{case}");
    assert_eq!(team.analyst.get(&offered).await.expect(200), json!([]));
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let names = |list: &Value| -> Vec<String> {
        let each = list.as_array().unwrap().iter();
        each.map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let found = team.analyst.get(&offered).await.expect(200);
    assert_eq!(
        names(&found),
        ["Block_1_0", "HangsOnRun"],
        "TLP AMBER is above that of the careful one"
    );
    assert_eq!(found[0]["cortexIds"], json!(["main"]));
    let of_kind = "/api/v1/connector/cortex/responders/case";
    let found = team.analyst.get(of_kind).await.expect(200);
    assert_eq!(names(&found).len(), 3);
    let old = "/api/connector/cortex/responder/_search";
    let query = json!({ "query": { "_and": [{ "_field": "dataTypeList", "_value": "thehive:case" }] }, "range": "all" });
    assert_eq!(team.analyst.post(old, query).await.expect(200), found);
    team.analyst
        .post(old, json!({ "query": { "_any": "" } }))
        .await
        .expect_error(400, "AttributeCheckingError");
    team.read_only
        .get(of_kind)
        .await
        .expect_error(403, "AuthorizationError");
    team.other_organisation
        .get(&offered)
        .await
        .expect_error(404, "NotFoundError");
    team.analyst
        .get("/api/v1/connector/cortex/responders/dragon")
        .await
        .expect_error(400, "AttributeCheckingError");
    let unknown = json!({ "responderId": "Nobody", "objectType": "case", "objectId": case });
    team.analyst
        .post(ACTION, unknown)
        .await
        .expect_error(404, "NotFoundError");
    team.read_only
        .post(
            ACTION,
            json!({ "responderId": "Block_1_0", "objectType": "case", "objectId": case }),
        )
        .await
        .expect_error(403, "AuthorizationError");
    let several = json!([
        { "responderId": "Block_1_0", "objectType": "case", "objectId": case, "cortexId": "main" },
        { "responderId": "Block_1_0", "objectType": "thehive:case", "objectId": case },
    ]);
    let made = team
        .analyst
        .post("/api/v1/connector/cortex/actions", several)
        .await
        .expect(200);
    assert_eq!(made.as_array().unwrap().len(), 2);
}
