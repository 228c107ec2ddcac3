//! Passwords and API keys of users: who may set them, and that old ones count no longer from the next request on.

use serde_json::json;

use crate::harness::{ADMIN_LOGIN, ADMIN_PASSWORD, Client, PASSWORD, Server};

const CURRENT: &str = "/api/v1/user/current";
const ANALYST: &str = "/api/v1/user/ana@acme.test";
const NEW: &str = " Analyst-2026 ";

fn basic<'a>(server: &'a Server, password: &str) -> Client<'a> {
    server.anonymous().basic("ana@acme.test", password)
}

#[tokio::test]
async fn a_change_needs_the_present_password_and_ends_what_the_old_one_opened() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = format!("{ANALYST}/password/change");
    let here = server.session_of("ana@acme.test").await;
    let there = server.session_of("ana@acme.test").await;
    let old = basic(&server, PASSWORD);
    for client in [&here, &there, &old] {
        client.get(CURRENT).await.expect(200);
    }
    let wrong = json!({ "currentPassword": "wrong", "password": NEW });
    here.post(&path, wrong)
        .await
        .expect_error(401, "AuthenticationError");
    let change = json!({ "currentPassword": PASSWORD, "password": NEW });
    team.org_admin
        .post(&path, change.clone())
        .await
        .expect_error(403, "AuthorizationError");
    here.post(&path, change).await.expect(204);
    here.get(CURRENT).await.expect(200);
    there
        .get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
    old.get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
    // Not a space is taken away.
    basic(&server, NEW.trim()).get(CURRENT).await.expect(401);
    basic(&server, NEW).get(CURRENT).await.expect(200);
}

#[tokio::test]
async fn a_password_that_is_set_by_another_ends_all_sessions() {
    let server = Server::start().await;
    let team = server.team().await;
    let session = server.session_of("ana@acme.test").await;
    let old = basic(&server, PASSWORD);
    old.get(CURRENT).await.expect(200);
    let path = format!("{ANALYST}/password/set");
    let body = json!({ "password": NEW });
    for client in [&team.analyst, &team.read_only] {
        client
            .post(&path, body.clone())
            .await
            .expect_error(403, "AuthorizationError");
    }
    team.org_admin.post(&path, body).await.expect(204);
    session.get(CURRENT).await.expect(401);
    old.get(CURRENT).await.expect(401);
    basic(&server, NEW).get(CURRENT).await.expect(200);
    let user = team.org_admin.get(ANALYST).await.expect(200);
    assert_eq!(user["hasPassword"], true);
}

#[tokio::test]
async fn who_sets_his_own_password_stays_signed_in_where_he_is() {
    let server = Server::start().await;
    server.team().await;
    let here = server.session_of("boss@acme.test").await;
    let there = server.session_of("boss@acme.test").await;
    there.get(CURRENT).await.expect(200);
    let body = json!({ "password": NEW });
    here.post("/api/v1/user/boss@acme.test/password/set", body)
        .await
        .expect(204);
    here.get(CURRENT).await.expect(200);
    there.get(CURRENT).await.expect(401);
}

#[tokio::test]
async fn the_password_that_everybody_knows_is_not_taken_again() {
    let server = Server::start().await;
    let own = format!("/api/v1/user/{ADMIN_LOGIN}/password");
    let set = json!({ "password": ADMIN_PASSWORD });
    let change = json!({ "currentPassword": ADMIN_PASSWORD, "password": ADMIN_PASSWORD });
    for (path, body) in [("set", set), ("change", change)] {
        let refused = server
            .admin()
            .post(&format!("{own}/{path}"), body)
            .await
            .expect(400);
        assert_eq!(refused["errors"][0]["name"], "password");
    }
}

#[tokio::test]
async fn who_manages_one_organisation_gets_no_hold_of_people_who_work_elsewhere_too() {
    let server = Server::start().await;
    let team = server.team().await;
    // As in every installation: the administrator of the platform also works in an organisation.
    let join =
        json!({ "login": ADMIN_LOGIN, "name": "x", "profile": "analyst", "organisation": "acme" });
    team.org_admin.post("/api/v1/user", join).await.expect(201);
    let path = format!("/api/v1/user/{ADMIN_LOGIN}");
    let boss = &team.org_admin;
    let set = json!({ "password": NEW });
    let refusals = [
        boss.post(&format!("{path}/password/set"), set).await,
        boss.post_nothing(&format!("{path}/key/renew")).await,
        boss.get(&format!("{path}/key")).await,
        boss.delete(&format!("{path}/key")).await,
        boss.post(
            &format!("{path}/login/set"),
            json!({ "login": "mine@acme.test" }),
        )
        .await,
        boss.post_nothing(&format!("/api/v1/auth/totp/unset/{ADMIN_LOGIN}"))
            .await,
        boss.patch(&path, json!({ "locked": true })).await,
        boss.patch(&path, json!({ "email": "mine@acme.test" }))
            .await,
        boss.delete(&path).await,
        boss.get(&format!("/api/skep/v1/user/{ADMIN_LOGIN}/session"))
            .await,
        boss.delete(&format!("/api/skep/v1/user/{ADMIN_LOGIN}/session"))
            .await,
    ];
    for refused in refusals {
        refused.expect_error(403, "AuthorizationError");
    }
    // His place in the organisation is theirs to give and to take.
    boss.patch(&path, json!({ "profile": "read-only" }))
        .await
        .expect(204);
    boss.delete(&format!("{path}/force")).await.expect(204);
    server.admin().get(CURRENT).await.expect(200);
}

#[tokio::test]
async fn a_key_is_shown_again_renewed_and_taken_away() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = format!("{ANALYST}/key");
    team.analyst
        .get(&path)
        .await
        .expect_error(404, "NotFoundError");
    let renew = async |client: &Client<'_>| {
        let answer = client.post_nothing(&format!("{path}/renew")).await;
        answer.expect(200);
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("text/plain")
        );
        answer.text()
    };
    let first = renew(&team.analyst).await;
    assert!(first.len() >= 32 && first.trim() == first);
    for reader in [&team.analyst, &team.org_admin] {
        let answer = reader.get(&path).await;
        answer.expect(200);
        assert_eq!(answer.text(), first);
    }
    let by_first = server.anonymous().bearer(&first);
    let user = by_first.get(CURRENT).await.expect(200);
    assert_eq!(
        (&user["login"], &user["hasKey"]),
        (&json!("ana@acme.test"), &json!(true))
    );
    let second = renew(&team.org_admin).await;
    by_first
        .get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
    let by_second = server.anonymous().bearer(&second);
    by_second.get(CURRENT).await.expect(200);
    for client in [&team.read_only, &team.api_key] {
        client.get(&path).await.expect(403);
        client
            .post_nothing(&format!("{path}/renew"))
            .await
            .expect(403);
        client.delete(&path).await.expect(403);
    }
    team.other_organisation.get(&path).await.expect(404);
    team.analyst.delete(&path).await.expect(204);
    team.analyst.delete(&path).await.expect(204);
    by_second.get(CURRENT).await.expect(401);
    team.analyst.get(&path).await.expect(404);
}

#[tokio::test]
async fn a_program_has_a_key_and_no_password() {
    let server = Server::start().await;
    let team = server.team().await;
    let mut input = json!({ "login": "bot@acme.test", "name": "Bot", "profile": "analyst", "type": "Service",
        "password": NEW });
    let refused = team
        .org_admin
        .post("/api/v1/user", input.clone())
        .await
        .expect(400);
    assert_eq!(refused["errors"][0]["name"], "password");
    input.as_object_mut().unwrap().remove("password");
    team.org_admin.post("/api/v1/user", input).await.expect(201);
    let path = "/api/v1/user/bot@acme.test";
    let set = json!({ "password": NEW });
    team.org_admin
        .post(&format!("{path}/password/set"), set)
        .await
        .expect_error(400, "AttributeCheckingError");
    let key = team
        .org_admin
        .post_nothing(&format!("{path}/key/renew"))
        .await
        .text();
    let bot = server.anonymous().bearer(&key);
    assert_eq!(bot.get(CURRENT).await.expect(200)["type"], "Service");
    // A person who becomes a program: the password and what it opened count no longer.
    let session = server.session_of("ana@acme.test").await;
    team.org_admin
        .patch(ANALYST, json!({ "type": "Service" }))
        .await
        .expect(204);
    session.get(CURRENT).await.expect(401);
    basic(&server, PASSWORD).get(CURRENT).await.expect(401);
}
