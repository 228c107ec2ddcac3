//! What hangs on an alert comes along into the case that it becomes, or is merged into.

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

/// What `edge` leads to from the case.
async fn of_case(client: &Client<'_>, case: &str, edge: &str) -> Vec<Value> {
    let operations = json!([{ "_name": "getCase", "idOrName": case }, { "_name": edge },
        { "_name": "sort", "_fields": [{ "_createdAt": "asc" }] }]);
    let found = query(client, operations).await;
    found.as_array().unwrap().clone()
}

async fn field(server: &Server, name: &str) {
    let input = json!({ "name": name, "group": "g", "description": "", "type": "string" });
    let posted = server.admin().post("/api/v1/customField", input).await;
    posted.expect(201);
}

/// Everything that can hang on an alert.
async fn full(client: &Client<'_>, reference: &str) -> String {
    let more = json!({
        "tags": ["alert"],
        "observables": [
            { "dataType": "domain", "data": "evil.test", "tags": ["c2"], "ioc": true, "sighted": true, "sightedAt": 70,
              "message": reference },
            { "dataType": "file", "data": "a.txt;text/plain;aGVsbG8=" },
        ],
        "procedures": [{ "patternId": "T1566", "occurDate": 5 }],
        "customFields": { "unit": "Wien", "site": reference },
        "date": 60,
    });
    let id = create(client, reference, more).await;
    let form = Form::default().file("attachments", "mail.eml", None, reference.as_bytes());
    client
        .upload(&format!("/api/v1/alert/{id}/attachments"), form)
        .await
        .expect(201);
    id
}

fn fields(case: &Value) -> Vec<(&str, &str)> {
    let fields = case["customFields"].as_array().unwrap().iter();
    fields
        .map(|field| {
            (
                field["name"].as_str().unwrap(),
                field["value"].as_str().unwrap_or(""),
            )
        })
        .collect()
}

#[tokio::test]
async fn what_hangs_on_an_alert_comes_into_its_case() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "unit").await;
    field(&server, "site").await;
    let id = full(&team.analyst, "1").await;
    let input = json!({ "customFields": { "site": "given" } });
    let made = team
        .analyst
        .post(&format!("/api/v1/alert/{id}/case"), input)
        .await
        .expect(201);
    assert_eq!(fields(&made), [("site", "given"), ("unit", "Wien")]);
    let observables = of_case(&team.analyst, "1", "observables").await;
    assert_eq!(observables.len(), 2);
    assert_eq!(
        (
            &observables[0]["data"],
            &observables[0]["tags"],
            &observables[0]["sightedAt"]
        ),
        (&json!("evil.test"), &json!(["c2"]), &json!(70))
    );
    assert_eq!(observables[1]["attachment"]["name"], "a.txt");
    let path = format!(
        "/api/v1/observable/{}/attachment/{}/download",
        observables[1]["_id"].as_str().unwrap(),
        observables[1]["attachment"]["_id"].as_str().unwrap()
    );
    assert_eq!(team.analyst.get(&path).await.text(), "hello");
    assert_eq!(
        of_case(&team.analyst, "1", "procedures").await[0]["patternId"],
        "T1566"
    );
    assert_eq!(
        of_case(&team.analyst, "1", "attachments").await[0]["name"],
        "mail.eml"
    );
    // The alert keeps its own.
    let own = json!([{ "_name": "getAlert", "idOrName": id }, { "_name": "observables" }, { "_name": "count" }]);
    assert_eq!(query(&team.analyst, own).await, 2);
    let timeline = team
        .analyst
        .get("/api/v1/case/1/timeline")
        .await
        .expect(200);
    let told: Vec<(&str, &str)> = timeline["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            (
                event["kind"].as_str().unwrap(),
                event["entity"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told[..4],
        [
            ("Procedure", "Procedure"),
            ("AlertDate", "Alert"),
            ("CaseStarted", "Case"),
            ("Sighting", "Observable")
        ]
    );
    let sighting = &timeline["events"][3]["details"];
    assert_eq!(sighting["data"], "evil.test");
}

#[tokio::test]
async fn merged_alerts_join_what_the_case_has() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "unit").await;
    field(&server, "site").await;
    let made = case(&team.analyst).await;
    let observable =
        json!({ "dataType": "domain", "data": "evil.test", "tags": ["mine"], "message": "own" });
    team.analyst
        .post("/api/v1/case/1/observable", observable)
        .await
        .expect(201);
    let update = json!({ "customFields": { "unit": "Wien" } });
    team.analyst
        .patch("/api/v1/case/1", update)
        .await
        .expect(204);
    let first = full(&team.analyst, "1").await;
    let second = full(&team.analyst, "2").await;
    let bulk = json!({ "caseId": made["_id"], "alertIds": [first, second] });
    let merged = team
        .analyst
        .post("/api/v1/alert/merge/_bulk", bulk)
        .await
        .expect(200);
    // Values unite; equal ones are there once.
    assert_eq!(
        fields(&merged),
        [("unit", "Wien"), ("site", "1"), ("site", "2")]
    );
    let observables = of_case(&team.analyst, "1", "observables").await;
    assert_eq!(observables.len(), 2);
    assert_eq!(
        (
            &observables[0]["tags"],
            &observables[0]["message"],
            &observables[0]["ioc"]
        ),
        (
            &json!(["mine", "c2"]),
            &json!("own\n\n1\n\n2"),
            &json!(true)
        )
    );
    assert_eq!(of_case(&team.analyst, "1", "procedures").await.len(), 1);
    let files = of_case(&team.analyst, "1", "attachments").await;
    let names: Vec<&Value> = files.iter().map(|file| &file["name"]).collect();
    assert_eq!(names, [&json!("mail.eml"), &json!("mail (1).eml")]);
    // Out and in again: nothing is there twice.
    let unlink = format!("/api/v1/case/1/alert/{first}");
    team.analyst.delete(&unlink).await.expect(204);
    team.analyst
        .post_nothing(&format!("/api/v1/alert/{first}/merge/1"))
        .await
        .expect(200);
    for (edge, count) in [("observables", 2), ("procedures", 1), ("attachments", 2)] {
        assert_eq!(
            of_case(&team.analyst, "1", edge).await.len(),
            count,
            "{edge}"
        );
    }
}

#[tokio::test]
async fn import_brings_observables_and_procedures_alone() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "unit").await;
    field(&server, "site").await;
    case(&team.analyst).await;
    let id = full(&team.analyst, "1").await;
    let path = format!("/api/v1/alert/{id}/import/1");
    let after = team.analyst.post_nothing(&path).await.expect(200);
    assert_eq!(after["customFields"], json!([]));
    for (edge, count) in [("observables", 2), ("procedures", 1), ("attachments", 0)] {
        assert_eq!(
            of_case(&team.analyst, "1", edge).await.len(),
            count,
            "{edge}"
        );
    }
    team.analyst.post_nothing(&path).await.expect(400);
}

#[tokio::test]
async fn a_case_of_several_alerts_has_what_all_of_them_bring() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "unit").await;
    field(&server, "site").await;
    let first = full(&team.analyst, "1").await;
    let more = json!({ "observables": [{ "dataType": "ip", "data": "1.1.1.1" }, { "dataType": "domain", "data": "evil.test" }] });
    let second = create(&team.analyst, "2", more).await;
    let input = json!({ "alertIds": [first, second] });
    team.analyst
        .post("/api/skep/v1/alert/case", input)
        .await
        .expect(201);
    assert_eq!(of_case(&team.analyst, "1", "observables").await.len(), 3);
    assert_eq!(of_case(&team.analyst, "1", "attachments").await.len(), 1);
}

#[tokio::test]
async fn the_template_is_the_requests_else_the_alerts() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "unit").await;
    field(&server, "site").await;
    for (name, prefix) in [("phishing", "[P]"), ("malware", "[M]")] {
        let template = json!({ "name": name, "titlePrefix": prefix, "tasks": [{ "title": name }], "tags": ["t"],
            "severity": 4, "customFields": { "unit": "template", "site": null } });
        team.org_admin
            .post("/api/v1/caseTemplate", template)
            .await
            .expect(201);
    }
    let named = json!({ "caseTemplate": "phishing", "title": "Mail", "customFields": { "site": "here" }, "tags": ["a"] });
    let promote = async |reference: &str, input: Value| {
        let id = create(&team.analyst, reference, named.clone()).await;
        let path = format!("/api/v1/alert/{id}/case");
        (team.analyst.post(&path, input).await, id)
    };
    let (answer, id) = promote("1", json!({ "tasks": [{ "title": "mine" }] })).await;
    assert_eq!(read(&team.analyst, &id).await["caseTemplate"], "phishing");
    let made = answer.expect(201);
    // What the alert says goes before the template, and the request's tasks come in addition.
    assert_eq!(
        (&made["title"], &made["severity"], &made["tags"]),
        (&json!("[P] Mail"), &json!(2), &json!(["a"]))
    );
    assert_eq!(fields(&made), [("site", "here"), ("unit", "template")]);
    let tasks = of_case(&team.analyst, "1", "tasks").await;
    let titles: Vec<&Value> = tasks.iter().map(|task| &task["title"]).collect();
    assert_eq!(titles, [&json!("phishing"), &json!("mine")]);
    let (answer, _) = promote("2", json!({ "caseTemplate": "malware" })).await;
    assert_eq!(answer.expect(201)["title"], "[M] Mail");
    let (answer, id) = promote("3", json!({ "caseTemplate": "nothing" })).await;
    answer.expect_error(404, "NotFoundError");
    // Its own is gone by now, and a field that it named: the alert becomes a case all the same.
    team.org_admin
        .delete("/api/v1/caseTemplate/phishing")
        .await
        .expect(204);
    server
        .admin()
        .delete("/api/v1/customField/unit?force=true")
        .await
        .expect(204);
    let made = team
        .analyst
        .post_nothing(&format!("/api/v1/alert/{id}/case"))
        .await
        .expect(201);
    assert_eq!(made["title"], "Mail");
    let (answer, _) = promote("4", json!({ "caseTemplate": "malware" })).await;
    assert_eq!(fields(&answer.expect(201)), [("site", "here")]);
    let unknown = create(&team.analyst, "5", json!({ "caseTemplate": "phishing" })).await;
    assert_eq!(
        read(&team.analyst, &unknown).await["caseTemplate"],
        Value::Null
    );
}

#[tokio::test]
async fn what_hangs_on_an_alert_goes_with_it() {
    let server = Server::start().await;
    let team = server.team().await;
    field(&server, "unit").await;
    field(&server, "site").await;
    let id = full(&team.analyst, "1").await;
    let observables = json!([{ "_name": "listObservable" }]);
    let observables = query(&team.analyst, observables).await;
    let observable = format!(
        "/api/v1/observable/{}",
        observables[0]["_id"].as_str().unwrap()
    );
    let path = format!("/api/v1/alert/{id}");
    team.analyst.delete(&path).await.expect(204);
    team.analyst.get(&observable).await.expect(404);
    for list in ["listObservable", "listProcedure", "listComment"] {
        let count = json!([{ "_name": list }, { "_name": "count" }]);
        assert_eq!(query(&team.analyst, count).await, 0, "{list}");
    }
    let found = team
        .analyst
        .get("/api/skep/v1/search?q=evil")
        .await
        .expect(200);
    assert!(!found.to_string().contains("evil.test"), "{found}");
    let ids = json!({ "ids": [id] });
    team.analyst
        .post("/api/skep/v1/bin/alert/restore", ids)
        .await
        .expect(204);
    team.analyst.get(&observable).await.expect(200);
    assert_eq!(read(&team.analyst, &id).await["observableCount"], 2);
}
