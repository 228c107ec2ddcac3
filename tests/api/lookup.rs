//! The jumps of the command palette.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn look_up(client: &Client<'_>, typed: &str) -> Vec<(String, String)> {
    let found = client
        .get(&format!("/api/skep/v1/lookup?q={typed}"))
        .await
        .expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    found
        .as_array()
        .unwrap()
        .iter()
        .map(|jump| (text(&jump["kind"]), text(&jump["title"])))
        .collect()
}

#[tokio::test]
async fn what_is_typed_finds_cases_tasks_and_people_that_the_caller_sees() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = json!({ "title": "Phishing mail", "description": "d", "tasks": [{ "title": "Review the mail" }] });
    team.analyst.post("/api/v1/case", case).await.expect(201);
    let other = json!({ "title": "Phishing elsewhere", "description": "d" });
    team.other_organisation
        .post("/api/v1/case", other)
        .await
        .expect(201);
    let pair = |kind: &str, title: &str| (kind.to_owned(), title.to_owned());
    for typed in ["1", "%231", "phishing", "PHISH"] {
        assert_eq!(
            look_up(&team.analyst, typed).await,
            [pair("case", "Phishing mail")],
            "{typed}"
        );
    }
    let both = [
        pair("case", "Phishing mail"),
        pair("task", "Review the mail"),
    ];
    assert_eq!(look_up(&team.analyst, "mail").await, both);
    assert_eq!(look_up(&team.analyst, "ana@").await, [pair("user", "ana")]);
    assert_eq!(
        look_up(&team.analyst, "2").await,
        [],
        "another organisation's case is not there"
    );
    assert_eq!(look_up(&team.analyst, "olga").await, []);
    assert_eq!(look_up(&team.analyst, "%20").await, []);
    assert_eq!(look_up(&team.analyst, "%25_%27%22*").await, []);
    assert_eq!(look_up(&server.admin(), "acme").await[0].0, "organisation");
}
