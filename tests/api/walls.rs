//! The walls, walked along: every endpoint without a caller, with too little right, and from another organisation.
//!
//! The list of endpoints is the catalogue that registration fills, so a new endpoint is walked too: it fails here
//! until it has a sample body.

use std::fmt::Write as _;

use http::Method;
use serde_json::{Value, json};
use skep::access::endpoint::CatalogueEntry;
use skep::access::permission::Need;
use skep::access::{Permission, PermissionSet};
use skep::server::router::endpoints;

use crate::harness::{Client, Server, Team};

/// Entities of the organisation `acme`, to be asked for by others.
struct Targets {
    case: String,
    task: String,
    log: String,
    comment: String,
    user: String,
    session: String,
    stream: String,
}

impl Targets {
    async fn create(team: &Team<'_>) -> Self {
        let analyst = &team.analyst;
        let case = analyst
            .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
            .await
            .id();
        let task = analyst
            .post(
                &format!("/api/v1/case/{case}/task"),
                json!({ "title": "t" }),
            )
            .await
            .id();
        let log = analyst
            .post(
                &format!("/api/v1/task/{task}/log"),
                json!({ "message": "m" }),
            )
            .await
            .id();
        let comment = json!({ "message": "m" });
        let comment = analyst
            .post(&format!("/api/v1/case/{case}/comment"), comment)
            .await
            .id();
        let stream = analyst.post_nothing("/api/v1/stream").await.text();
        Self {
            case,
            task,
            log,
            comment,
            user: "ana@acme.test".into(),
            session: "~1".into(),
            stream,
        }
    }

    /// The entry's path with the entities of `acme` in it.
    fn path(&self, entry: &CatalogueEntry) -> String {
        let mut path = String::new();
        let mut rest = entry.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            path.push_str(before);
            path.push_str(self.value(name, &entry.path));
            rest = after;
        }
        path + rest
    }

    fn value(&self, name: &str, path: &str) -> &str {
        match name {
            "idOrName" | "caseId" => &self.case,
            "id" if path.contains("/bin/") => &self.case,
            "taskId" => &self.task,
            "logId" => &self.log,
            "commentId" => &self.comment,
            "userId" | "user" | "id" | "idOrLogin" => &self.user,
            "sessionId" => &self.session,
            "orgId" | "otherOrgId" => "acme",
            "profileId" => "analyst",
            "streamId" => &self.stream,
            "path" => "ui.theme",
            "model" => "case",
            "fileHash" | "file" | "hash" => "0000",
            _ => panic!("{path}: say in this test what {{{name}}} stands for"),
        }
    }
}

/// A body that the endpoint would take.
fn sample(handler: &str) -> Value {
    match handler {
        "create_case" => json!({ "title": "t", "description": "d" }),
        "update_cases" => json!({ "ids": ["1"], "flag": true }),
        "create_task" => json!({ "title": "t" }),
        "update_tasks" => json!({ "ids": [], "flag": true }),
        "create_log" | "create_comment" | "update_comment" => json!({ "message": "m" }),
        "create_organisation" => json!({ "name": "n", "description": "d" }),
        "create_profile" => json!({ "name": "n" }),
        "set_setting" => json!({ "value": 1 }),
        "query" => json!({ "query": [{ "_name": "listCase" }] }),
        "set_user_organisations" | "set_organisations" => {
            json!({ "organisations": [{ "organisation": "other", "profile": "analyst" }] })
        }
        "create_user" => json!({ "login": "n@x.y", "name": "n", "profile": "analyst" }),
        "set_login" | "set_user_login" => json!({ "login": "n@x.y" }),
        "set_password" | "set_user_password" => json!({ "password": "correct horse" }),
        "change_password" | "change_user_password" => {
            json!({ "password": "correct horse", "currentPassword": "battery staple" })
        }
        "set_totp" => json!({ "code": 123_456, "secret": "JBSWY3DPEHPK3PXP" }),
        "login" => json!({ "user": "n@x.y", "password": "wrong" }),
        "render_markdown" => json!({ "texts": ["a"] }),
        _ => json!({}),
    }
}

async fn ask(client: &Client<'_>, entry: &CatalogueEntry, path: &str) -> u16 {
    let method = Method::from_bytes(entry.method.as_bytes()).unwrap();
    let has_body = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    let body = has_body.then(|| sample(entry.handler));
    client.send(method, path, body).await.status.as_u16()
}

#[tokio::test]
async fn no_endpoint_answers_a_stranger() {
    let server = Server::start().await;
    let targets = Targets::create(&server.team().await).await;
    for entry in endpoints().catalogue {
        if entry.need == Need::Nothing {
            continue;
        }
        let path = targets.path(&entry);
        let status = ask(&server.anonymous(), &entry, &path).await;
        assert_eq!(status, 401, "{} {path}", entry.method);
        let wrong = server.anonymous().bearer("not-a-key-that-anybody-has-0000");
        assert_eq!(
            ask(&wrong.from_address("192.0.2.1"), &entry, &path).await,
            401,
            "{} {path}",
            entry.method
        );
    }
}

#[tokio::test]
async fn no_endpoint_gives_more_than_the_profile() {
    let server = Server::start().await;
    let team = server.team().await;
    let targets = Targets::create(&team).await;
    for entry in endpoints().catalogue {
        if entry.need.is_met_by(PermissionSet::EMPTY) {
            continue;
        }
        let path = targets.path(&entry);
        assert_eq!(
            ask(&team.read_only, &entry, &path).await,
            403,
            "{} {path}",
            entry.method
        );
    }
}

#[tokio::test]
async fn no_endpoint_shows_what_another_organisation_has() {
    let server = Server::start().await;
    let team = server.team().await;
    let targets = Targets::create(&team).await;
    let before = everything(&team.analyst).await;
    let stranger = server.person("omar@other.test", "other", "org-admin").await;
    // What belongs to nobody, and what a caller asks of himself.
    let shared = ["profileId", "{path}", "{model}"];
    for entry in endpoints().catalogue {
        let asks_for_an_entity =
            entry.path.contains('{') && !shared.iter().any(|name| entry.path.contains(name));
        if entry.need == Need::Nothing || !asks_for_an_entity {
            continue;
        }
        let path = targets.path(&entry);
        let status = ask(&stranger, &entry, &path).await;
        let has_right = entry.need.is_met_by(org_admin());
        assert_eq!(
            status,
            if has_right { 404 } else { 403 },
            "{} {path}",
            entry.method
        );
    }
    assert_eq!(
        everything(&team.analyst).await,
        before,
        "and nothing was changed"
    );
}

/// What the members of `acme` see.
async fn everything(member: &Client<'_>) -> Vec<Value> {
    let mut seen = Vec::new();
    for list in [
        "listCase",
        "listTask",
        "listLog",
        "listComment",
        "listAudit",
        "listOrganisation",
    ] {
        seen.push(member.query(json!([{ "_name": list }])).await.expect(200));
    }
    seen
}

fn org_admin() -> PermissionSet {
    use skep::access::permission::PermissionScope::Admin;
    Permission::ALL
        .iter()
        .copied()
        .filter(|permission| permission.scope() != Admin)
        .collect()
}

#[tokio::test]
async fn the_policy_table_is_the_reviewed_one() {
    let server = Server::start().await;
    let admin = server.admin();
    let names = [
        "admin",
        "org-admin",
        "analyst",
        "read-only",
        "external-actor",
        "external-reader",
    ];
    let mut profiles = Vec::new();
    for name in names {
        let profile = admin
            .get(&format!("/api/v1/profile/{name}"))
            .await
            .expect(200);
        let permissions = profile["permissions"].as_array().unwrap().iter();
        let permissions =
            permissions.map(|name| Permission::by_name(name.as_str().unwrap()).unwrap());
        profiles.push((name, permissions.collect::<PermissionSet>()));
    }
    let mut entries = endpoints().catalogue;
    entries.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    let mut table =
        String::from("# Which profile may call which endpoint. UPDATE_EXPECT=1 writes it anew.\n");
    for entry in entries {
        let may: Vec<&str> = profiles
            .iter()
            .filter(|(_, permissions)| entry.need.is_met_by(*permissions))
            .map(|(name, _)| *name)
            .collect();
        let who = match entry.need {
            Need::Nothing => "anybody".to_owned(),
            Need::Membership => "everybody who is signed in".to_owned(),
            _ => may.join(", "),
        };
        writeln!(
            table,
            "{} {}  [{}]  {who}",
            entry.method, entry.path, entry.need
        )
        .unwrap();
    }
    crate::harness::expect_file("tests/expected/policy.txt", &table);
}
