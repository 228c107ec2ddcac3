//! Guessing is slowed down, and nobody is kept out for good.

use serde_json::json;

use crate::harness::{Answer, Client, PASSWORD, Server};

const CURRENT: &str = "/api/v1/user/current";

async fn sign_in(client: &Client<'_>, password: &str) -> Answer {
    let body = json!({ "user": "ana@x.test", "password": password });
    client.post("/api/v1/login", body).await
}

/// Guesses until it is refused; returns how many guesses were looked at, and the seconds to wait.
async fn guess(client: &Client<'_>) -> (usize, i64) {
    for guesses in 0..50 {
        let answer = sign_in(client, "wrong").await;
        if answer.status == 429 {
            answer.expect_error(429, "TooManyRequests");
            let wait = answer.header("retry-after").unwrap();
            return (guesses, wait.parse().unwrap());
        }
        answer.expect_error(401, "AuthenticationError");
    }
    panic!("nothing slows the guesses down");
}

#[tokio::test]
async fn wrong_passwords_cost_more_and_more_time_and_the_right_one_ends_it() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    let stranger = server.anonymous().from_address("192.0.2.9");
    let (guesses, wait) = guess(&stranger).await;
    assert_eq!((guesses, wait), (6, 1));
    // While he waits, not even the right password counts: it could be the next guess.
    sign_in(&stranger, PASSWORD).await.expect(429);
    let by_basic = stranger.clone().basic("ana@x.test", PASSWORD);
    by_basic.get(CURRENT).await.expect(429);
    server.clock.advance_ms(1_000);
    let (guesses, wait) = guess(&stranger).await;
    assert_eq!((guesses, wait), (1, 2));
    server.clock.advance_ms(2_000);
    sign_in(&stranger, PASSWORD).await.expect(200);
    assert_eq!(guess(&stranger).await, (6, 1), "from the beginning");
}

#[tokio::test]
async fn a_stranger_does_not_keep_the_user_out() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    guess(&server.anonymous().from_address("192.0.2.9")).await;
    let own = server.anonymous().from_address("198.51.100.1");
    sign_in(&own, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_login_that_does_not_exist_is_slowed_down_alike() {
    let server = Server::start().await;
    assert_eq!(guess(&server.anonymous()).await, (6, 1));
}

#[tokio::test]
async fn who_manages_users_sees_the_counter_and_can_clear_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let body = json!({ "user": "ana@acme.test", "password": "wrong" });
    let stranger = server.anonymous().from_address("192.0.2.9");
    for _ in 0..7 {
        stranger.post("/api/v1/login", body.clone()).await;
    }
    let path = "/api/skep/v1/user/ana@acme.test/lockout";
    team.analyst
        .get(path)
        .await
        .expect_error(403, "AuthorizationError");
    let state = team.org_admin.get(path).await.expect(200);
    assert_eq!(state["failures"], 6);
    assert_eq!(state["lastFailureAt"], server.clock.now_ms());
    team.org_admin.delete(path).await.expect(204);
    let state = team.org_admin.get(path).await.expect(200);
    assert_eq!(state, json!({ "failures": 0 }));
    stranger.post("/api/v1/login", body).await.expect(401);
}

#[tokio::test]
async fn a_new_password_clears_the_counter() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    let client = server.anonymous();
    guess(&client).await;
    server
        .admin()
        .post(
            "/api/v1/user/ana@x.test/password/set",
            json!({ "password": "Analyst-2026" }),
        )
        .await
        .expect(204);
    sign_in(&client, "Analyst-2026").await.expect(200);
}

#[tokio::test]
async fn guessing_the_present_password_is_slowed_down_too() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = "/api/v1/user/ana@acme.test/password/change";
    let guess = json!({ "currentPassword": "wrong", "password": "Analyst-2026" });
    for _ in 0..6 {
        team.api_key
            .post(path, guess.clone())
            .await
            .expect_error(403, "AuthorizationError");
    }
    let session = server.session_of("ana@acme.test").await;
    for _ in 0..6 {
        session
            .post(path, guess.clone())
            .await
            .expect_error(401, "AuthenticationError");
    }
    session
        .post(path, guess)
        .await
        .expect_error(429, "TooManyRequests");
}
