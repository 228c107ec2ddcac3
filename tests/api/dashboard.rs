//! Dashboards: those that come by themselves, and those that people make.

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Server, Team};

fn input(title: &str, status: &str) -> Value {
    json!({
        "title": title, "description": "d", "status": status,
        "definition": { "period": "all", "items": [] },
    })
}

async fn titles(client: &Client<'_>) -> Vec<String> {
    let list = client
        .query(json!([
            { "_name": "listDashboard" }, { "_name": "sort", "_fields": [{ "title": "asc" }] },
        ]))
        .await
        .expect(200);
    let titles = list.as_array().unwrap().iter();
    titles
        .map(|one| one["title"].as_str().unwrap().to_owned())
        .collect()
}

const SHIPPED: [&str; 4] = [
    "Alerts statistics",
    "Cases statistics",
    "Observables statistics",
    "TTPs statistics",
];

#[tokio::test]
async fn an_organisation_begins_with_four() {
    let server = Server::start().await;
    let team = server.team().await;
    for client in [&team.read_only, &team.analyst, &team.other_organisation] {
        assert_eq!(titles(client).await, SHIPPED);
    }
    let list = team
        .org_admin
        .query(json!([{ "_name": "listDashboard" }]))
        .await
        .expect(200);
    for one in list.as_array().unwrap() {
        for (name, value) in [
            ("_type", json!("Dashboard")),
            ("_createdBy", json!("system@thehive.local")),
            ("owner", json!("system@thehive.local")),
            ("group", json!("default")),
            ("version", json!(1)),
            ("status", json!("Shared")),
            ("writable", json!(true)),
        ] {
            assert_eq!(one[name], value, "{name} of {one}");
        }
    }
    // The organisation that administers the platform has nothing to count.
    assert!(titles(&server.admin()).await.is_empty());
    let read = team
        .read_only
        .get("/api/v1/dashboard/Cases%20statistics")
        .await
        .expect(200);
    assert_eq!(read["writable"], false);
}

/// What a widget asks, as the user interface does it: `web/src/pages/dashboards/question.ts`.
fn questions(widget: &Value) -> Vec<Value> {
    let options = &widget["options"];
    let series = match options["series"].as_array() {
        Some(series) => series.clone(),
        None => vec![json!({})],
    };
    let either = |one: &Value, name: &str| match &one[name] {
        Value::Null => options[name].clone(),
        value => value.clone(),
    };
    series
        .iter()
        .map(|one| {
            let mut aggregation = match (&options["field"], &options["interval"]) {
                (Value::String(field), Value::String(_)) => json!({
                    "_agg": "time", "_fields": [either(one, "dateField")], "_interval": "1d",
                    "_select": [{ "_agg": "field", "_field": field, "_select": [{ "_agg": "count" }] }],
                }),
                (Value::String(field), _) => json!({ "_agg": "field", "_field": field, "_size": 10,
                    "_order": ["-count"], "_select": [{ "_agg": "count" }] }),
                (_, Value::String(_)) => json!({
                    "_agg": "time", "_fields": [either(one, "dateField")], "_interval": "1d",
                    "_select": [{ "_agg": "count" }],
                }),
                _ => json!({ "_agg": "count" }),
            };
            aggregation["_name"] = json!("aggregation");
            let mut query = vec![json!({ "_list": either(one, "entity") })];
            for filter in [either(one, "filter")] {
                if let Value::Object(mut filter) = filter {
                    filter.insert("_name".to_owned(), json!("filter"));
                    query.push(filter.into());
                }
            }
            if let Value::String(date) = either(one, "dateField") {
                query.push(json!({ "_name": "filter", "_between": { "_field": date, "_from": 0, "_to": 9_999 } }));
            }
            query.push(aggregation);
            Value::Array(query)
        })
        .collect()
}

#[tokio::test]
async fn what_the_four_ask_can_be_answered() {
    let server = Server::start().await;
    let team = server.team().await;
    let models = team.analyst.get("/api/v1/describe/_all").await.expect(200);
    let list = team
        .analyst
        .query(json!([{ "_name": "listDashboard" }]))
        .await
        .expect(200);
    let mut asked = 0;
    for dashboard in list.as_array().unwrap() {
        for row in dashboard["definition"]["items"].as_array().unwrap() {
            for widget in row["items"].as_array().unwrap() {
                for mut query in questions(widget) {
                    let model = query[0]["_list"].as_str().unwrap();
                    let list = models[model]["initialQuery"].as_str();
                    let list = list.unwrap_or_else(|| panic!("nothing is known of {model}"));
                    query[0] = json!({ "_name": list });
                    let answer = team.analyst.query(query.clone()).await;
                    assert!(answer.expect(200).is_object(), "{query}");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked >= 25, "only {asked} were asked");
}

#[tokio::test]
async fn one_is_made_read_changed_and_deleted() {
    let server = Server::start().await;
    let team = server.team().await;
    let boss = &team.org_admin;
    let created = boss
        .post("/api/v1/dashboard", input("Mine", "Private"))
        .await;
    let id = created.id();
    let created = created.expect(201);
    for (name, value) in [
        ("group", json!("default")),
        ("version", json!(1)),
        ("owner", json!("boss@acme.test")),
        ("status", json!("Private")),
        ("writable", json!(true)),
        ("definition", json!({ "period": "all", "items": [] })),
    ] {
        assert_eq!(created[name], value, "{name}");
    }
    let path = format!("/api/v1/dashboard/{id}");
    assert_eq!(boss.get(&path).await.expect(200), created);
    let found = boss
        .query(json!([{ "_name": "getDashboard", "idOrName": id }]))
        .await;
    assert_eq!(found.expect(200), json!([created]));
    let update = json!({
        "title": "Ours", "group": "duty", "version": 2, "description": "", "definition": { "items": [1] },
    });
    boss.patch(&path, update.clone()).await.expect(204);
    let read = boss.get(&path).await.expect(200);
    for (name, value) in update.as_object().unwrap() {
        assert_eq!(read[name], *value, "{name}");
    }
    assert_eq!(read["_updatedBy"], "boss@acme.test");
    boss.delete(&path).await.expect(204);
    boss.get(&path).await.expect_error(404, "NotFoundError");
    // To give it the status is another way to delete it.
    let other = boss
        .post("/api/v1/dashboard", input("Other", "Shared"))
        .await
        .id();
    let path = format!("/api/v1/dashboard/{other}");
    boss.patch(&path, json!({ "status": "Deleted" }))
        .await
        .expect(204);
    boss.get(&path).await.expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_place() {
    let server = Server::start().await;
    let team = server.team().await;
    let with = |name: &str, value: Value| {
        let mut input = input("t", "Private");
        input[name] = value;
        input
    };
    for (name, value) in [
        ("title", json!("")),
        ("title", json!("x".repeat(513))),
        ("group", json!("x".repeat(33))),
        ("status", json!("Public")),
        ("status", json!("Deleted")),
        ("definition", json!([])),
        ("definition", json!({ "a": "x".repeat(300_000) })),
        ("version", json!("1")),
    ] {
        let refused = team
            .org_admin
            .post("/api/v1/dashboard", with(name, value))
            .await;
        refused.expect_error(400, "AttributeCheckingError");
        assert_eq!(refused.expect(400)["errors"][0]["name"], name);
    }
    team.read_only
        .post("/api/v1/dashboard", input("t", "Private"))
        .await
        .expect_error(403, "AuthorizationError");
}

/// Another who manages dashboards.
async fn colleague(server: &Server) -> Client<'_> {
    server.person("cora@acme.test", "acme", "org-admin").await
}

async fn trail(client: &Client<'_>) -> Answer {
    client
        .query(json!([
            { "_name": "listAudit" },
            { "_name": "filter", "_field": "objectType", "_value": "Dashboard" },
            { "_name": "filter", "_ne": { "_field": "_createdBy", "_value": "admin@thehive.local" } },
        ]))
        .await
}

#[tokio::test]
async fn a_private_one_is_nobody_elses_business() {
    let server = Server::start().await;
    let team: Team = server.team().await;
    let colleague = colleague(&server).await;
    let boss = &team.org_admin;
    let id = boss
        .post("/api/v1/dashboard", input("Secret plans", "Private"))
        .await
        .id();
    let path = format!("/api/v1/dashboard/{id}");
    for client in [&colleague, &team.analyst, &team.other_organisation] {
        client.get(&path).await.expect_error(404, "NotFoundError");
        assert!(!titles(client).await.contains(&"Secret plans".to_owned()));
        assert_eq!(trail(client).await.expect(200), json!([]));
    }
    assert_eq!(
        trail(boss).await.expect(200)[0]["details"]["title"],
        "Secret plans"
    );
    colleague
        .patch(&path, json!({ "title": "x" }))
        .await
        .expect_error(404, "NotFoundError");
    // Once it is shared, others may change it, but not take it away from everybody.
    boss.patch(&path, json!({ "status": "Shared" }))
        .await
        .expect(204);
    assert_eq!(colleague.get(&path).await.expect(200)["writable"], true);
    assert_eq!(
        team.read_only.get(&path).await.expect(200)["writable"],
        false
    );
    colleague
        .patch(&path, json!({ "title": "Plans" }))
        .await
        .expect(204);
    colleague
        .patch(&path, json!({ "status": "Private" }))
        .await
        .expect_error(403, "AuthorizationError");
    team.other_organisation
        .get(&path)
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn it_is_handed_over_to_a_member_only() {
    let server = Server::start().await;
    let team = server.team().await;
    let colleague = colleague(&server).await;
    let boss = &team.org_admin;
    let id = boss
        .post("/api/v1/dashboard", input("Mine", "Private"))
        .await
        .id();
    let path = format!("/api/v1/dashboard/{id}");
    let owner = format!("{path}/owner");
    for nobody in [
        "olga@other.test",
        "nobody@acme.test",
        "system@thehive.local",
    ] {
        boss.post(&owner, json!({ "user": nobody }))
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    boss.post(&owner, json!({ "user": "cora@acme.test" }))
        .await
        .expect(204);
    boss.get(&path).await.expect_error(404, "NotFoundError");
    let read = colleague.get(&path).await.expect(200);
    assert_eq!(
        (&read["owner"], &read["_createdBy"]),
        (&json!("cora@acme.test"), &json!("boss@acme.test"))
    );
}

#[tokio::test]
async fn organisations_that_are_older_get_theirs_at_the_next_start() {
    let server = Server::start().await;
    server.team().await;
    let database = server.stop().await;
    let server = Server::start_on(database, |_| {}).await;
    let reader = server
        .anonymous()
        .basic("reader@acme.test", crate::harness::PASSWORD);
    assert_eq!(titles(&reader).await, SHIPPED, "and no second time");
}
