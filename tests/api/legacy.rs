//! The legacy API (v0): what programs of TheHive 4's time send and get.

use serde_json::{Value, json};

use crate::harness::{Client, PASSWORD, Server};

async fn new_case(client: &Client<'_>, more: Value) -> Value {
    let mut case = json!({ "title": "t", "description": "d" });
    for (name, value) in more.as_object().unwrap() {
        case[name] = value.clone();
    }
    client.post("/api/case", case).await.expect(201)
}

async fn titles(client: &Client<'_>, path: &str, body: Value) -> Vec<String> {
    let found = client.post(path, body).await.expect(200);
    let found = found.as_array().unwrap().iter();
    found
        .map(|each| each["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_case_has_its_old_form_under_both_roots() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    // As the old client sends it, with what is not set.
    let made = new_case(&analyst, json!({
        "id": null, "owner": null, "template": null, "metrics": {}, "customFields": {}, "tlp": 3, "tags": ["a"],
        "tasks": [{ "title": "first", "status": "Waiting", "flag": false, "owner": null, "description": null }],
    })).await;
    assert_eq!(made["_type"], "case");
    assert_eq!(made["caseId"], 1);
    assert_eq!(
        (&made["status"], &made["resolutionStatus"]),
        (&json!("Open"), &Value::Null)
    );
    assert_eq!(
        (&made["owner"], &made["createdBy"]),
        (&json!("ana@acme.test"), &json!("ana@acme.test"))
    );
    assert_eq!(
        (&made["endDate"], &made["updatedAt"], &made["stats"]),
        (&Value::Null, &Value::Null, &json!({}))
    );
    assert_eq!(made["id"], made["_id"]);
    let id = made["id"].as_str().unwrap();
    for path in [
        format!("/api/case/{id}"),
        format!("/api/v0/case/{id}"),
        "/api/case/1".to_owned(),
    ] {
        assert_eq!(analyst.get(&path).await.expect(200), made, "{path}");
    }
    let with_stats = analyst
        .get(&format!("/api/case/{id}?nstats=true"))
        .await
        .expect(200);
    assert_eq!(with_stats["stats"]["tasks"]["total"], 1);
}

#[tokio::test]
async fn a_case_is_resolved_and_opened_again() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    new_case(&analyst, json!({})).await;
    let closing = json!({ "status": "Resolved", "resolutionStatus": "FalsePositive", "impactStatus": "NoImpact", "summary": "s" });
    let closed = analyst.patch("/api/case/1", closing).await.expect(200);
    assert_eq!(
        (&closed["status"], &closed["resolutionStatus"]),
        (&json!("Resolved"), &json!("FalsePositive"))
    );
    assert_eq!(
        (&closed["summary"], &closed["impactStatus"]),
        (&json!("s"), &json!("NoImpact"))
    );
    assert!(closed["endDate"].is_i64());
    let found = |status: &'static str| {
        let analyst = analyst.clone();
        async move {
            titles(
                &analyst,
                "/api/case/_search",
                json!({ "query": { "status": status } }),
            )
            .await
            .len()
        }
    };
    assert_eq!(
        (
            found("Resolved").await,
            found("Open").await,
            found("Deleted").await
        ),
        (1, 0, 0)
    );
    let opened = analyst
        .patch("/api/case/1", json!({ "status": "Open" }))
        .await
        .expect(200);
    assert_eq!(
        (&opened["status"], &opened["stage"]),
        (&json!("Open"), &json!("InProgress"))
    );
    let both = json!({ "ids": [opened["id"]], "title": "new", "owner": "ana@acme.test" });
    let changed = analyst.patch("/api/case/_bulk", both).await.expect(200);
    assert_eq!(changed[0]["title"], "new");
    analyst.delete("/api/case/1/force").await.expect(204);
    analyst
        .get("/api/case/1")
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn several_cases_are_changed_all_or_none() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    let first = new_case(&analyst, json!({})).await;
    let second = new_case(&analyst, json!({})).await;
    let closing = json!({ "status": "Resolved", "resolutionStatus": "FalsePositive" });
    analyst.patch("/api/case/2", closing).await.expect(200);
    // The one that is not there comes last, and what today's API does not know is sent for the closed one alone.
    for wrong in [
        json!({ "ids": [first["id"], second["id"], "~999999"], "title": "new" }),
        json!({ "ids": [first["id"], second["id"]], "title": "new", "resolutionStatus": "Unheard" }),
    ] {
        let refused = analyst.patch("/api/case/_bulk", wrong.clone()).await;
        assert!([400, 404].contains(&refused.status.as_u16()), "{wrong}");
        let all = titles(&analyst, "/api/case/_search", json!({})).await;
        assert_eq!(all, ["t", "t"], "{wrong}");
    }
    let opened = json!({ "ids": [first["id"], second["id"]], "title": "new", "status": "Open" });
    let changed = analyst.patch("/api/case/_bulk", opened).await.expect(200);
    let told = |nth: usize| (&changed[nth]["title"], &changed[nth]["stage"]);
    assert_eq!(told(0), (&json!("new"), &json!("New")));
    assert_eq!(told(1), (&json!("new"), &json!("InProgress")));
}

#[tokio::test]
async fn a_search_has_an_order_a_range_and_a_total() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    for number in 0..12 {
        new_case(
            &analyst,
            json!({ "title": format!("case {number:02}"), "severity": 1 + number % 3 }),
        )
        .await;
    }
    let search = |path: &'static str, body: Value| {
        let analyst = analyst.clone();
        async move { analyst.post(path, body).await }
    };
    let usual = search("/api/case/_search", json!({})).await;
    assert_eq!(usual.expect(200).as_array().unwrap().len(), 10);
    assert_eq!(usual.header("x-total"), Some("12"));
    let all = search(
        "/api/case/_search?range=all&sort=-severity&sort=%2Btitle",
        json!({}),
    )
    .await
    .expect(200);
    let all: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["title"].clone())
        .collect();
    assert_eq!(
        (all.len(), &all[0], &all[11]),
        (12, &json!("case 02"), &json!("case 09"))
    );
    let page =
        json!({ "range": "2-4", "sort": ["-caseId"], "query": { "_gte": { "severity": 2 } } });
    assert_eq!(
        titles(&analyst, "/api/case/_search", page).await,
        ["case 08", "case 07"]
    );
    search("/api/case/_search", json!({ "range": "x" }))
        .await
        .expect_error(400, "AttributeCheckingError");
    search("/api/case/_search", json!({ "query": { "nothing": 1 } }))
        .await
        .expect_error(400, "BadRequest");
    let listed = analyst.get("/api/case?range=0-3").await;
    assert_eq!(listed.expect(200).as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn parents_and_children_are_asked_for() {
    let server = Server::start().await;
    let team = server.team().await;
    let analyst = &team.analyst;
    for (title, tlp, task) in [
        ("red", 4, "call"),
        ("green", 1, "write"),
        ("red too", 4, "call"),
    ] {
        let case = new_case(analyst, json!({ "title": title, "tlp": tlp })).await;
        let path = format!("/api/case/{}/task", case["id"].as_str().unwrap());
        let task = analyst
            .post(&path, json!({ "title": task, "owner": "ana@acme.test" }))
            .await
            .expect(201);
        assert_eq!(
            (&task["_type"], &task["owner"]),
            (&json!("case_task"), &json!("ana@acme.test"))
        );
        let path = format!("/api/case/task/{}/log", task["id"].as_str().unwrap());
        let log = analyst
            .post(&path, json!({ "message": format!("log of {title}") }))
            .await
            .expect(201);
        assert_eq!(
            (&log["_type"], &log["status"]),
            (&json!("case_task_log"), &json!("Ok"))
        );
    }
    let case = json!({ "_parent": { "_type": "case", "_query": { "_and": [{ "tlp": 4 }, { "status": "Open" }] } } });
    let calls = json!({ "query": { "_and": [case, { "title": "call" }] }, "range": "all" });
    assert_eq!(
        titles(analyst, "/api/case/task/_search", calls.clone()).await,
        ["call", "call"]
    );
    // What is not seen by another organisation stays so.
    assert_eq!(
        titles(&team.other_organisation, "/api/case/task/_search", calls).await,
        [""; 0]
    );
    let child =
        |task: &str| json!({ "_child": { "_type": "case_task", "_query": { "title": task } } });
    let written = json!({ "query": child("write") });
    assert_eq!(
        titles(analyst, "/api/case/_search", written).await,
        ["green"]
    );
    let either = json!({ "query": { "_or": [child("write"), { "_not": child("call") }, { "title": "red too" }] }, "sort": "title" });
    assert_eq!(
        titles(analyst, "/api/case/_search", either).await,
        ["green", "red too"]
    );
    let logs = json!({ "query": { "_parent": { "_type": "case_task", "_query": { "_parent": { "_type": "case", "_query": { "title": "green" } } } } } });
    let logs = analyst
        .post("/api/case/task/log/_search", logs)
        .await
        .expect(200);
    assert_eq!(logs[0]["message"], "log of green");
    assert_eq!(logs[0]["case_task"]["case"]["title"], "green");
    let wrong = json!({ "query": { "_parent": { "_type": "user", "_query": {} } } });
    analyst
        .post("/api/case/task/_search", wrong)
        .await
        .expect_error(400, "AttributeCheckingError");
    let of_case = titles(analyst, "/api/case/2/task/_search", json!({})).await;
    assert_eq!(of_case, ["write"]);
}

#[tokio::test]
async fn tasks_and_logs_are_changed() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    new_case(&analyst, json!({})).await;
    let task = analyst
        .post(
            "/api/case/1/task",
            json!({ "title": "t", "owner": null, "startDate": null }),
        )
        .await
        .expect(201);
    let path = format!("/api/case/task/{}", task["id"].as_str().unwrap());
    let changed = analyst
        .patch(&path, json!({ "status": "Completed", "title": "new" }))
        .await
        .expect(200);
    assert_eq!(
        (&changed["status"], &changed["title"]),
        (&json!("Completed"), &json!("new"))
    );
    assert_eq!(analyst.get(&path).await.expect(200), changed);
    let log = analyst
        .post(&format!("{path}/log"), json!({ "message": "m" }))
        .await
        .expect(201);
    let path = format!("/api/case/task/log/{}", log["id"].as_str().unwrap());
    assert_eq!(
        analyst
            .patch(&path, json!({ "message": "n" }))
            .await
            .expect(200)["message"],
        "n"
    );
    analyst.delete(&path).await.expect(204);
    analyst.get(&path).await.expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn statistics_are_merged() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    for severity in [1, 1, 4] {
        new_case(&analyst, json!({ "severity": severity })).await;
    }
    analyst
        .patch(
            "/api/case/1",
            json!({ "status": "Resolved", "resolutionStatus": "Other" }),
        )
        .await
        .expect(200);
    let stats = json!({ "stats": [
        { "_agg": "count" },
        { "_agg": "max", "_field": "severity" },
        { "_agg": "field", "_field": "status", "_select": [{ "_agg": "count" }] },
    ] });
    let counted = analyst.post("/api/case/_stats", stats).await.expect(200);
    let expected = json!({ "count": 3, "max_severity": 4, "Open": { "count": 2 }, "Resolved": { "count": 1 } });
    assert_eq!(counted, expected);
    let all = json!({ "stats": [
        { "model": "case", "query": { "status": "Open" }, "stats": [{ "_agg": "count", "_name": "cases" }] },
        { "model": "case_task", "stats": [{ "_agg": "count", "_name": "tasks" }] },
    ] });
    assert_eq!(
        analyst.post("/api/_stats", all).await.expect(200),
        json!({ "cases": 2, "tasks": 0 })
    );
}

#[tokio::test]
async fn users_organisations_and_profiles_have_their_old_form() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let current = team.analyst.get("/api/user/current").await.expect(200);
    assert_eq!(
        (&current["login"], &current["status"]),
        (&json!("ana@acme.test"), &json!("Ok"))
    );
    assert_eq!(current["roles"], json!(["read", "write", "alert"]));
    let new = json!({ "login": "new@acme.test", "name": "new", "roles": ["read"], "organisation": "acme", "password": PASSWORD });
    let made = admin.post("/api/user", new).await.expect(201);
    assert_eq!(
        (&made["profile"], &made["_type"]),
        (&json!("read-only"), &json!("user"))
    );
    let locked = admin
        .patch("/api/user/new@acme.test", json!({ "status": "Locked" }))
        .await
        .expect(200);
    assert_eq!(locked["status"], "Locked");
    let found = admin
        .post(
            "/api/user/_search",
            json!({ "query": { "status": "Locked" } }),
        )
        .await
        .expect(200);
    assert_eq!(found[0]["login"], "new@acme.test");
    let key = admin
        .post_nothing("/api/user/new@acme.test/key/renew")
        .await;
    key.expect(200);
    assert_eq!(
        admin.get("/api/user/new@acme.test/key").await.text(),
        key.text()
    );
    let organisation = admin.get("/api/organisation/acme").await.expect(200);
    assert_eq!(
        (&organisation["name"], &organisation["_type"]),
        (&json!("acme"), &json!("organisation"))
    );
    let renamed = admin
        .patch("/api/organisation/other", json!({ "name": "others" }))
        .await
        .expect(200);
    assert_eq!(renamed["name"], "others");
    let profiles = admin.get("/api/profile").await.expect(200);
    assert!(
        profiles
            .as_array()
            .unwrap()
            .iter()
            .any(|profile| profile["name"] == "analyst")
    );
    let made = admin
        .post(
            "/api/profile",
            json!({ "name": "p", "permissions": ["manageTask"] }),
        )
        .await
        .expect(201);
    assert_eq!(made["permissions"], json!(["manageTask"]));
    admin.delete("/api/profile/p").await.expect(204);
}

#[tokio::test]
async fn what_happens_is_told_in_old_words() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    let stream = analyst.post_nothing("/api/stream").await.text();
    let case = new_case(&analyst, json!({})).await;
    let told = analyst
        .get(&format!("/api/stream/{stream}"))
        .await
        .expect(200);
    assert_eq!(told[0]["base"]["objectType"], "case");
    assert_eq!(told[0]["base"]["operation"], "Creation");
    assert_eq!(told[0]["base"]["object"]["caseId"], case["caseId"]);
    assert_eq!(told[0]["summary"]["case"]["Creation"], 1);
    let flow = analyst.get("/api/flow?count=1").await.expect(200);
    assert_eq!(flow[0]["base"]["objectId"], case["id"]);
    let audits = analyst
        .post(
            "/api/audit/_search",
            json!({ "query": { "operation": "create" } }),
        )
        .await
        .expect(200);
    assert_eq!(audits[0]["_type"], "audit");
    let session = server
        .session_of("ana@acme.test")
        .await
        .get("/api/stream/status")
        .await
        .expect(200);
    assert!(session["remaining"].as_i64().unwrap() > 0 && session["warning"] == false);
}

#[tokio::test]
async fn nobody_gets_more_by_the_old_way() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = new_case(&team.analyst, json!({})).await;
    let path = format!("/api/case/{}", case["id"].as_str().unwrap());
    server
        .anonymous()
        .get(&path)
        .await
        .expect_error(401, "AuthenticationError");
    server
        .anonymous()
        .post("/api/case/_search", json!({}))
        .await
        .expect_error(401, "AuthenticationError");
    team.other_organisation
        .get(&path)
        .await
        .expect_error(404, "NotFoundError");
    team.other_organisation
        .patch(&path, json!({ "title": "x" }))
        .await
        .expect_error(404, "NotFoundError");
    team.other_organisation
        .delete(&path)
        .await
        .expect_error(404, "NotFoundError");
    team.read_only
        .patch(&path, json!({ "title": "x" }))
        .await
        .expect_error(403, "AuthorizationError");
    team.read_only
        .post("/api/case", json!({ "title": "t", "description": "d" }))
        .await
        .expect_error(403, "AuthorizationError");
    assert_eq!(team.analyst.get(&path).await.expect(200), case);
    team.analyst
        .get("/api/nothing")
        .await
        .expect_error(404, "NotFoundError");
    team.analyst
        .get("/api/v0/../v1/case/1")
        .await
        .expect_error(404, "NotFoundError");
    // A body without its content type, as another site could send it.
    let sent = team
        .analyst
        .send_bytes(
            http::Method::POST,
            "/api/case",
            Some("text/plain"),
            b"{}".to_vec(),
        )
        .await;
    sent.expect_error(400, "BadRequest");
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn an_alert_is_read_and_becomes_a_case() {
    let server = Server::start().await;
    let team = server.team().await;
    let analyst = &team.analyst;
    // As the old client sends it, with what is not set.
    let alert = json!({
        "type": "siem", "source": "s", "sourceRef": "1", "title": "a", "description": "d", "caseTemplate": null,
        "customFields": { "unit": { "string": "Wien", "order": 1 } }, "externalLink": null,
        "artifacts": [
            { "dataType": "ip", "data": "8.8.8.8", "message": "m", "tags": ["t"], "tlp": 1, "ioc": true, "id": null },
            { "dataType": "ip", "data": "8.8.8.8" },
            { "dataType": "file", "data": "a.txt;text/plain;aGVsbG8=" },
        ],
    });
    let field = json!({ "name": "unit", "reference": "unit", "description": "", "type": "string" });
    server
        .admin()
        .post("/api/customField", field)
        .await
        .expect(201);
    let made = analyst.post("/api/alert", alert.clone()).await.expect(201);
    assert_eq!(
        (&made["_type"], &made["status"], &made["case"]),
        (&json!("alert"), &json!("New"), &Value::Null)
    );
    let artifacts = made["artifacts"].as_array().unwrap();
    assert_eq!(artifacts.len(), 2);
    let artifact = |name: &str| {
        let mut found = artifacts.iter().filter(|one| one["dataType"] == name);
        found.next().unwrap()
    };
    assert_eq!(
        (
            &artifact("ip")["data"],
            &artifact("ip")["_type"],
            &artifact("ip")["ioc"]
        ),
        (&json!("8.8.8.8"), &json!("case_artifact"), &json!(true))
    );
    assert_eq!(artifact("file")["attachment"]["name"], "a.txt");
    assert_eq!(
        made["customFields"],
        json!({ "unit": { "string": "Wien", "order": 1 } })
    );
    analyst
        .post("/api/alert", alert)
        .await
        .expect_error(400, "CreateError");
    let path = format!("/api/alert/{}", made["id"].as_str().unwrap());
    let verb = |verb: &'static str| {
        let (analyst, path) = (analyst.clone(), path.clone());
        async move {
            let answer = analyst.post_nothing(&format!("{path}/{verb}")).await;
            answer.expect(200)
        }
    };
    assert_eq!(verb("markAsRead").await["status"], "Ignored");
    assert_eq!(verb("markAsUnread").await["status"], "New");
    assert_eq!(verb("unfollow").await["follow"], false);
    let more = json!({ "dataType": "domain", "data": ["a.test", "b.test"] });
    let made = analyst
        .post(&format!("{path}/artifact"), more.clone())
        .await;
    let made = made.expect(201);
    assert_eq!(made.as_array().unwrap().len(), 2);
    let again = analyst.post(&format!("{path}/artifact"), more).await;
    assert_eq!(again.expect(207)["failure"].as_array().unwrap().len(), 2);
    let one = format!("/api/alert/artifact/{}", made[0]["id"].as_str().unwrap());
    let sighted = analyst.patch(&one, json!({ "sighted": true })).await;
    assert_eq!(sighted.expect(200)["sighted"], true);
    let ids = json!({ "ids": [made[0]["id"], made[1]["id"]], "ioc": true });
    analyst
        .patch("/api/alert/artifact/_bulk", ids)
        .await
        .expect(204);
    assert_eq!(analyst.get(&one).await.expect(200)["ioc"], true);
    analyst.delete(&one).await.expect(204);
    let read = analyst.get(&path).await.expect(200);
    assert_eq!(read["artifacts"].as_array().unwrap().len(), 3);
    let child = json!({ "query": { "_child": { "_type": "alert_artifact", "_query": { "dataType": "domain" } } } });
    assert_eq!(titles(analyst, "/api/alert/_search", child).await, ["a"]);
    let fields = json!({ "customFields": { "unit": { "string": "Graz" } } });
    assert_eq!(
        analyst.patch(&path, fields).await.expect(200)["customFields"]["unit"]["string"],
        "Graz"
    );
    let changed = analyst.patch(&path, json!({ "title": "b" })).await;
    assert_eq!(changed.expect(200)["title"], "b");
    let new = json!({ "query": { "status": "New" } });
    assert_eq!(titles(analyst, "/api/alert/_search", new).await, ["b"]);
    let case = analyst.post(&format!("{path}/createCase"), json!({})).await;
    let case = case.expect(201);
    assert_eq!(
        (&case["_type"], &case["title"]),
        (&json!("case"), &json!("b"))
    );
    let linked = analyst.get(&path).await.expect(200);
    assert_eq!(
        (&linked["status"], &linked["case"]),
        (&json!("Imported"), &case["id"])
    );
    let counted = json!({ "stats": [
        { "_agg": "field", "_field": "status", "_select": [{ "_agg": "count" }] },
    ] });
    assert_eq!(
        analyst.post("/api/alert/_stats", counted).await.expect(200),
        json!({ "Imported": { "count": 1 } })
    );
    team.other_organisation
        .get(&path)
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn artifacts_are_made_found_and_changed() {
    let server = Server::start().await;
    let analyst = server.team().await.analyst;
    let case = new_case(&analyst, json!({})).await;
    let values = json!({ "dataType": "ip", "data": ["8.8.8.8", "1.1.1.1"], "message": "m", "tags": ["t"], "id": null });
    let made = analyst
        .post("/api/case/1/artifact", values.clone())
        .await
        .expect(201);
    assert_eq!(
        (made.as_array().unwrap().len(), &made[0]["_type"]),
        (2, &json!("case_artifact"))
    );
    let again = analyst
        .post("/api/case/1/artifact", values)
        .await
        .expect(207);
    assert_eq!(
        (
            again["success"].as_array().unwrap().len(),
            again["failure"].as_array().unwrap().len()
        ),
        (0, 2)
    );
    let path = format!("/api/case/artifact/{}", made[0]["id"].as_str().unwrap());
    assert_eq!(
        analyst
            .patch(&path, json!({ "ioc": true }))
            .await
            .expect(200)["ioc"],
        true
    );
    let of_case =
        json!({ "query": { "_parent": { "_type": "case", "_id": case["id"] } }, "sort": "data" });
    let found = analyst
        .post("/api/case/artifact/_search", of_case)
        .await
        .expect(200);
    assert_eq!(
        (found.as_array().unwrap().len(), &found[0]["data"]),
        (2, &json!("1.1.1.1"))
    );
    let child = json!({ "query": { "_child": { "_type": "case_artifact", "_query": { "_and": [{ "ioc": true }, { "dataType": "ip" }] } } } });
    assert_eq!(titles(&analyst, "/api/case/_search", child).await, ["t"]);
    let both = json!({ "ids": [made[0]["id"], made[1]["id"]], "sighted": true });
    analyst
        .patch("/api/case/artifact/_bulk", both)
        .await
        .expect(204);
    assert_eq!(analyst.get(&path).await.expect(200)["sighted"], true);
    analyst.delete(&path).await.expect(204);
    analyst.get(&path).await.expect_error(404, "NotFoundError");
}
