//! The servers of others: who may set them up, and that their secrets stay in.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

const PATH: &str = "/api/skep/v1/integration/server";

fn cortex(name: &str) -> Value {
    json!({ "kind": "cortex", "name": name, "url": "https://cortex.test:9001/", "key": "the-key-of-cortex" })
}

async fn add(admin: &Client<'_>, server: Value) -> String {
    let answer = admin.post(PATH, server).await;
    answer.expect(201);
    answer.id()
}

#[tokio::test]
async fn a_server_is_added_changed_and_removed_and_tells_no_secret() {
    let server = Server::start().await;
    server.team().await;
    let admin = server.admin();
    let mut input = cortex("main");
    input["proxy"] = json!("http://user:swordfish@proxy.test:3128");
    input["excludedOrganisations"] = json!(["other", "other"]);
    let answer = admin.post(PATH, input).await;
    let created = answer.expect(201);
    assert_eq!(created["url"], "https://cortex.test:9001");
    assert_eq!(created["includedOrganisations"], json!(["*"]));
    assert_eq!(created["excludedOrganisations"], json!(["other"]));
    assert_eq!(created["hasProxy"], true);
    assert_eq!(created["timeMaxS"], 30);
    assert!(created.get("health").is_none());

    let path = format!("{PATH}/{}", answer.id());
    let change = json!({
        "name": "first", "includedOrganisations": ["acme"], "excludedOrganisations": [], "proxy": null,
        "key": "another-key", "isEnabled": false, "timeMaxS": 5, "acceptsAnyCertificate": true,
    });
    admin.patch(&path, change).await.expect(204);
    let changed = admin.get(&path).await.expect(200);
    assert_eq!(changed["name"], "first");
    assert_eq!(changed["includedOrganisations"], json!(["acme"]));
    assert_eq!(changed["excludedOrganisations"], json!([]));
    assert_eq!(
        (&changed["hasProxy"], &changed["isEnabled"]),
        (&json!(false), &json!(false))
    );
    let listed = admin.get(&format!("{PATH}?kind=cortex")).await.expect(200);
    assert_eq!(listed, json!([changed]));
    assert_eq!(
        admin.get(&format!("{PATH}?kind=misp")).await.expect(200),
        json!([])
    );

    let audits = admin.query(json!([{ "_name": "listAudit" }])).await;
    let told = audits.text() + &listed.to_string();
    for secret in ["the-key-of-cortex", "another-key", "swordfish"] {
        assert!(!told.contains(secret), "{secret} is told");
    }
    assert!(
        told.contains("includedOrganisations"),
        "the change is in the trail"
    );

    admin.delete(&path).await.expect(204);
    admin.get(&path).await.expect_error(404, "NotFoundError");
    assert_eq!(admin.get(PATH).await.expect(200), json!([]));
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let server = Server::start().await;
    let admin = server.admin();
    let id = add(&admin, cortex("main")).await;
    admin
        .post(PATH, cortex("MAIN"))
        .await
        .expect_error(400, "CreateError");
    let mut misp = cortex("main");
    misp["kind"] = json!("misp");
    add(&admin, misp).await;
    for (field, wrong) in [
        ("url", json!("cortex")),
        ("url", json!("ftp://cortex.test")),
        ("url", json!("https://u:p@cortex.test")),
        ("key", json!("")),
        ("kind", json!("hive")),
        ("timeMaxS", json!(0)),
        ("includedOrganisations", json!(["nobody"])),
        ("excludedOrganisations", json!(["nobody"])),
    ] {
        let mut input = cortex("second");
        input[field] = wrong.clone();
        let message = admin
            .post(PATH, input)
            .await
            .expect_error(400, "AttributeCheckingError");
        assert!(message.contains(field), "{field} {wrong}: {message}");
    }
    for (field, wrong) in [
        ("caCertificate", "no certificate"),
        ("proxy", "socks5://proxy.test"),
    ] {
        let mut input = cortex("second");
        input[field] = json!(wrong);
        let message = admin
            .post(PATH, input)
            .await
            .expect_error(400, "BadRequest");
        assert!(message.to_lowercase().contains(&field[..2]), "{message}");
    }
    // The key does not go to another place than the one it was given for.
    let path = format!("{PATH}/{id}");
    let elsewhere = json!({ "url": "https://elsewhere.test" });
    let message = admin
        .patch(&path, elsewhere.clone())
        .await
        .expect_error(400, "AttributeCheckingError");
    assert!(message.starts_with("key"), "{message}");
    let mut test = elsewhere;
    test["kind"] = json!("cortex");
    test["id"] = json!(id);
    let answer = admin.post(&format!("{PATH}/_test"), test).await;
    answer.expect_error(400, "AttributeCheckingError");
    let same_host = json!({ "url": "https://CORTEX.test:9001/deeper" });
    admin.patch(&path, same_host).await.expect(204);
}

#[tokio::test]
async fn only_who_runs_the_platform_may_see_them() {
    let server = Server::start().await;
    let team = server.team().await;
    let id = add(&server.admin(), cortex("main")).await;
    for client in [&team.org_admin, &team.analyst, &team.read_only] {
        for answer in [
            client.get(PATH).await,
            client.post(PATH, cortex("mine")).await,
            client.get(&format!("{PATH}/{id}")).await,
            client.patch(&format!("{PATH}/{id}"), json!({})).await,
            client.delete(&format!("{PATH}/{id}")).await,
            client.post_nothing(&format!("{PATH}/{id}/_check")).await,
        ] {
            answer.expect_error(403, "AuthorizationError");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_the_reason() {
    let server = Server::start().await;
    let admin = server.admin();
    // Nothing listens at a port that was just given back.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut input = cortex("main");
    input["url"] = json!(url);
    let id = add(&admin, input).await;
    let path = format!("{PATH}/{id}");
    let health = admin
        .post_nothing(&format!("{path}/_check"))
        .await
        .expect(200);
    assert_eq!(health["status"], "ERROR");
    let problem = health["problem"].as_str().unwrap();
    assert!(problem.contains("cannot be reached"), "{problem}");
    let kept = admin.get(&path).await.expect(200);
    assert_eq!(kept["health"], health);
    // What is the same server no longer has no health yet.
    admin
        .patch(&path, json!({ "key": "new" }))
        .await
        .expect(204);
    assert!(admin.get(&path).await.expect(200).get("health").is_none());
}
