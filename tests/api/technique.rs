//! Catalogs of attack patterns, and the procedures that use them.

use serde_json::{Value, json};

use crate::harness::{Client, Form, Server};

async fn case_of(client: &Client<'_>) -> String {
    let input = json!({ "title": "Case", "description": "d" });
    client.post("/api/v1/case", input).await.id()
}

fn python() -> Value {
    json!({ "patternId": "T1059.006", "occurDate": 123, "tactic": "execution", "description": "ran a script" })
}

async fn count(client: &Client<'_>, operations: Value) -> i64 {
    let mut operations = operations;
    operations
        .as_array_mut()
        .unwrap()
        .push(json!({ "_name": "count" }));
    client.query(operations).await.expect(200).as_i64().unwrap()
}

#[tokio::test]
async fn the_catalogs_of_the_program_are_there() {
    let server = Server::start().await;
    let team = server.team().await;
    let catalogs = team
        .read_only
        .query(json!([
            { "_name": "listCatalog" },
            { "_name": "sort", "_fields": [{ "createdAt": "asc" }] },
            { "_name": "page", "from": 0, "to": 10, "extraData": ["tactics", "patternCount"] },
        ]))
        .await
        .expect(200);
    let names: Vec<_> = catalogs
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["name"])
        .collect();
    assert_eq!(names, ["Enterprise Attack", "Mobile Attack", "ICS Attack"]);
    let enterprise = &catalogs[0];
    assert_eq!(enterprise["_type"], "Catalog");
    assert_eq!(enterprise["createdBy"], "system@thehive.local");
    assert_eq!(enterprise["extraData"]["patternCount"], 835);
    assert_eq!(
        enterprise["extraData"]["tactics"][2],
        json!({ "name": "initial-access", "label": "Initial Access" })
    );
    let tactics = team
        .read_only
        .query(json!([
            { "_name": "getCatalog", "idOrName": "ICS Attack" }, { "_name": "patterns" },
            { "_name": "filter", "_eq": { "_field": "tactics", "_value": "impair-process-control" } },
            { "_name": "filter", "_eq": { "_field": "revoked", "_value": false } },
            { "_name": "count" },
        ]))
        .await
        .expect(200);
    assert!(tactics.as_i64().unwrap() > 3, "{tactics}");
}

#[tokio::test]
async fn a_pattern_is_read_by_its_technique_with_what_is_around_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let pattern = team
        .read_only
        .get("/api/v1/pattern/T1566.001")
        .await
        .expect(200);
    assert_eq!(pattern["tactics"], json!(["initial-access"]));
    assert_eq!(
        (&pattern["patternType"], &pattern["revoked"]),
        (&json!("attack-pattern"), &json!(false))
    );
    let by_id = format!("/api/v1/pattern/{}", pattern["_id"].as_str().unwrap());
    assert_eq!(team.read_only.get(&by_id).await.expect(200), pattern);
    let found = team
        .read_only
        .query(json!([
            { "_name": "getPattern", "idOrName": "T1566.001" },
            { "_name": "page", "from": 0, "to": 1, "extraData": ["parent", "children", "tactics", "catalog"] },
        ]))
        .await
        .expect(200);
    let extra = &found[0]["extraData"];
    assert_eq!(extra["parent"]["patternId"], "T1566");
    assert_eq!(extra["children"], json!([]));
    assert_eq!(extra["tactics"][0]["label"], "Initial Access");
    assert_eq!(extra["catalog"]["name"], "Enterprise Attack");
    let parts = json!([
        { "_name": "listPattern" }, { "_name": "filter", "_eq": { "_field": "parent", "_value": "T1566" } },
        { "_name": "filter", "_eq": { "_field": "revoked", "_value": false } },
    ]);
    assert_eq!(count(&team.read_only, parts).await, 4);
    team.read_only
        .get("/api/v1/pattern/T9999")
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn a_procedure_reads_back_is_changed_and_deleted() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = case_of(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/procedure");
    let answer = team.analyst.post(&path, python()).await;
    let id = answer.id();
    let created = answer.expect(201);
    assert_eq!(created["patternName"], "Python");
    assert_eq!(created["tacticLabel"], "Execution");
    assert_eq!(created.get("_type"), None, "procedures have none");
    let get = json!([{ "_name": "getProcedure", "idOrName": id }]);
    assert_eq!(
        team.analyst.query(get.clone()).await.expect(200),
        json!([created])
    );
    assert_eq!(
        team.other_organisation.query(get.clone()).await.expect(200),
        json!([])
    );
    let of_case = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "procedures" }]);
    assert_eq!(
        team.read_only.query(of_case).await.expect(200),
        json!([created])
    );
    let one = format!("/api/v1/procedure/{id}");
    let change = json!({ "patternId": "T1059.007", "description": null, "occurDate": 456 });
    team.read_only.patch(&one, change.clone()).await.expect(403);
    team.other_organisation
        .patch(&one, change.clone())
        .await
        .expect(404);
    team.analyst.patch(&one, change).await.expect(204);
    let changed = team.analyst.query(get.clone()).await.expect(200);
    assert_eq!(changed[0]["patternId"], "T1059.007");
    assert_eq!(changed[0]["tactic"], "execution");
    assert_eq!(changed[0]["occurDate"], 456);
    assert_eq!(changed[0].get("description"), None);
    team.analyst.delete(&one).await.expect(204);
    assert_eq!(team.analyst.query(get).await.expect(200), json!([]));
    let trail = team
        .analyst
        .query(json!([
            { "_name": "getCase", "idOrName": case }, { "_name": "auditsFromContext" },
            { "_name": "filter", "_eq": { "_field": "objectType", "_value": "Procedure" } },
        ]))
        .await
        .expect(200);
    let actions: Vec<_> = trail
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["action"])
        .collect();
    assert_eq!(actions, ["create", "update", "delete"]);
}

#[tokio::test]
async fn a_technique_and_its_tactic_must_fit() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = case_of(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/procedure");
    let post = |body: Value| team.analyst.post(&path, body);
    let unknown = post(json!({ "patternId": "T0", "occurDate": 1 })).await;
    unknown.expect_error(400, "AttributeCheckingError");
    let wrong = json!({ "patternId": "T1566", "occurDate": 1, "tactic": "impact" });
    let message = post(wrong)
        .await
        .expect_error(400, "AttributeCheckingError");
    assert!(
        message.contains("does not have the tactic impact"),
        "{message}"
    );
    post(json!({ "patternId": "T1566" })).await.expect(400);
    let only = post(json!({ "patternId": "T1566", "occurDate": 1 }))
        .await
        .expect(201);
    assert_eq!(only["tactic"], "initial-access", "its only one");
    // T1078 (valid accounts) serves four tactics.
    let several = post(json!({ "patternId": "T1078", "occurDate": 1 }))
        .await
        .expect(201);
    assert_eq!(
        several.get("tactic"),
        None,
        "none is chosen for the analyst"
    );
    team.analyst
        .post("/api/v1/case/99/procedure", python())
        .await
        .expect(404);
}

#[tokio::test]
async fn several_are_created_and_deleted_together_or_not_at_all() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = case_of(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/procedures");
    let bad = json!({ "patternId": "nonsense", "occurDate": 1 });
    let message = team
        .analyst
        .post(&path, json!({ "procedures": [python(), bad] }))
        .await
        .expect_error(400, "AttributeCheckingError");
    assert!(message.contains("procedures[1].patternId"), "{message}");
    assert_eq!(
        count(&team.analyst, json!([{ "_name": "listProcedure" }])).await,
        0
    );
    let two = json!({ "procedures": [python(), { "patternId": "T1059.007", "occurDate": 2 }] });
    let created = team.analyst.post(&path, two).await.expect(201);
    let ids: Vec<&str> = created
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
    let delete = "/api/v1/procedure/delete/_bulk";
    team.analyst
        .post(delete, json!({ "ids": [ids[0], "~1"] }))
        .await
        .expect(404);
    assert_eq!(
        count(&team.analyst, json!([{ "_name": "listProcedure" }])).await,
        2
    );
    team.other_organisation
        .post(delete, json!({ "ids": ids }))
        .await
        .expect(404);
    team.analyst
        .post(delete, json!({ "ids": [ids[0], ids[1], ids[0]] }))
        .await
        .expect(204);
    assert_eq!(
        count(&team.analyst, json!([{ "_name": "listProcedure" }])).await,
        0
    );
}

#[tokio::test]
async fn cases_tell_of_their_techniques() {
    let server = Server::start().await;
    let team = server.team().await;
    let (one, other) = (case_of(&team.analyst).await, case_of(&team.analyst).await);
    let two =
        json!({ "procedures": [python(), python(), { "patternId": "T1566.001", "occurDate": 9 }] });
    team.analyst
        .post(&format!("/api/v1/case/{one}/procedures"), two)
        .await
        .expect(201);
    let cases = team
        .analyst
        .query(json!([
            { "_name": "listCase" }, { "_name": "sort", "_fields": [{ "number": "asc" }] },
            { "_name": "page", "from": 0, "to": 9, "extraData": ["procedureCount"] },
        ]))
        .await
        .expect(200);
    assert_eq!(cases[0]["extraData"]["procedureCount"], 3);
    assert_eq!(cases[1]["extraData"]["procedureCount"], 0);
    let with = json!([
        { "_name": "listCase" }, { "_name": "filter", "_eq": { "_field": "patternId", "_value": "T1566.001" } },
    ]);
    assert_eq!(count(&team.analyst, with.clone()).await, 1);
    assert_eq!(count(&team.other_organisation, with).await, 0);
    let used = |case: &str| format!("/api/v1/pattern/case/{case}");
    let patterns = team.analyst.get(&used(&one)).await.expect(200);
    let ids: Vec<_> = patterns
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["patternId"])
        .collect();
    assert_eq!(ids, ["T1566.001", "T1059.006"], "each once, by first use");
    assert_eq!(team.analyst.get(&used(&other)).await.expect(200), json!([]));
    team.other_organisation.get(&used(&one)).await.expect(404);
    // The heat of a matrix: how often each technique was used in the cases of a filter.
    let heat = team
        .analyst
        .query(json!([
            { "_name": "listCase" }, { "_name": "filter", "_eq": { "_field": "stage", "_value": "New" } },
            { "_name": "procedures" },
            { "_name": "aggregation", "_agg": "field", "_field": "patternId", "_select": [{ "_agg": "count" }] },
        ]))
        .await
        .expect(200);
    assert_eq!(heat["T1059.006"]["count"], 2);
    assert_eq!(heat["T1566.001"]["count"], 1);
}

#[tokio::test]
async fn a_procedure_brings_what_is_behind_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = case_of(&team.analyst).await;
    team.analyst
        .post(&format!("/api/v1/case/{case}/procedure"), python())
        .await
        .expect(201);
    let found = team
        .analyst
        .query(json!([
            { "_name": "listProcedure" },
            { "_name": "filter", "_eq": { "_field": "patternCatalog", "_value": "Enterprise Attack" } },
            { "_name": "filter", "_match": { "_field": "description", "_value": "script" } },
            { "_name": "page", "from": 0, "to": 9, "extraData":
                ["pattern", "tactic", "patternParent", "patternTactics", "patternCatalog", "nonsense"] },
        ]))
        .await
        .expect(200);
    let extra = &found[0]["extraData"];
    assert_eq!(extra["pattern"]["name"], "Python");
    assert_eq!(
        extra["tactic"],
        json!({ "name": "execution", "label": "Execution" })
    );
    assert_eq!(extra["patternParent"]["patternId"], "T1059");
    assert_eq!(
        extra["patternTactics"],
        json!([{ "name": "execution", "label": "Execution" }])
    );
    assert_eq!(extra["patternCatalog"]["name"], "Enterprise Attack");
    assert_eq!(extra.get("nonsense"), None);
}

#[tokio::test]
async fn a_catalog_is_kept_while_it_is_used() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let input = json!({ "name": "Ours", "description": "of the house" });
    team.org_admin
        .post("/api/v1/catalog", input.clone())
        .await
        .expect(403);
    let ours = admin.post("/api/v1/catalog", input.clone()).await;
    let path = format!("/api/v1/catalog/{}", ours.id());
    assert_eq!(ours.expect(201)["description"], "of the house");
    admin
        .post("/api/v1/catalog", input)
        .await
        .expect_error(400, "CreateError");
    admin
        .patch(&path, json!({ "name": "Enterprise Attack" }))
        .await
        .expect(400);
    admin
        .patch(&path, json!({ "name": "Theirs", "description": null }))
        .await
        .expect(204);
    let get = json!([{ "_name": "getCatalog", "idOrName": "Theirs" }]);
    let renamed = admin.query(get).await.expect(200);
    assert_eq!(renamed[0].get("description"), None);
    assert_eq!(renamed[0]["updatedBy"], "admin@thehive.local");
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect(404);

    let case = case_of(&team.analyst).await;
    team.analyst
        .post(&format!("/api/v1/case/{case}/procedure"), python())
        .await
        .expect(201);
    let message = admin
        .delete("/api/v1/catalog/Enterprise%20Attack")
        .await
        .expect_error(400, "BadRequest");
    assert!(message.contains("used by 1 procedures"), "{message}");
    admin
        .delete("/api/v1/pattern/T1059.006")
        .await
        .expect_error(400, "BadRequest");
    admin.delete("/api/v1/pattern/T1059.007").await.expect(204);
    admin.get("/api/v1/pattern/T1059.007").await.expect(404);
}

#[tokio::test]
async fn a_later_start_brings_nothing_back_and_writes_nothing() {
    let server = Server::start().await;
    let admin = server.admin();
    admin
        .delete("/api/v1/catalog/ICS%20Attack")
        .await
        .expect(204);
    let trail = json!([{ "_name": "listAudit" }]);
    let records = count(&admin, trail.clone()).await;
    let database = server.stop().await;
    let server = Server::start_on(database, |_| {}).await;
    let admin = server.admin();
    assert_eq!(count(&admin, json!([{ "_name": "listCatalog" }])).await, 2);
    assert_eq!(count(&admin, trail).await, records);
}

/// A bundle with one technique of that name, one object that is passed over, and one that is broken if it is to be.
fn bundle(name: &str, is_broken: bool) -> Vec<u8> {
    let reference = |id: &str| json!([{ "source_name": "mitre-attack", "external_id": id, "url": "https://a.test/" }]);
    let mut objects = vec![
        json!({ "type": "attack-pattern", "id": "attack-pattern--1", "name": name, "external_references": reference("X1"),
            "kill_chain_phases": [{ "kill_chain_name": "k", "phase_name": "in-the-house" }] }),
        json!({ "type": "malware", "id": "malware--1", "name": "passed over" }),
    ];
    if is_broken {
        objects
            .push(json!({ "type": "attack-pattern", "id": "attack-pattern--2", "name": "no id" }));
    }
    json!({ "type": "bundle", "id": "bundle--1", "objects": objects })
        .to_string()
        .into_bytes()
}

#[tokio::test]
async fn a_bundle_is_imported_into_a_catalog_of_ones_own() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let path = "/api/v1/pattern/import/attack";
    let form = |bytes: &[u8]| {
        let json = json!({ "catalog": "House Attack", "variant": "ours" });
        Form::default()
            .json(&json)
            .file("file", "bundle.json", None, bytes)
    };
    team.org_admin
        .upload(path, form(&bundle("First", false)))
        .await
        .expect(403);
    let made = admin
        .upload(path, form(&bundle("First", false)))
        .await
        .expect(201);
    assert_eq!(
        made["success"],
        json!([{ "status": "Success", "mitreId": "X1", "patternName": "First" }])
    );
    let first = team.read_only.get("/api/v1/pattern/X1").await.expect(200);
    assert_eq!(
        json!([first["name"], first["tactics"]]),
        json!(["First", ["in-the-house"]])
    );
    let partly = admin
        .upload(path, form(&bundle("Second", true)))
        .await
        .expect(207);
    assert!(
        partly["failure"][0]["message"]
            .as_str()
            .unwrap()
            .contains("attack-pattern--2")
    );
    let second = team.read_only.get("/api/v1/pattern/X1").await.expect(200);
    assert_eq!(
        json!([second["_id"], second["name"]]),
        json!([first["_id"], "Second"])
    );
    let catalog = json!([{ "_name": "getCatalog", "idOrName": "House Attack" }]);
    let catalog = admin.query(catalog).await.expect(200);
    assert_eq!(catalog[0]["variant"], "ours");
    for bytes in [
        b"nothing".as_slice(),
        br#"{"type": "report", "objects": []}"#,
    ] {
        admin
            .upload(path, form(bytes))
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    let fetched = json!({ "catalog": "c", "url": "https://a.test/bundle.json" });
    let message = admin
        .post(path, fetched)
        .await
        .expect_error(400, "AttributeCheckingError");
    assert!(
        message.contains("is not fetched by this server"),
        "{message}"
    );
    assert_eq!(count(&admin, json!([{ "_name": "listCatalog" }])).await, 4);
}
