//! Free tags of an organisation, and the tags of taxonomies.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::harness::{Client, Form, Server};

async fn case(client: &Client<'_>, title: &str, tags: Value) {
    let input = json!({ "title": title, "description": "d", "tags": tags });
    client.post("/api/v1/case", input).await.expect(201);
}

async fn texts(client: &Client<'_>, query: Value) -> Value {
    let tags = client.query(query).await.expect(200);
    let tags = tags.as_array().unwrap().iter();
    tags.map(|tag| tag["predicate"].clone()).collect()
}

async fn free(client: &Client<'_>) -> Value {
    let query = json!([{ "_name": "freetags" }, { "_name": "sort", "_fields": [{ "text": "asc" }] },
        { "_name": "page", "from": 0, "to": 50, "extraData": ["usage"] }]);
    client.query(query).await.expect(200)
}

async fn tags_of(client: &Client<'_>, number: i64) -> Value {
    let path = format!("/api/v1/case/{number}");
    client.get(&path).await.expect(200)["tags"].clone()
}

#[tokio::test]
async fn a_tag_comes_to_be_by_being_used_and_is_of_one_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    case(&team.analyst, "a", json!(["Red", "blue"])).await;
    case(&team.analyst, "b", json!(["blue"])).await;
    case(&team.other_organisation, "c", json!(["secret"])).await;
    team.org_admin
        .post(
            "/api/v1/caseTemplate",
            json!({ "name": "t", "tags": ["blue", "green"] }),
        )
        .await
        .expect(201);
    team.analyst
        .patch("/api/v1/case/2", json!({ "addTags": ["later"] }))
        .await
        .expect(204);
    let tags = free(&team.analyst).await;
    let shown: Vec<Value> = tags
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| json!([tag["predicate"], tag["extraData"]["usage"]]))
        .collect();
    assert_eq!(
        json!(shown),
        json!([["blue", { "case": 2, "caseTemplate": 1 }], ["green", { "caseTemplate": 1 }], ["later", { "case": 1 }],
            ["Red", { "case": 1 }]])
    );
    assert_eq!(tags[0]["colour"], "#000000");
    assert!(
        tags[0]["namespace"]
            .as_str()
            .unwrap()
            .starts_with("_freetags_")
    );
    let count = team
        .analyst
        .query(json!([{ "_name": "countFreetags" }]))
        .await;
    assert_eq!(count.expect(200), 4);
    let secret = free(&team.other_organisation).await[0]["_id"].clone();
    let path = format!("/api/v1/tag/{}", secret.as_str().unwrap());
    team.org_admin.get(&path).await.expect(404);
    let words = json!([{ "_name": "freetags" }, { "_name": "text" }]);
    assert_eq!(
        team.analyst.query(words).await.expect(200),
        json!(["Red", "blue", "green", "later"])
    );
    for (part, expected) in [
        ("E", json!(["blue", "green", "later", "Red"])),
        ("re", json!(["green", "Red"])),
        ("%", json!([])),
    ] {
        let query = json!([{ "_name": "tagAutoComplete", "freeTag": part, "limit": 10 },
            { "_name": "sort", "_fields": [{ "text": "asc" }] }]);
        assert_eq!(texts(&team.analyst, query).await, expected, "{part}");
    }
}

#[tokio::test]
async fn a_tag_is_renamed_and_deleted_on_all_that_carries_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let boss = &team.org_admin;
    case(&team.analyst, "a", json!(["x", "old", "y"])).await;
    case(&team.analyst, "b", json!(["old", "new one"])).await;
    case(&team.other_organisation, "c", json!(["old"])).await;
    let id = |tags: &Value, text: &str| {
        let tag = tags
            .as_array()
            .unwrap()
            .iter()
            .find(|tag| tag["predicate"] == text);
        tag.unwrap()["_id"].as_str().unwrap().to_owned()
    };
    let tags = free(boss).await;
    let path = format!("/api/v1/tag/{}", id(&tags, "old"));
    let taken = boss.patch(&path, json!({ "predicate": "new one" })).await;
    assert_eq!(taken.status, 400);
    let change = json!({ "predicate": "fresh", "colour": "#123456", "description": "Was old" });
    team.analyst.patch(&path, change.clone()).await;
    boss.patch(&path, change).await.expect(204);
    assert_eq!(tags_of(boss, 1).await, json!(["x", "fresh", "y"]));
    assert_eq!(tags_of(boss, 2).await, json!(["fresh", "new one"]));
    assert_eq!(tags_of(&team.other_organisation, 3).await, json!(["old"]));
    let tag = boss.get(&path).await.expect(200);
    assert_eq!(
        json!([tag["predicate"], tag["colour"], tag["description"]]),
        json!(["fresh", "#123456", "Was old"])
    );
    for (word, count) in [("old", 0), ("fresh", 2)] {
        let query = json!([{ "_name": "listCase" }, { "_name": "filter", "_match": { "keyword": word } }, { "_name": "count" }]);
        assert_eq!(boss.query(query).await.expect(200), count, "{word}");
    }
    let filtered = json!([{ "_name": "listCase" }, { "_name": "filter", "tags": "fresh" }, { "_name": "count" }]);
    assert_eq!(boss.query(filtered).await.expect(200), 2);
    boss.delete(&path).await.expect(204);
    boss.delete(&path).await.expect(404);
    assert_eq!(tags_of(boss, 1).await, json!(["x", "y"]));
    let query = json!([{ "_name": "listCase" }, { "_name": "filter", "_match": { "keyword": "fresh" } }, { "_name": "count" }]);
    assert_eq!(boss.query(query).await.expect(200), 0);
}

#[tokio::test]
async fn the_misp_taxonomies_are_there_and_offered_when_they_are_active() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let count = json!([{ "_name": "listTaxonomy" }, { "_name": "count" }]);
    assert_eq!(team.analyst.query(count).await.expect(200), 183);
    let before = team.analyst.get("/api/v1/taxonomy/tlp").await.expect(200);
    assert_eq!(before["tags"][0]["predicate"], "red");
    assert_eq!(before["tags"][0]["colour"], "#FF2B2B");
    let offered =
        json!([{ "_name": "tagAutoComplete", "namespace": "tlp", "predicate": "AMB", "limit": 5 }]);
    assert_eq!(texts(&team.analyst, offered.clone()).await, json!([]));
    admin
        .put("/api/v1/taxonomy/tlp/activate", json!({}))
        .await
        .expect(204);
    assert_eq!(
        texts(&team.analyst, offered.clone()).await,
        json!(["amber", "amber+strict"])
    );
    let after = team.analyst.get("/api/v1/taxonomy/tlp").await.expect(200);
    assert_eq!(after["tags"], before["tags"], "ids included");
    let query = json!([{ "_name": "getTaxonomy", "idOrName": "tlp" },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["enabled", "numberOfTags"] }]);
    let read = team.analyst.query(query).await.expect(200);
    assert_eq!(read[0]["extraData"]["enabled"], true);
    // Its tags are no free ones, and stay as they are.
    case(&team.analyst, "a", json!(["tlp:red", "free"])).await;
    assert_eq!(
        texts(&team.analyst, json!([{ "_name": "freetags" }])).await,
        json!(["free"])
    );
    let path = format!("/api/v1/tag/{}", after["tags"][0]["_id"].as_str().unwrap());
    assert_eq!(
        team.analyst.get(&path).await.expect(200)["namespace"],
        "tlp"
    );
    team.org_admin
        .patch(&path, json!({ "predicate": "pink" }))
        .await
        .expect(400);
    team.org_admin.delete(&path).await.expect(400);
    admin
        .put("/api/v1/taxonomy/tlp/deactivate", json!({}))
        .await
        .expect(204);
    assert_eq!(texts(&team.analyst, offered).await, json!([]));
    admin
        .delete("/api/v1/taxonomy/tlp")
        .await
        .expect_error(400, "BadRequest");
}

#[tokio::test]
async fn a_taxonomy_is_brought_in_replaced_by_a_newer_one_and_deleted_with_its_tags() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let taxonomy = |version: i64, entries: Value| {
        json!({ "namespace": "house", "description": "Ours", "version": version,
            "predicates": [{ "value": "room", "expanded": "A room" }, { "value": "roof", "colour": "#111111" }],
            "values": [{ "predicate": "room", "entry": entries }] })
    };
    let first = taxonomy(
        1,
        json!([{ "value": "hall" }, { "value": "attic", "colour": "#222222" }]),
    );
    let made = admin
        .post("/api/v1/taxonomy", first.clone())
        .await
        .expect(201);
    let shown = |taxonomy: &Value| -> Value {
        let tags = taxonomy["tags"].as_array().unwrap().iter();
        tags.map(|tag| json!([tag["predicate"], tag["value"], tag["colour"]]))
            .collect()
    };
    assert_eq!(
        shown(&made),
        json!([
            ["room", "hall", "#000000"],
            ["room", "attic", "#222222"],
            ["roof", null, "#111111"]
        ])
    );
    admin
        .post("/api/v1/taxonomy", first)
        .await
        .expect_error(400, "BadRequest");
    admin
        .put("/api/v1/taxonomy/house/activate", json!({}))
        .await
        .expect(204);
    case(&team.analyst, "a", json!(["house:room=\"hall\"", "free"])).await;
    let newer = taxonomy(
        2,
        json!([{ "value": "cellar" }, { "value": "hall", "expanded": "The hall" }]),
    );
    let newer = admin.post("/api/v1/taxonomy", newer).await.expect(201);
    assert_eq!(
        shown(&newer),
        json!([
            ["room", "cellar", "#000000"],
            ["room", "hall", "#000000"],
            ["roof", null, "#111111"]
        ])
    );
    assert_eq!(newer["_id"], made["_id"]);
    assert_eq!(newer["tags"][1]["_id"], made["tags"][0]["_id"]);
    admin.delete("/api/v1/taxonomy/house").await.expect(204);
    assert_eq!(tags_of(&team.analyst, 1).await, json!(["free"]));
    admin.get("/api/v1/taxonomy/house").await.expect(404);
    let wrong = json!({ "namespace": "x", "description": "", "version": 1, "predicates": [{ "value": "a", "colour": "red" }] });
    let refused = admin.post("/api/v1/taxonomy", wrong).await.expect(400);
    assert_eq!(refused["errors"][0]["name"], "predicates[0].colour");
}

const IMPORT: &str = "/api/v1/taxonomy/import-zip";

fn archive(files: &[(&str, &[u8])]) -> Form {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    Form::default().file("file", "taxonomies.zip", None, &bytes)
}

fn machine_tag(namespace: &str, version: i64) -> Vec<u8> {
    let json = json!({ "namespace": namespace, "description": "Ours", "version": version,
        "predicates": [{ "value": "room" }, { "value": "roof" }], "refs": [] });
    json.to_string().into_bytes()
}

#[tokio::test]
async fn an_archive_brings_many_and_one_bad_taxonomy_does_not_lose_the_others() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let good = || {
        archive(&[
            ("main/README.md", b"read me"),
            ("main/one/machinetag.json", &machine_tag("one", 1)),
            ("main/two/machinetag.json", &machine_tag("two", 1)),
        ])
    };
    team.org_admin.upload(IMPORT, good()).await.expect(403);
    let made = admin.upload(IMPORT, good()).await.expect(201);
    let imported = |namespace: &str, status: &str| json!({ "namespace": namespace, "numberOfTags": 2, "status": status });
    assert_eq!(
        made,
        json!({ "imported": [imported("one", "Success"), imported("two", "Success")] })
    );
    let again = admin.upload(IMPORT, good()).await.expect(201);
    assert_eq!(again["imported"][0], imported("one", "Skipped"));
    let deep = "a/".repeat(9) + "machinetag.json";
    let wrong = br#"{ "namespace": "x", "description": "", "version": 1, "predicates": [{ "value": "a", "colour": "red" }] }"#;
    let mixed = archive(&[
        ("a/machinetag.json", b"no JSON"),
        ("b/machinetag.json", wrong),
        ("../machinetag.json", &machine_tag("out", 1)),
        (&deep, &machine_tag("deep", 1)),
        ("c/machinetag.json", &machine_tag("a:b", 1)),
        ("one/machinetag.json", &machine_tag("one", 2)),
    ]);
    let mixed = admin.upload(IMPORT, mixed).await.expect(207);
    assert_eq!(mixed["imported"], json!([imported("one", "Success")]));
    let failed = mixed["errors"].as_array().unwrap();
    let files: Vec<&Value> = failed.iter().map(|error| &error["file"]).collect();
    assert_eq!(
        json!(files),
        json!([
            "a/machinetag.json",
            "b/machinetag.json",
            "../machinetag.json",
            deep,
            "c/machinetag.json"
        ])
    );
    let told: Vec<&str> = failed
        .iter()
        .map(|error| error["error"].as_str().unwrap())
        .collect();
    for (text, part) in told.iter().zip([
        "JSON",
        "predicates[0].colour",
        "out of the archive",
        "8 folders",
        "namespace",
    ]) {
        assert!(text.contains(part), "{text}");
    }
    let newer = admin.get("/api/v1/taxonomy/one").await.expect(200);
    assert_eq!(newer["version"], 2);
    for namespace in ["out", "deep", "x"] {
        let path = format!("/api/v1/taxonomy/{namespace}");
        admin.get(&path).await.expect(404);
    }
}

#[tokio::test]
async fn an_archive_that_is_none_or_too_much_is_refused() {
    let server = Server::start().await;
    let admin = server.admin();
    let none = Form::default().file("file", "a.zip", None, b"no archive");
    admin
        .upload(IMPORT, none)
        .await
        .expect_error(400, "BadRequest");
    let empty = archive(&[("README.md", b"nothing here")]);
    let refused = admin.upload(IMPORT, empty).await;
    assert!(
        refused
            .expect_error(400, "BadRequest")
            .contains("machinetag.json")
    );
    admin
        .upload(IMPORT, Form::default().field("other", "x"))
        .await
        .expect_error(400, "AttributeCheckingError");
    let many: Vec<String> = (0..1_001)
        .map(|at| format!("{at}/machinetag.json"))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|name| (name.as_str(), b"{}".as_slice()))
        .collect();
    let refused = admin.upload(IMPORT, archive(&many)).await;
    assert!(
        refused
            .expect_error(400, "BadRequest")
            .contains("more than 1000")
    );
    // 9 MB of blanks are some kB packed.
    let blanks = vec![b' '; 9 * 1024 * 1024];
    let bomb = archive(&[("x/machinetag.json", &blanks)]);
    let refused = admin.upload(IMPORT, bomb).await.expect(207);
    assert!(
        refused["errors"][0]["error"]
            .as_str()
            .unwrap()
            .contains("100 times"),
        "{refused}"
    );
}
