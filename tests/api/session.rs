//! Sessions: how long they last, who sees them, and that they end at once.

use serde_json::{Value, json};

use crate::harness::{Client, PASSWORD, Server};

const CURRENT: &str = "/api/v1/user/current";
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn of(login: &str) -> String {
    format!("/api/skep/v1/user/{login}/session")
}

async fn sessions(client: &Client<'_>, login: &str) -> Vec<Value> {
    let list = client.get(&of(login)).await.expect(200);
    list.as_array().unwrap().clone()
}

#[tokio::test]
async fn an_unused_session_ends_after_an_hour() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    let session = server.session_of("ana@x.test").await;
    let told = session.get("/api/skep/v1/session").await.expect(200);
    assert_eq!(told["expiresAt"], server.clock.now_ms() + HOUR_MS);
    server.clock.advance_ms(HOUR_MS - 1);
    session.get(CURRENT).await.expect(200);
    server.clock.advance_ms(HOUR_MS);
    session
        .get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
}

#[tokio::test]
async fn a_used_session_ends_after_a_day() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    let session = server.session_of("ana@x.test").await;
    for _ in 0..47 {
        server.clock.advance_ms(HOUR_MS / 2);
        session.get(CURRENT).await.expect(200);
    }
    server.clock.advance_ms(HOUR_MS / 2 - 1);
    session.get(CURRENT).await.expect(200);
    server.clock.advance_ms(1);
    session
        .get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
}

#[tokio::test]
async fn waiting_for_events_keeps_no_session_alive_but_does_not_hide_its_use_either() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    let (left, used) = (
        server.session_of("ana@x.test").await,
        server.session_of("ana@x.test").await,
    );
    // Both wait for a stream once a minute, so that their sessions are remembered; one also does something.
    for _ in 0..70 {
        server.clock.advance_ms(MINUTE_MS);
        left.get("/api/v1/stream/nonsense").await;
        used.get("/api/v1/stream/nonsense").await.expect(404);
        used.get(CURRENT).await.expect(200);
    }
    left.get(CURRENT).await.expect(401);
    used.get(CURRENT).await.expect(200);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    for (is_get, path) in [
        (true, "/api/v1/logout"),
        (false, "/api/v1/logout"),
        (true, "/api/logout"),
        (false, "/api/logout"),
    ] {
        let session = server.session_of("ana@x.test").await;
        session.get(CURRENT).await.expect(200);
        let answer = if is_get {
            session.get(path).await
        } else {
            session.post_nothing(path).await
        };
        answer.expect(200);
        assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
        session.get(CURRENT).await.expect(401);
    }
    let nobody = server.anonymous();
    nobody.get("/api/v1/logout").await.expect(200);
}

#[tokio::test]
async fn sessions_are_listed_and_a_revoked_one_ends_at_once() {
    let server = Server::start().await;
    server.team().await;
    let here = server
        .session_of("ana@acme.test")
        .await
        .header("user-agent", "Firefox");
    server.clock.advance_ms(MINUTE_MS);
    let lost = server.session_of("ana@acme.test").await;
    server.clock.advance_ms(MINUTE_MS);
    here.get(CURRENT).await.expect(200);
    lost.get(CURRENT).await.expect(200);
    let listed = sessions(&here, "ana@acme.test").await;
    assert_eq!(listed.len(), 2);
    for session in &listed {
        assert_eq!(session["address"], "127.0.0.1");
        assert!(session.get("token").is_none() && session.get("tokenHash").is_none());
    }
    let other = listed.iter().find(|one| one["current"] == false).unwrap();
    let path = format!("{}/{}", of("ana@acme.test"), other["id"].as_str().unwrap());
    here.delete(&path).await.expect(204);
    lost.get(CURRENT).await.expect(401);
    here.get(CURRENT).await.expect(200);
    here.delete(&path).await.expect_error(404, "NotFoundError");
    assert_eq!(sessions(&here, "ana@acme.test").await.len(), 1);
}

#[tokio::test]
async fn all_other_sessions_end_together() {
    let server = Server::start().await;
    server.team().await;
    let here = server.session_of("ana@acme.test").await;
    let there = server.session_of("ana@acme.test").await;
    let of_another = server.session_of("reader@acme.test").await;
    there.get(CURRENT).await.expect(200);
    here.delete(&of("ana@acme.test")).await.expect(204);
    there.get(CURRENT).await.expect(401);
    here.get(CURRENT).await.expect(200);
    of_another.get(CURRENT).await.expect(200);
}

#[tokio::test]
async fn sessions_of_others_are_for_those_who_manage_users() {
    let server = Server::start().await;
    let team = server.team().await;
    let session = server.session_of("ana@acme.test").await;
    let path = of("ana@acme.test");
    team.read_only
        .get(&path)
        .await
        .expect_error(403, "AuthorizationError");
    team.read_only.delete(&path).await.expect(403);
    team.other_organisation
        .get(&path)
        .await
        .expect_error(404, "NotFoundError");
    let listed = sessions(&team.org_admin, "ana@acme.test").await;
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(listed[0]["current"], false);
    // A session is ended through its own user only.
    let foreign = format!("{}/{id}", of("reader@acme.test"));
    team.org_admin.delete(&foreign).await.expect(404);
    session.get(CURRENT).await.expect(200);
    team.org_admin.delete(&path).await.expect(204);
    session.get(CURRENT).await.expect(401);
}

#[tokio::test]
async fn a_lock_ends_everything_at_once_and_unlocking_brings_no_session_back() {
    let server = Server::start().await;
    let team = server.team().await;
    let session = server.session_of("robot@acme.test").await;
    let basic = server.anonymous().basic("robot@acme.test", PASSWORD);
    let ways = [&session, &basic, &team.api_key];
    for way in ways {
        way.get(CURRENT).await.expect(200);
    }
    let lock = async |locked: bool| {
        let body = json!({ "locked": locked });
        let path = "/api/v1/user/robot@acme.test";
        team.org_admin.patch(path, body).await.expect(204);
    };
    lock(true).await;
    session.get(CURRENT).await.expect(401);
    for way in [&basic, &team.api_key] {
        way.get(CURRENT)
            .await
            .expect_error(403, "AuthorizationError");
    }
    let sign_in = async |password: &str| {
        let body = json!({ "user": "robot@acme.test", "password": password });
        server.anonymous().post("/api/v1/login", body).await
    };
    sign_in(PASSWORD)
        .await
        .expect_error(403, "AuthorizationError");
    sign_in("wrong")
        .await
        .expect_error(401, "AuthenticationError");
    lock(false).await;
    session.get(CURRENT).await.expect(401);
    for way in [&basic, &team.api_key] {
        way.get(CURRENT).await.expect(200);
    }
}

#[tokio::test]
async fn rights_that_are_given_and_taken_count_from_the_next_request_on() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let session = server.session_of("ana@acme.test").await;
    let create_case = async || {
        session
            .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
            .await
            .status
            .as_u16()
    };
    assert_eq!(create_case().await, 201);
    let profile = async |name: &str| {
        team.org_admin
            .patch("/api/v1/user/ana@acme.test", json!({ "profile": name }))
            .await
            .expect(204);
    };
    profile("read-only").await;
    assert_eq!(create_case().await, 403);
    profile("analyst").await;
    assert_eq!(create_case().await, 201);
    admin
        .patch(
            "/api/v1/profile/analyst",
            json!({ "permissions": ["manageTask"] }),
        )
        .await
        .expect(204);
    assert_eq!(create_case().await, 403);
    admin
        .patch("/api/v1/organisation/acme", json!({ "locked": true }))
        .await
        .expect(204);
    session.get(CURRENT).await.expect(403);
    admin
        .patch("/api/v1/organisation/acme", json!({ "locked": false }))
        .await
        .expect(204);
    session.get(CURRENT).await.expect(200);
    admin
        .delete("/api/v1/user/ana@acme.test/force")
        .await
        .expect(204);
    session.get(CURRENT).await.expect(401);
}

#[tokio::test]
async fn with_one_session_too_many_the_least_used_one_ends() {
    let server =
        Server::start_with(|config| config.login.sessions_of_user_max = 3.try_into().unwrap())
            .await;
    server.team().await;
    let of_another = server.session_of("reader@acme.test").await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(server.session_of("ana@acme.test").await);
        server.clock.advance_ms(2 * MINUTE_MS);
    }
    // The first one is used; now the second is the one that was not used for the longest time.
    held[0].get(CURRENT).await.expect(200);
    server.clock.advance_ms(2 * MINUTE_MS);
    let fourth = server.session_of("ana@acme.test").await;
    held[1].get(CURRENT).await.expect(401);
    for open in [&held[0], &held[2], &fourth, &of_another] {
        open.get(CURRENT).await.expect(200);
    }
    assert_eq!(sessions(&fourth, "ana@acme.test").await.len(), 3);
}
