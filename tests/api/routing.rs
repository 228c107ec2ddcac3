//! What every route has in common, those that don't exist included.

use http::Method;

use crate::harness::Server;

#[tokio::test]
async fn an_unknown_route_is_refused_in_the_apis_form() {
    let server = Server::start().await;
    let message = server
        .anonymous()
        .get("/api/v1/nonsense")
        .await
        .expect_error(404, "NotFoundError");
    assert_eq!(message, "Route /api/v1/nonsense not found");
}

#[tokio::test]
async fn a_method_that_a_route_does_not_have_is_refused_in_the_apis_form() {
    let server = Server::start().await;
    let answer = server
        .anonymous()
        .send(Method::PUT, "/api/health", None)
        .await;
    answer.expect_error(405, "MethodNotAllowed");
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
}

#[tokio::test]
async fn a_page_can_only_be_read() {
    let server = Server::start().await;
    let answer = server.anonymous().send(Method::POST, "/cases", None).await;
    answer.expect_error(405, "MethodNotAllowed");
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    let server = Server::start().await;
    let admin = server.admin();
    for (path, name) in [
        ("/api/skep/v1/inbox?from=x", "from"),
        ("/api/skep/v1/inbox?unread=maybe", "unread"),
        ("/api/skep/v1/inbox?to=1&to=2", "to"),
        ("/api/v1/flow?count=9999999999999999999", "count"),
        ("/api/skep/v1/events?after=last", "after"),
        ("/api/v1/case/%ff", "idOrName"),
        ("/api/v1/describe/%c3%28", "model"),
        ("/api/skep/v1/user/%ff/session", "idOrLogin"),
    ] {
        let answer = admin.get(path).await;
        answer.expect_error(400, "AttributeCheckingError");
        let errors = &answer.expect(400)["errors"];
        assert_eq!(errors[0]["name"], name, "{path}");
        assert_eq!(errors[0]["type"], "InvalidFormatAttributeError", "{path}");
    }
    // A search that the endpoint does not know changes nothing.
    admin.get("/api/skep/v1/inbox?color=red").await.expect(200);
}

/// Whatever is sent to any endpoint, a refusal is never the plain text of the framework.
#[tokio::test]
async fn every_refusal_has_the_apis_form() {
    let server = Server::start().await;
    let admin = server.admin();
    let methods = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    for entry in skep::server::endpoints().catalogue {
        let path = entry
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "%ff" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let waits = ["/events", "/stream", "/logout"]
            .iter()
            .any(|end| path.ends_with(end));
        for method in methods.iter().filter(|_| !waits) {
            let body = Some(serde_json::json!([]));
            let answer = admin
                .send(method.clone(), &format!("{path}?from=x"), body)
                .await;
            let status = answer.status;
            if status.is_client_error() {
                let body = answer.expect(status.as_u16());
                assert!(
                    body["type"].is_string() && body["message"].is_string(),
                    "{method} {path}: {body}"
                );
            }
            assert!(!status.is_server_error(), "{method} {path}: {status}");
        }
    }
}

#[tokio::test]
async fn each_request_has_an_id_of_its_own_and_takes_none_from_its_client() {
    let server = Server::start().await;
    let client = server.anonymous().header("x-request-id", "forged");
    let first = client.get("/api/health").await;
    let second = client.get("/api/health").await;
    let ids = [&first, &second].map(|answer| answer.header("x-request-id").unwrap());
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.len() == 32 && *id != "forged"));
}

#[tokio::test]
async fn every_answer_tells_browsers_to_load_nothing_foreign_and_to_keep_nothing() {
    let server = Server::start().await;
    for path in ["/", "/api/health", "/api/v1/nonsense"] {
        let answer = server.anonymous().get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        if path != "/" {
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
}

#[tokio::test]
async fn a_write_by_cookie_from_another_sites_page_is_refused() {
    let server = Server::start().await;
    let by_cookie = server
        .anonymous()
        .session("whatever")
        .header("host", "skep.test");
    let foreign = by_cookie.clone().header("origin", "https://evil.test");
    let answer = foreign.delete("/api/v1/case/1").await;
    answer.expect_error(403, "AuthorizationError");
    // From our own page the same gets as far as the question who asks.
    let own = by_cookie.header("origin", "http://skep.test");
    let answer = own.delete("/api/v1/case/1").await;
    answer.expect_error(401, "AuthenticationError");
}

#[tokio::test]
async fn a_script_of_the_ui_is_the_same_for_whoever_takes_it_packed_and_whoever_does_not() {
    use std::io::Read as _;

    let server = Server::start().await;
    let page = server.anonymous().get("/").await.text();
    let script = page
        .split('"')
        .find(|part| part.starts_with("/assets/index-") && part.contains(".js"))
        .expect("the UI is built: scripts/build");
    let plain = server.anonymous().get(script).await;
    assert_eq!(plain.status, 200);
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(
        plain.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    let client = server
        .anonymous()
        .header("accept-encoding", "deflate, gzip");
    let packed = client.get(script).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_ne!(packed.header("etag"), plain.header("etag"));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&*packed.bytes)
        .read_to_end(&mut unpacked)
        .unwrap();
    assert!(unpacked == plain.bytes && unpacked.len() > packed.bytes.len());
    let client = server.anonymous().header("accept-encoding", "gzip, br");
    let smallest = client.get(script).await;
    assert_eq!(smallest.header("content-encoding"), Some("br"));
    let known = smallest.header("etag").unwrap().to_owned();
    let again = client.header("if-none-match", known).get(script).await;
    assert_eq!(again.status, 304);
}
