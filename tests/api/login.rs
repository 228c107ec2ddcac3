//! Signing in: by form, by HTTP basic, by API key; and for which organisation.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{ADMIN_LOGIN, ADMIN_PASSWORD, Client, PASSWORD, Server};

const LOGIN: &str = "/api/v1/login";
const CURRENT: &str = "/api/v1/user/current";

fn credentials(login: &str, password: &str) -> Value {
    json!({ "user": login, "password": password })
}

#[tokio::test]
async fn signing_in_gives_the_user_and_a_cookie_that_scripts_cannot_read() {
    let server = Server::start().await;
    for path in [LOGIN, "/api/login"] {
        let answer = server
            .anonymous()
            .post(path, credentials("ADMIN@thehive.local", ADMIN_PASSWORD))
            .await;
        let user = answer.expect(200);
        assert_eq!(user["login"], ADMIN_LOGIN);
        assert_eq!(user["organisation"], "admin");
        let cookie = answer.header("set-cookie").unwrap().to_owned();
        for part in ["Path=/", "HttpOnly", "SameSite=Strict"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Secure"), "{cookie}");
        let client = server.anonymous().session(&answer.session_token().unwrap());
        let session = client.get("/api/skep/v1/session").await.expect(200);
        assert_eq!(session["user"]["login"], ADMIN_LOGIN);
        assert_eq!(session["defaultPasswordInUse"], true);
        assert_eq!(session["organisation"]["name"], "admin");
        let places = json!([{ "organisationId": session["organisation"]["_id"], "organisation": "admin",
            "profile": "admin", "default": true, "locked": false }]);
        assert_eq!(session["organisations"], places);
    }
}

#[tokio::test]
async fn behind_tls_the_cookie_does_not_travel_without_it() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    let answer = server
        .anonymous()
        .header("x-forwarded-proto", "https")
        .post(LOGIN, credentials("ana@x.test", PASSWORD))
        .await;
    answer.expect(200);
    assert!(answer.header("set-cookie").unwrap().contains("Secure"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_look_the_same() {
    let server = Server::start().await;
    server.person("ana@x.test", "admin", "admin").await;
    let service =
        json!({ "login": "robot@x.test", "name": "r", "profile": "admin", "type": "Service" });
    server
        .admin()
        .post("/api/v1/user", service)
        .await
        .expect(201);
    let mut seen = Vec::new();
    for login in [
        "ana@x.test",
        "nobody@x.test",
        "robot@x.test",
        "system@thehive.local",
        "no address at all",
        "",
    ] {
        let by_form = server
            .anonymous()
            .post(LOGIN, credentials(login, "wrong"))
            .await;
        let by_basic = server.anonymous().basic(login, "wrong").get(CURRENT).await;
        for answer in [by_form, by_basic] {
            assert_eq!(answer.header("set-cookie"), None);
            let mut body = answer.expect(401);
            body.as_object_mut().unwrap().remove("requestId");
            seen.push(body);
        }
    }
    assert_eq!(seen[0]["type"], "AuthenticationError");
    assert!(seen.iter().all(|body| *body == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn a_form_of_a_foreign_page_cannot_sign_anybody_in() {
    let server = Server::start().await;
    let body = serde_json::to_vec(&credentials(ADMIN_LOGIN, ADMIN_PASSWORD)).unwrap();
    for kind in [None, Some("text/plain"), Some("multipart/form-data")] {
        let answer = server
            .anonymous()
            .send_bytes(Method::POST, LOGIN, kind, body.clone())
            .await;
        answer.expect_error(400, "BadRequest");
    }
}

#[tokio::test]
async fn what_is_no_credential_is_refused() {
    let server = Server::start().await;
    let anonymous = server.anonymous();
    for value in [
        "",
        "Basic",
        "Basic !!!",
        "Basic YQ==",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Digest x",
        "Basic \u{e9}",
    ] {
        let answer = anonymous
            .clone()
            .header("authorization", value)
            .get(CURRENT)
            .await;
        answer.expect_error(401, "AuthenticationError");
    }
    anonymous
        .clone()
        .session("nonsense")
        .get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
    anonymous
        .get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
    for body in [json!({}), json!({ "user": 3, "password": "x" }), json!([])] {
        anonymous.post(LOGIN, body).await.expect(400);
    }
}

#[tokio::test]
async fn the_default_password_counts_on_this_machine_only() {
    let server = Server::start().await;
    let here = server.anonymous();
    let elsewhere = here.clone().from_address("192.0.2.7");
    let forwarded: Vec<Client> = ["x-forwarded-for", "forwarded", "x-real-ip", "via"]
        .iter()
        .map(|name| here.clone().header(name, "192.0.2.7"))
        .collect();
    // Recognised on this machine, and remembered.
    here.clone()
        .basic(ADMIN_LOGIN, ADMIN_PASSWORD)
        .get(CURRENT)
        .await
        .expect(200);
    for client in forwarded.iter().chain([&elsewhere]) {
        let by_form = client
            .post(LOGIN, credentials(ADMIN_LOGIN, ADMIN_PASSWORD))
            .await;
        let by_basic = client
            .clone()
            .basic(ADMIN_LOGIN, ADMIN_PASSWORD)
            .get(CURRENT)
            .await;
        for answer in [by_form, by_basic] {
            assert_eq!(answer.header("set-cookie"), None);
            let message = answer.expect_error(403, "AuthorizationError");
            assert!(message.contains("default password"), "{message}");
        }
        // Who does not know it learns nothing.
        client
            .post(LOGIN, credentials(ADMIN_LOGIN, "wrong"))
            .await
            .expect_error(401, "AuthenticationError");
    }
    for address in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
        let client = here.clone().from_address(address);
        client
            .post(LOGIN, credentials(ADMIN_LOGIN, ADMIN_PASSWORD))
            .await
            .expect(200);
    }
    let change = json!({ "currentPassword": ADMIN_PASSWORD, "password": PASSWORD });
    server
        .admin()
        .post(
            &format!("/api/v1/user/{ADMIN_LOGIN}/password/change"),
            change,
        )
        .await
        .expect(204);
    elsewhere
        .post(LOGIN, credentials(ADMIN_LOGIN, PASSWORD))
        .await
        .expect(200);
    let session = here
        .basic(ADMIN_LOGIN, PASSWORD)
        .get("/api/skep/v1/session")
        .await
        .expect(200);
    assert_eq!(session["defaultPasswordInUse"], false);
}

#[tokio::test]
async fn the_request_names_its_organisation_or_gets_the_default_one() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let sécurité = admin
        .post(
            "/api/v1/organisation",
            json!({ "name": "Sécurité", "description": "d" }),
        )
        .await
        .id();
    let places = json!({ "organisations": [
        { "organisation": "acme", "profile": "analyst" },
        { "organisation": "other", "profile": "read-only", "default": true },
        { "organisation": sécurité, "profile": "org-admin" },
    ] });
    admin
        .put("/api/v1/user/ana@acme.test/organisations", places)
        .await
        .expect(200);
    let at = async |client: Client<'_>| {
        let answer = client.get(CURRENT).await;
        let user = answer.expect(200);
        (
            user["organisation"].as_str().unwrap().to_owned(),
            user["profile"].as_str().unwrap().to_owned(),
        )
    };
    let pair = |organisation: &str, profile: &str| (organisation.to_owned(), profile.to_owned());
    let analyst = || team.analyst.clone();
    assert_eq!(at(analyst()).await, pair("other", "read-only"));
    assert_eq!(
        at(analyst().in_organisation("acme")).await,
        pair("acme", "analyst")
    );
    for reference in [sécurité.as_str(), "S%C3%A9curit%C3%A9"] {
        assert_eq!(
            at(analyst().in_organisation(reference)).await,
            pair("Sécurité", "org-admin")
        );
    }
    for reference in ["admin", "nonsense", "~999999", "~2"] {
        analyst()
            .in_organisation(reference)
            .get(CURRENT)
            .await
            .expect_error(403, "AuthorizationError");
    }
    admin
        .patch("/api/v1/organisation/other", json!({ "locked": true }))
        .await
        .expect(204);
    analyst()
        .in_organisation("other")
        .get(CURRENT)
        .await
        .expect_error(403, "AuthorizationError");
    assert_eq!(at(analyst()).await, pair("acme", "analyst"));
}

#[tokio::test]
async fn the_organisation_chosen_at_sign_in_is_that_of_the_session() {
    let server = Server::start().await;
    server.team().await;
    let join = json!({ "login": "ana@acme.test", "name": "Ana", "profile": "read-only", "organisation": "other" });
    server.admin().post("/api/v1/user", join).await.expect(201);
    let sign_in = async |organisation: &str| {
        let mut body = credentials("ana@acme.test", PASSWORD);
        body["organisation"] = json!(organisation);
        server.anonymous().post(LOGIN, body).await
    };
    let answer = sign_in("other").await;
    assert_eq!(answer.expect(200)["organisation"], "other");
    let client = server.anonymous().session(&answer.session_token().unwrap());
    assert_eq!(
        client.get(CURRENT).await.expect(200)["organisation"],
        "other"
    );
    let elsewhere = client.clone().in_organisation("acme");
    assert_eq!(
        elsewhere.get(CURRENT).await.expect(200)["organisation"],
        "acme"
    );
    let refused = sign_in("admin").await;
    refused.expect_error(403, "AuthorizationError");
    assert_eq!(refused.session_token(), None);
}

#[tokio::test]
async fn the_current_user_comes_with_his_organisation_and_rights_in_the_headers() {
    let server = Server::start().await;
    let team = server.team().await;
    let answer = team.analyst.get(CURRENT).await;
    answer.expect(200);
    assert_eq!(answer.header("x-organisation"), Some("acme"));
    let permissions = answer.header("x-permissions").unwrap();
    assert!(permissions.split(',').any(|name| name == "manageTask"));
    let nobody = team.read_only.get(CURRENT).await;
    assert_eq!(nobody.header("x-permissions"), Some(""));
}

#[tokio::test]
async fn external_users_have_no_way_in() {
    let server = Server::start().await;
    server.team().await;
    let admin = server.admin();
    let input = json!({ "login": "client@x.test", "name": "Client", "type": "External",
        "organisation": "acme", "profile": "external-reader" });
    admin.post("/api/v1/user", input).await.expect(201);
    let key = admin
        .post_nothing("/api/v1/user/client@x.test/key/renew")
        .await;
    key.expect(200);
    server
        .anonymous()
        .bearer(&key.text())
        .get(CURRENT)
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn the_password_policy_is_public_and_empty() {
    let server = Server::start().await;
    let policy = server
        .anonymous()
        .get("/api/v1/auth/local/passwordPolicy")
        .await
        .expect(200);
    assert_eq!(policy, json!({}));
}

#[tokio::test]
async fn many_first_requests_at_the_same_time_all_pass() {
    let server = Server::start().await;
    let client = server.person("ana@x.test", "admin", "admin").await;
    let answers = futures_util::future::join_all((0..20).map(|_| client.get(CURRENT))).await;
    for answer in answers {
        answer.expect(200);
    }
}
