//! Those who act in the tests: one for each kind of right.

use serde_json::json;

use super::client::Client;
use super::server::Server;

/// The account of a new installation.
pub const ADMIN_LOGIN: &str = "admin@thehive.local";
/// Its password, until somebody changes it.
pub const ADMIN_PASSWORD: &str = "secret";
/// The password of all the others.
pub const PASSWORD: &str = "correct horse battery";

impl Server {
    /// The administrator of the platform, in the organisation `admin`.
    pub fn admin(&self) -> Client<'_> {
        self.anonymous().basic(ADMIN_LOGIN, ADMIN_PASSWORD)
    }

    /// Makes two organisations with people in them, through the API.
    pub async fn team(&self) -> Team<'_> {
        let admin = self.admin();
        for name in ["acme", "other"] {
            admin
                .post(
                    "/api/v1/organisation",
                    json!({"name": name, "description": "of a test"}),
                )
                .await
                .expect(201);
        }
        Team {
            org_admin: self.person("boss@acme.test", "acme", "org-admin").await,
            analyst: self.person("ana@acme.test", "acme", "analyst").await,
            read_only: self.person("reader@acme.test", "acme", "read-only").await,
            other_organisation: self.person("olga@other.test", "other", "analyst").await,
            api_key: self.key_holder("robot@acme.test", "acme", "analyst").await,
        }
    }

    /// A new user with a password, who signs each request with it.
    pub async fn person(&self, login: &str, organisation: &str, profile: &str) -> Client<'_> {
        self.admin()
            .post(
                "/api/v1/user",
                json!({
                    "login": login, "name": login.split('@').next(), "password": PASSWORD,
                    "organisation": organisation, "profile": profile,
                }),
            )
            .await
            .expect(201);
        self.anonymous().basic(login, PASSWORD)
    }

    /// A new session of a person, held by its cookie.
    pub async fn session_of(&self, login: &str) -> Client<'_> {
        let answer = self
            .anonymous()
            .post(
                "/api/v1/login",
                json!({ "user": login, "password": PASSWORD }),
            )
            .await;
        answer.expect(200);
        self.anonymous().session(&answer.session_token().unwrap())
    }

    /// A new user who signs each request with an API key.
    pub async fn key_holder(&self, login: &str, organisation: &str, profile: &str) -> Client<'_> {
        self.person(login, organisation, profile).await;
        let answer = self
            .admin()
            .post_nothing(&format!("/api/v1/user/{login}/key/renew"))
            .await;
        answer.expect(200);
        self.anonymous().bearer(answer.text().trim())
    }
}

/// People of the organisation `acme`, and one of another.
pub struct Team<'a> {
    pub org_admin: Client<'a>,
    pub analyst: Client<'a>,
    pub read_only: Client<'a>,
    pub other_organisation: Client<'a>,
    pub api_key: Client<'a>,
}
