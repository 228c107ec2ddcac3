//! A case that only some users of its organisation see: for all others it is nowhere.

use serde_json::{Value, json};

use crate::harness::{Client, Server, Team};

/// A restricted case with something of everything in it.
struct Secret {
    id: String,
    task: String,
    log: String,
    comment: String,
}

/// The word that is in all of its texts, and in nothing else.
const WORD: &str = "xyzzyplugh";

async fn secret(team: &Team<'_>) -> Secret {
    let ana = &team.analyst;
    let case = ana
        .post(
            "/api/v1/case",
            json!({
                "title": format!("{WORD} case"), "description": WORD, "tags": [WORD],
                "access": { "_kind": "UserAccessKind", "users": [] },
            }),
        )
        .await;
    let access = &case.expect(201)["access"];
    assert_eq!(
        *access,
        json!({ "_kind": "UserAccessKind", "users": ["ana@acme.test"] }),
        "whoever restricts a case is one of those who see it"
    );
    let id = case.id();
    let task = ana
        .post(
            &format!("/api/v1/case/{id}/task"),
            json!({ "title": WORD, "group": WORD }),
        )
        .await
        .id();
    let log = ana
        .post(
            &format!("/api/v1/task/{task}/log"),
            json!({ "message": WORD }),
        )
        .await
        .id();
    let comment = ana
        .post(
            &format!("/api/v1/case/{id}/comment"),
            json!({ "message": format!("{WORD} @boss@acme.test") }),
        )
        .await
        .id();
    Secret {
        id,
        task,
        log,
        comment,
    }
}

/// Everything that can be read without naming an entity, as one text.
async fn all_that_is_told(client: &Client<'_>) -> String {
    let mut told = String::new();
    for list in [
        "listCase",
        "listTask",
        "listLog",
        "listComment",
        "listShare",
        "listAudit",
        "waitingTasks",
        "listCaseTask",
        "listAny",
    ] {
        told += &client.query(json!([{ "_name": list }])).await.text();
        told += "\n";
    }
    for path in [
        "/api/v1/flow?count=100".to_owned(),
        "/api/skep/v1/inbox".to_owned(),
        "/api/skep/v1/bin".to_owned(),
        format!("/api/skep/v1/lookup?q={WORD}"),
    ] {
        told += &client.get(&path).await.text();
        told += "\n";
    }
    for (list, field) in [("listTask", "group"), ("listCase", "tags")] {
        let grouped = json!([{ "_name": list }, { "_name": "aggregation", "_agg": "field", "_field": field,
            "_select": [{ "_agg": "count" }] }]);
        told += &client.query(grouped).await.text();
        told += "\n";
    }
    told
}

/// The numbers that count what a client sees.
async fn numbers(client: &Client<'_>) -> Vec<Value> {
    let mut numbers = Vec::new();
    for query in [
        json!([{ "_name": "countCase" }]),
        json!([{ "_name": "listCase" }, { "_name": "count" }]),
        json!([{ "_name": "listCase" }, { "_name": "limitedCount" }]),
        json!([{ "_name": "listTask" }, { "_name": "count" }]),
        json!([{ "_name": "waitingTask" }]),
        json!([{ "_name": "listLog" }, { "_name": "count" }]),
        json!([{ "_name": "listComment" }, { "_name": "count" }]),
        json!([{ "_name": "listShare" }, { "_name": "count" }]),
        json!([{ "_name": "listAny" }, { "_name": "filter", "keyword": WORD }, { "_name": "count" }]),
    ] {
        numbers.push(client.query(query).await.expect(200));
    }
    numbers
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn a_restricted_case_is_nowhere_for_others() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, boss, robot) = (&team.analyst, &team.org_admin, &team.api_key);
    let before = numbers(boss).await;
    let told_before = all_that_is_told(robot).await;
    assert!(!told_before.contains(WORD));
    let stream = boss.post_nothing("/api/v1/stream").await.text();
    let secret = secret(&team).await;

    assert!(all_that_is_told(ana).await.contains(WORD));
    for other in [boss, robot, &team.read_only, &team.other_organisation] {
        for text in [WORD, secret.id.as_str(), secret.task.as_str()] {
            let told = all_that_is_told(other).await;
            assert!(!told.contains(text), "{text} is in {told}");
        }
        for path in [
            format!("/api/v1/case/{}", secret.id),
            "/api/v1/case/1".to_owned(),
            format!("/api/v1/task/{}", secret.task),
        ] {
            other.get(&path).await.expect_error(404, "NotFoundError");
        }
        for (get, id) in [
            ("getCase", &secret.id),
            ("getTask", &secret.task),
            ("getLog", &secret.log),
            ("getComment", &secret.comment),
            ("getAny", &secret.id),
        ] {
            let found = other
                .query(json!([{ "_name": get, "idOrName": id }]))
                .await
                .expect(200);
            assert_eq!(found, json!([]), "{get}");
        }
        let history = json!([{ "_name": "listAuditFromObject", "id": secret.id }]);
        assert_eq!(other.query(history).await.expect(200), json!([]));
        let flow = other
            .get(&format!("/api/v1/flow?rootId={}", secret.id))
            .await
            .expect(200);
        assert_eq!(flow, json!([]));
    }
    assert_eq!(numbers(boss).await, before, "and it is not counted");

    // A stream tells of what comes later, and not of it.
    let open = robot
        .post(
            "/api/v1/case",
            json!({ "title": "open", "description": "d" }),
        )
        .await
        .id();
    let told = boss
        .get(&format!("/api/v1/stream/{stream}"))
        .await
        .expect(200);
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["base"]["objectId"], open.as_str());

    for (path, body) in [
        (
            format!("/api/v1/case/{}", secret.id),
            json!({ "title": "mine" }),
        ),
        (
            format!("/api/v1/task/{}", secret.task),
            json!({ "title": "mine" }),
        ),
        (
            format!("/api/v1/log/{}", secret.log),
            json!({ "message": "mine" }),
        ),
        (
            format!("/api/v1/comment/{}", secret.comment),
            json!({ "message": "mine" }),
        ),
        (
            "/api/v1/case/_bulk".to_owned(),
            json!({ "ids": [secret.id], "flag": true }),
        ),
    ] {
        boss.patch(&path, body)
            .await
            .expect_error(404, "NotFoundError");
    }
    boss.delete(&format!("/api/v1/case/{}", secret.id))
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn access_is_given_and_taken() {
    let server = Server::start().await;
    let team = server.team().await;
    let secret = secret(&team).await;
    let (ana, boss, robot) = (&team.analyst, &team.org_admin, &team.api_key);
    let path = format!("/api/v1/case/{}", secret.id);
    let access = format!("{path}/access");
    let users = |users: Value| json!({ "access": { "_kind": "UserAccessKind", "users": users } });

    ana.post(&access, users(json!(["Boss@acme.test"])))
        .await
        .expect(204);
    assert_eq!(
        boss.get(&path).await.expect(200)["access"]["users"],
        json!(["boss@acme.test", "ana@acme.test"]),
        "the assignee and the caller are added"
    );
    robot.get(&path).await.expect(404);

    // Nobody can be made to work on what he doesn't see.
    ana.patch(&path, json!({ "assignee": "robot@acme.test" }))
        .await
        .expect_error(400, "AttributeCheckingError");
    ana.patch(
        &format!("/api/v1/task/{}", secret.task),
        json!({ "assignee": "robot@acme.test" }),
    )
    .await
    .expect_error(400, "AttributeCheckingError");
    let assignable =
        json!([{ "_name": "getCase", "idOrName": secret.id }, { "_name": "assignableUsers" }]);
    let assignable = ana.query(assignable).await.expect(200);
    let mut logins: Vec<_> = assignable
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["login"].as_str().unwrap())
        .collect();
    logins.sort_unstable();
    assert_eq!(logins, ["ana@acme.test", "boss@acme.test"]);

    // Who is wrong, and what is none.
    for wrong in ["olga@other.test", "nobody@acme.test", "*"] {
        ana.post(&access, users(json!([wrong])))
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    ana.post(&access, json!({ "access": { "_kind": "SomeAccessKind" } }))
        .await
        .expect_error(400, "AttributeCheckingError");
    team.read_only
        .post(&access, users(json!([])))
        .await
        .expect(403);

    boss.post(
        "/api/v1/case/_bulk/access",
        json!({ "ids": [secret.id], "access": { "_kind": "OrganisationAccessKind" } }),
    )
    .await
    .expect(204);
    assert_eq!(
        robot.get(&path).await.expect(200)["access"],
        json!({ "_kind": "OrganisationAccessKind" })
    );
    for kind in [
        json!({ "_kind": "ExternalAccessKind", "users": ["reader@acme.test", "*"] }),
        json!({ "_kind": "AllExternalAccessKind" }),
    ] {
        boss.post(&access, json!({ "access": kind }))
            .await
            .expect(204);
        assert_eq!(robot.get(&path).await.expect(200)["access"], kind);
    }
    let restricted = json!([{ "_name": "listCase" }, { "_name": "filter", "restricted": true }]);
    assert_eq!(robot.query(restricted).await.expect(200), json!([]));
}

#[tokio::test]
async fn a_restricted_case_in_the_bin_is_its_users_alone() {
    let server = Server::start().await;
    let team = server.team().await;
    let secret = secret(&team).await;
    let (ana, boss) = (&team.analyst, &team.org_admin);
    ana.delete(&format!("/api/v1/case/{}", secret.id))
        .await
        .expect(204);
    let told = all_that_is_told(boss).await;
    assert!(!told.contains(WORD), "{told}");
    let restore = format!("/api/skep/v1/bin/case/{}/restore", secret.id);
    boss.post_nothing(&restore).await.expect(404);
    assert_eq!(
        ana.get("/api/skep/v1/bin").await.expect(200)["total"],
        json!(1)
    );
    ana.post_nothing(&restore).await.expect(204);
    ana.get(&format!("/api/v1/case/{}", secret.id))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_case_that_nobody_sees_any_more_is_told_to_administrators() {
    let server = Server::start().await;
    let team = server.team().await;
    let finding = async || {
        let check = "/api/v1/admin/check/_all/trigger";
        server.admin().put(check, json!({})).await.expect(204);
        let status = server
            .admin()
            .get("/api/skep/v1/platform/status")
            .await
            .expect(200);
        let findings = status["findings"].as_array().unwrap().clone();
        findings
            .into_iter()
            .find(|one| one["id"] == "case-access")
            .unwrap()
    };
    let access = json!({ "_kind": "UserAccessKind", "users": [] });
    let case = json!({ "title": "t", "description": "d", "access": access });
    team.analyst.post("/api/v1/case", case).await.expect(201);
    assert_eq!(finding().await["verdict"], "ok");
    let user = "/api/v1/user/ana@acme.test";
    server
        .admin()
        .patch(user, json!({ "locked": true }))
        .await
        .expect(204);
    let found = finding().await;
    assert_eq!(found["verdict"], "warning");
    assert!(
        found.to_string().contains("#1") && !found.to_string().contains("#2"),
        "{found}"
    );
    server
        .admin()
        .patch(user, json!({ "locked": false }))
        .await
        .expect(204);
    assert_eq!(finding().await["verdict"], "ok");
    // Out of the organisation, he sees it as little.
    server
        .admin()
        .delete(&format!("{user}/force?organisation=acme"))
        .await
        .expect(204);
    assert_eq!(finding().await["verdict"], "warning");
}
