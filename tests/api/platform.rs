//! The endpoints that probes and clients ask before anything else.

use http::Method;
use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn anybody_may_ask_whether_the_server_is_up() {
    let server = Server::start().await;
    let answer = server.anonymous().get("/api/health").await;
    answer.expect(200);
    assert_eq!(answer.text(), "Ok");
}

#[tokio::test]
async fn clients_learn_the_version_and_that_no_licence_is_needed() {
    let server = Server::start().await;
    let public = server
        .anonymous()
        .get("/api/v1/status/public")
        .await
        .expect(200);
    assert_eq!(public["version"], "5.7.3");
    assert!(public["imports"]["mitreCatalog"].is_string());
    let legacy = server.anonymous().get("/api/status").await.expect(200);
    assert_eq!(legacy["versions"]["TheHive"], "5.7.3");
    assert_eq!(legacy["config"]["authType"][0], "local");
    let status = server
        .admin()
        .get("/api/v1/status?verbose=true")
        .await
        .expect(200);
    assert_eq!(status["license"]["isValid"], true);
    let license = server
        .admin()
        .get("/api/v1/license/current")
        .await
        .expect(200);
    assert_eq!(license["notFound"], true);
    let expires_ms = license["fallback"]["expiresAt"].as_i64().unwrap();
    assert!(expires_ms > server.clock.now_ms());
}

#[tokio::test]
async fn what_is_for_users_is_refused_to_strangers() {
    let server = Server::start().await;
    for path in [
        "/api/v1/status",
        "/api/v1/license/current",
        "/api/skep/v1/openapi.json",
    ] {
        let answer = server.anonymous().get(path).await;
        answer.expect_error(401, "AuthenticationError");
    }
}

#[tokio::test]
async fn markdown_is_rendered_and_disarmed() {
    let server = Server::start().await;
    let admin = server.admin();
    let path = "/api/skep/v1/markdown";
    let texts = json!({"texts": ["**b** <script>alert(1)</script>", "[a](javascript:alert(1))"]});
    let answer = admin.post(path, texts).await.expect(200);
    let html = answer["html"].as_array().unwrap();
    assert!(html[0].as_str().unwrap().contains("<strong>b</strong>"));
    assert!(!answer.to_string().contains("<script"), "{answer}");
    assert!(
        !answer.to_string().contains("href=\\\"javascript"),
        "{answer}"
    );
    let many = json!({"texts": vec!["a"; 201]});
    admin
        .post(path, many)
        .await
        .expect_error(400, "AttributeCheckingError");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let server = Server::start().await;
    let path = "/api/skep/v1/markdown";
    let json = Some("application/json");
    let large = |bytes| vec![b' '; bytes];
    let admin = server.admin();
    let answer = admin
        .send_bytes(Method::POST, path, json, large(10_485_761))
        .await;
    answer.expect_error(413, "TooLarge");
    // Nothing large is read for a stranger, who has no business sending it.
    let stranger = server.anonymous();
    let answer = stranger
        .send_bytes(Method::POST, path, json, large(70_000))
        .await;
    answer.expect_error(401, "AuthenticationError");
}

#[tokio::test]
async fn it_is_ready_as_long_as_its_database_answers() {
    let server = Server::start().await;
    let stranger = server.anonymous();
    let ready = stranger.get("/api/ready").await;
    ready.expect(200);
    assert_eq!(ready.text(), "Ready");
    let app = server.app.clone();
    tokio::task::spawn_blocking(move || app.close())
        .await
        .unwrap();
    let message = stranger
        .get("/api/ready")
        .await
        .expect_error(503, "ServiceUnavailable");
    assert!(message.contains("the storage is closed"), "{message}");
    stranger.get("/api/health").await.expect(200);
}

#[tokio::test]
async fn a_database_server_that_is_gone_is_no_failure_of_ours() {
    let server = Server::start().await;
    let team = server.team().await;
    team.api_key.get("/api/v1/user/current").await.expect(200);
    if !server.lose_database() {
        return;
    }
    let message = server
        .anonymous()
        .get("/api/ready")
        .await
        .expect_error(503, "ServiceUnavailable");
    assert!(message.contains("cannot be reached"), "{message}");
    for _ in 0..3 {
        team.api_key
            .get("/api/v1/case/1")
            .await
            .expect_error(503, "ServiceUnavailable");
        let case = json!({ "title": "t", "description": "d" });
        team.api_key
            .post("/api/v1/case", case)
            .await
            .expect_error(503, "ServiceUnavailable");
        server
            .anonymous()
            .bearer("none")
            .get("/api/v1/case/1")
            .await
            .expect_error(503, "ServiceUnavailable");
    }
}

#[tokio::test]
async fn administrators_see_what_is_wrong_with_the_platform() {
    let server = Server::start().await;
    let path = "/api/skep/v1/platform/status";
    let status = server.admin().get(path).await.expect(200);
    assert_eq!(status["checkedAt"], server.clock.now_ms());
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    let findings = status["findings"].as_array().unwrap();
    let finding = |id: &str| {
        let found = findings.iter().find(|finding| finding["id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {status}"))
    };
    for id in [
        "database",
        "schema",
        "counters",
        "audit-chain",
        "full-text",
        "integrity",
    ] {
        assert_eq!(finding(id)["verdict"], "ok", "{}", finding(id));
        assert!(finding(id)["remedy"].is_null());
    }
    let password = finding("password");
    assert_eq!(password["verdict"], "warning");
    assert!(password["remedy"].as_str().unwrap().contains("change it"));
    let worst = findings.iter().map(|finding| finding["verdict"].as_str());
    assert!(worst.flatten().any(|verdict| status["verdict"] == verdict));
}

#[tokio::test]
async fn nobody_else_sees_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = "/api/skep/v1/platform/status";
    server
        .anonymous()
        .get(path)
        .await
        .expect_error(401, "AuthenticationError");
    for client in [&team.org_admin, &team.analyst, &team.read_only] {
        client
            .get(path)
            .await
            .expect_error(403, "AuthorizationError");
    }
}

#[tokio::test]
async fn no_licence_is_there_and_none_is_needed() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let path = "/api/v1/license";
    assert_eq!(admin.get(path).await.expect(200), json!([]));
    admin
        .post(path, json!({ "license": "any" }))
        .await
        .expect(204);
    admin
        .put("/api/v1/license/~1/activate", json!({}))
        .await
        .expect(204);
    admin
        .get("/api/v1/license/~1")
        .await
        .expect_error(404, "NotFoundError");
    let challenge = admin.get("/api/v1/license/challenge").await;
    challenge.expect(200);
    assert!(challenge.text().contains("No license is needed"));
    team.org_admin
        .get(path)
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn administrators_look_after_the_platform() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let case = json!({ "title": "Worm", "description": "d" });
    team.analyst.post("/api/v1/case", case).await.expect(201);
    for (method, path) in [
        (Method::PUT, "check/_all/trigger"),
        (Method::PUT, "check/full-text/trigger"),
        (Method::POST, "check/full-text/global/trigger"),
        (Method::POST, "check/full-text/dedup/trigger"),
        (Method::POST, "check/cancel"),
    ] {
        let path = format!("/api/v1/admin/{path}");
        admin.send(method, &path, None).await.expect(204);
    }
    for path in ["check/nothing/global/trigger", "index/nothing/reindex"] {
        let path = format!("/api/v1/admin/{path}");
        admin
            .post_nothing(&path)
            .await
            .expect_error(404, "NotFoundError");
    }
    let stats = admin.get("/api/v1/admin/check/stats").await.expect(200);
    assert_eq!(stats["checks"]["full-text"]["verdict"], "ok");
    let counts = admin.get("/api/v1/admin/stats").await.expect(200);
    assert_eq!(counts["rows"]["case"], 1);
    let schema = admin
        .post_nothing("/api/v1/admin/schema/info/skep")
        .await
        .expect(200);
    let steps = schema["steps"].as_array().unwrap();
    assert_eq!(
        steps.last().unwrap()["number"],
        schema["expectedVersion"],
        "{schema}"
    );
    let repaired = admin.post_nothing("/api/v1/admin/schema/repair/skep").await;
    assert_eq!(repaired.expect(200), schema);
}

#[tokio::test]
async fn the_full_text_index_is_made_anew_while_people_work() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let case = json!({ "title": "Worm", "description": "d" });
    team.analyst.post("/api/v1/case", case).await.expect(201);
    let whole = json!({ "rows": 1, "lacking": 0 });
    let status = "/api/v1/admin/index/status";
    assert_eq!(admin.get(status).await.expect(200)["tables"]["case"], whole);
    let search = "/api/skep/v1/search?q=worm";
    for how in ["rebuild", "reindex"] {
        let path = format!("/api/v1/admin/index/_all/{how}");
        admin.post_nothing(&path).await.expect(204);
        // It goes on after the answer; the test ends when it is done, or fails by its time.
        loop {
            let found = team.analyst.get(search).await.expect(200);
            let is_whole = admin.get(status).await.expect(200)["tables"]["case"] == whole;
            if is_whole && found["kinds"][0]["count"] == 1 {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn the_level_of_the_log_is_changed_while_the_program_runs() {
    use tracing::{Level, enabled};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;

    let server = Server::start().await;
    let team = server.team().await;
    let path = |package: &str, level: &str| format!("/api/v1/admin/log/set/{package}/{level}");
    let filter = skep::platform::log::changeable("info").unwrap();
    tracing_subscriber::registry().with(filter).init();
    let set = async |package: &str, level: &str| {
        server
            .admin()
            .put(&path(package, level), json!({}))
            .await
            .expect(204);
    };
    assert!(!enabled!(target: "skep::storage", Level::DEBUG));
    set("skep::storage", "DEBUG").await;
    assert!(enabled!(target: "skep::storage", Level::DEBUG));
    assert!(!enabled!(target: "skep::access", Level::DEBUG));
    set("skep.storage", "OFF").await;
    assert!(!enabled!(target: "skep::storage", Level::ERROR));
    set("ROOT", "WARN").await;
    assert!(!enabled!(target: "skep::access", Level::INFO));
    set("root", "INFO").await;
    set("skep::storage", "INFO").await;
    assert!(enabled!(target: "skep::access", Level::INFO));
    team.org_admin
        .put(&path("ROOT", "OFF"), json!({}))
        .await
        .expect(403);
    for (package, level) in [
        ("ROOT", "debug"),
        ("ROOT", "LOUD"),
        ("a%2Cb", "INFO"),
        ("a%3Dtrace", "INFO"),
    ] {
        let refused = server.admin().put(&path(package, level), json!({})).await;
        refused.expect_error(400, "AttributeCheckingError");
    }
    assert!(enabled!(target: "skep::storage", Level::INFO));
}
