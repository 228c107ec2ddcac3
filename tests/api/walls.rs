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

use crate::harness::{Client, Server, Targets, sample};

async fn ask(client: &Client<'_>, entry: &CatalogueEntry, path: &str) -> u16 {
    let method = Method::from_bytes(entry.method.as_bytes()).unwrap();
    let sample = sample(entry.handler);
    // A few delete what their body names.
    let has_body =
        matches!(method, Method::POST | Method::PUT | Method::PATCH) || sample != json!({});
    let body = has_body.then_some(sample);
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
    let shared = [
        "profileId",
        "{path}",
        "{model}",
        "{patternId}",
        "{catalogId}",
        "/caseStatus/",
        "{customFieldId}",
        "{cfId}",
        "{taxonomyId}",
        "{typeId}",
        "{dataType}",
        "/connector/cortex/responders/",
        "/connector/cortex/analyzer/{analyzerId}",
        "/analyzer/template/",
    ];
    for entry in endpoints().catalogue {
        let asks_for_an_entity =
            entry.path.contains('{') && !shared.iter().any(|name| entry.path.contains(name));
        if entry.need == Need::Nothing || !asks_for_an_entity {
            continue;
        }
        let path = targets.path(&entry);
        let status = ask(&stranger, &entry, &path).await;
        if entry.handler == "list_case_shares" {
            // Clients ask it of anything: there is nothing to see in what isn't seen.
            assert_eq!(stranger.get(&path).await.expect(200), json!([]));
            continue;
        }
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

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn no_endpoint_changes_what_is_shared_for_reading() {
    let server = Server::start().await;
    let team = server.team().await;
    let targets = Targets::create(&team).await;
    let link = server
        .admin()
        .put("/api/v1/organisation/acme/link/other", json!({}))
        .await;
    link.expect(201);
    let path = format!("/api/v1/case/{}/shares", targets.case);
    let reading = json!({ "shares": [{ "organisation": "other", "profile": "read-only",
        "taskRule": "autoShare", "observableRule": "autoShare" }] });
    team.org_admin.post(&path, reading).await.expect(201);
    let guest = server.person("omar@other.test", "other", "org-admin").await;
    for path in [
        format!("/api/v1/case/{}", targets.case),
        format!("/api/v1/task/{}", targets.task),
        format!("/api/v1/observable/{}", targets.observable),
    ] {
        guest.get(&path).await.expect(200);
    }
    let before = everything(&team.analyst).await;
    let of_a_case = [
        "{caseId}",
        "{idOrName}",
        "{taskId}",
        "{logId}",
        "{observableId}",
        "{commentId}",
        "{procedureId}",
        "{eventId}",
        "{pageId}",
        "{shareId}",
        "{attachmentId}",
        "{ids}",
        "{jobId}",
    ];
    let mut asked: Vec<_> = endpoints()
        .catalogue
        .into_iter()
        .filter(|entry| entry.method != "GET")
        .filter(|entry| of_a_case.iter().any(|name| entry.path.contains(name)))
        .map(|entry| {
            (
                targets.path(&entry),
                sample(entry.handler),
                entry.method.clone(),
            )
        })
        .collect();
    assert!(asked.len() > 40, "only {}", asked.len());
    let ids = |id: &str, more: Value| {
        let mut body = json!({ "ids": [id] });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (method, path, body) in [
        (
            "PATCH",
            "/api/v1/case/_bulk",
            ids(&targets.case, json!({ "title": "x" })),
        ),
        (
            "PATCH",
            "/api/v1/task/_bulk",
            ids(&targets.task, json!({ "title": "x" })),
        ),
        (
            "PATCH",
            "/api/v1/observable/_bulk",
            ids(&targets.observable, json!({ "ioc": true })),
        ),
        (
            "POST",
            "/api/v1/procedure/delete/_bulk",
            ids(&targets.procedure, json!({})),
        ),
        (
            "DELETE",
            "/api/v1/case/shares",
            ids(&targets.share, json!({})),
        ),
    ] {
        asked.push((path.to_owned(), body, method.to_owned()));
    }
    let mut let_through = Vec::new();
    for (path, body, method) in asked {
        let sent = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = guest.send(sent, &path, Some(body)).await;
        if answer.status.as_u16() < 400 {
            let_through.push(format!("{method} {path}: {}", answer.status));
        }
    }
    assert!(let_through.is_empty(), "{}", let_through.join("\n"));
    assert_eq!(everything(&team.analyst).await, before);
}

/// What the members of `acme` see.
async fn everything(member: &Client<'_>) -> Vec<Value> {
    let mut seen = Vec::new();
    for list in [
        "listCase",
        "listTask",
        "listLog",
        "listComment",
        "listProcedure",
        "listCustomEvent",
        "listPage",
        "listPageTemplate",
        "listObservable",
        "listAlert",
        "listAudit",
        "listOrganisation",
        "listDashboard",
        "listListView",
        "listJob",
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
