//! Similarity: cases and alerts that have observables in common, and where else an observable was seen.

use serde_json::{Value, json};

use crate::harness::{Client, Server, Team};

async fn case(client: &Client<'_>, title: &str, values: &[&str]) -> String {
    let input = json!({ "title": title, "description": "d" });
    let id = client.post("/api/v1/case", input).await.id();
    for value in values {
        add(client, &id, json!({ "dataType": "domain", "data": value })).await;
    }
    id
}

async fn add(client: &Client<'_>, case: &str, input: Value) -> Value {
    let path = format!("/api/v1/case/{case}/observable");
    client.post(&path, input).await.expect(201)[0].clone()
}

async fn alert(client: &Client<'_>, reference: &str, values: &[&str]) -> String {
    let input = json!({
        "type": "mail", "source": "gate", "sourceRef": reference, "title": reference, "description": "d",
        "observables": [{ "dataType": "domain", "data": values }],
    });
    client.post("/api/v1/alert", input).await.id()
}

async fn ask(client: &Client<'_>, get: &str, id: &str, ending: Value) -> Value {
    let ending = match ending {
        Value::String(name) => json!({ "_name": name }),
        ending => ending,
    };
    client
        .query(json!([{ "_name": get, "idOrName": id }, ending]))
        .await
        .expect(200)
}

/// The titles of what an operation gives, with how much they have in common, in the order in which they come.
async fn titles(client: &Client<'_>, get: &str, id: &str, ending: Value) -> Vec<(String, i64)> {
    let rows = ask(client, get, id, ending).await;
    let title = |row: &Value| {
        let entity = [&row["case"], &row["alert"], row]
            .into_iter()
            .find(|entity| entity["title"].is_string())
            .unwrap();
        let title = entity["title"].as_str().unwrap().to_owned();
        (title, row["linksCount"].as_i64().unwrap())
    };
    rows.as_array().unwrap().iter().map(title).collect()
}

fn pairs(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    let pair = |(title, count): &(&str, i64)| ((*title).to_owned(), *count);
    expected.iter().map(pair).collect()
}

/// One case, and others that have one, two and none of its three observables.
async fn cases(ana: &Client<'_>) -> [String; 4] {
    [
        case(ana, "one", &["a.example", "b.example", "c.example"]).await,
        case(ana, "two", &["c.example", "b.example", "z.example"]).await,
        case(ana, "three", &["a.example"]).await,
        case(ana, "four", &["d.example"]).await,
    ]
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn similar_cases_come_with_what_they_have_in_common() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let [one, two, three, four] = cases(ana).await;
    add(
        ana,
        &two,
        json!({ "dataType": "ip", "data": "8.8.8.8", "ioc": true }),
    )
    .await;
    add(ana, &one, json!({ "dataType": "ip", "data": "8.8.8.8" })).await;
    // Of another type: not the same.
    add(
        ana,
        &three,
        json!({ "dataType": "other", "data": "8.8.8.8" }),
    )
    .await;
    let rows = ask(ana, "getCase", &one, json!("similarCases")).await;
    assert_eq!(rows.as_array().unwrap().len(), 2);
    let first = &rows[0];
    assert_eq!(
        first["case"],
        ana.get(&format!("/api/v1/case/{two}")).await.expect(200)
    );
    for (name, value) in [
        ("similarObservableCount", json!(3)),
        ("observableCount", json!(4)),
        ("similarIocCount", json!(1)),
        ("iocCount", json!(1)),
        ("observableTypes", json!({ "domain": 2, "ip": 1 })),
        ("linksCount", json!(3)),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    let linked = first["linkedWith"].as_array().unwrap();
    let values: Vec<&str> = linked.iter().filter_map(|it| it["data"].as_str()).collect();
    assert_eq!(values, ["c.example", "b.example", "8.8.8.8"]);
    assert_eq!(
        rows[1]["case"]["_id"],
        three.as_str(),
        "the fewer in common, the later"
    );

    let light = ask(ana, "getCase", &one, json!("similarCasesLight")).await;
    assert_eq!(
        (&light[0]["_id"], &light[0]["number"]),
        (&json!(two), &json!(2))
    );
    assert_eq!(
        light[0]["linkedWith"],
        json!({ "domain": ["c.example", "b.example"], "ip": ["8.8.8.8"] })
    );
    assert_eq!(
        (
            &light[0]["similarObservableCount"],
            &light[0]["observableCount"],
            &light[0]["linksCount"]
        ),
        (&json!(3), &json!(4), &json!(3))
    );
    for count in [
        "similarCaseCount",
        "similarCaseLightCount",
        "linkedCaseCount",
    ] {
        assert_eq!(ask(ana, "getCase", &one, json!(count)).await, 2, "{count}");
        assert_eq!(ask(ana, "getCase", &four, json!(count)).await, 0, "{count}");
        assert_eq!(
            ask(ana, "getCase", "4711", json!(count)).await,
            0,
            "{count}"
        );
    }
    assert_eq!(
        ask(ana, "getCase", &four, json!("similarCases")).await,
        json!([])
    );
}

#[tokio::test]
async fn linked_cases_are_the_cases_with_their_observables() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let [one, two, _, _] = cases(ana).await;
    let links = ana
        .get(&format!("/api/v1/case/{one}/links"))
        .await
        .expect(200);
    assert_eq!(links.as_array().unwrap().len(), 2);
    assert_eq!(
        (&links[0]["_id"], &links[0]["linksCount"]),
        (&json!(two), &json!(2))
    );
    assert_eq!(links[0]["linkedWith"][0]["data"], "c.example");
    assert_eq!(ask(ana, "getCase", &one, json!("linkedCases")).await, links);
    ana.get("/api/v1/case/4711/links").await.expect(404);
}

#[tokio::test]
async fn similar_alerts_are_those_that_are_not_imported() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let [one, ..] = cases(ana).await;
    let first = alert(ana, "first", &["a.example", "b.example"]).await;
    let second = alert(ana, "second", &["b.example", "y.example"]).await;
    let imported = alert(ana, "imported", &["b.example"]).await;
    ana.post_nothing(&format!("/api/v1/alert/{imported}/case"))
        .await
        .expect(201);

    let alerts = |get: &'static str, id: String| async move {
        titles(ana, get, &id, json!("similarAlertsLight")).await
    };
    assert_eq!(
        alerts("getCase", one.clone()).await,
        pairs(&[("first", 2), ("second", 1)])
    );
    assert_eq!(
        alerts("getAlert", first.clone()).await,
        pairs(&[("second", 1)])
    );
    assert_eq!(
        titles(ana, "getAlert", &first, json!("similarAlerts")).await,
        pairs(&[("second", 1)])
    );
    for count in ["similarAlertCount", "similarAlertLightCount"] {
        assert_eq!(ask(ana, "getCase", &one, json!(count)).await, 2);
        assert_eq!(ask(ana, "getAlert", &second, json!(count)).await, 1);
    }
    // An imported alert still finds others.
    let others = json!({ "_name": "similarCases", "caseFilter": { "_ne": { "_field": "title", "_value": "imported" } } });
    assert_eq!(
        titles(ana, "getAlert", &imported, others.clone()).await,
        pairs(&[("two", 1), ("one", 1)])
    );
    assert_eq!(
        titles(ana, "getAlert", &first, others).await,
        pairs(&[("one", 2), ("three", 1), ("two", 1)])
    );
    let between = format!("/api/v1/alert/{first}/similar/{second}/observables");
    let common = ana.get(&between).await.expect(200);
    assert_eq!(common.as_array().unwrap().len(), 1);
    assert_eq!(common[0]["data"], "b.example");
    let between = format!("/api/v1/alert/{first}/similar/{one}/observables");
    assert_eq!(
        ana.get(&between)
            .await
            .expect(200)
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let itself = format!("/api/v1/alert/{first}/similar/{first}/observables");
    assert_eq!(ana.get(&itself).await.expect(200), json!([]));
}

#[tokio::test]
async fn what_is_ignored_is_like_nothing() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let [one, two, ..] = cases(ana).await;
    let ignore = |id: String, is_ignored: bool| async move {
        let path = format!("/api/v1/observable/{id}");
        let input = json!({ "ignoreSimilarity": is_ignored });
        ana.patch(&path, input).await.expect(204);
    };
    let of = |case: String, value: &'static str| async move {
        let query = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "observables" },
            { "_name": "filter", "_field": "data", "_value": value }]);
        let found = ana.query(query).await.expect(200);
        found[0]["_id"].as_str().unwrap().to_owned()
    };
    let similar = || async { titles(ana, "getCase", &one, json!("similarCasesLight")).await };
    // There.
    let theirs = of(two.clone(), "b.example").await;
    ignore(theirs.clone(), true).await;
    assert_eq!(similar().await, pairs(&[("three", 1), ("two", 1)]));
    assert_eq!(
        ask(ana, "getCase", &one, json!("similarCasesLight")).await[1]["observableCount"],
        2,
        "nor is it counted"
    );
    ignore(theirs, false).await;
    assert_eq!(similar().await, pairs(&[("two", 2), ("three", 1)]));
    // Here.
    ignore(of(one.clone(), "a.example").await, true).await;
    assert_eq!(similar().await, pairs(&[("two", 2)]));
}

#[tokio::test]
async fn others_are_narrowed_by_a_filter_and_asked_of_few() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let [one, ..] = cases(ana).await;
    alert(ana, "first", &["a.example"]).await;
    for (name, filter, expected) in [
        (
            "similarCases",
            json!({ "title": "three" }),
            vec![("three", 1)],
        ),
        (
            "similarCasesLight",
            json!({ "_or": [{ "number": 2 }, { "number": 4 }] }),
            vec![("two", 2)],
        ),
        ("similarCasesLight", json!({ "stage": "Closed" }), vec![]),
        (
            "similarCasesLight",
            json!({}),
            vec![("two", 2), ("three", 1)],
        ),
        (
            "similarCasesLight",
            json!({ "_match": { "_field": "keyword", "_value": "thr" } }),
            vec![("three", 1)],
        ),
    ] {
        let ending = json!({ "_name": name, "caseFilter": filter });
        assert_eq!(
            titles(ana, "getCase", &one, ending).await,
            pairs(&expected),
            "{filter}"
        );
    }
    let ending =
        |name: &str, stage: &str| json!({ "_name": name, "alertFilter": { "stage": stage } });
    let count = ask(
        ana,
        "getCase",
        &one,
        ending("similarAlertLightCount", "New"),
    )
    .await;
    assert_eq!(count, 1);
    let count = ask(ana, "getCase", &one, ending("similarAlertCount", "Closed")).await;
    assert_eq!(count, 0);
    let refused = |operations: Value| async move { ana.query(operations).await };
    let get = json!({ "_name": "getCase", "idOrName": one });
    let wrong = json!({ "_name": "similarCases", "caseFilter": { "colour": "red" } });
    let message = refused(json!([get, wrong]))
        .await
        .expect_error(400, "BadRequest");
    assert!(message.contains("query[1].caseFilter"), "{message}");
    for after in ["page", "count", "tasks", "filter"] {
        let operations = json!([get, { "_name": "similarCasesLight" }, { "_name": after }]);
        refused(operations).await.expect(400);
    }
    // Together they are like what is like one of them, but not like each other.
    let of_two = json!([{ "_name": "listCase" }, { "_name": "filter", "_in": { "_field": "number", "_values": [2, 3] } },
        { "_name": "similarCasesLight" }]);
    let both = ana.query(of_two).await.expect(200);
    assert_eq!(both.as_array().unwrap().len(), 1);
    assert_eq!(
        (&both[0]["title"], &both[0]["linksCount"]),
        (&json!("one"), &json!(3))
    );
}

/// Nothing of another organisation or of a restricted case shows: not in lists, not in counts.
#[tokio::test]
async fn the_wall_holds_for_what_is_similar() {
    let server = Server::start().await;
    let team: Team = server.team().await;
    let (ana, boss, olga) = (&team.analyst, &team.org_admin, &team.other_organisation);
    let own = case(boss, "own", &["a.example"]).await;
    let own_alert = alert(boss, "own", &["a.example"]).await;
    let foreign = case(olga, "foreign", &["a.example"]).await;
    let foreign_alert = alert(olga, "foreign", &["a.example"]).await;
    let secret = case(ana, "secret", &["a.example"]).await;
    let access = json!({ "access": { "_kind": "UserAccessKind", "users": ["ana@acme.test"] } });
    ana.post(&format!("/api/v1/case/{secret}/access"), access)
        .await
        .expect(204);
    let deleted = case(boss, "deleted", &["a.example"]).await;
    boss.delete(&format!("/api/v1/case/{deleted}"))
        .await
        .expect(204);
    for (client, get, id, cases, alerts) in [
        (boss, "getCase", &own, 0, 1),
        (boss, "getAlert", &own_alert, 1, 0),
        (ana, "getCase", &own, 1, 1),
        (ana, "getAlert", &own_alert, 2, 0),
        (olga, "getCase", &foreign, 0, 1),
        (olga, "getAlert", &foreign_alert, 1, 0),
        // What isn't seen is like nothing.
        (olga, "getCase", &own, 0, 0),
        (olga, "getAlert", &own_alert, 0, 0),
        (boss, "getCase", &secret, 0, 0),
        (boss, "getCase", &deleted, 0, 0),
    ] {
        for (list, count, expected) in [
            ("similarCases", "similarCaseCount", cases),
            ("similarCasesLight", "similarCaseLightCount", cases),
            ("similarAlerts", "similarAlertCount", alerts),
            ("similarAlertsLight", "similarAlertLightCount", alerts),
        ] {
            let rows = ask(client, get, id, json!(list)).await;
            assert_eq!(rows.as_array().unwrap().len(), expected, "{list} of {id}");
            assert_eq!(
                ask(client, get, id, json!(count)).await,
                expected,
                "{count} of {id}"
            );
        }
    }
    for (client, first, second) in [
        (boss, &own_alert, &foreign_alert),
        (olga, &own_alert, &foreign_alert),
        (boss, &own_alert, &secret),
        (boss, &own_alert, &deleted),
    ] {
        let path = format!("/api/v1/alert/{first}/similar/{second}/observables");
        client.get(&path).await.expect(404);
    }
    olga.get(&format!("/api/v1/case/{own}/links"))
        .await
        .expect(404);
    assert_eq!(
        boss.get(&format!("/api/v1/case/{own}/links"))
            .await
            .expect(200),
        json!([])
    );
}

/// An organisation that shares a case sees of it what was shared, and no more is counted.
#[tokio::test]
async fn of_a_shared_case_what_was_shared_counts() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, olga) = (&team.analyst, &team.other_organisation);
    let link = json!({ "linkType": "default", "otherLinkType": "default" });
    server
        .admin()
        .put("/api/v1/organisation/acme/link/other", link)
        .await
        .expect(201);
    let shared = case(ana, "shared", &["a.example", "b.example"]).await;
    let share = json!({ "shares": [{ "organisation": "other", "profile": "analyst",
        "taskRule": "manual", "observableRule": "manual" }] });
    ana.post(&format!("/api/v1/case/{shared}/shares"), share)
        .await
        .expect(201);
    let theirs = case(olga, "theirs", &["a.example", "b.example"]).await;
    let similar = || async { titles(olga, "getCase", &theirs, json!("similarCasesLight")).await };
    assert_eq!(
        similar().await,
        pairs(&[]),
        "none of its observables is shared"
    );
    let query = json!([{ "_name": "getCase", "idOrName": shared }, { "_name": "observables" }]);
    let observables = ana.query(query).await.expect(200);
    let path = format!(
        "/api/v1/observable/{}/shares",
        observables[0]["_id"].as_str().unwrap()
    );
    ana.post(&path, json!({ "organisations": ["other"] }))
        .await
        .expect(204);
    assert_eq!(similar().await, pairs(&[("shared", 1)]));
    assert_eq!(
        ask(olga, "getCase", &theirs, json!("similarCasesLight")).await[0]["observableCount"],
        1
    );
}

#[tokio::test]
async fn an_observable_is_found_by_its_value_however_long() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let id = case(ana, "one", &["a.example"]).await;
    let long = "ä".repeat(3_000);
    for value in [format!("{long}1"), format!("{long}2")] {
        add(ana, &id, json!({ "dataType": "other", "data": value })).await;
    }
    let found = |filter: Value| async move {
        let mut filter = filter;
        filter["_name"] = json!("filter");
        let rows = ana
            .query(json!([{ "_name": "listObservable" }, filter]))
            .await
            .expect(200);
        rows.as_array().unwrap().len()
    };
    for (filter, expected) in [
        (
            json!({ "_eq": { "_field": "data", "_value": format!("{long}1") } }),
            1,
        ),
        (json!({ "_eq": { "_field": "data", "_value": long } }), 0),
        (
            json!({ "_ne": { "_field": "data", "_value": "a.example" } }),
            2,
        ),
        (
            json!({ "_in": { "_field": "data", "_values": ["a.example", format!("{long}2"), "x"] } }),
            2,
        ),
        (json!({ "data": "A.example" }), 0),
    ] {
        assert_eq!(found(filter.clone()).await, expected);
    }
}
