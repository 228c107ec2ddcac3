//! What hangs on an alert: observables, files, procedures and custom fields, given with it or later.

use serde_json::{Value, json};

use crate::harness::{Client, Form, Server, alert};

async fn query(client: &Client<'_>, operations: Value) -> Value {
    client.query(operations).await.expect(200)
}

/// What `edge` leads to from the alert.
async fn of_alert(client: &Client<'_>, id: &str, edge: &str) -> Vec<Value> {
    let operations = json!([{ "_name": "getAlert", "idOrName": id }, { "_name": edge }]);
    let found = query(client, operations).await;
    found.as_array().unwrap().clone()
}

fn with(reference: &str, more: Value) -> Value {
    let mut input = alert(reference);
    let Value::Object(more) = more else {
        panic!("{more} is no object");
    };
    for (name, value) in more {
        input[name] = value;
    }
    input
}

async fn field(server: &Server, name: &str, kind: &str, mandatory: bool) {
    let input = json!({ "name": name, "group": "g", "description": "", "type": kind, "mandatory": mandatory });
    let posted = server.admin().post("/api/v1/customField", input).await;
    posted.expect(201);
}

fn values(alert: &Value) -> Vec<(&str, &Value)> {
    let fields = alert["customFields"].as_array().unwrap().iter();
    fields
        .map(|field| (field["name"].as_str().unwrap(), &field["value"]))
        .collect()
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn an_alert_brings_what_was_seen() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "score", "integer", false).await;
    let input = with(
        "1",
        json!({
            "tags": ["from-sensor"],
            "observables": [
                { "dataType": "ip", "data": ["8.8.8.8", "1.1.1.1", "8.8.8.8"], "tags": ["seen"] },
                { "dataType": "ip", "data": "1.1.1.1", "ioc": true, "tags": ["again"], "message": "twice" },
                { "dataType": "file", "data": "a.txt;text/plain;aGVsbG8=", "tlp": 4 },
            ],
            "procedures": [{ "patternId": "T1566", "occurDate": 5, "tactic": "initial-access" }],
            "customFields": { "score": [3, 4] },
        }),
    );
    let answer = team.api_key.post("/api/v1/alert", input).await;
    let id = answer.id();
    let made = answer.expect(201);
    assert_eq!(made["observableCount"], 3);
    assert_eq!(
        (made.get("_updatedAt"), made.get("_updatedBy")),
        (None, None)
    );
    assert_eq!(values(&made), [("score", &json!(3)), ("score", &json!(4))]);
    let mut read = team
        .analyst
        .get(&format!("/api/v1/alert/{id}"))
        .await
        .expect(200);
    // The contract: what an alert brings counts as a change of it, but not in the answer to its creation.
    assert_eq!(read["_updatedAt"], read["_createdAt"]);
    assert_eq!(read["_updatedBy"], read["_createdBy"]);
    let properties = read.as_object_mut().unwrap();
    properties.remove("_updatedAt");
    properties.remove("_updatedBy");
    assert_eq!(read, made);

    let observables = of_alert(&team.analyst, &id, "observables").await;
    let shown: Vec<(&Value, &Value, &Value)> = observables
        .iter()
        .map(|one| (&one["data"], &one["tags"], &one["ioc"]))
        .collect();
    assert_eq!(
        shown,
        [
            (&json!("8.8.8.8"), &json!(["seen"]), &json!(false)),
            (&json!("1.1.1.1"), &json!(["seen", "again"]), &json!(true)),
            (&Value::Null, &json!([]), &json!(false)),
        ]
    );
    assert_eq!(observables[1]["message"], "twice");
    let file = &observables[2]["attachment"];
    assert_eq!((&file["name"], &file["size"]), (&json!("a.txt"), &json!(5)));
    let observable = observables[2]["_id"].as_str().unwrap();
    let back = json!([{ "_name": "getObservable", "idOrName": observable }, { "_name": "alert" }]);
    assert_eq!(query(&team.analyst, back).await[0]["_id"], json!(id));
    let procedures = of_alert(&team.analyst, &id, "procedures").await;
    assert_eq!(
        (&procedures[0]["patternId"], &procedures[0]["occurDate"]),
        (&json!("T1566"), &json!(5))
    );
    let page = json!([{ "_name": "listAlert" }, { "_name": "page", "from": 0, "to": 5,
        "extraData": ["observableCount", "procedureCount", "attachmentCount"] }]);
    assert_eq!(
        query(&team.analyst, page).await[0]["extraData"],
        json!({ "observableCount": 3, "procedureCount": 1, "attachmentCount": 0 })
    );
    let tags = json!([{ "_name": "freetags" }, { "_name": "sort", "_fields": [{ "text": "asc" }] }, { "_name": "text" }]);
    assert_eq!(
        query(&team.analyst, tags).await,
        json!(["again", "from-sensor", "seen"])
    );
    let trail = json!([{ "_name": "listAudit" }, { "_name": "filter", "action": "create" },
        { "_name": "filter", "objectType": "Alert" }]);
    let trail = query(&team.analyst, trail).await;
    assert_eq!(trail[0]["details"]["observableCount"], 3);
    let none = json!([{ "_name": "listObservable" }, { "_name": "count" }]);
    assert_eq!(query(&team.other_organisation, none).await, 0);
    // What was sent is kept as it was.
    let payload = team
        .analyst
        .get(&format!("/api/skep/v1/alert/{id}/payload"))
        .await;
    assert_eq!(payload.expect(200)["observables"][1]["message"], "twice");
}

#[tokio::test]
async fn an_alert_that_brings_nothing_reads_back_as_it_was_made() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = with(
        "1",
        json!({ "observables": [], "procedures": [], "customFields": {} }),
    );
    let made = team.analyst.post("/api/v1/alert", input).await.expect(201);
    let path = format!("/api/v1/alert/{}", made["_id"].as_str().unwrap());
    assert_eq!(team.analyst.get(&path).await.expect(200), made);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn files_come_in_a_form() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = with(
        "1",
        json!({ "observables": [
            { "dataType": "file", "attachment": "sample", "tags": ["one"] },
            { "dataType": "file", "attachment": ["sample", "other"] },
            { "attachment": "third" },
            { "dataType": "domain", "data": "evil.example.org" },
        ] }),
    );
    let form = || {
        Form::default()
            .file("sample", "evil\t\u{202e}exe.txt", None, b"MZ evil")
            .file("other", "other.bin", None, b"other")
            .file("third", "third.bin", None, b"third")
            .file("report", "report.pdf", Some("application/pdf"), b"%PDF-")
    };
    let answer = team
        .analyst
        .upload("/api/v1/alert", form().json(&input))
        .await;
    let id = answer.id();
    assert_eq!(answer.expect(201)["observableCount"], 4);
    let observables = of_alert(&team.analyst, &id, "observables").await;
    let names: Vec<&Value> = observables
        .iter()
        .map(|one| &one["attachment"]["name"])
        .collect();
    // Characters that are not seen, or that turn the reading direction round, are not part of a name.
    let names_there = [
        json!("evil__exe.txt"),
        json!("other.bin"),
        json!("third.bin"),
    ];
    assert_eq!(names[..3], names_there.each_ref());
    assert_eq!(names[3], &Value::Null);
    // What no observable names hangs on the alert itself.
    let files = of_alert(&team.analyst, &id, "attachments").await;
    assert_eq!(files.len(), 1);
    assert_eq!(
        (&files[0]["name"], &files[0]["contentType"]),
        (&json!("report.pdf"), &json!("application/pdf"))
    );
    // A file that the server has; one that another organisation has is none.
    let stored = json!({ "name": "copy.bin", "contentType": "x/y", "id": files[0]["id"] });
    let stored = json!({ "observables": [{ "dataType": "file", "attachment": stored }] });
    let copy = team
        .analyst
        .post("/api/v1/alert", with("2", stored.clone()))
        .await
        .id();
    let copied = of_alert(&team.analyst, &copy, "observables").await;
    assert_eq!(copied[0]["attachment"]["id"], files[0]["id"]);
    let stolen = team
        .other_organisation
        .post("/api/v1/alert", with("2", stored))
        .await;
    let text = stolen.expect_error(400, "AttributeCheckingError");
    assert!(text.contains("observables[0].attachment.id"), "{text}");
    // A name from JSON is no better than one of a form.
    let hostile =
        json!({ "name": "a\n../b\u{7}.txt", "contentType": "text/html\n", "id": files[0]["id"] });
    let hostile = json!({ "observables": [{ "dataType": "file", "attachment": hostile }] });
    let posted = team.analyst.post("/api/v1/alert", with("4", hostile)).await;
    let hostile = of_alert(&team.analyst, &posted.id(), "observables").await;
    assert_eq!(hostile[0]["attachment"]["name"], "b_.txt");
    assert_eq!(hostile[0]["attachment"]["contentType"], "text/html");
    let nowhere = json!({ "observables": [{ "dataType": "file", "attachment": "nowhere" }] });
    let refused = team
        .analyst
        .upload("/api/v1/alert", form().json(&with("3", nowhere)))
        .await;
    let text = refused.expect_error(400, "AttributeCheckingError");
    assert!(text.contains("observables[0].attachment"), "{text}");
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn what_is_wrong_with_a_part_refuses_the_whole_alert() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "score", "integer", false).await;
    let many: Vec<String> = (0..100_000)
        .map(|number| format!("host-{number}.example.org"))
        .collect();
    let each: Vec<Value> = many
        .iter()
        .map(|name| json!({ "dataType": "domain", "data": name }))
        .collect();
    let one = |observable: Value| json!({ "observables": [{ "dataType": "ip", "data": "1.1.1.1" }, observable] });
    for (more, place) in [
        (
            one(json!({ "dataType": "ip", "data": "999.1.1.1" })),
            "observables[1].data",
        ),
        (
            one(json!({ "dataType": "url", "data": "two words" })),
            "observables[1].data",
        ),
        (
            one(json!({ "dataType": "nothing", "data": "x" })),
            "observables[1].dataType",
        ),
        (one(json!({ "data": "x" })), "observables[1].dataType"),
        (one(json!({ "dataType": "ip" })), "observables[1].data"),
        (
            one(json!({ "dataType": "file", "data": "no;file" })),
            "observables[1]",
        ),
        (
            one(json!({ "dataType": "file", "data": "a;b;%%%" })),
            "observables[1].data",
        ),
        (
            one(json!({ "dataType": "ip", "data": "1.1.1.1", "tlp": 9 })),
            "observables[1].tlp",
        ),
        (
            json!({ "observables": [{ "dataType": "domain", "data": many }] }),
            "observables",
        ),
        (json!({ "observables": each }), "observables"),
        (
            json!({ "procedures": [{ "patternId": "T0", "occurDate": 1 }] }),
            "procedures[0].patternId",
        ),
        (
            json!({ "procedures": [{ "patternId": "T1566", "occurDate": 1, "tactic": "impact" }] }),
            "procedures[0].tactic",
        ),
        (
            json!({ "customFields": { "score": "many" } }),
            "customFields.score",
        ),
        (
            json!({ "customFields": { "nothing": 1 } }),
            "customFields.nothing",
        ),
        (
            json!({ "customFields": [{ "name": "score", "value": 1.5 }] }),
            "customFields[0].value",
        ),
    ] {
        let refused = team.analyst.post("/api/v1/alert", with("1", more)).await;
        let text = refused.expect_error(400, "AttributeCheckingError");
        assert!(text.contains(place), "{place}: {text}");
    }
    for list in ["listAlert", "listObservable", "listProcedure", "freetags"] {
        let count = json!([{ "_name": list }, { "_name": "count" }]);
        assert_eq!(query(&team.analyst, count).await, 0, "{list}");
    }
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn observables_are_added_to_an_alert() {
    let server = Server::start().await;
    let team = server.team().await;
    let id = team.analyst.post("/api/v1/alert", alert("1")).await.id();
    let path = format!("/api/v1/alert/{id}/observable");
    let input = json!({ "dataType": "domain", "data": ["a.test", "b.test"], "tags": ["later"] });
    let made = team.analyst.post(&path, input.clone()).await.expect(201);
    assert_eq!(made.as_array().unwrap().len(), 2);
    let again = json!({ "dataType": "domain", "data": ["a.test", "c.test"] });
    let some = team.analyst.post(&path, again).await.expect(207);
    assert_eq!(
        (&some["success"][0]["data"], &some["failure"][0]["type"]),
        (&json!("c.test"), &json!("CreateError"))
    );
    let in_url = team
        .analyst
        .post(&format!("{path}?dataType=ip"), json!({ "data": "1.1.1.1" }))
        .await;
    in_url.expect(201);
    let form = Form::default().field("isZip", "true").file(
        "attachment",
        "a.zip",
        None,
        &zip(&[("x.txt", b"x"), ("../y.txt", b"y")]),
    );
    let unpacked = team.analyst.upload(&path, form).await.expect(201);
    assert_eq!(unpacked.as_array().unwrap().len(), 1);
    let file = &unpacked[0]["attachment"];
    let download = format!(
        "/api/v1/observable/{}/attachment/{}/download",
        unpacked[0]["_id"].as_str().unwrap(),
        file["_id"].as_str().unwrap()
    );
    assert_eq!(team.analyst.get(&download).await.text(), "x");
    team.other_organisation.get(&download).await.expect(404);
    let sealed = team.analyst.get(&format!("{download}?asZip=true")).await;
    assert_eq!(sealed.header("content-type"), Some("application/zip"));
    team.other_organisation
        .post(&path, input.clone())
        .await
        .expect(404);
    team.read_only.post(&path, input.clone()).await.expect(403);
    let many: Vec<String> = (0..100_000).map(|number| number.to_string()).collect();
    let many = json!({ "dataType": "other", "data": many });
    team.analyst
        .post(&path, many)
        .await
        .expect_error(400, "AttributeCheckingError");

    let one = format!("/api/v1/observable/{}", made[0]["_id"].as_str().unwrap());
    let update = json!({ "dataType": "fqdn", "ioc": true, "addTags": ["more"] });
    team.other_organisation
        .patch(&one, update.clone())
        .await
        .expect(404);
    team.analyst.patch(&one, update).await.expect(204);
    let ids = json!({ "ids": [made[0]["_id"], made[1]["_id"]], "sighted": true });
    team.analyst
        .patch("/api/v1/observable/_bulk", ids)
        .await
        .expect(204);
    let read = team.analyst.get(&one).await.expect(200);
    assert_eq!(
        (&read["dataType"], &read["tags"], &read["sighted"]),
        (&json!("fqdn"), &json!(["later", "more"]), &json!(true))
    );
    let extra = json!([{ "_name": "getObservable", "idOrName": made[0]["_id"] },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["links", "isOwner"] }]);
    let extra = query(&team.analyst, extra).await[0]["extraData"].clone();
    assert_eq!(extra["links"]["alert"]["_id"], json!(id));
    assert_eq!(extra["isOwner"], true);
    team.analyst.delete(&one).await.expect(204);
    team.analyst.get(&one).await.expect(404);
    let read = team.analyst.get(&format!("/api/v1/alert/{id}")).await;
    assert_eq!(read.expect(200)["observableCount"], 4);
    let sorted = json!([{ "_name": "listAlert" }, { "_name": "filter", "_gte": { "_field": "observableCount", "_value": 4 } }, { "_name": "count" }]);
    assert_eq!(query(&team.analyst, sorted).await, 1);
    let history = json!([{ "_name": "getAlert", "idOrName": id }, { "_name": "auditsFromContext" },
        { "_name": "filter", "objectType": "Observable" }, { "_name": "filter", "action": "delete" }, { "_name": "count" }]);
    assert_eq!(query(&team.analyst, history).await, 1);
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn files_hang_on_an_alert() {
    let server = Server::start().await;
    let team = server.team().await;
    let id = team.analyst.post("/api/v1/alert", alert("1")).await.id();
    let path = format!("/api/v1/alert/{id}/attachments");
    let form = || Form::default().file("attachments", "a.txt", None, b"content");
    let added = team.analyst.upload(&path, form()).await.expect(201);
    let file = &added["attachments"][0];
    assert_eq!(
        of_alert(&team.analyst, &id, "attachments").await,
        std::slice::from_ref(file)
    );
    team.analyst.upload(&path, form()).await.expect(400);
    let renamed = team
        .analyst
        .upload(&path, form().field("canRename", "True"))
        .await
        .expect(201);
    assert_eq!(renamed["attachments"][0]["name"], "a (1).txt");
    team.other_organisation
        .upload(&path, form())
        .await
        .expect(404);
    team.read_only.upload(&path, form()).await.expect(403);
    for reference in [&file["_id"], &file["id"]] {
        let one = format!(
            "/api/v1/alert/{id}/attachment/{}",
            reference.as_str().unwrap()
        );
        assert_eq!(team.read_only.get(&one).await.text(), "content");
        let saved = team.read_only.get(&format!("{one}/download")).await;
        assert_eq!(saved.text(), "content");
        assert!(
            saved
                .header("content-disposition")
                .unwrap()
                .contains("a.txt")
        );
        team.other_organisation.get(&one).await.expect(404);
    }
    let one = format!(
        "/api/v1/alert/{id}/attachment/{}",
        file["_id"].as_str().unwrap()
    );
    let shown = team.analyst.get(&one).await;
    let tag = shown.header("etag").unwrap().to_owned();
    let again = team.analyst.clone().header("if-none-match", tag);
    assert_eq!(again.get(&one).await.status, 304);
    let other = team.analyst.post("/api/v1/alert", alert("2")).await.id();
    let elsewhere = format!(
        "/api/v1/alert/{other}/attachment/{}",
        file["_id"].as_str().unwrap()
    );
    team.analyst.get(&elsewhere).await.expect(404);
    team.read_only.delete(&one).await.expect(403);
    team.other_organisation.delete(&one).await.expect(404);
    team.analyst.delete(&one).await.expect(204);
    assert_eq!(of_alert(&team.analyst, &id, "attachments").await.len(), 1);
}

#[tokio::test]
async fn techniques_are_noted_on_an_alert() {
    let server = Server::start().await;
    let team = server.team().await;
    let id = team.analyst.post("/api/v1/alert", alert("1")).await.id();
    let path = format!("/api/v1/alert/{id}/procedure");
    let input = json!({ "patternId": "T1059.006", "occurDate": 7, "tactic": "execution" });
    team.read_only.post(&path, input.clone()).await.expect(403);
    team.other_organisation
        .post(&path, input.clone())
        .await
        .expect(404);
    let made = team.analyst.post(&path, input.clone()).await.expect(201);
    let several = json!({ "procedures": [{ "patternId": "T1566", "occurDate": 8 }, input] });
    let several = team
        .analyst
        .post(&format!("{path}s"), several)
        .await
        .expect(201);
    assert_eq!(several.as_array().unwrap().len(), 2);
    assert_eq!(of_alert(&team.analyst, &id, "procedures").await[0], made);
    let by_technique = json!([{ "_name": "listAlert" }, { "_name": "filter", "patternId": "T1566" }, { "_name": "count" }]);
    assert_eq!(query(&team.analyst, by_technique).await, 1);
    let one = format!("/api/v1/procedure/{}", made["_id"].as_str().unwrap());
    let update = json!({ "description": "by mail" });
    team.other_organisation
        .patch(&one, update.clone())
        .await
        .expect(404);
    team.analyst.patch(&one, update).await.expect(204);
    team.analyst.delete(&one).await.expect(204);
    assert_eq!(of_alert(&team.analyst, &id, "procedures").await.len(), 2);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn an_alert_has_custom_fields() {
    let server = Server::start().await;
    let team = server.team().await;
    for (name, kind, mandatory) in [
        ("score", "integer", false),
        ("unit", "string", false),
        ("verdict", "string", true),
    ] {
        field(&server, name, kind, mandatory).await;
    }
    let list = json!([{ "name": "unit", "value": "Wien" }, { "name": "score", "value": 7 }]);
    let made = team
        .analyst
        .post("/api/v1/alert", with("1", json!({ "customFields": list })))
        .await;
    let id = made.id();
    assert_eq!(
        values(&made.expect(201)),
        [("unit", &json!("Wien")), ("score", &json!(7))]
    );
    let plain = json!({ "customFields": { "score": 3, "unit": "Graz" } });
    let second = team
        .analyst
        .post("/api/v1/alert", with("2", plain))
        .await
        .id();
    let path = format!("/api/v1/alert/{id}");
    let change = async |update: Value| {
        team.analyst.patch(&path, update).await.expect(204);
        team.analyst.get(&path).await.expect(200)
    };
    // An object adds, a list takes the place of all.
    let after = change(json!({ "customFields": { "score": 8 } })).await;
    assert_eq!(
        values(&after),
        [
            ("unit", &json!("Wien")),
            ("score", &json!(7)),
            ("score", &json!(8))
        ]
    );
    let after =
        change(json!({ "setCustomFields": { "score": 9 }, "removeCustomFields": ["unit"] })).await;
    assert_eq!(values(&after), [("score", &json!(9))]);
    let after = change(json!({ "customFields": [{ "name": "verdict", "value": null }, { "name": "score", "value": 1 }] })).await;
    assert_eq!(
        values(&after),
        [("verdict", &Value::Null), ("score", &json!(1))]
    );
    for wrong in [
        json!({ "score": "x" }),
        json!({ "score": [1, 2] }),
        json!({ "nothing": 1 }),
    ] {
        team.analyst
            .patch(&path, json!({ "customFields": wrong }))
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    // One that has to be filled keeps the alert open.
    let closing = json!({ "status": "Ignored" });
    let refused = team.analyst.patch(&path, closing.clone()).await;
    let text = refused.expect_error(400, "BadRequest");
    assert!(text.contains("verdict"), "{text}");
    let both = json!({ "status": "Ignored", "customFields": { "verdict": "noise" } });
    assert_eq!(change(both).await["stage"], "Closed");
    let bulk = json!({ "ids": [id, second], "customFields": { "unit": "Linz" } });
    team.analyst
        .patch("/api/v1/alert/_bulk", bulk)
        .await
        .expect(204);
    let found = async |operation: Value| {
        let operations = json!([{ "_name": "listAlert" }, operation]);
        let alerts = query(&team.analyst, operations).await;
        let references = alerts.as_array().unwrap().iter();
        references
            .map(|alert| alert["sourceRef"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for (operation, expected) in [
        (
            json!({ "_name": "filter", "_eq": { "_field": "customFields.unit", "_value": "Linz" } }),
            vec!["1", "2"],
        ),
        (
            json!({ "_name": "filter", "_eq": { "_field": "customFields.unit", "_value": "Graz" } }),
            vec!["2"],
        ),
        (
            json!({ "_name": "filter", "_gt": { "_field": "customFields.score", "_value": 1 } }),
            vec!["2"],
        ),
        (
            json!({ "_name": "filter", "_has": "customFields.verdict" }),
            vec!["1"],
        ),
        (
            json!({ "_name": "sort", "_fields": [{ "customFields.score": "desc" }] }),
            vec!["2", "1"],
        ),
        (
            json!({ "_name": "sort", "_fields": [{ "customFields.score": "asc" }] }),
            vec!["1", "2"],
        ),
    ] {
        let mut references = found(operation.clone()).await;
        if operation["_name"] == "filter" {
            references.sort();
        }
        assert_eq!(references, expected, "{operation}");
    }
    let trail = json!([{ "_name": "listAudit" }, { "_name": "filter", "_has": "details" },
        { "_name": "filter", "objectType": "Alert" }, { "_name": "filter", "action": "update" }]);
    let trail = query(&team.analyst, trail).await;
    let told = trail.as_array().unwrap().iter();
    assert!(
        told.clone()
            .any(|record| record["details"]["customFieldChanges"].is_object()
                || record["details"]["customFieldChanges"].is_array())
    );
    // A word in a value finds the alert.
    let search = team
        .analyst
        .get("/api/skep/v1/search?q=Linz")
        .await
        .expect(200);
    assert!(search.to_string().contains(&id), "{search}");
    // The definition goes, and its values with it.
    server
        .admin()
        .delete("/api/v1/customField/unit?force=true")
        .await
        .expect(204);
    let read = team.analyst.get(&path).await.expect(200);
    assert!(values(&read).iter().all(|(name, _)| *name != "unit"));
}

#[tokio::test]
async fn the_answer_to_who_makes_an_alert_counts_its_observables() {
    let server = Server::start().await;
    let team = server.team().await;
    let alert = json!({
        "type": "siem", "source": "edr", "sourceRef": "counted", "title": "t", "description": "d",
        "observables": [
            { "dataType": "ip", "data": "192.0.2.7", "tags": ["seen"] },
            { "dataType": "domain", "data": ["a.example", "b.example"] },
        ],
    });
    let made: Value = team.analyst.post("/api/v1/alert", alert).await.expect(201);
    assert_eq!(made["observableCount"], 3);
}
