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
async fn each_request_has_an_id_of_its_own_and_takes_none_from_its_client() {
    let server = Server::start().await;
    let client = server.anonymous().header("x-request-id", "forged");
    let first = client.get("/api/health").await;
    let second = client.get("/api/health").await;
    let ids = [&first, &second].map(|answer| answer.header("x-request-id").unwrap());
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.len() == 32 && *id != "forged"));
}
