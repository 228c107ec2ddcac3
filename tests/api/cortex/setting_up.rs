//! How Cortex is set up and how it is, which analyzers it has, and templates for their reports.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{add_cortex, fake, fake::FakeCortex};
use crate::harness::{Form, Server};

const SERVER: &str = "/api/skep/v1/integration/server";
const ANALYZER: &str = "/api/v1/connector/cortex/analyzer";

#[tokio::test]
async fn a_server_is_tried_before_and_after_it_is_kept() {
    let server = Server::start().await;
    let admin = server.admin();
    let cortex = FakeCortex::start().await;
    let test = |key: &str| json!({ "kind": "cortex", "url": cortex.url(), "key": key });
    let path = format!("{SERVER}/_test");
    let health = admin.post(&path, test(fake::KEY)).await.expect(200);
    assert_eq!(
        (&health["status"], &health["version"]),
        (&json!("OK"), &json!("3.1.8-1"))
    );
    let health = admin.post(&path, test("wrong")).await.expect(200);
    assert_eq!(health["status"], "AUTH_ERROR");
    assert!(!health.to_string().contains("wrong"));
    add_cortex(&server, "main", &cortex).await;
    let kept = admin.get(SERVER).await.expect(200);
    let id = &kept[0]["_id"];
    // The key that is kept counts when none is given.
    let again = json!({ "kind": "cortex", "url": cortex.url(), "id": id });
    assert_eq!(admin.post(&path, again).await.expect(200)["status"], "OK");
}

#[tokio::test]
async fn the_status_tells_how_the_servers_are() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    let status = async || {
        team.read_only.get("/api/v1/status").await.expect(200)["connectors"]["cortex"].clone()
    };
    assert_eq!(
        status().await,
        json!({ "enabled": false, "status": "OK", "servers": [] })
    );
    add_cortex(&server, "good", &cortex).await;
    let bad = json!({ "kind": "cortex", "name": "bad", "url": cortex.url(), "key": "wrong" });
    server.admin().post(SERVER, bad).await.expect(201);
    let tools = server.app.cortex_tools();
    let now_ms = server.clock.now_ms();
    skep::integration::server::actions::check_all(&tools.gate, &tools.integrations, now_ms)
        .await
        .unwrap();
    assert_eq!(
        status().await,
        json!({ "enabled": true, "status": "WARNING", "servers": [
            { "name": "bad", "version": "", "status": "AUTH_ERROR" },
            { "name": "good", "version": "3.1.8-1", "status": "OK" },
        ] })
    );
}

#[tokio::test]
async fn the_configuration_in_the_form_of_thehive_is_taken() {
    let server = Server::start().await;
    let admin = server.admin();
    let team = server.team().await;
    let path = "/api/v1/admin/config/cortex";
    let config = |key: &str| {
        json!({
            "statusCheckInterval": "1 minute", "refreshDelay": "2 seconds", "maxRetryOnError": 5, "jobTimeout": "1 hour",
            "servers": [{ "name": "main", "url": "https://cortex.test", "includedTheHiveOrganisations": ["*"],
                "excludedTheHiveOrganisations": ["other"], "wsConfig": {}, "auth": { "type": "bearer", "key": key } }],
        })
    };
    admin.put(path, config("secret-key")).await.expect(204);
    let kept = admin.get(path).await.expect(200);
    assert_eq!(
        (&kept["refreshDelay"], &kept["maxRetryOnError"]),
        (&json!("2 seconds"), &json!(5))
    );
    assert_eq!(
        kept["servers"][0]["excludedTheHiveOrganisations"],
        json!(["other"])
    );
    assert!(!kept.to_string().contains("secret-key"));
    // What was read can be put back: the key stays.
    admin.put(path, kept.clone()).await.expect(204);
    assert_eq!(admin.get(path).await.expect(200), kept);
    let mut wrong = kept.clone();
    wrong["refreshDelay"] = json!("soon");
    admin
        .put(path, wrong)
        .await
        .expect_error(400, "AttributeCheckingError");
    let mut new = kept;
    new["servers"][0]["name"] = json!("another");
    admin
        .put(path, new)
        .await
        .expect_error(400, "AttributeCheckingError");
    admin.put(path, json!({ "servers": [] })).await.expect(204);
    assert_eq!(admin.get(SERVER).await.expect(200), json!([]));
    team.org_admin
        .put(path, config("k"))
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn analyzers_of_several_servers_are_listed_once() {
    let server = Server::start().await;
    let team = server.team().await;
    assert_eq!(team.analyst.get(ANALYZER).await.expect(200), json!([]));
    let (one, other) = (FakeCortex::start().await, FakeCortex::start().await);
    add_cortex(&server, "one", &one).await;
    add_cortex(&server, "other", &other).await;
    // One that fails is left out.
    let dead = json!({ "kind": "cortex", "name": "dead", "url": "http://127.0.0.1:1", "key": "k" });
    server.admin().post(SERVER, dead).await.expect(201);
    let all = team.analyst.get(ANALYZER).await.expect(200);
    let good = all
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == "Good_1_0")
        .unwrap();
    assert_eq!(good["cortexIds"], json!(["one", "other"]));
    assert_eq!(good["dataTypeList"], json!(["ip", "domain"]));
    let two = team
        .analyst
        .get(&format!("{ANALYZER}?range=1-3"))
        .await
        .expect(200);
    assert_eq!(two.as_array().unwrap()[..], all.as_array().unwrap()[1..3]);
    let of_type = team
        .analyst
        .get(&format!("{ANALYZER}/type/domain"))
        .await
        .expect(200);
    assert_eq!(of_type.as_array().unwrap().len(), 1);
    assert_eq!(
        team.analyst
            .get(&format!("{ANALYZER}/type/mail"))
            .await
            .expect(200),
        json!([])
    );
    assert_eq!(
        team.analyst
            .get(&format!("{ANALYZER}/Good_1_0"))
            .await
            .expect(200),
        *good
    );
    team.analyst
        .get(&format!("{ANALYZER}/Nobody"))
        .await
        .expect_error(404, "NotFoundError");
    // Old clients have another path.
    let old = team
        .analyst
        .get("/api/connector/cortex/analyzer/type/domain")
        .await
        .expect(200);
    assert_eq!(old, of_type);
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
async fn templates_are_kept_imported_and_given_as_plain_text() {
    let server = Server::start().await;
    let admin = server.admin();
    let team = server.team().await;
    let path = format!("{ANALYZER}/template");
    let input = json!({ "analyzerId": "Good_1_0", "content": "<script>alert(1)</script>" });
    let made = admin.post(&path, input.clone()).await.expect(201);
    admin
        .post(&path, input.clone())
        .await
        .expect_error(400, "CreateError");
    team.org_admin
        .post(&path, input)
        .await
        .expect_error(403, "AuthorizationError");
    let content = team
        .read_only
        .get(&format!("{path}/content/Good_1_0"))
        .await;
    content.expect(200);
    assert_eq!(
        content.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(content.text(), "<script>alert(1)</script>");
    let id = made["id"].as_str().unwrap();
    let changed = admin
        .patch(&format!("{path}/{id}"), json!({ "content": "new" }))
        .await;
    assert_eq!(changed.expect(200)["content"], "new");

    let large = vec![b'x'; 1_100_000];
    let zip = archive(&[
        ("Good_1_0/long.html", b"from the archive"),
        ("templates/Other_2_0/long.html", b"other"),
        ("Large_1_0/long.html", &large),
        ("../long.html", b"no analyzer"),
        ("Good_1_0/short.html", b"not wanted"),
        ("Bytes_1_0/long.html", &[0xff, 0xfe]),
    ]);
    let form = Form::default().file("templates", "t.zip", None, &zip);
    let done = admin
        .upload(&format!("{path}/_import"), form)
        .await
        .expect(200);
    assert_eq!(
        done,
        json!({ "Good_1_0": true, "Other_2_0": true, "Large_1_0": false, "Bytes_1_0": false })
    );
    let content = team.analyst.get(&format!("{path}/content/Good_1_0")).await;
    assert_eq!(content.text(), "from the archive");
    let old = "/api/connector/cortex/report/template/content/Good_1_0";
    assert_eq!(team.analyst.get(old).await.text(), "from the archive");
    let listed = admin
        .query(json!([{ "_name": "listAnalyzerTemplate" }]))
        .await
        .expect(200);
    let names: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["analyzerId"])
        .collect();
    assert_eq!(names, ["Good_1_0", "Other_2_0"]);
    let form = Form::default().file("templates", "t.zip", None, b"no archive");
    admin
        .upload(&format!("{path}/_import"), form)
        .await
        .expect_error(400, "BadRequest");
    admin.delete(&format!("{path}/{id}")).await.expect(204);
    team.analyst
        .get(&format!("{path}/content/Good_1_0"))
        .await
        .expect_error(404, "NotFoundError");
}
