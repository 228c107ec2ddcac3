//! Alerts: created, read, changed, deleted and restored; stages with their dates; what can be asked about them.

use serde_json::{Value, json};

use crate::harness::{Client, Server, alert};

async fn create(client: &Client<'_>, reference: &str) -> Value {
    client
        .post("/api/v1/alert", alert(reference))
        .await
        .expect(201)
}

fn path(alert: &Value) -> String {
    format!("/api/v1/alert/{}", alert["_id"].as_str().unwrap())
}

async fn list(client: &Client<'_>, filter: Value) -> Vec<Value> {
    let mut filter = filter;
    filter["_name"] = json!("filter");
    let sort = json!({ "_name": "sort", "_fields": [{ "_createdAt": "asc" }] });
    client
        .query(json!([{ "_name": "listAlert" }, filter, sort]))
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .clone()
}

fn references(alerts: &[Value]) -> Vec<&str> {
    alerts
        .iter()
        .map(|alert| alert["sourceRef"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn an_alert_reads_back_as_it_was_created() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = json!({
        "type": "siem", "source": "splunk", "sourceRef": "a;b", "title": "Beacon", "description": "every 60 s",
        "externalLink": "http://", "date": 123, "severity": 3, "tlp": 0, "pap": 1, "tags": ["c2", "beacon", "c2"],
        "summary": "s", "assignee": "Ana@acme.test", "caseTemplate": "there-is-none", "flag": true,
        "customFields": [], "observables": [], "procedures": [],
    });
    let created = team.api_key.post("/api/v1/alert", input.clone()).await;
    let id = created.id();
    let created = created.expect(201);
    for (field, value) in [
        ("_type", json!("Alert")),
        ("_createdBy", json!("robot@acme.test")),
        ("tags", json!(["c2", "beacon"])),
        ("severityLabel", json!("HIGH")),
        ("tlpLabel", json!("CLEAR")),
        ("papLabel", json!("GREEN")),
        ("follow", json!(true)),
        ("observableCount", json!(0)),
        ("status", json!("New")),
        ("stage", json!("New")),
        ("assignee", json!("ana@acme.test")),
        ("externalLink", json!("http://")),
        ("date", json!(123)),
        ("customFields", json!([])),
        ("extraData", json!({})),
    ] {
        assert_eq!(created[field], value, "{field}");
    }
    for absent in [
        "_updatedAt",
        "_updatedBy",
        "caseId",
        "caseTemplate",
        "timeToTriage",
        "flag",
    ] {
        assert_eq!(created[absent], Value::Null, "{absent}");
    }
    let new_date = created["newDate"].as_i64().unwrap();
    assert_eq!(created["timeToDetect"], new_date - 123);
    let read = team.analyst.get(&format!("/api/v1/alert/{id}")).await;
    assert_eq!(read.expect(200), created);
    for name in [id.as_str(), "siem;splunk;a;b"] {
        let asked = json!([{ "_name": "getAlert", "idOrName": name }]);
        assert_eq!(
            team.analyst.query(asked).await.expect(200),
            json!([created]),
            "{name}"
        );
    }
    for name in ["siem;splunk", "siem;splunk;b", "~x"] {
        let asked = json!([{ "_name": "getAlert", "idOrName": name }]);
        assert_eq!(team.analyst.query(asked).await.expect(200), json!([]));
    }
    let payload = format!("/api/skep/v1/alert/{id}/payload");
    assert_eq!(team.read_only.get(&payload).await.expect(200), input);
}

#[tokio::test]
async fn the_defaults_are_those_of_the_contract_and_what_is_wrong_is_refused() {
    let server = Server::start().await;
    let team = server.team().await;
    let created = create(&team.analyst, "1").await;
    assert_eq!(
        [&created["severity"], &created["tlp"], &created["pap"]],
        [2, 2, 2]
    );
    assert_eq!(created["date"], created["_createdAt"]);
    assert_eq!(created["assignee"], Value::Null);
    for missing in ["type", "source", "sourceRef", "title", "description"] {
        let mut input = alert("2");
        input.as_object_mut().unwrap().remove(missing);
        let refused = team.analyst.post("/api/v1/alert", input).await;
        let problem = refused.expect_error(400, "AttributeCheckingError");
        assert!(problem.contains(missing), "{problem}");
    }
    for (field, value) in [
        ("type", json!("t".repeat(33))),
        ("source", json!("")),
        ("sourceRef", json!("r".repeat(129))),
        ("severity", json!(5)),
        ("status", json!("Nonsense")),
        ("assignee", json!("olga@other.test")),
        ("assignee", json!("reader@acme.test")),
        ("tags", json!([""])),
    ] {
        let mut input = alert("2");
        input[field] = value;
        team.analyst
            .post("/api/v1/alert", input)
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    server
        .admin()
        .post("/api/v1/alert", alert("2"))
        .await
        .expect(403);
}

#[tokio::test]
async fn type_source_and_reference_name_one_alert_of_an_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    let first = create(&team.analyst, "1").await;
    let refused = team.analyst.post("/api/v1/alert", alert("1")).await;
    let problem = refused.expect_error(400, "CreateError");
    assert_eq!(
        problem,
        "Alert siem:sensor:1 already exist in organisation acme"
    );
    create(&team.other_organisation, "1").await;
    let second = create(&team.analyst, "2").await;
    team.analyst
        .patch(&path(&second), json!({ "sourceRef": "1" }))
        .await
        .expect_error(400, "CreateError");
    // Deleted, its name is free; and while another has it, it can't come back.
    team.analyst.delete(&path(&first)).await.expect(204);
    team.analyst
        .patch(&path(&second), json!({ "sourceRef": "1" }))
        .await
        .expect(204);
    let restore = json!({ "ids": [first["_id"]] });
    let bin = "/api/skep/v1/bin/alert";
    team.analyst
        .post(&format!("{bin}/restore"), restore.clone())
        .await
        .expect_error(400, "CreateError");
    let held = team.analyst.get(bin).await.expect(200);
    assert_eq!(
        (&held["total"], &held["items"][0]["_id"]),
        (&json!(1), &first["_id"])
    );
    team.analyst.delete(&path(&second)).await.expect(204);
    team.analyst
        .post(&format!("{bin}/restore"), restore)
        .await
        .expect(204);
    assert_eq!(
        team.analyst.get(&path(&first)).await.expect(200)["sourceRef"],
        "1"
    );
}

#[tokio::test]
async fn stages_set_their_dates_once_and_who_starts_takes_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let alert = create(&team.analyst, "1").await;
    let start = alert["newDate"].as_i64().unwrap();
    let set = async |client: &Client<'_>, status: &str| {
        server.clock.advance_ms(1_000);
        client
            .patch(&path(&alert), json!({ "status": status }))
            .await
            .expect(204);
        client.get(&path(&alert)).await.expect(200)
    };
    let started = set(&team.analyst, "InProgress").await;
    assert_eq!(
        (
            &started["stage"],
            &started["assignee"],
            &started["inProgressDate"]
        ),
        (
            &json!("InProgress"),
            &json!("ana@acme.test"),
            &json!(start + 1_000)
        )
    );
    let pending = set(&team.org_admin, "Pending").await;
    assert_eq!(
        (&pending["stage"], &pending["assignee"]),
        (&json!("InProgress"), &json!("ana@acme.test"))
    );
    let closed = set(&team.org_admin, "FalsePositive").await;
    assert_eq!(
        (
            &closed["closedDate"],
            &closed["timeToQualify"],
            &closed["timeToTriage"]
        ),
        (&json!(start + 3_000), &json!(3_000), &json!(1_000))
    );
    let reopened = set(&team.analyst, "New").await;
    assert_eq!(
        (&reopened["stage"], &reopened["closedDate"]),
        (&json!("New"), &json!(start + 3_000))
    );
    // Closed at once, by somebody else: both dates, and the assignee stays.
    let again = set(&team.org_admin, "Ignored").await;
    assert_eq!(
        (&again["closedDate"], &again["assignee"]),
        (&json!(start + 3_000), &json!("ana@acme.test"))
    );
}

#[tokio::test]
async fn the_way_back_needs_the_right_to_reopen() {
    let server = Server::start().await;
    let team = server.team().await;
    let profile = json!({ "name": "closer", "permissions": ["manageAlert/update"] });
    server
        .admin()
        .post("/api/v1/profile", profile)
        .await
        .expect(201);
    let closer = server.person("carl@acme.test", "acme", "closer").await;
    let alert = create(&team.analyst, "1").await;
    for status in ["InProgress", "Ignored", "Duplicate"] {
        closer
            .patch(&path(&alert), json!({ "status": status }))
            .await
            .expect(204);
    }
    for status in ["New", "InProgress", "Pending"] {
        closer
            .patch(&path(&alert), json!({ "status": status }))
            .await
            .expect_error(403, "AuthorizationError");
    }
    team.analyst
        .patch(&path(&alert), json!({ "status": "New" }))
        .await
        .expect(204);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn an_update_changes_what_it_names_and_is_in_the_history() {
    let server = Server::start().await;
    let team = server.team().await;
    let alert = create(&team.analyst, "1").await;
    let change = json!({
        "title": "Beacon", "severity": 4, "addTags": ["x", "y"], "removeTags": ["x"], "assignee": "ana@acme.test",
        "summary": "s", "externalLink": "https://siem/1", "lastSyncDate": 5, "date": 7,
    });
    team.org_admin
        .patch(&path(&alert), change)
        .await
        .expect(204);
    let read = team.analyst.get(&path(&alert)).await.expect(200);
    assert_eq!(
        (
            &read["title"],
            &read["tags"],
            &read["_updatedBy"],
            &read["date"]
        ),
        (
            &json!("Beacon"),
            &json!(["y"]),
            &json!("boss@acme.test"),
            &json!(7)
        )
    );
    let clear = json!({ "summary": null, "assignee": null, "externalLink": null });
    team.analyst.patch(&path(&alert), clear).await.expect(204);
    let read = team.analyst.get(&path(&alert)).await.expect(200);
    for field in ["summary", "assignee", "externalLink"] {
        assert_eq!(read[field], Value::Null, "{field}");
    }
    for wrong in [
        json!({ "title": "" }),
        json!({ "assignee": "nobody@acme.test" }),
        json!({ "status": "?" }),
    ] {
        team.analyst
            .patch(&path(&alert), wrong)
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    team.analyst
        .post_nothing(&format!("{}/unfollow", path(&alert)))
        .await
        .expect(204);
    assert_eq!(
        team.analyst.get(&path(&alert)).await.expect(200)["follow"],
        false
    );
    team.analyst
        .post_nothing(&format!("{}/follow", path(&alert)))
        .await
        .expect(204);
    let asked = json!([{ "_name": "getAlert", "idOrName": alert["_id"] }, { "_name": "audits" },
        { "_name": "sort", "_fields": [{ "_createdAt": "asc" }] }]);
    let history = team.analyst.query(asked.clone()).await.expect(200);
    let actions: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["create", "update", "update", "update", "update"]);
    assert_eq!(history[1]["details"]["tags"], json!(["y"]));
    assert_eq!(history[1]["context"]["_id"], alert["_id"]);
    let foreign = team.other_organisation.query(asked).await.expect(200);
    assert_eq!(foreign, json!([]));
    let all = json!([{ "_name": "listAudit" }, { "_name": "filter", "objectType": "Alert" }]);
    assert_eq!(
        team.other_organisation.query(all.clone()).await.expect(200),
        json!([])
    );
    assert_eq!(server.admin().query(all).await.expect(200), json!([]));
}

#[tokio::test]
async fn bulk_calls_do_all_or_nothing() {
    let server = Server::start().await;
    let team = server.team().await;
    let mut ids = Vec::new();
    for reference in ["1", "2", "3"] {
        ids.push(create(&team.analyst, reference).await["_id"].clone());
    }
    let foreign = create(&team.other_organisation, "4").await["_id"].clone();
    let change = json!({ "ids": [ids[0], foreign], "severity": 4 });
    team.analyst
        .patch("/api/v1/alert/_bulk", change)
        .await
        .expect(404);
    let change = json!({ "ids": [ids[0], "siem;sensor;2"], "severity": 4, "status": "Ignored" });
    team.analyst
        .patch("/api/v1/alert/_bulk", change)
        .await
        .expect(204);
    assert_eq!(
        references(&list(&team.analyst, json!({ "severity": 4, "stage": "Closed" })).await),
        ["1", "2"]
    );
    let all = json!([{ "_name": "listAudit" }, { "_name": "filter", "action": "update" }]);
    let records = team.analyst.query(all).await.expect(200);
    let batch = &records[0]["requestId"];
    assert!(
        batch.is_string()
            && records
                .as_array()
                .unwrap()
                .iter()
                .all(|record| record["requestId"] == *batch)
    );
    let bulk = "/api/v1/alert/delete/_bulk";
    team.analyst
        .post(bulk, json!({ "ids": [ids[0], "~1"] }))
        .await
        .expect(404);
    team.analyst
        .post(bulk, json!({ "ids": [ids[0], ids[1]] }))
        .await
        .expect(204);
    assert_eq!(references(&list(&team.analyst, json!({})).await), ["3"]);
    team.analyst
        .post(
            "/api/skep/v1/bin/alert/restore",
            json!({ "ids": [ids[0], ids[1]] }),
        )
        .await
        .expect(204);
    assert_eq!(list(&team.analyst, json!({})).await.len(), 3);
    let many: Vec<String> = (0..501).map(|id| format!("~{id}")).collect();
    team.analyst
        .patch("/api/v1/alert/_bulk", json!({ "ids": many, "severity": 1 }))
        .await
        .expect(400);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn alerts_are_filtered_counted_and_shaped() {
    let server = Server::start().await;
    let team = server.team().await;
    let first = json!({ "type": "mail", "source": "gateway", "sourceRef": "m-1", "title": "Phishing mail from Äpfel",
        "description": "with a lure", "severity": 4, "tags": ["phish", "urgent"], "date": 10 });
    team.analyst.post("/api/v1/alert", first).await.expect(201);
    create(&team.analyst, "s-1").await;
    let second = list(&team.analyst, json!({ "sourceRef": "s-1" })).await[0].clone();
    team.analyst
        .patch(&path(&second), json!({ "status": "Ignored" }))
        .await
        .expect(204);
    create(&team.other_organisation, "foreign").await;
    for (filter, found) in [
        (json!({ "type": "mail" }), vec!["m-1"]),
        (json!({ "tags": "phish" }), vec!["m-1"]),
        (
            json!({ "_in": { "_field": "tags", "_values": ["urgent", "none"] } }),
            vec!["m-1"],
        ),
        (
            json!({ "_match": { "_field": "title", "_value": "äpfel" } }),
            vec!["m-1"],
        ),
        (
            json!({ "_match": { "_field": "keyword", "_value": "lure" } }),
            vec!["m-1"],
        ),
        (
            json!({ "_match": { "_field": "keyword", "_value": "gateway" } }),
            vec!["m-1"],
        ),
        (
            json!({ "_like": { "_field": "title", "_value": "*MAIL*" } }),
            vec!["m-1"],
        ),
        (json!({ "stage": "Closed" }), vec!["s-1"]),
        (json!({ "read": true }), vec!["s-1"]),
        (json!({ "imported": false }), vec!["m-1", "s-1"]),
        (json!({ "_has": "case" }), vec![]),
        (json!({ "assignee": "ana@acme.test" }), vec!["s-1"]),
        (
            json!({ "_lt": { "_field": "date", "_value": 11 } }),
            vec!["m-1"],
        ),
        (json!({ "observableCount": 0 }), vec!["m-1", "s-1"]),
        (
            json!({ "_gte": { "_field": "timeToDetectInDays", "_value": 1 } }),
            vec!["m-1"],
        ),
    ] {
        let found_now = list(&team.analyst, filter.clone()).await;
        assert_eq!(references(&found_now), found, "{filter}");
    }
    for (count, number) in [
        (json!([{ "_name": "countAlert" }]), 2),
        (json!([{ "_name": "countUnreadAlert" }]), 1),
        (json!([{ "_name": "countImportedAlert" }]), 0),
        (json!([{ "_name": "countRelatedAlert", "caseId": "~1" }]), 0),
        (json!([{ "_name": "listAlert" }, { "_name": "count" }]), 2),
    ] {
        assert_eq!(
            team.analyst.query(count.clone()).await.expect(200),
            json!(number),
            "{count}"
        );
    }
    let page = json!([{ "_name": "listAlert" }, { "_name": "filter", "stage": "Closed" },
        { "_name": "page", "from": 0, "to": 5, "extraData": ["status", "importDate", "relatedCase", "caseNumber",
            "procedureCount", "nonsense"] }]);
    let page = team.analyst.query(page).await.expect(200);
    let extra = &page[0]["extraData"];
    assert_eq!(extra["status"]["stage"], "Closed");
    assert_eq!(extra["procedureCount"], 0);
    assert_eq!(extra.as_object().unwrap().len(), 2);
    let people = json!([{ "_name": "listAlert" }, { "_name": "assignableUsers" }]);
    let people = team.analyst.query(people).await.expect(200);
    let logins: Vec<&str> = people
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["login"].as_str().unwrap())
        .collect();
    assert_eq!(
        logins,
        ["boss@acme.test", "ana@acme.test", "robot@acme.test"]
    );
    let by_day = json!([{ "_name": "listAlert" }, { "_name": "aggregation", "_agg": "field", "_field": "severity",
        "_select": [{ "_agg": "count" }] }]);
    assert_eq!(
        team.analyst.query(by_day).await.expect(200),
        json!({ "4": { "count": 1 }, "2": { "count": 1 } })
    );
    let mine = json!([{ "_name": "currentUser" }, { "_name": "alerts" }, { "_name": "count" }]);
    assert_eq!(team.analyst.query(mine).await.expect(200), 1);
}

#[tokio::test]
async fn another_organisation_neither_sees_nor_changes_an_alert() {
    let server = Server::start().await;
    let team = server.team().await;
    let alert = create(&team.analyst, "1").await;
    let stranger = &team.other_organisation;
    stranger.get(&path(&alert)).await.expect(404);
    stranger
        .patch(&path(&alert), json!({ "title": "mine" }))
        .await
        .expect(404);
    stranger.delete(&path(&alert)).await.expect(404);
    let payload = format!(
        "/api/skep/v1/alert/{}/payload",
        alert["_id"].as_str().unwrap()
    );
    stranger.get(&payload).await.expect(404);
    let ids = json!({ "ids": [alert["_id"]] });
    team.analyst.delete(&path(&alert)).await.expect(204);
    stranger
        .post("/api/skep/v1/bin/alert/restore", ids)
        .await
        .expect(404);
    let bin = stranger.get("/api/skep/v1/bin/alert").await.expect(200);
    assert_eq!(bin, json!({ "total": 0, "items": [] }));
    team.analyst.get(&path(&alert)).await.expect(404);
    team.read_only
        .post("/api/v1/alert", crate::harness::alert("2"))
        .await
        .expect_error(403, "AuthorizationError");
}
