//! The query language as its clients speak it. What each operator means is tested beside the compiler.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn ask(client: &Client<'_>, operations: Value) -> Value {
    client.query(operations).await.expect(200)
}

async fn a_case(client: &Client<'_>, title: &str, extra: Value) -> String {
    let mut body = json!({ "title": title, "description": "of a test" });
    for (name, value) in extra.as_object().unwrap() {
        body[name] = value.clone();
    }
    let answer = client.post("/api/v1/case", body).await;
    answer.expect(201);
    answer.id()
}

#[tokio::test]
async fn a_page_of_the_case_list_comes_in_order_with_its_total() {
    let server = Server::start().await;
    let team = server.team().await;
    for (title, severity) in [("One", 1), ("Two", 3), ("Three", 3)] {
        a_case(
            &team.analyst,
            title,
            json!({ "severity": severity, "tags": ["red", title] }),
        )
        .await;
    }
    a_case(&team.other_organisation, "Foreign", json!({})).await;
    let answer = team
        .analyst
        .query(json!([
            { "_name": "listCase" },
            { "_name": "filter", "_and": [{ "_eq": { "_field": "tags", "_value": "red" } }, { "_gte": { "severity": 2 } }] },
            { "_name": "sort", "_fields": [{ "_createdAt": "desc" }] },
            { "_name": "page", "from": 0, "to": 1, "extraData": ["total", "taskStats", "nonsense"] },
        ]))
        .await;
    let page = answer.expect(200);
    assert_eq!(answer.header("x-total"), Some("2"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(page.as_array().unwrap().len(), 1);
    assert_eq!(page[0]["title"], "Three");
    assert_eq!(page[0]["extraData"]["taskStats"]["total"], 0);
    assert_eq!(page[0]["extraData"].as_object().unwrap().len(), 1);

    let all = ask(&team.analyst, json!([{ "_name": "listCase" }])).await;
    let titles: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["One", "Two", "Three"]);
    assert_eq!(all[0]["extraData"], json!({}));
}

#[tokio::test]
async fn a_query_goes_from_a_case_to_what_belongs_to_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(
        &team.analyst,
        "With tasks",
        json!({ "tasks": [{ "title": "Look", "group": "b" }, { "title": "Listen", "group": "a" }] }),
    )
    .await;
    let get = json!({ "_name": "getCase", "idOrName": case });
    let tasks = ask(&team.analyst, json!([get, { "_name": "tasks" }])).await;
    assert_eq!(tasks.as_array().unwrap().len(), 2);
    let groups = ask(&team.analyst, json!([get, { "_name": "taskGroups" }])).await;
    assert_eq!(groups, json!(["a", "b"]));
    let count = ask(
        &team.analyst,
        json!([get, { "_name": "tasks" }, { "_name": "count" }]),
    )
    .await;
    assert_eq!(count, json!(2));
    let back = ask(
        &team.analyst,
        json!([{ "_name": "listTask" }, { "_name": "filter", "title": "Look" }, { "_name": "case" }]),
    )
    .await;
    assert_eq!(back[0]["_id"], json!(case));
    let audits = ask(
        &team.analyst,
        json!([get, { "_name": "auditsFromContext" }, { "_name": "count" }]),
    )
    .await;
    assert!(audits.as_i64().unwrap() >= 3, "{audits}");
    let by_status = ask(
        &team.analyst,
        json!([get, { "_name": "tasks" }, { "_name": "aggregation", "_agg": "field", "_field": "status" }]),
    )
    .await;
    assert_eq!(by_status, json!({ "Waiting": { "count": 2 } }));

    let shares = ask(&team.analyst, json!([get, { "_name": "shares" }])).await;
    assert_eq!(shares[0]["organisationName"], "acme");
    assert_eq!(shares[0]["caseId"], json!(case));
    let owned =
        json!({ "_name": "filter", "organisationName": "acme", "owner": true, "caseNumber": 1 });
    let count = ask(
        &team.analyst,
        json!([{ "_name": "listShare" }, owned, { "_name": "count" }]),
    )
    .await;
    assert_eq!(count, json!(1));
    let users = ask(
        &team.analyst,
        json!([get, { "_name": "assignableUsers" }, { "_name": "sort", "_fields": ["login"] }]),
    )
    .await;
    let logins: Vec<&Value> = users
        .as_array()
        .unwrap()
        .iter()
        .map(|user| &user["login"])
        .collect();
    assert_eq!(
        logins,
        ["ana@acme.test", "boss@acme.test", "robot@acme.test"]
    );

    // From another organisation there is nothing to go from.
    let foreign = ask(&team.other_organisation, json!([get, { "_name": "tasks" }])).await;
    assert_eq!(foreign, json!([]));
}

#[tokio::test]
async fn search_finds_a_case_by_the_words_that_are_written_in_it_now() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(
        &team.analyst,
        "Phishing wave",
        json!({ "tags": ["Éclair"] }),
    )
    .await;
    let found = async |word: &str| {
        let filter =
            json!({ "_name": "filter", "_match": { "_field": "keyword", "_value": word } });
        let count = json!({ "_name": "count" });
        ask(
            &team.analyst,
            json!([{ "_name": "listCase" }, filter, count]),
        )
        .await
            == json!(1)
    };
    assert!(found("phish").await && found("éclair").await && found("of a test").await);
    assert!(!found("smishing").await);
    let path = format!("/api/v1/case/{case}");
    team.analyst
        .patch(&path, json!({ "title": "Smishing wave" }))
        .await
        .expect(204);
    assert!(found("smishing").await && !found("phishing").await);
}

#[tokio::test]
async fn permissions_are_a_list_of_their_own() {
    let server = Server::start().await;
    let list = ask(&server.admin(), json!([{ "_name": "list" }])).await;
    assert_eq!(
        list,
        server.admin().get("/api/v1/permission").await.expect(200)
    );
    let users = ask(&server.admin(), json!([{ "_name": "currentUser" }])).await;
    assert_eq!(users[0]["login"], "admin@thehive.local");
}

#[tokio::test]
async fn properties_are_left_out_or_kept_as_asked() {
    let server = Server::start().await;
    let team = server.team().await;
    a_case(&team.analyst, "One", json!({})).await;
    let body = json!({ "query": [{ "_name": "listCase" }], "includeFields": ["title", "_id"] });
    let cases = team
        .analyst
        .post("/api/v1/query?name=a-label", body)
        .await
        .expect(200);
    assert_eq!(cases[0].as_object().unwrap().len(), 2);
    assert_eq!(cases[0]["title"], "One");
}

#[tokio::test]
async fn what_is_no_query_is_refused_in_the_apis_form() {
    let server = Server::start().await;
    let admin = server.admin();
    let refused =
        async |operations: Value, kind: &str| admin.query(operations).await.expect_error(400, kind);
    refused(json!([]), "BadRequest").await;
    let message = refused(
        json!([{ "_name": "listNothing" }]),
        "InvalidFormatAttributeError",
    )
    .await;
    assert!(message.contains("listCase"), "{message}");
    let filter = |filter: Value| {
        let mut operation = filter;
        operation["_name"] = json!("filter");
        json!([{ "_name": "listCase" }, operation])
    };
    let message = refused(filter(json!({ "colour": "red" })), "BadRequest").await;
    assert!(
        message.contains("the property colour was not found in Case"),
        "{message}"
    );
    refused(
        filter(json!({ "severity": "high" })),
        "InvalidFormatAttributeError",
    )
    .await;
    refused(json!([{ "_name": "getCase" }]), "AttributeCheckingError").await;

    let send = async |text: String| {
        let bytes = text.into_bytes();
        admin
            .send_bytes(
                Method::POST,
                "/api/v1/query",
                Some("application/json"),
                bytes,
            )
            .await
    };
    let deep = format!(
        r#"{{"query":[{{"_name":"listCase"}},{{"_name":"filter","_not":{}{{}}{}}}]}}"#,
        r#"{"_not":"#.repeat(10_000),
        "}".repeat(10_000)
    );
    let message = send(deep).await.expect_error(400, "BadRequest");
    assert!(
        message.contains("nested deeper than 32 levels"),
        "{message}"
    );
    send(format!(
        r#"{{"query":[{{"_name":"{}"}}]}}"#,
        "x".repeat(70_000)
    ))
    .await
    .expect(413);
    send("{\"query\":[".to_owned())
        .await
        .expect_error(400, "BadRequest");
    send(r#"{"query":[{"_name":"a\u0000"}]}"#.to_owned())
        .await
        .expect_error(400, "BadRequest");
    let answer = admin
        .send_bytes(
            Method::POST,
            "/api/v1/query",
            Some("text/plain"),
            b"{}".to_vec(),
        )
        .await;
    answer.expect(400);
}

/// Every field of every model, in every filter that its type allows, as a sort and in an aggregation: a typing error in
/// an expression of a domain shows here, on each engine.
#[tokio::test]
async fn every_field_that_is_described_can_be_asked() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(
        &team.analyst,
        "One",
        json!({ "tags": ["red"], "tasks": [{ "title": "Look" }] }),
    )
    .await;
    let comment = format!("/api/v1/case/{case}/comment");
    team.analyst
        .post(&comment, json!({ "message": "m" }))
        .await
        .expect(201);
    let models = team.analyst.get("/api/v1/describe/_all").await.expect(200);
    for (model, description) in models.as_object().unwrap() {
        let list = json!({ "_name": description["initialQuery"] });
        for attribute in description["attributes"].as_array().unwrap() {
            for operation in askable(attribute) {
                let mut chain = vec![list.clone(), operation.clone()];
                if operation["_name"] != "aggregation" {
                    // A list of a thousand attack patterns would be no better answer.
                    chain.push(json!({ "_name": "page", "from": 0, "to": 3 }));
                }
                let answer = team.analyst.query(Value::Array(chain)).await;
                assert_eq!(
                    answer.status,
                    200,
                    "{model}: {operation}: {}",
                    answer.text()
                );
            }
        }
        let one = team
            .analyst
            .get(&format!("/api/v1/describe/{model}"))
            .await
            .expect(200);
        assert_eq!(one, *description);
    }
    team.analyst
        .get("/api/v1/describe/nothing")
        .await
        .expect_error(404, "NotFoundError");
}

fn askable(attribute: &Value) -> Vec<Value> {
    let name = attribute["name"].as_str().unwrap();
    let filter = |test: &str, value: Value| json!({ "_name": "filter", test: { "_field": name, "_value": value } });
    if name == "keyword" {
        return vec![filter("_match", json!("x")), filter("_like", json!("x"))];
    }
    let value = match (attribute["type"].as_str().unwrap(), &attribute["values"][0]) {
        ("enumeration", first) if !first.is_null() => first.clone(),
        ("integer" | "date", _) => json!(7),
        ("float", _) => json!(0.5),
        ("boolean", _) => json!(true),
        ("string" | "user" | "enumeration", _) => json!("x"),
        (other, _) => panic!("no type {other}"),
    };
    let mut operations = vec![
        json!({ "_name": "filter", "_in": { "_field": name, "_values": [value, value] } }),
        json!({ "_name": "filter", "_between": { "_field": name, "_from": value, "_to": value } }),
        json!({ "_name": "filter", "_has": name }),
        json!({ "_name": "filter", "_empty": name }),
        json!({ "_name": "filter", "_not": { "_has": name } }),
    ];
    for test in ["_eq", "_ne", "_lt", "_lte", "_gt", "_gte", "_match"] {
        operations.push(filter(test, value.clone()));
    }
    let is_id = ["_id", "case"].contains(&name) || name.ends_with("Id");
    if value.is_string() && !is_id {
        for test in ["_like", "_startsWith", "_endsWith", "_wildcard"] {
            operations.push(filter(test, json!("x*")));
        }
    }
    if attribute["cardinality"] != "list" {
        operations.push(json!({ "_name": "sort", "_fields": [{ name: "asc" }] }));
        operations.push(json!({ "_name": "sort", "_fields": [{ name: "desc" }] }));
        if matches!(
            attribute["type"].as_str(),
            Some("integer" | "float" | "date")
        ) {
            for math in ["sum", "avg", "min", "max"] {
                operations.push(json!({ "_name": "aggregation", "_agg": math, "_field": name }));
            }
        }
        if attribute["type"] == "date" {
            operations.push(json!({ "_name": "aggregation", "_agg": "time", "_fields": [name], "_interval": "1M" }));
        }
    }
    if attribute["aggregable"] == true {
        operations.push(
            json!({ "_name": "aggregation", "_agg": "field", "_field": name, "_order": "-count" }),
        );
    }
    operations
}

#[tokio::test]
async fn models_are_described_as_the_contract_does() {
    let server = Server::start().await;
    let description = server
        .admin()
        .get("/api/v1/describe/case")
        .await
        .expect(200);
    assert_eq!(description["label"], "case");
    assert_eq!(description["path"], "");
    assert_eq!(description["initialQuery"], "listCase");
    let attributes = description["attributes"].as_array().unwrap();
    let names: Vec<&str> = attributes
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    let of = |name: &str| attributes.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(
        *of("severity"),
        json!({
            "name": "severity", "cardinality": "single", "aggregable": true, "indexType": "standard",
            "type": "enumeration", "values": [1, 2, 3, 4], "labels": ["low", "medium", "high", "critical"],
        })
    );
    assert_eq!(of("status")["labels"], json!([]));
    assert!(
        of("status")["values"]
            .as_array()
            .unwrap()
            .contains(&json!("TruePositive"))
    );
    assert_eq!(of("title")["indexType"], "fulltext");
    assert_eq!(of("description")["indexType"], "fulltextOnly");
    assert_eq!(of("description")["aggregable"], false);
    assert_eq!(of("tags")["cardinality"], "list");
    assert_eq!(of("assignee")["cardinality"], "option");
    assert_eq!(of("assignee")["type"], "user");
    assert_eq!(of("timeToResolveInDays")["type"], "float");
    assert_eq!(of("timeToResolveInDays")["indexType"], "none");
    assert_eq!(of("keyword")["aggregable"], false);
}
