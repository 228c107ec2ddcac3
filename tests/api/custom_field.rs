//! Custom fields: their definitions, the values of cases in both forms, and what is asked about them.

use serde_json::{Value, json};

use crate::harness::{Client, Server, Team};

async fn define(server: &Server, name: &str, kind: &str, more: Value) -> Value {
    let mut input =
        json!({ "name": name, "group": "site", "description": "*What* it is", "type": kind });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    server
        .admin()
        .post("/api/v1/customField", input)
        .await
        .expect(201)
}

/// A server with a field of each type, and people.
async fn with_fields(server: &Server) -> Team<'_> {
    for kind in ["string", "integer", "float", "boolean", "date", "url"] {
        define(server, kind, kind, json!({})).await;
    }
    server.team().await
}

async fn create(client: &Client<'_>, title: &str, fields: Value) -> Value {
    let input = json!({ "title": title, "description": "d", "customFields": fields });
    client.post("/api/v1/case", input).await.expect(201)
}

async fn values(client: &Client<'_>, number: i64) -> Value {
    let case = client
        .get(&format!("/api/v1/case/{number}"))
        .await
        .expect(200);
    let shown = case["customFields"].as_array().unwrap().iter();
    shown
        .map(|value| json!([value["name"], value["value"]]))
        .collect()
}

async fn change(client: &Client<'_>, body: Value) {
    client.patch("/api/v1/case/1", body).await.expect(204);
}

#[tokio::test]
async fn definitions_are_made_changed_and_deleted() {
    let server = Server::start().await;
    let admin = server.admin();
    let field = define(
        &server,
        "site",
        "string",
        json!({ "options": ["Paris", "Rome", "Rome"] }),
    )
    .await;
    for (name, value) in [
        ("_type", json!("CustomField")),
        ("name", json!("site")),
        ("displayName", json!("site")),
        ("options", json!(["Paris", "Rome"])),
        ("mandatory", json!(false)),
        ("extraData", json!({})),
    ] {
        assert_eq!(field[name], value, "{name}");
    }
    let team = server.team().await;
    let listed = team.read_only.get("/api/v1/customField").await.expect(200);
    assert_eq!(listed, json!([field]));
    let update = json!({ "displayName": "Site", "mandatory": true, "options": [] });
    admin
        .patch("/api/v1/customField/site", update)
        .await
        .expect(204);
    let query = json!([{ "_name": "getCustomField", "idOrName": "site" },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["deletable"] }]);
    let read = team.analyst.query(query).await.expect(200);
    assert_eq!(
        json!([
            read[0]["displayName"],
            read[0]["mandatory"],
            read[0]["options"],
            read[0]["extraData"]
        ]),
        json!(["Site", true, [], { "deletable": true }])
    );
    for (body, at) in [
        (
            json!({ "name": "site", "group": "g", "description": "", "type": "string" }),
            "name",
        ),
        (
            json!({ "name": "x", "group": "g", "description": "", "type": "text" }),
            "type",
        ),
        (
            json!({ "name": "x", "group": "g", "description": "", "type": "integer", "options": ["a"] }),
            "options[0]",
        ),
        (
            json!({ "name": "~1", "group": "g", "description": "", "type": "integer" }),
            "name",
        ),
    ] {
        let refused = admin.post("/api/v1/customField", body).await;
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains(at), "{}", refused.text());
    }
    let id = field["_id"].as_str().unwrap();
    let path = format!("/api/v1/customField/{id}");
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn a_case_has_values_of_every_type_in_both_forms() {
    let server = Server::start().await;
    let team = with_fields(&server).await;
    let fields = json!({ "string": "Ünïcode", "integer": 7, "float": 1.5, "boolean": true, "date": 123,
        "url": "https://example.org/a" });
    let case = create(&team.analyst, "object", fields).await;
    let expected = json!({ "_id": "string:Ünïcode", "name": "string", "type": "string", "value": "Ünïcode", "order": 0 });
    assert_eq!(case["customFields"][0], expected);
    let read = team.analyst.get("/api/v1/case/1").await.expect(200);
    assert_eq!(read, case);
    assert_eq!(
        values(&team.analyst, 1).await,
        json!([
            ["string", "Ünïcode"],
            ["integer", 7],
            ["float", 1.5],
            ["boolean", true],
            ["date", 123],
            ["url", "https://example.org/a"]
        ])
    );
    let list = json!([{ "name": "integer", "value": 2, "order": 3 }, { "name": "string", "value": null, "order": 1 },
        { "name": "integer", "value": 1, "order": 2 }, { "name": "integer", "value": 1, "order": 4 }]);
    create(&team.analyst, "list", list).await;
    assert_eq!(
        values(&team.analyst, 2).await,
        json!([["string", null], ["integer", 1], ["integer", 2]])
    );
    create(&team.analyst, "several", json!({ "string": ["b", "a"] })).await;
    assert_eq!(
        values(&team.analyst, 3).await,
        json!([["string", "b"], ["string", "a"]])
    );
    let found = json!([{ "_name": "listCase" }, { "_name": "filter", "_match": { "keyword": "ünïcode" } },
        { "_name": "count" }]);
    assert_eq!(team.analyst.query(found).await.expect(200), 1);
}

#[tokio::test]
async fn an_object_adds_a_list_replaces_and_single_fields_are_set_beside_the_others() {
    let server = Server::start().await;
    let team = with_fields(&server).await;
    let client = &team.analyst;
    create(client, "t", json!({ "integer": 1, "string": null })).await;
    change(
        client,
        json!({ "customFields": { "integer": 2, "string": "x" } }),
    )
    .await;
    assert_eq!(
        values(client, 1).await,
        json!([["integer", 1], ["integer", 2], ["string", "x"]])
    );
    change(client, json!({ "setCustomFields": { "integer": [3, 4], "float": 0.5 }, "removeCustomFields": ["string"] })).await;
    assert_eq!(
        values(client, 1).await,
        json!([["integer", 3], ["integer", 4], ["float", 0.5]])
    );
    change(client, json!({ "setCustomFields": { "integer": null } })).await;
    assert_eq!(
        values(client, 1).await,
        json!([["integer", null], ["float", 0.5]])
    );
    change(
        client,
        json!({ "customFields": [{ "name": "string", "value": "only" }] }),
    )
    .await;
    assert_eq!(values(client, 1).await, json!([["string", "only"]]));
    let query = json!([{ "_name": "listAudit" }, { "_name": "filter", "action": "update" },
        { "_name": "sort", "_fields": ["-_createdAt"] }, { "_name": "page", "from": 0, "to": 1 }]);
    let record = &client.query(query).await.expect(200)[0];
    assert_eq!(
        record["details"]["customFieldChanges"],
        json!([{ "operation": "valuesRemoved", "name": "float", "values": [0.5] },
            { "operation": "valuesAdded", "name": "string", "values": ["only"] }])
    );
    assert_eq!(record["details"]["customFields"][0]["value"], "only");
    assert_eq!(
        record["object"]["customFieldValues"],
        json!({ "string": "only" })
    );
    change(client, json!({ "customFields": [] })).await;
    assert_eq!(values(client, 1).await, json!([]));
}

#[tokio::test]
async fn what_a_field_cannot_have_is_refused_at_its_place() {
    let server = Server::start().await;
    let team = with_fields(&server).await;
    define(&server, "site", "string", json!({ "options": ["Paris"] })).await;
    create(&team.analyst, "t", json!({ "integer": 1 })).await;
    for (fields, at) in [
        (json!({ "integer": "7" }), "customFields.integer"),
        (
            json!({ "integer": 3_000_000_000_i64 }),
            "customFields.integer",
        ),
        (json!({ "url": "no url" }), "customFields.url"),
        (json!({ "date": "2026-01-01" }), "customFields.date"),
        (json!({ "boolean": 1 }), "customFields.boolean"),
        (json!({ "string": { "a": 1 } }), "customFields.string"),
        (json!({ "site": "Rome" }), "customFields.site"),
        (json!({ "nothing": 1 }), "customFields.nothing"),
        (
            json!([{ "name": "float", "value": "x" }]),
            "customFields[0].value",
        ),
        (json!([{ "value": 1 }]), "customFields[0].name"),
        (json!("text"), "customFields"),
    ] {
        let input = json!({ "title": "t", "description": "d", "customFields": fields });
        let created = team.analyst.post("/api/v1/case", input).await.expect(400);
        assert_eq!(created["errors"][0]["name"], at, "{created}");
        let update = json!({ "customFields": fields });
        let changed = team
            .analyst
            .patch("/api/v1/case/1", update)
            .await
            .expect(400);
        assert_eq!(changed["errors"][0]["name"], at, "{changed}");
    }
    let several = json!({ "customFields": { "integer": [1, 2] } });
    team.analyst
        .patch("/api/v1/case/1", several)
        .await
        .expect(400);
    assert_eq!(values(&team.analyst, 1).await, json!([["integer", 1]]));
}

#[tokio::test]
async fn a_mandatory_field_without_a_value_keeps_a_case_open() {
    let server = Server::start().await;
    define(&server, "verdict", "string", json!({ "mandatory": true })).await;
    let team = server.team().await;
    create(&team.analyst, "t", json!({ "verdict": null })).await;
    let close = json!({ "status": "TruePositive" });
    let refused = team.analyst.patch("/api/v1/case/1", close).await;
    assert!(refused.expect_error(400, "BadRequest").contains("verdict"));
    change(
        &team.analyst,
        json!({ "status": "TruePositive", "customFields": { "verdict": "yes" } }),
    )
    .await;
    // A case that has no such field is closed as ever.
    create(&team.analyst, "other", json!({})).await;
    let close = json!({ "status": "TruePositive" });
    team.analyst
        .patch("/api/v1/case/2", close)
        .await
        .expect(204);
}

#[tokio::test]
async fn another_type_converts_the_values_and_empties_what_cannot_be_one() {
    let server = Server::start().await;
    let team = with_fields(&server).await;
    for text in ["1.5", "two", "1.5"] {
        create(&team.analyst, text, json!({ "string": text })).await;
    }
    let float = json!({ "type": "float" });
    server
        .admin()
        .patch("/api/v1/customField/string", float)
        .await
        .expect(204);
    assert_eq!(values(&team.analyst, 1).await, json!([["string", 1.5]]));
    assert_eq!(values(&team.analyst, 2).await, json!([["string", null]]));
    assert_eq!(values(&team.analyst, 3).await, json!([["string", 1.5]]));
    let query = json!([{ "_name": "listCase" }, { "_name": "filter", "_gt": { "customFields.string": 1 } },
        { "_name": "count" }]);
    assert_eq!(team.analyst.query(query).await.expect(200), 2);
}

#[tokio::test]
async fn a_used_field_is_deleted_by_force_only() {
    let server = Server::start().await;
    let team = with_fields(&server).await;
    create(&team.analyst, "t", json!({ "integer": 1, "string": "x" })).await;
    let admin = server.admin();
    let refused = admin.delete("/api/v1/customField/integer").await;
    assert!(
        refused
            .expect_error(400, "BadRequest")
            .contains("used by 1")
    );
    admin
        .delete("/api/v1/customField/integer?force=True")
        .await
        .expect(204);
    assert_eq!(values(&team.analyst, 1).await, json!([["string", "x"]]));
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn cases_are_filtered_sorted_and_counted_by_custom_fields() {
    let server = Server::start().await;
    let team = with_fields(&server).await;
    let client = &team.analyst;
    for (title, fields) in [
        (
            "a",
            json!({ "string": "Berlin", "integer": 3, "float": 0.5, "boolean": true, "date": 86_400_000 }),
        ),
        (
            "b",
            json!({ "string": ["amsterdam", "Zürich"], "integer": 1, "boolean": false }),
        ),
        ("c", json!({ "integer": null })),
        (
            "d",
            json!({ "string": "berlin", "integer": 3, "date": 172_800_000 }),
        ),
    ] {
        create(client, title, fields).await;
    }
    let titles = |filter: Value, sort: Value| async move {
        let mut filter = filter;
        filter["_name"] = json!("filter");
        let query = json!([{ "_name": "listCase" }, filter, { "_name": "sort", "_fields": sort }]);
        let found = client.query(query).await.expect(200);
        let titles = found.as_array().unwrap().iter();
        titles
            .map(|case| case["title"].as_str().unwrap())
            .collect::<String>()
    };
    for (filter, expected) in [
        (json!({ "customFields.integer": 3 }), "ad"),
        (json!({ "_ne": { "customFields.integer": 3 } }), "bc"),
        (
            json!({ "_lt": { "_field": "customFields.integer", "_value": 3 } }),
            "b",
        ),
        (
            json!({ "_between": { "_field": "customFields.date", "_from": 0, "_to": 100_000_000 } }),
            "a",
        ),
        (
            json!({ "_in": { "_field": "customFields.string", "_values": ["Berlin", "Zürich"] } }),
            "ab",
        ),
        (json!({ "_like": { "customFields.string": "BERL*" } }), "ad"),
        (
            json!({ "_startsWith": { "customFields.string": "zü" } }),
            "b",
        ),
        (json!({ "_has": "customFields.integer" }), "abd"),
        (json!({ "_not": { "_has": "customFields.string" } }), "c"),
        (json!({ "customFields.boolean": true }), "a"),
        (json!({ "_gte": { "customFields.float": 0.5 } }), "a"),
    ] {
        assert_eq!(
            titles(filter.clone(), json!([])).await,
            expected,
            "{filter}"
        );
    }
    assert_eq!(
        titles(json!({}), json!([{ "customFields.string": "asc" }])).await,
        "badc"
    );
    assert_eq!(
        titles(json!({}), json!([{ "customFields.string": "desc" }])).await,
        "bdac"
    );
    assert_eq!(
        titles(
            json!({}),
            json!([{ "customFields.integer": "desc" }, { "title": "asc" }])
        )
        .await,
        "adbc"
    );
    let aggregation = |aggregation: Value| async move {
        let mut aggregation = aggregation;
        aggregation["_name"] = json!("aggregation");
        client
            .query(json!([{ "_name": "listCase" }, aggregation]))
            .await
            .expect(200)
    };
    let count = json!([{ "_agg": "count" }]);
    assert_eq!(
        aggregation(json!({ "_agg": "field", "_field": "customFields.integer", "_select": count }))
            .await,
        json!({ "1": { "count": 1 }, "3": { "count": 2 } })
    );
    assert_eq!(
        aggregation(json!({ "_agg": "time", "_fields": ["customFields.date"], "_interval": "1d", "_select": count })).await,
        json!({ "86400000": { "count": 1 }, "172800000": { "count": 1 } })
    );
    assert_eq!(
        aggregation(json!({ "_agg": "avg", "_field": "customFields.integer" })).await,
        json!({ "avg_customFields.integer": 7.0 / 3.0 })
    );
    let unknown =
        json!([{ "_name": "listCase" }, { "_name": "filter", "customFields.nothing": 1 }]);
    let refused = client.query(unknown).await;
    assert!(
        refused
            .expect_error(400, "BadRequest")
            .contains("customFields.<name>")
    );
}

#[tokio::test]
async fn describe_tells_of_custom_fields() {
    let server = Server::start().await;
    define(
        &server,
        "site",
        "string",
        json!({ "options": ["Paris", "Rome"] }),
    )
    .await;
    define(&server, "score", "integer", json!({})).await;
    let team = server.team().await;
    let described = team.analyst.get("/api/v1/describe/case").await.expect(200);
    let attribute = |name: &str| {
        let attributes = described["attributes"].as_array().unwrap();
        attributes.iter().find(|one| one["name"] == name).cloned()
    };
    assert_eq!(
        attribute("customFields.site").unwrap(),
        json!({ "name": "customFields.site", "cardinality": "list", "aggregable": true, "indexType": "standard",
            "type": "enumeration", "values": ["Paris", "Rome"], "labels": [] })
    );
    assert_eq!(attribute("customFields.score").unwrap()["type"], "integer");
}

#[tokio::test]
async fn case_statuses_are_made_changed_and_deleted() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let status =
        json!({ "value": "Waiting", "stage": "InProgress", "order": 9, "colour": "#112233" });
    let made = admin.post("/api/v1/caseStatus", status).await.expect(201);
    assert_eq!(made["_type"], "CaseStatus");
    let path = format!("/api/v1/caseStatus/{}", made["_id"].as_str().unwrap());
    let change =
        json!({ "colour": "", "hidden": true, "description": "Until the customer answers" });
    admin.patch(&path, change).await.expect(204);
    let query = json!([{ "_name": "getCaseStatus", "idOrName": "Waiting" },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["canDelete"] }]);
    let read = team.analyst.query(query).await.expect(200);
    assert_eq!(read[0]["hidden"], true);
    assert_eq!(read[0]["extraData"], json!({ "canDelete": true }));
    assert!(read[0].get("colour").is_none());
    // Hidden ones stay valid.
    let case = json!({ "title": "t", "description": "d", "status": "Waiting" });
    team.analyst.post("/api/v1/case", case).await.expect(201);
    for (path, why) in [
        (path.as_str(), "while a case has it"),
        ("/api/v1/caseStatus/Other", "predefined"),
    ] {
        let refused = admin.delete(path).await.expect_error(400, "BadRequest");
        assert!(refused.contains(why), "{refused}");
    }
    team.analyst
        .patch("/api/v1/case/1", json!({ "status": "Other" }))
        .await
        .expect(204);
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect(404);
    let taken = json!({ "value": "New", "stage": "New", "order": 9 });
    admin.post("/api/v1/caseStatus", taken).await.expect(400);
}

#[tokio::test]
async fn a_value_is_taken_from_the_only_case_that_has_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let client = &team.analyst;
    for (name, kind) in [("a", "string"), ("a:b", "string"), ("n", "integer")] {
        let field = json!({ "name": name, "group": "g", "description": "", "type": kind });
        server
            .admin()
            .post("/api/v1/customField", field)
            .await
            .expect(201);
    }
    let case = |values: Value| json!({ "title": "t", "description": "d", "customFields": values });
    let first = json!({ "a": ["x", "b:c"], "a:b": "c", "n": [1, 2] });
    client.post("/api/v1/case", case(first)).await.expect(201);
    let elsewhere = json!({ "a": "only there", "n": null });
    team.other_organisation
        .post("/api/v1/case", case(elsewhere))
        .await
        .expect(201);
    let values = async || {
        let case = client.get("/api/v1/case/1").await.expect(200);
        let values = case["customFields"].as_array().unwrap().iter();
        values.map(|value| value["_id"].clone()).collect::<Value>()
    };
    let remove = async |id: &str| {
        client
            .delete(&format!("/api/v1/case/customField/{id}"))
            .await
    };
    team.read_only
        .delete("/api/v1/case/customField/n:1")
        .await
        .expect(403);
    for id in ["n:3", "n:", "n", "nothing:1", "a:only%20there"] {
        remove(id).await.expect_error(404, "NotFoundError");
    }
    remove("n:1").await.expect(204);
    // The longest name counts.
    remove("a:b:c").await.expect(204);
    assert_eq!(values().await, json!(["a:x", "a:b:c", "n:2"]));
    remove("a:b:c").await.expect(204);
    assert_eq!(values().await, json!(["a:x", "n:2"]));
    client
        .post("/api/v1/case", case(json!({ "n": 2 })))
        .await
        .expect(201);
    let refused = remove("n:2").await.expect_error(400, "BadRequest");
    assert!(refused.contains("Several cases"), "{refused}");
    let trail = json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "audits" },
        { "_name": "filter", "_eq": { "_field": "action", "_value": "update" } }]);
    let trail = client.query(trail).await.expect(200);
    let removed = trail
        .as_array()
        .unwrap()
        .iter()
        .filter(|record| !record["details"]["customFieldChanges"].is_null());
    assert_eq!(removed.count(), 3);
}
