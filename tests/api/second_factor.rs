//! One-time codes.

use serde_json::{Value, json};
use skep::login::totp;

use crate::harness::{Answer, Client, PASSWORD, Server};

const CURRENT: &str = "/api/v1/user/current";
const STEP_MS: i64 = 30_000;

/// A person with an authenticator app.
struct App<'a> {
    server: &'a Server,
    secret: Vec<u8>,
}

impl<'a> App<'a> {
    /// Turns the second factor on for `ana@acme.test`.
    async fn of_analyst(server: &'a Server) -> Self {
        let client = server.anonymous().basic("ana@acme.test", PASSWORD);
        let offered = client.get("/api/v1/auth/totp/get").await.expect(200);
        let secret = offered["secret"].as_str().unwrap();
        let uri = offered["uri"].as_str().unwrap();
        assert!(
            uri.starts_with("otpauth://totp/") && uri.contains(secret),
            "{uri}"
        );
        let app = Self {
            server,
            secret: totp::from_base32(secret).unwrap(),
        };
        let code: i32 = app.code().parse().unwrap();
        client
            .post(
                "/api/v1/auth/totp/set",
                json!({ "code": code, "secret": secret }),
            )
            .await
            .expect(204);
        app
    }

    fn code(&self) -> String {
        totp::code_at(&self.secret, self.server.clock.now_ms()).unwrap()
    }

    /// Waits for a code that was not used yet.
    fn next_code(&self) -> String {
        self.server.clock.advance_ms(STEP_MS);
        self.code()
    }

    async fn sign_in(&self, code: Value) -> Answer {
        let body = json!({ "user": "ana@acme.test", "password": PASSWORD, "code": code });
        self.server.anonymous().post("/api/v1/login", body).await
    }

    fn basic(&self, code: &str) -> Client<'a> {
        self.server
            .anonymous()
            .basic("ana@acme.test", &format!("{PASSWORD}:{code}"))
    }
}

#[tokio::test]
async fn a_code_is_asked_for_and_counts_once() {
    let server = Server::start().await;
    let team = server.team().await;
    let app = App::of_analyst(&server).await;
    let user = team
        .org_admin
        .get("/api/v1/user/ana@acme.test")
        .await
        .expect(200);
    assert_eq!(user["hasMFA"], true);
    for none in [json!(null), json!("")] {
        app.sign_in(none)
            .await
            .expect_error(402, "MultiFactorCodeRequired");
    }
    // The code that proved the secret is used up.
    app.sign_in(json!(app.code())).await.expect(401);
    let code = app.next_code();
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    app.sign_in(json!(wrong))
        .await
        .expect_error(401, "AuthenticationError");
    app.sign_in(json!(code)).await.expect(200);
    app.sign_in(json!(code))
        .await
        .expect_error(401, "AuthenticationError");
    let wrong_password = json!({ "user": "ana@acme.test", "password": "wrong" });
    server
        .anonymous()
        .post("/api/v1/login", wrong_password)
        .await
        .expect_error(401, "AuthenticationError");
}

#[tokio::test]
async fn the_same_code_at_the_same_time_opens_one_session() {
    let server = Server::start().await;
    server.team().await;
    let app = App::of_analyst(&server).await;
    let code = app.next_code();
    let attempts = (0..4).map(|_| app.sign_in(json!(code)));
    let answers = futures_util::future::join_all(attempts).await;
    let opened = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(opened.count(), 1);
}

#[tokio::test]
async fn basic_credentials_carry_the_code_and_are_remembered_for_a_minute() {
    let server = Server::start().await;
    server.team().await;
    let app = App::of_analyst(&server).await;
    server
        .anonymous()
        .basic("ana@acme.test", PASSWORD)
        .get(CURRENT)
        .await
        .expect_error(401, "AuthenticationError");
    let code = app.next_code();
    app.basic("000000").get(CURRENT).await.expect(401);
    let client = app.basic(&code);
    client.get(CURRENT).await.expect(200);
    server.clock.advance_ms(STEP_MS);
    client.get(CURRENT).await.expect(200);
    server.clock.advance_ms(STEP_MS);
    client.get(CURRENT).await.expect(401);
}

#[tokio::test]
async fn a_program_that_sends_a_new_code_each_minute_is_not_taken_for_a_guesser() {
    let server = Server::start().await;
    server.team().await;
    let app = App::of_analyst(&server).await;
    for _ in 0..70 {
        server.clock.advance_ms(STEP_MS);
        let client = app.basic(&app.next_code()).from_address("192.0.2.1");
        client.get(CURRENT).await.expect(200);
    }
}

#[tokio::test]
async fn a_password_may_look_as_if_it_carried_a_code() {
    let server = Server::start().await;
    server.team().await;
    let password = "pass:word:123456";
    server
        .admin()
        .post(
            "/api/v1/user/ana@acme.test/password/set",
            json!({ "password": password }),
        )
        .await
        .expect(204);
    let client = server.anonymous().basic("ana@acme.test", password);
    client.get(CURRENT).await.expect(200);
}

#[tokio::test]
async fn a_secret_is_set_only_with_a_code_that_it_makes() {
    let server = Server::start().await;
    let team = server.team().await;
    let secret = totp::to_base32(&totp::generate());
    for body in [
        json!({ "code": 0, "secret": secret }),
        json!({ "code": -1, "secret": secret }),
        json!({ "code": 123_456, "secret": "no base32" }),
        json!({ "code": 123_456, "secret": "MFRGG" }),
    ] {
        team.analyst
            .post("/api/v1/auth/totp/set", body)
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    let user = team.analyst.get(CURRENT).await.expect(200);
    assert_eq!(user["hasMFA"], false);
}

#[tokio::test]
async fn turning_it_on_makes_the_password_alone_worthless_at_once() {
    let server = Server::start().await;
    let team = server.team().await;
    team.analyst.get(CURRENT).await.expect(200);
    App::of_analyst(&server).await;
    team.analyst.get(CURRENT).await.expect(401);
}

#[tokio::test]
async fn it_is_turned_off_by_its_user_or_by_who_manages_him() {
    let server = Server::start().await;
    let team = server.team().await;
    let unset_of_analyst = "/api/v1/auth/totp/unset/ana@acme.test";
    for by_manager in [false, true] {
        let app = App::of_analyst(&server).await;
        team.api_key
            .post_nothing(unset_of_analyst)
            .await
            .expect_error(403, "AuthorizationError");
        if by_manager {
            team.org_admin
                .post_nothing(unset_of_analyst)
                .await
                .expect(204);
        } else {
            let own = app.basic(&app.next_code());
            own.post_nothing("/api/v1/auth/totp/unset")
                .await
                .expect(204);
        }
        team.analyst.get(CURRENT).await.expect(200);
        server.clock.advance_ms(STEP_MS);
    }
    team.other_organisation
        .post_nothing(unset_of_analyst)
        .await
        .expect(403);
}
