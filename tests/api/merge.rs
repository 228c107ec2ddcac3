//! Merging cases, and taking a merged case apart.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn case(client: &Client<'_>, body: Value) -> String {
    let mut whole = json!({ "title": "t", "description": "d" });
    for (name, value) in body.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let answer = client.post("/api/v1/case", whole).await;
    answer.expect(201);
    answer.id()
}

async fn task(client: &Client<'_>, case: &str, body: Value) -> String {
    let answer = client
        .post(&format!("/api/v1/case/{case}/task"), body)
        .await;
    answer.expect(201);
    answer.id()
}

async fn merge(client: &Client<'_>, ids: &[&str]) -> Value {
    client
        .post_nothing(&format!("/api/v1/case/_merge/{}", ids.join("%2C")))
        .await
        .expect(201)
}

async fn of(client: &Client<'_>, case: &str, edge: &str, field: &str) -> Vec<String> {
    let query = json!([{ "_name": "getCase", "idOrName": case }, { "_name": edge }]);
    let found = client.query(query).await.expect(200);
    let mut texts: Vec<String> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|entity| entity[field].as_str().unwrap().to_owned())
        .collect();
    texts.sort_unstable();
    texts
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn cases_are_merged_and_taken_apart() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, boss) = (&team.analyst, &team.org_admin);
    let one = case(
        ana,
        json!({ "title": "one", "description": "first", "severity": 1, "tlp": 1, "tags": ["a", "b"], "startDate": 200,
            "summary": "sum" }),
    )
    .await;
    let two = case(
        ana,
        json!({ "title": "two", "description": "second", "severity": 4, "pap": 3, "tags": ["b", "c"], "startDate": 100,
            "flag": true }),
    )
    .await;
    let third = case(ana, json!({ "title": "third" })).await;
    let same = json!({ "title": "same", "group": "g", "description": "of a template" });
    let kept = task(ana, &one, same.clone()).await;
    let double = task(ana, &two, same.clone()).await;
    let begun = task(ana, &two, same).await;
    ana.post(
        &format!("/api/v1/task/{begun}/log"),
        json!({ "message": "log of two" }),
    )
    .await
    .expect(201);
    for (id, message) in [(&one, "about one"), (&two, "about two")] {
        ana.post(
            &format!("/api/v1/case/{id}/comment"),
            json!({ "message": message }),
        )
        .await
        .expect(201);
    }
    for (from, to, link_type) in [
        (&one, &two, "inner"),
        (&one, &third, "outer"),
        (&two, &third, "outer"),
    ] {
        ana.post(
            &format!("/api/v1/case/{from}/link/case/add"),
            json!({ "type": link_type, "caseId": to }),
        )
        .await
        .expect(204);
    }
    ana.post(
        &format!("/api/v1/case/{two}/link/external/add"),
        json!({ "type": "ticket", "url": "https://a.test" }),
    )
    .await
    .expect(204);
    ana.patch(
        &format!("/api/v1/case/{two}"),
        json!({ "status": "TruePositive" }),
    )
    .await
    .expect(204);
    // Closing ended the waiting task of the second: it is no longer what it was.
    let preview = boss
        .post(
            "/api/skep/v1/case/merge-preview",
            json!({ "ids": [one, "2"] }),
        )
        .await
        .expect(200);
    assert_eq!(preview["title"], "one / two");
    assert!(preview.get("refusal").is_none(), "{preview}");
    assert!(
        preview["parts"]
            .as_array()
            .unwrap()
            .contains(&json!({ "kind": "Comment", "count": 2 }))
    );

    server.clock.advance_ms(1_000);
    let merged = merge(boss, &[&one, "2"]).await;
    let id = merged["_id"].as_str().unwrap();
    for (field, value) in [
        ("number", json!(4)),
        ("title", json!("one / two")),
        ("description", json!("first\n\nsecond")),
        ("summary", json!("sum")),
        ("severity", json!(4)),
        ("tlp", json!(2)),
        ("pap", json!(3)),
        ("startDate", json!(100)),
        ("flag", json!(true)),
        ("tags", json!(["a", "b", "c"])),
        ("status", json!("New")),
        ("assignee", json!("boss@acme.test")),
    ] {
        assert_eq!(merged[field], value, "{field}");
    }
    assert_eq!(
        ana.get(&format!("/api/v1/case/{id}")).await.expect(200),
        merged_for(&merged, ana, id).await
    );
    for gone in [one.as_str(), two.as_str(), "1", "2"] {
        ana.get(&format!("/api/v1/case/{gone}"))
            .await
            .expect_error(404, "NotFoundError");
        let into = ana
            .get(&format!("/api/skep/v1/case/{gone}/merged-into"))
            .await
            .expect(200);
        assert_eq!((&into["caseId"], &into["number"]), (&json!(id), &json!(4)));
    }
    assert_eq!(
        of(ana, id, "comments", "message").await,
        ["about one", "about two"]
    );
    assert_eq!(
        of(ana, id, "tasks", "title").await,
        ["same", "same", "same"]
    );
    let log = ana
        .query(json!([{ "_name": "getTask", "idOrName": begun }, { "_name": "logs" }]))
        .await
        .expect(200);
    assert_eq!(log[0]["message"], "log of two");
    assert_eq!(
        ana.query(json!([{ "_name": "countCase" }]))
            .await
            .expect(200),
        json!(2)
    );
    let linked = links(ana, id).await;
    assert_eq!(linked["caseLinks"].as_array().unwrap().len(), 1, "{linked}");
    assert_eq!(linked["externalLinks"].as_array().unwrap().len(), 1);
    assert_eq!(
        links(ana, &third).await["caseLinks"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let bin = boss.get("/api/skep/v1/bin").await.expect(200);
    assert_eq!(bin["total"], 0, "what was merged is not in the bin");
    let history = ana
        .query(json!([{ "_name": "listAudit" }, { "_name": "filter", "action": "merge" }]))
        .await
        .expect(200);
    assert_eq!(history.as_array().unwrap().len(), 1);
    assert_eq!(
        history[0]["details"]["mergedFrom"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    // What is done meanwhile is kept too.
    ana.post(
        &format!("/api/v1/case/{id}/comment"),
        json!({ "message": "about both" }),
    )
    .await
    .expect(201);
    let origins = ana
        .get(&format!("/api/skep/v1/case/{id}/origins"))
        .await
        .expect(200);
    assert_eq!(origins[0]["number"], 1);
    assert_eq!(origins[1]["mergedBy"], "boss@acme.test");
    boss.post_nothing(&format!("/api/skep/v1/case/{id}/unmerge"))
        .await
        .expect(204);
    ana.get(&format!("/api/v1/case/{id}")).await.expect(404);
    ana.get("/api/skep/v1/case/1/merged-into").await.expect(404);
    assert_eq!(
        of(ana, &one, "comments", "message").await,
        ["about both", "about one"]
    );
    assert_eq!(of(ana, &two, "comments", "message").await, ["about two"]);
    assert_eq!(of(ana, &one, "tasks", "_id").await, [kept]);
    let mut of_two = vec![double, begun];
    of_two.sort_unstable();
    assert_eq!(of(ana, &two, "tasks", "_id").await, of_two);
    assert_eq!(
        links(ana, &one).await["caseLinks"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        ana.get("/api/v1/case/2").await.expect(200)["status"],
        "TruePositive"
    );
    boss.post_nothing("/api/skep/v1/case/1/unmerge")
        .await
        .expect_error(400, "BadRequest");
}

/// The merged case as another reads it: with his own rights.
async fn merged_for(merged: &Value, client: &Client<'_>, id: &str) -> Value {
    let mut expected = merged.clone();
    let read = client.get(&format!("/api/v1/case/{id}")).await.expect(200);
    expected["userPermissions"] = read["userPermissions"].clone();
    expected
}

async fn links(client: &Client<'_>, case: &str) -> Value {
    let query = json!([{ "_name": "getCase", "idOrName": case },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["links"] }]);
    client.query(query).await.expect(200)[0]["extraData"]["links"].clone()
}

#[tokio::test]
async fn a_task_that_two_cases_have_alike_moves_once() {
    let server = Server::start().await;
    let team = server.team().await;
    let boss = &team.org_admin;
    let (one, two) = (case(boss, json!({})).await, case(boss, json!({})).await);
    let same = json!({ "title": "same", "group": "g" });
    let kept = task(boss, &one, same.clone()).await;
    let double = task(boss, &two, same).await;
    let other = task(boss, &two, json!({ "title": "same", "group": "other" })).await;
    let merged = merge(boss, &[&one, &two]).await;
    let id = merged["_id"].as_str().unwrap();
    let mut expected = vec![kept, other];
    expected.sort_unstable();
    assert_eq!(of(boss, id, "tasks", "_id").await, expected);
    boss.get(&format!("/api/v1/task/{double}"))
        .await
        .expect(404);

    // A merged case merges too, and its number leads to the last of them.
    let third = case(boss, json!({})).await;
    let last = merge(boss, &[id, &third]).await;
    let into = boss
        .get("/api/skep/v1/case/1/merged-into")
        .await
        .expect(200);
    assert_eq!(into["caseId"], last["_id"]);
    boss.post_nothing(&format!(
        "/api/skep/v1/case/{}/unmerge",
        last["_id"].as_str().unwrap()
    ))
    .await
    .expect(204);
    boss.post_nothing(&format!("/api/skep/v1/case/{id}/unmerge"))
        .await
        .expect(204);
    assert_eq!(of(boss, &two, "tasks", "_id").await.len(), 2);

    // Only the merged case itself can be in the bin.
    let again = merge(boss, &[&one, &two]).await;
    let again = again["_id"].as_str().unwrap();
    boss.delete(&format!("/api/v1/case/{again}"))
        .await
        .expect(204);
    boss.post_nothing(&format!("/api/skep/v1/bin/case/{again}/restore"))
        .await
        .expect(204);
    boss.post_nothing(&format!("/api/skep/v1/bin/case/{one}/restore"))
        .await
        .expect(404);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn what_does_not_go_together_is_not_merged() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, boss) = (&team.analyst, &team.org_admin);
    server
        .admin()
        .put("/api/v1/organisation/acme/link/other", json!({}))
        .await
        .expect(201);
    let (one, two) = (case(boss, json!({})).await, case(boss, json!({})).await);
    let theirs = case(&team.other_organisation, json!({})).await;
    let path = |ids: &str| format!("/api/v1/case/_merge/{ids}");
    for ids in ["1", "1,1", "1,%20,", &format!("{one},1")] {
        boss.post_nothing(&path(ids))
            .await
            .expect_error(400, "BadRequest");
    }
    boss.post_nothing(&path(&format!("{one},{theirs}")))
        .await
        .expect_error(404, "NotFoundError");
    boss.post_nothing(&path(&vec!["1"; 51].join(",")))
        .await
        .expect_error(400, "BadRequest");
    team.read_only
        .post_nothing(&path(&format!("{one},{two}")))
        .await
        .expect_error(403, "AuthorizationError");

    // Not shared alike.
    boss.post(
        &format!("/api/v1/case/{one}/shares"),
        json!({ "shares": [{ "organisation": "other" }] }),
    )
    .await
    .expect(201);
    boss.post_nothing(&path(&format!("{one},{two}")))
        .await
        .expect_error(400, "BadRequest");
    let preview = boss
        .post(
            "/api/skep/v1/case/merge-preview",
            json!({ "ids": [one, two] }),
        )
        .await
        .expect(200);
    assert!(
        preview["refusal"]
            .as_str()
            .unwrap()
            .contains("shared with the same"),
        "{preview}"
    );
    boss.post(
        &format!("/api/v1/case/{two}/shares"),
        json!({ "shares": [{ "organisation": "other" }] }),
    )
    .await
    .expect(201);

    // The narrower access wins, and who doesn't see one of them can't merge it.
    ana.post(
        &format!("/api/v1/case/{one}/access"),
        json!({ "access": { "_kind": "UserAccessKind", "users": ["boss@acme.test"] } }),
    )
    .await
    .expect(204);
    team.api_key
        .post_nothing(&path(&format!("{one},{two}")))
        .await
        .expect_error(404, "NotFoundError");
    let merged = merge(boss, &[&one, &two]).await;
    assert_eq!(merged["access"]["_kind"], "UserAccessKind");
    let id = merged["_id"].as_str().unwrap();
    team.api_key
        .get(&format!("/api/v1/case/{id}"))
        .await
        .expect(404);
    team.api_key
        .get("/api/skep/v1/case/2/merged-into")
        .await
        .expect(404);
    let shares = boss
        .get(&format!("/api/v1/case/{id}/shares"))
        .await
        .expect(200);
    assert_eq!(shares[0]["organisationName"], "other");
}

#[tokio::test]
async fn a_merged_case_is_purged_with_what_was_merged_into_it() {
    use skep::access::Scope;
    use skep::access::permission::Member;
    use skep::investigation::case::actions::purge_expired;

    let server = Server::start().await;
    let team = server.team().await;
    let boss = &team.org_admin;
    let (one, two) = (
        case(boss, json!({ "title": "one" })).await,
        case(boss, json!({ "title": "two" })).await,
    );
    task(boss, &one, json!({ "title": "of one" })).await;
    let other = case(boss, json!({ "title": "other" })).await;
    let first = merge(boss, &[&one, &two]).await;
    let third = case(boss, json!({ "title": "three" })).await;
    let last = merge(boss, &[first["_id"].as_str().unwrap(), &third]).await;
    let last = last["_id"].as_str().unwrap();
    boss.delete(&format!("/api/v1/case/{last}"))
        .await
        .expect(204);
    let purge = async |until_ms: i64| {
        let scope = std::sync::Arc::new(Scope::system("test", server.clock.now_ms()));
        let by = server.app.gate.open::<Member>(scope).unwrap();
        by.write(move |unit| purge_expired(unit, until_ms, 100))
            .await
            .unwrap()
    };
    assert_eq!(purge(server.clock.now_ms()).await, 0, "it is too early");
    assert_eq!(boss.get("/api/skep/v1/bin").await.expect(200)["total"], 1);
    assert_eq!(purge(server.clock.now_ms() + 1).await, 1);
    assert_eq!(boss.get("/api/skep/v1/bin").await.expect(200)["total"], 0);
    for id in [
        one.as_str(),
        &two,
        &third,
        first["_id"].as_str().unwrap(),
        last,
    ] {
        boss.get(&format!("/api/v1/case/{id}")).await.expect(404);
        boss.post_nothing(&format!("/api/skep/v1/bin/case/{id}/restore"))
            .await
            .expect(404);
        boss.get(&format!("/api/skep/v1/case/{id}/merged-into"))
            .await
            .expect(404);
        // Nothing of it is left: not the case itself, nor what hangs on it.
        let id: i64 = id.trim_start_matches('~').parse().unwrap();
        let scope = std::sync::Arc::new(Scope::system("test", server.clock.now_ms()));
        let by = server.app.gate.open::<Member>(scope).unwrap();
        let left: i64 = by
            .read(move |reading| {
                use skep::storage::QueryValues;
                let sql = "select (select count(*) from \"case\" where id = ?1) + (select count(*) from task where case_id = ?1)
                    + (select count(*) from case_part_moved where from_case_id = ?1 or into_case_id = ?1)
                    + (select count(*) from full_text where id = ?1)";
                Ok(reading.query_scalar(sql, &[id.into()])?)
            })
            .await
            .unwrap();
        assert_eq!(left, 0, "{id}");
    }
    boss.get(&format!("/api/v1/case/{other}")).await.expect(200);
    assert_eq!(
        boss.query(json!([{ "_name": "listTask" }, { "_name": "count" }]))
            .await
            .expect(200),
        0
    );
}
