//! What stands behind the parameters of every endpoint, and a body that each takes.

use serde_json::{Value, json};
use skep::access::endpoint::CatalogueEntry;

use super::actors::Team;

/// Entities of the organisation `acme`, to be asked for by others.
pub struct Targets {
    pub case: String,
    pub task: String,
    pub log: String,
    pub comment: String,
    pub user: String,
    pub session: String,
    pub stream: String,
}

impl Targets {
    pub async fn create(team: &Team<'_>) -> Self {
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
    pub fn path(&self, entry: &CatalogueEntry) -> String {
        path_with(entry, |name| self.value(name, &entry.path).to_owned())
    }

    /// What stands for a parameter of a path.
    pub fn value(&self, name: &str, path: &str) -> &str {
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
pub fn sample(handler: &str) -> Value {
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

/// The entry's path with its parameters replaced.
pub fn path_with(entry: &CatalogueEntry, mut value: impl FnMut(&str) -> String) -> String {
    let mut path = String::new();
    let mut rest = entry.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        path.push_str(before);
        path.push_str(&value(name));
        rest = after;
    }
    path + rest
}
