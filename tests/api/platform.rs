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
