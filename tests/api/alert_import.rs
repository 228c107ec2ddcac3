//! Alerts that go into cases: promoted, merged, imported, and taken out again; comments on them.

use serde_json::{Value, json};

use crate::harness::{Client, Form, Server, alert};

async fn create(client: &Client<'_>, reference: &str, more: Value) -> String {
    let mut input = alert(reference);
    for (field, value) in more.as_object().unwrap() {
        input[field] = value.clone();
    }
    client.post("/api/v1/alert", input).await.id()
}

async fn case(client: &Client<'_>) -> Value {
    let input = json!({ "title": "Case", "description": "before", "tags": ["a"] });
    client.post("/api/v1/case", input).await.expect(201)
}

async fn read(client: &Client<'_>, id: &str) -> Value {
    client.get(&format!("/api/v1/alert/{id}")).await.expect(200)
}

async fn query(client: &Client<'_>, operations: Value) -> Value {
    client.query(operations).await.expect(200)
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn an_alert_becomes_a_case() {
    let server = Server::start().await;
    let team = server.team().await;
    let more = json!({ "title": "Beacon", "description": "every 60 s", "severity": 4, "tlp": 3, "pap": 1,
        "tags": ["c2"], "date": 100 });
    let id = create(&team.api_key, "1", more).await;
    server.clock.advance_ms(1_000);
    let promoted = team
        .analyst
        .post_nothing(&format!("/api/v1/alert/{id}/case"))
        .await
        .expect(201);
    for (field, value) in [
        ("title", json!("Beacon")),
        ("description", json!("every 60 s")),
        ("severity", json!(4)),
        ("tlp", json!(3)),
        ("pap", json!(1)),
        ("tags", json!(["c2"])),
        ("startDate", json!(100)),
        ("assignee", json!("ana@acme.test")),
        ("status", json!("New")),
        ("alertDate", json!(100)),
    ] {
        assert_eq!(promoted[field], value, "{field}");
    }
    let imported = read(&team.analyst, &id).await;
    assert_eq!(
        (&imported["caseId"], &imported["status"], &imported["stage"]),
        (&promoted["_id"], &json!("Imported"), &json!("Imported"))
    );
    assert_eq!(imported["inProgressDate"], imported["importedDate"]);
    assert_eq!(promoted["alertNewDate"], imported["newDate"]);
    assert_eq!(promoted["alertImportedDate"], imported["importedDate"]);
    assert_eq!(promoted["timeToDetect"], imported["timeToDetect"]);
    assert_eq!(promoted["timeToQualify"], 1_000);
    assert_eq!(
        team.analyst.get("/api/v1/case/1").await.expect(200),
        promoted
    );
    let again = team
        .analyst
        .post(&format!("/api/v1/alert/{id}/case"), json!({}))
        .await;
    assert_eq!(
        again.expect_error(400, "BadRequest"),
        "Alert is already imported"
    );
    let trail = json!([{ "_name": "listAudit" }, { "_name": "filter", "objectType": "Case" },
        { "_name": "filter", "action": "create" }]);
    let trail = query(&team.analyst, trail).await;
    assert_eq!(trail[0]["details"]["fromAlert"]["sourceRef"], "1");
    let page = json!([{ "_name": "listAlert" }, { "_name": "page", "from": 0, "to": 1,
        "extraData": ["relatedCase", "caseNumber", "importDate"] }]);
    let extra = query(&team.analyst, page).await[0]["extraData"].clone();
    assert_eq!(
        extra,
        json!({ "relatedCase": { "number": 1, "accessKind": "OrganisationAccessKind", "isVisible": true },
            "caseNumber": 1, "importDate": imported["importedDate"] })
    );
    let page = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "page", "from": 0, "to": 1,
        "extraData": ["alerts", "alertCount"] }]);
    assert_eq!(
        query(&team.analyst, page).await[0]["extraData"],
        json!({ "alerts": [{ "type": "siem", "source": "sensor" }], "alertCount": 1 })
    );
    for (operations, count) in [
        (
            json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "alerts" }, { "_name": "count" }]),
            1,
        ),
        (
            json!([{ "_name": "getAlert", "idOrName": id }, { "_name": "case" }, { "_name": "count" }]),
            1,
        ),
        (json!([{ "_name": "countRelatedAlert", "caseId": "1" }]), 1),
        (json!([{ "_name": "countImportedAlert" }]), 1),
        (json!([{ "_name": "countUnreadAlert" }]), 0),
    ] {
        assert_eq!(
            query(&team.analyst, operations.clone()).await,
            count,
            "{operations}"
        );
    }
}

#[tokio::test]
async fn what_the_request_says_of_the_case_wins() {
    let server = Server::start().await;
    let team = server.team().await;
    let first = create(&team.analyst, "1", json!({ "title": "One", "tags": ["x"] })).await;
    let second = create(
        &team.analyst,
        "2",
        json!({ "title": "Two", "tags": ["y"], "description": "more" }),
    )
    .await;
    let input = json!({ "alertIds": [first, second], "case": { "title": "Both", "severity": 1, "startDate": 5,
        "assignee": "boss@acme.test", "tasks": [{ "title": "Look" }], "status": "InProgress" } });
    let made = team
        .analyst
        .post("/api/skep/v1/alert/case", input)
        .await
        .expect(201);
    assert_eq!(
        (
            &made["title"],
            &made["severity"],
            &made["startDate"],
            &made["assignee"],
            &made["stage"]
        ),
        (
            &json!("Both"),
            &json!(1),
            &json!(5),
            &json!("boss@acme.test"),
            &json!("InProgress")
        )
    );
    assert_eq!(made["tags"], json!(["x", "y"]));
    assert_eq!(
        made["description"],
        "d\n\n#### Merged with alert #2 Two\n\nmore"
    );
    let tasks = json!([{ "_name": "listTask" }, { "_name": "count" }]);
    assert_eq!(query(&team.analyst, tasks).await, 1);
    for id in [&first, &second] {
        assert_eq!(read(&team.analyst, id).await["caseId"], made["_id"]);
    }
    let none = json!({ "alertIds": [] });
    team.analyst
        .post("/api/skep/v1/alert/case", none)
        .await
        .expect(400);
}

#[tokio::test]
async fn two_who_promote_at_once_make_one_case() {
    let server = Server::start().await;
    let team = server.team().await;
    let id = create(&team.analyst, "1", json!({})).await;
    let path = format!("/api/v1/alert/{id}/case");
    let asked = (0..8).map(|number| {
        let client = if number % 2 == 0 {
            &team.analyst
        } else {
            &team.org_admin
        };
        client.post(&path, json!({}))
    });
    let answers = futures_util::future::join_all(asked).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400, 400, 400, 400, 400, 400, 400]);
    let count = json!([{ "_name": "countCase" }]);
    assert_eq!(query(&team.analyst, count).await, 1);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn alerts_are_merged_into_a_case_and_taken_out() {
    let server = Server::start().await;
    let team = server.team().await;
    let made = case(&team.analyst).await;
    let case_id = made["_id"].as_str().unwrap();
    let later = create(
        &team.analyst,
        "1",
        json!({ "title": "One", "description": "first text", "date": 50, "tags": ["a", "b"] }),
    )
    .await;
    let earlier = create(
        &team.analyst,
        "2",
        json!({ "title": "Two", "description": "first text", "date": 40 }),
    )
    .await;
    server.clock.advance_ms(1_000);
    let merged = team
        .analyst
        .post_nothing(&format!("/api/v1/alert/{later}/merge/1"))
        .await
        .expect(200);
    assert_eq!(
        (
            &merged["title"],
            &merged["severity"],
            &merged["tags"],
            &merged["alertDate"]
        ),
        (&json!("Case"), &json!(2), &json!(["a", "b"]), &json!(50))
    );
    assert_eq!(
        merged["description"],
        "before\n\n#### Merged with alert #1 One\n\nfirst text"
    );
    let bulk = json!({ "caseId": case_id, "alertIds": [earlier] });
    let merged = team
        .analyst
        .post("/api/v1/alert/merge/_bulk", bulk.clone())
        .await
        .expect(200);
    assert_eq!(
        merged["description"],
        "before\n\n#### Merged with alert #1 One\n\nfirst text\n\n#### Merged with alert #2 Two"
    );
    assert_eq!(merged["alertDate"], 40, "the earliest counts");
    let again = team.analyst.post("/api/v1/alert/merge/_bulk", bulk).await;
    assert_eq!(
        again.expect_error(400, "BadRequest"),
        "Alert is already imported"
    );
    let trail = json!([{ "_name": "listAudit" }, { "_name": "filter", "action": "merge" }]);
    let trail = query(&team.analyst, trail).await;
    assert_eq!(
        (
            &trail[0]["objectType"],
            &trail[0]["context"]["_id"],
            &trail[0]["details"]["caseId"]
        ),
        (&json!("Alert"), &json!(case_id), &json!(case_id))
    );
    // Taken out: the alert is new again, the case has the dates of the other one.
    let unlink = format!("/api/v1/case/1/alert/{earlier}");
    team.other_organisation.delete(&unlink).await.expect(404);
    team.analyst.delete(&unlink).await.expect(204);
    team.analyst.delete(&unlink).await.expect(404);
    let alone = read(&team.analyst, &earlier).await;
    assert_eq!(
        (&alone["caseId"], &alone["status"], &alone["stage"]),
        (&Value::Null, &json!("New"), &json!("New"))
    );
    let now = team.analyst.get("/api/v1/case/1").await.expect(200);
    assert_eq!(now["alertDate"], 50);
    // A change of its dates, or its way into the bin, is one of the case's too.
    let path = format!("/api/v1/alert/{later}");
    team.analyst
        .patch(&path, json!({ "date": 30 }))
        .await
        .expect(204);
    let now = team.analyst.get("/api/v1/case/1").await.expect(200);
    assert_eq!(now["alertDate"], 30);
    team.analyst.delete(&path).await.expect(204);
    let now = team.analyst.get("/api/v1/case/1").await.expect(200);
    assert_eq!(now["alertDate"], Value::Null);
}

#[tokio::test]
async fn import_leaves_what_the_case_says_alone() {
    let server = Server::start().await;
    let team = server.team().await;
    let made = case(&team.analyst).await;
    let id = create(&team.analyst, "1", json!({ "tags": ["z"] })).await;
    let path = format!(
        "/api/v1/alert/{id}/import/{}",
        made["_id"].as_str().unwrap()
    );
    let after = team.analyst.post_nothing(&path).await.expect(200);
    assert_eq!(
        (&after["description"], &after["tags"]),
        (&json!("before"), &json!(["a"]))
    );
    assert_eq!(read(&team.analyst, &id).await["caseId"], made["_id"]);
}

#[tokio::test]
async fn a_case_takes_fifty_alerts() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst).await;
    let mut ids = Vec::new();
    for number in 0..51 {
        ids.push(create(&team.analyst, &number.to_string(), json!({})).await);
    }
    let merge = async |ids: &[String]| {
        let input = json!({ "caseId": "1", "alertIds": ids });
        team.analyst.post("/api/v1/alert/merge/_bulk", input).await
    };
    merge(&ids).await.expect_error(400, "BadRequest");
    merge(&ids[..50]).await.expect(200);
    merge(&ids[50..]).await.expect_error(400, "BadRequest");
    let imported = json!([{ "_name": "countImportedAlert" }]);
    assert_eq!(query(&team.analyst, imported).await, 50);
}

#[tokio::test]
async fn a_deleted_case_leaves_its_alerts_alone() {
    let server = Server::start().await;
    let team = server.team().await;
    let id = create(&team.analyst, "1", json!({})).await;
    let promote = format!("/api/v1/alert/{id}/case");
    let made = team.analyst.post_nothing(&promote).await.expect(201);
    let made = made["_id"].as_str().unwrap();
    team.analyst
        .delete(&format!("/api/v1/case/{made}"))
        .await
        .expect(204);
    let alone = read(&team.analyst, &id).await;
    assert_eq!(alone["caseId"], Value::Null);
    team.analyst
        .patch(&format!("/api/v1/alert/{id}"), json!({ "title": "other" }))
        .await
        .expect(204);
    team.analyst
        .post_nothing(&format!("/api/skep/v1/bin/case/{made}/restore"))
        .await
        .expect(204);
    assert_eq!(read(&team.analyst, &id).await["caseId"], made);
}

#[tokio::test]
async fn comments_are_written_on_alerts_and_come_along() {
    let server = Server::start().await;
    let team = server.team().await;
    let id = create(&team.analyst, "1", json!({ "assignee": "boss@acme.test" })).await;
    let path = format!("/api/v1/alert/{id}/comment");
    let message = json!({ "message": "Seen before, @reader@acme.test" });
    let created = team.analyst.post(&path, message.clone()).await.expect(201);
    team.other_organisation
        .post(&path, message.clone())
        .await
        .expect(404);
    let of_alert = json!([{ "_name": "getAlert", "idOrName": id }, { "_name": "comments" }]);
    assert_eq!(
        query(&team.analyst, of_alert.clone()).await,
        json!([created])
    );
    let linked = json!([{ "_name": "getComment", "idOrName": created["_id"] },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["links"] }]);
    let linked = query(&team.analyst, linked).await;
    assert_eq!(linked[0]["extraData"]["links"]["alert"]["_id"], json!(id));
    for client in [&team.org_admin, &team.read_only] {
        let inbox = client.get("/api/skep/v1/inbox").await.expect(200);
        assert_eq!(inbox["items"][0]["alertId"], json!(id));
        assert_eq!(inbox["items"][0]["caseId"], Value::Null);
    }
    let promote = format!("/api/v1/alert/{id}/case");
    team.analyst.post_nothing(&promote).await.expect(201);
    team.analyst
        .post(
            "/api/v1/case/1/comment",
            json!({ "message": "on the case" }),
        )
        .await
        .expect(201);
    for (edge, count) in [("comments", 1), ("allComments", 2)] {
        let of_case = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": edge }, { "_name": "count" }]);
        assert_eq!(query(&team.analyst, of_case).await, count, "{edge}");
    }
    let comment = format!("/api/v1/comment/{}", created["_id"].as_str().unwrap());
    team.analyst
        .patch(&comment, json!({ "message": "edited" }))
        .await
        .expect(204);
    team.analyst.delete(&comment).await.expect(204);
    assert_eq!(query(&team.analyst, of_alert).await, json!([]));
    let history = json!([{ "_name": "getAlert", "idOrName": id }, { "_name": "auditsFromContext" },
        { "_name": "filter", "objectType": "Comment" }, { "_name": "count" }]);
    assert_eq!(query(&team.analyst, history).await, 3);
}

/// What of a case an Undo has to bring back.
async fn told_of_case(client: &Client<'_>) -> Vec<Value> {
    let mut told = vec![client.get("/api/v1/case/1").await.expect(200)];
    for edge in ["observables", "procedures", "attachments", "alerts"] {
        let edge = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": edge }, { "_name": "sort", "_fields": ["_id"] }]);
        told.push(query(client, edge).await);
    }
    // When it was changed last is all that may differ.
    for entity in &mut told {
        let one = std::slice::from_mut(entity);
        for entity in one.iter_mut().flat_map(|value| match value {
            Value::Array(list) => list.iter_mut().collect::<Vec<_>>(),
            other => vec![other],
        }) {
            for field in ["_updatedAt", "_updatedBy"] {
                entity.as_object_mut().unwrap().remove(field);
            }
        }
    }
    told
}

/// Two alerts that bring everything, of which some is in the case already.
async fn two_full_alerts(server: &Server, client: &Client<'_>) -> [String; 2] {
    let field = json!({ "name": "site", "group": "g", "description": "", "type": "string" });
    let field = server.admin().post("/api/v1/customField", field).await;
    field.expect(201);
    case(client).await;
    let own =
        json!({ "dataType": "domain", "data": "evil.test", "tags": ["mine"], "message": "own" });
    let own = client.post("/api/v1/case/1/observable", own).await;
    own.expect(201);
    let own = json!({ "patternId": "T1059", "occurDate": 5 });
    let own = client.post("/api/v1/case/1/procedure", own).await;
    own.expect(201);
    let mut ids = Vec::new();
    for reference in ["1", "2"] {
        let more = json!({
            "tags": ["x"], "customFields": { "site": reference },
            "observables": [
                { "dataType": "domain", "data": "evil.test", "tags": ["c2"], "ioc": true, "message": reference, "tlp": 4 },
                { "dataType": "ip", "data": "1.1.1.1", "message": reference },
                { "dataType": "ip", "data": "2.2.2.2" },
                { "dataType": "file", "data": "a.txt;text/plain;aGVsbG8=" },
            ],
            "procedures": [{ "patternId": "T1566", "occurDate": 5 }, { "patternId": "T1059", "occurDate": 5 }],
        });
        let id = create(client, reference, more).await;
        let form = Form::default().file("attachments", "mail.eml", None, reference.as_bytes());
        let file = client
            .upload(&format!("/api/v1/alert/{id}/attachments"), form)
            .await;
        file.expect(201);
        ids.push(id);
    }
    ids.try_into().unwrap()
}

#[tokio::test]
async fn a_merge_is_taken_back_whole() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let ids = two_full_alerts(&server, ana).await;
    let before = told_of_case(ana).await;
    let case_id = &before[0]["_id"];
    let unmerge = format!("/api/skep/v1/alert/{}/unmerge", ids[1]);
    ana.post_nothing(&unmerge)
        .await
        .expect_error(400, "BadRequest");
    let bulk = json!({ "caseId": case_id, "alertIds": ids });
    let merge = ana.post("/api/v1/alert/merge/_bulk", bulk).await;
    merge.expect(200);
    assert_ne!(told_of_case(ana).await, before);
    team.read_only.post_nothing(&unmerge).await.expect(403);
    team.other_organisation
        .post_nothing(&unmerge)
        .await
        .expect(404);
    ana.post_nothing(&unmerge).await.expect(204);
    assert_eq!(told_of_case(ana).await, before);
    for id in &ids {
        let alert = read(ana, id).await;
        assert_eq!(
            (&alert["caseId"], &alert["status"]),
            (&Value::Null, &json!("New"))
        );
        let own = json!([{ "_name": "getAlert", "idOrName": id }, { "_name": "observables" }, { "_name": "count" }]);
        assert_eq!(query(ana, own).await, 4, "the alert keeps its own");
    }
    ana.post_nothing(&unmerge)
        .await
        .expect_error(400, "BadRequest");
    // An import is taken back in the same way, the way to a new case is not.
    let import = ana
        .post_nothing(&format!("/api/v1/alert/{}/import/1", ids[1]))
        .await;
    import.expect(200);
    ana.post_nothing(&unmerge).await.expect(204);
    assert_eq!(told_of_case(ana).await, before);
    let promoted = ana
        .post_nothing(&format!("/api/v1/alert/{}/case", ids[1]))
        .await;
    promoted.expect(201);
    ana.post_nothing(&unmerge)
        .await
        .expect_error(400, "BadRequest");
}

#[tokio::test]
async fn what_was_changed_since_a_merge_outlives_its_end() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let [id, other] = two_full_alerts(&server, ana).await;
    let merge = ana
        .post_nothing(&format!("/api/v1/alert/{id}/merge/1"))
        .await;
    merge.expect(200);
    let of_case = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "observables" },
        { "_name": "sort", "_fields": ["data"] }]);
    let observables = query(ana, of_case.clone()).await;
    let one = |value: &str| {
        let all = observables.as_array().unwrap();
        let found = all.iter().find(|one| one["data"] == value);
        format!(
            "/api/v1/observable/{}",
            found.unwrap()["_id"].as_str().unwrap()
        )
    };
    // One is changed, one is asked about, one joined another, and the text goes on.
    let change = ana
        .patch(&one("1.1.1.1"), json!({ "addTags": ["looked at"] }))
        .await;
    change.expect(204);
    let change = ana
        .patch(&one("evil.test"), json!({ "addTags": ["known"] }))
        .await;
    change.expect(204);
    let asked = one("2.2.2.2").replace("/api/v1/observable/", "");
    let job = json!({ "analyzerId": "a", "cortexId": "c", "artifactId": asked });
    let job = ana.post("/api/v1/connector/cortex/job", job).await;
    job.id();
    let change = json!({ "description": "mine now", "addTags": ["more"] });
    ana.patch("/api/v1/case/1", change).await.expect(204);
    let again = ana
        .post_nothing(&format!("/api/v1/alert/{other}/merge/1"))
        .await;
    again.expect(200);
    let unmerge = ana
        .post_nothing(&format!("/api/skep/v1/alert/{id}/unmerge"))
        .await;
    unmerge.expect(204);
    let now = ana.get("/api/v1/case/1").await.expect(200);
    let description = now["description"].as_str().unwrap();
    assert!(
        description.starts_with("mine now") && description.contains("#2"),
        "{now}"
    );
    assert!(
        now["tags"].as_array().unwrap().contains(&json!("more")),
        "{now}"
    );
    let left = query(ana, of_case).await;
    let left: Vec<&Value> = left
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["data"])
        .collect();
    for value in ["evil.test", "1.1.1.1", "2.2.2.2"] {
        assert!(left.contains(&&json!(value)), "{value}: {left:?}");
    }
    let alerts = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "alerts" }]);
    assert_eq!(query(ana, alerts).await[0]["_id"], json!(other));
}
