//! Links between organisations, shares of cases and tasks, and the owner of a case.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Server};

/// A word that is in all texts of the case, and in nothing else.
const WORD: &str = "xyzzyplugh";

async fn link(server: &Server, link_type: &str, other_link_type: &str) {
    server
        .admin()
        .put(
            "/api/v1/organisation/acme/link/other",
            json!({ "linkType": link_type, "otherLinkType": other_link_type }),
        )
        .await
        .expect(201);
}

/// Somebody of an organisation that is linked with none.
async fn third(server: &Server) -> Client<'_> {
    server
        .admin()
        .post(
            "/api/v1/organisation",
            json!({ "name": "third", "description": "has nothing" }),
        )
        .await
        .expect(201);
    server.person("tim@third.test", "third", "org-admin").await
}

async fn case(client: &Client<'_>, more: Value) -> String {
    let mut body = json!({ "title": WORD, "description": WORD, "tags": [WORD] });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let answer = client.post("/api/v1/case", body).await;
    answer.expect(201);
    answer.id()
}

fn share_with(organisation: &str) -> Value {
    json!({ "shares": [{ "organisation": organisation }] })
}

async fn names(client: &Client<'_>, path: &str) -> Vec<String> {
    let shares = client.get(path).await.expect(200);
    let name = |share: &Value| share["organisationName"].as_str().unwrap().to_owned();
    shares.as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn links_have_two_directions() {
    let server = Server::start().await;
    let team = server.team().await;
    let tim = third(&server).await;
    let admin = server.admin();
    link(&server, "supervised", "notify").await;
    let links = admin
        .get("/api/v1/organisation/acme/links")
        .await
        .expect(200);
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert_eq!(links[0]["linkType"], "supervised");
    assert_eq!(links[0]["otherLinkType"], "notify");
    assert_eq!(links[0]["organisation"]["name"], "other");
    // The same link from its other end.
    let seen = team
        .other_organisation
        .get("/api/v1/organisation/other")
        .await
        .expect(200);
    assert_eq!(
        seen["links"],
        json!([{ "toOrganisation": "acme", "linkType": "notify", "otherLinkType": "supervised" }])
    );

    // Whoever is linked is known by name, with nothing of its other links; nobody else is.
    admin
        .put("/api/v1/organisation/third/link/acme", json!({}))
        .await
        .expect(201);
    let known = team
        .other_organisation
        .get("/api/v1/organisation/acme")
        .await
        .expect(200);
    assert_eq!(known["links"].as_array().unwrap().len(), 1, "{known}");
    for path in [
        "/api/v1/organisation/third",
        "/api/v1/organisation/acme/links",
    ] {
        team.other_organisation.get(path).await.expect(404);
    }
    let listed = team
        .other_organisation
        .query(json!([{ "_name": "listOrganisation" }, { "_name": "sort", "_fields": [{ "name": "asc" }] },
            { "_name": "page", "from": 0, "to": 9, "extraData": ["userCount"] }]))
        .await
        .expect(200);
    let listed: Vec<_> = listed.as_array().unwrap().iter().collect();
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert!(listed[0]["extraData"]["userCount"].is_null(), "{listed:?}");
    let visible = json!([{ "_name": "getOrganisation", "idOrName": "other" }, { "_name": "visible" }, { "_name": "count" }]);
    assert_eq!(
        team.other_organisation.query(visible).await.expect(200),
        json!(2)
    );
    // To be linked with gives no right to bring people in.
    tim.post(
        "/api/v1/user",
        json!({ "login": "spy@third.test", "name": "spy", "profile": "org-admin", "organisation": "acme" }),
    )
    .await
    .expect_error(400, "AttributeCheckingError");

    for (path, status) in [
        ("/api/v1/organisation/acme/link/acme", 400),
        ("/api/v1/organisation/acme/link/admin", 400),
        ("/api/v1/organisation/acme/link/nowhere", 404),
    ] {
        admin.put(path, json!({})).await.expect(status);
    }
    admin
        .put(
            "/api/v1/organisation/acme/link/other",
            json!({ "linkType": "everything" }),
        )
        .await
        .expect_error(400, "AttributeCheckingError");

    let replaced = json!({ "links": [
        { "toOrganisation": "third", "linkType": "default", "otherLinkType": "default" },
    ] });
    admin
        .put("/api/v1/organisation/acme/links", replaced)
        .await
        .expect(201);
    admin
        .delete("/api/v1/organisation/acme/link/other")
        .await
        .expect(404);
    admin
        .delete("/api/v1/organisation/third/link/acme")
        .await
        .expect(204);
    let links = admin
        .get("/api/v1/organisation/acme/links")
        .await
        .expect(200);
    assert_eq!(links, json!([]));
    let profiles = tim.get("/api/v1/sharingProfile").await.expect(200);
    let profiles: Vec<_> = profiles
        .as_array()
        .unwrap()
        .iter()
        .map(|profile| (profile["name"].clone(), profile["autoShare"].clone()))
        .collect();
    assert_eq!(
        profiles,
        [
            (json!("default"), json!(false)),
            (json!("supervised"), json!(true)),
            (json!("notify"), json!(true))
        ]
    );
}

/// Everything that a client can read without naming an entity, as one text.
async fn all_that_is_told(client: &Client<'_>) -> String {
    let mut told = String::new();
    for list in [
        "listCase",
        "listTask",
        "listLog",
        "listComment",
        "listShare",
        "listAudit",
        "listAny",
    ] {
        let page = json!([{ "_name": list }, { "_name": "page", "from": 0, "to": 500,
            "extraData": ["shareCount", "owningOrganisation", "permissions", "links", "case", "task", "contributors"] }]);
        told += &client.query(page).await.text();
        told += "\n";
    }
    for path in [
        "/api/v1/flow?count=100".to_owned(),
        "/api/skep/v1/inbox".to_owned(),
        format!("/api/skep/v1/lookup?q={WORD}"),
    ] {
        told += &client.get(&path).await.text();
        told += "\n";
    }
    told
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn a_shared_case_is_seen_by_those_it_is_shared_with() {
    let server = Server::start().await;
    let team = server.team().await;
    let tim = third(&server).await;
    let (ana, olga) = (&team.analyst, &team.other_organisation);
    link(&server, "default", "default").await;
    let id = case(ana, json!({})).await;
    let shares = format!("/api/v1/case/{id}/shares");
    let mine = task_in(ana, &id, "mine").await;
    let shared = task_in(ana, &id, "shared").await;
    assert_eq!(ana.get(&shares).await.expect(200), json!([]));
    assert!(!all_that_is_told(olga).await.contains(WORD));

    let made = ana.post(&shares, share_with("other")).await.expect(201);
    assert_eq!(made[0]["organisationName"], "other");
    assert_eq!(made[0]["profileName"], "analyst");
    assert_eq!(made[0]["owner"], false);
    ana.post(&shares, share_with("other"))
        .await
        .expect_error(400, "CreateError");
    ana.post(&shares, share_with("acme"))
        .await
        .expect_error(400, "CreateError");
    ana.post(&shares, share_with("third"))
        .await
        .expect_error(404, "NotFoundError");
    for (field, wrong) in [
        ("profile", "admin"),
        ("profile", "none"),
        ("taskRule", "sometimes"),
    ] {
        let mut body = share_with("other");
        body["shares"][0][field] = json!(wrong);
        ana.put(&shares, body)
            .await
            .expect_error(400, "AttributeCheckingError");
    }

    // The other end sees the case, the owner's share, and no task.
    let seen = olga.get(&format!("/api/v1/case/{id}")).await.expect(200);
    assert_eq!(seen["title"], WORD);
    let may = seen["userPermissions"].as_array().unwrap();
    assert!(may.contains(&json!("manageTask")) && !may.contains(&json!("manageConfig")));
    assert_eq!(names(olga, &shares).await, ["acme"]);
    assert_eq!(names(ana, &shares).await, ["other"]);
    olga.get(&format!("/api/v1/task/{mine}")).await.expect(404);
    let tasks = json!([{ "_name": "getCase", "idOrName": id }, { "_name": "tasks" }]);
    assert_eq!(olga.query(tasks.clone()).await.expect(200), json!([]));

    // One task is shared, then taken again.
    let of_task = format!("/api/v1/task/{shared}/shares");
    for organisation in ["other", "other", "acme"] {
        ana.post(&of_task, json!({ "organisations": [organisation] }))
            .await
            .expect(204);
    }
    assert_eq!(names(ana, &of_task).await, ["other"]);
    assert_eq!(
        olga.query(tasks.clone()).await.expect(200)[0]["_id"],
        shared.as_str()
    );
    ana.post(&of_task, json!({ "organisations": ["third"] }))
        .await
        .expect_error(400, "BadRequest");
    assert_eq!(take(ana, &of_task, "acme").await, 403);
    assert_eq!(take(olga, &of_task, "other").await, 400);
    assert_eq!(take(ana, &of_task, "other").await, 204);
    assert_eq!(olga.query(tasks).await.expect(200), json!([]));

    // Who has nothing sees nothing, through whatever he reads.
    let told = all_that_is_told(&tim).await;
    for word in [WORD, id.as_str(), mine.as_str()] {
        assert!(!told.contains(word), "{word} is in {told}");
    }
    assert_eq!(tim.get(&shares).await.expect(200), json!([]));

    // The end of it: the owner's stays, one's own can't be removed, and who worked on it does so no more.
    ana.patch(
        &format!("/api/v1/case/{id}"),
        json!({ "assignee": "olga@other.test" }),
    )
    .await
    .expect(204);
    assert_eq!(take(olga, &shares, "other").await, 400);
    assert_eq!(take(olga, &shares, "acme").await, 403);
    assert_eq!(take(ana, &shares, "third").await, 404);
    assert_eq!(take(ana, &shares, "other").await, 204);
    olga.get(&format!("/api/v1/case/{id}")).await.expect(404);
    assert!(!all_that_is_told(olga).await.contains(WORD));
    let left = ana.get(&format!("/api/v1/case/{id}")).await.expect(200);
    assert!(left.get("assignee").is_none());
}

async fn task_in(client: &Client<'_>, case: &str, title: &str) -> String {
    let task = client
        .post(
            &format!("/api/v1/case/{case}/task"),
            json!({ "title": format!("{WORD} {title}") }),
        )
        .await;
    task.expect(201);
    task.id()
}

/// Takes something from an organisation; gives the status.
async fn take(client: &Client<'_>, path: &str, organisation: &str) -> u16 {
    let body = json!({ "organisations": [organisation] });
    let answer = client.send(http::Method::DELETE, path, Some(body)).await;
    answer.status.as_u16()
}

async fn tasks_seen(client: &Client<'_>, case: &str) -> Value {
    let tasks = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "tasks" }, { "_name": "count" }]);
    client.query(tasks).await.expect(200)
}

async fn count_cases(client: &Client<'_>) -> Value {
    client
        .query(json!([{ "_name": "countCase" }]))
        .await
        .expect(200)
}

#[tokio::test]
async fn a_share_allows_no_more_than_its_profile() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, olga) = (&team.analyst, &team.other_organisation);
    link(&server, "default", "default").await;
    let id = case(ana, json!({})).await;
    let path = format!("/api/v1/case/{id}");
    let shares = format!("{path}/shares");
    let reading = json!({ "shares": [{ "organisation": "other", "profile": "read-only" }] });
    let share = ana.put(&shares, reading).await.expect(200);
    let share = format!("/api/v1/case/share/{}", share[0]["_id"].as_str().unwrap());
    assert_eq!(
        olga.get(&path).await.expect(200)["userPermissions"],
        json!([])
    );
    olga.patch(&path, json!({ "title": "mine" }))
        .await
        .expect_error(403, "AuthorizationError");
    olga.post(&shares, share_with("acme")).await.expect(403);
    ana.patch(&path, json!({ "assignee": "olga@other.test" }))
        .await
        .expect_error(400, "AttributeCheckingError");

    ana.patch(&share, json!({ "profile": "analyst" }))
        .await
        .expect(204);
    olga.patch(&path, json!({ "title": "ours" }))
        .await
        .expect(204);
    // Nobody makes his own share larger, and no owner's smaller.
    olga.patch(&share, json!({ "profile": "org-admin" }))
        .await
        .expect(400);
    let own = ana
        .query(
            json!([{ "_name": "getCase", "idOrName": id }, { "_name": "shares" },
            { "_name": "filter", "owner": true }]),
        )
        .await
        .expect(200);
    let own = format!("/api/v1/case/share/{}", own[0]["_id"].as_str().unwrap());
    for client in [ana, olga] {
        client
            .patch(&own, json!({ "profile": "read-only" }))
            .await
            .expect(403);
        client.delete(&own).await.expect(403);
    }
    ana.patch(&share, json!({ "profile": "admin" }))
        .await
        .expect_error(400, "AttributeCheckingError");
    ana.put(&shares, json!({ "shares": [] })).await.expect(200);
    olga.get(&path).await.expect(404);
    ana.delete(&share).await.expect(404);
    let again = ana.put(&shares, share_with("other")).await.expect(200);
    let again = format!("/api/v1/case/share/{}", again[0]["_id"].as_str().unwrap());
    olga.get(&path).await.expect(200);
    ana.delete(&again).await.expect(204);
    olga.get(&path).await.expect(404);
    let last = ana.put(&shares, share_with("other")).await.expect(200);
    let last = last[0]["_id"].clone();
    let end_all = async |ids: Value| {
        let body = Some(json!({ "ids": ids }));
        ana.send(Method::DELETE, "/api/v1/case/shares", body).await
    };
    // All or none.
    end_all(json!([last, "~999"])).await.expect(404);
    olga.get(&path).await.expect(200);
    end_all(json!([last])).await.expect(204);
    olga.get(&path).await.expect(404);
}

#[tokio::test]
async fn rules_and_links_share_by_themselves() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, olga) = (&team.analyst, &team.other_organisation);
    link(&server, "supervised", "default").await;
    server
        .admin()
        .patch(
            "/api/v1/organisation/acme",
            json!({ "taskRule": "autoShare" }),
        )
        .await
        .expect(204);
    // The link shares the case, the organisation's rule its tasks.
    let id = case(ana, json!({ "tasks": [{ "title": "first" }] })).await;
    assert_eq!(tasks_seen(olga, &id).await, json!(1));
    task_in(ana, &id, "second").await;
    assert_eq!(tasks_seen(olga, &id).await, json!(2));
    // What they write, the owner sees.
    let theirs = task_in(olga, &id, "theirs").await;
    ana.get(&format!("/api/v1/task/{theirs}")).await.expect(200);
    ana.patch(
        &format!("/api/v1/case/{id}"),
        json!({ "taskRule": "manual" }),
    )
    .await
    .expect(204);
    task_in(ana, &id, "kept").await;
    assert_eq!(
        tasks_seen(olga, &id).await,
        json!(3),
        "the shares follow the case's rule"
    );

    // The other direction shares nothing.
    let theirs = case(olga, json!({})).await;
    ana.get(&format!("/api/v1/case/{theirs}")).await.expect(404);

    // The request goes before the link.
    let not = case(
        ana,
        json!({ "sharingParameters": [{ "organisation": "other", "share": false }] }),
    )
    .await;
    olga.get(&format!("/api/v1/case/{not}")).await.expect(404);
    let parameters =
        json!([{ "organisation": "other", "profile": "read-only", "taskRule": "manual" }]);
    let less = case(
        ana,
        json!({ "sharingParameters": parameters, "tasks": [{ "title": "t" }] }),
    )
    .await;
    assert_eq!(
        olga.get(&format!("/api/v1/case/{less}")).await.expect(200)["userPermissions"],
        json!([])
    );
    assert_eq!(tasks_seen(olga, &less).await, json!(0));
    ana.post(
        "/api/v1/case",
        json!({ "title": "t", "description": "d", "sharingParameters": [{ "organisation": "nowhere" }] }),
    )
    .await
    .expect_error(404, "NotFoundError");
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn a_case_changes_its_owner() {
    let server = Server::start().await;
    let team = server.team().await;
    let tim = third(&server).await;
    let (ana, boss, olga) = (&team.analyst, &team.org_admin, &team.other_organisation);
    link(&server, "default", "default").await;
    let id = case(ana, json!({})).await;
    let path = format!("/api/v1/case/{id}");
    let owner = format!("{path}/owner");
    let task = task_in(ana, &id, "kept").await;
    ana.patch(
        &format!("/api/v1/task/{task}"),
        json!({ "assignee": "ana@acme.test" }),
    )
    .await
    .expect(204);
    boss.post(&owner, json!({ "organisation": "acme" }))
        .await
        .expect(204);
    for (body, status) in [
        (json!({ "organisation": "third" }), 404),
        (
            json!({ "organisation": "other", "keepProfile": "admin" }),
            400,
        ),
        (
            json!({ "organisation": "other", "taskRule": "sometimes" }),
            400,
        ),
    ] {
        boss.post(&owner, body).await.expect(status);
    }

    boss.post(
        &owner,
        json!({ "organisation": "other", "keepProfile": "read-only" }),
    )
    .await
    .expect(204);
    let now = ana.get(&path).await.expect(200);
    assert_eq!(now["userPermissions"], json!([]));
    assert!(
        now.get("assignee").is_none(),
        "who may only read works on it no more"
    );
    let theirs = olga.get(&path).await.expect(200);
    assert!(
        theirs["userPermissions"]
            .as_array()
            .unwrap()
            .contains(&json!("manageCase/delete"))
    );
    olga.get(&format!("/api/v1/task/{task}")).await.expect(200);
    let extra = json!([{ "_name": "getCase", "idOrName": id },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["owningOrganisation", "isOwner", "shareCount"] }]);
    let extra = olga.query(extra).await.expect(200);
    assert_eq!(
        extra[0]["extraData"],
        json!({ "owningOrganisation": "other", "isOwner": true, "shareCount": 1 })
    );
    // It is theirs to give back, and without a word of what is to be kept it is gone.
    boss.post(&owner, json!({ "organisation": "acme" }))
        .await
        .expect(403);
    olga.post(&owner, json!({ "organisation": "acme" }))
        .await
        .expect(204);
    olga.get(&path).await.expect(404);
    assert_eq!(
        names(ana, &format!("{path}/shares")).await,
        Vec::<String>::new()
    );
    tim.get(&path).await.expect(404);

    // A restricted case goes to nobody who would not see it.
    boss.post(
        &format!("{path}/access"),
        json!({ "access": { "_kind": "UserAccessKind", "users": [] } }),
    )
    .await
    .expect(204);
    boss.post(&owner, json!({ "organisation": "other" }))
        .await
        .expect_error(400, "BadRequest");
    assert_eq!(
        (count_cases(boss).await, count_cases(ana).await),
        (json!(1), json!(0))
    );
}

#[tokio::test]
async fn a_restricted_case_is_shared_with_its_users_only() {
    let server = Server::start().await;
    let team = server.team().await;
    link(&server, "default", "default").await;
    let second = server.person("otto@other.test", "other", "analyst").await;
    let (ana, olga) = (&team.analyst, &team.other_organisation);
    let id = case(ana, json!({})).await;
    let path = format!("/api/v1/case/{id}");
    let restrict = json!({ "access": { "_kind": "UserAccessKind", "users": ["olga@other.test"] } });
    ana.post(&format!("{path}/access"), restrict.clone())
        .await
        .expect_error(400, "AttributeCheckingError");
    ana.post(&format!("{path}/shares"), share_with("other"))
        .await
        .expect(201);
    ana.post(&format!("{path}/access"), restrict)
        .await
        .expect(204);
    olga.get(&path).await.expect(200);
    second.get(&path).await.expect(404);
    team.org_admin.get(&path).await.expect(404);
    assert!(!all_that_is_told(&second).await.contains(WORD));
    let all = json!({ "access": { "_kind": "OrganisationAccessKind" } });
    olga.post(&format!("{path}/access"), all)
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn observables_are_shared_one_by_one_or_by_the_rule() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, olga) = (&team.analyst, &team.other_organisation);
    link(&server, "default", "default").await;
    let id = case(ana, json!({})).await;
    let observables = format!("/api/v1/case/{id}/observable");
    let make = json!({ "dataType": "domain", "data": "one.test" });
    let made = ana.post(&observables, make).await.expect(201);
    let one = made[0]["_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/observable/{one}");
    let shares = format!("{path}/shares");
    ana.post(&format!("/api/v1/case/{id}/shares"), share_with("other"))
        .await
        .expect(201);
    olga.get(&path).await.expect(404);
    for organisation in ["other", "acme"] {
        ana.post(&shares, json!({ "organisations": [organisation] }))
            .await
            .expect(204);
    }
    olga.get(&path).await.expect(200);
    assert_eq!(names(ana, &shares).await, ["other"]);
    assert_eq!(take(ana, &shares, "acme").await, 403);
    assert_eq!(take(ana, &shares, "other").await, 204);
    olga.get(&path).await.expect(404);

    // By the rule of the share all are given, those to come too, and all are gone with it.
    let all = json!({ "shares": [{ "organisation": "other", "observableRule": "autoShare" }] });
    ana.put(&format!("/api/v1/case/{id}/shares"), all)
        .await
        .expect(200);
    olga.get(&path).await.expect(200);
    let later = json!({ "dataType": "domain", "data": "two.test" });
    let later = ana.post(&observables, later).await.expect(201);
    let later = format!("/api/v1/observable/{}", later[0]["_id"].as_str().unwrap());
    olga.get(&later).await.expect(200);
    ana.put(
        &format!("/api/v1/case/{id}/shares"),
        json!({ "shares": [] }),
    )
    .await
    .expect(200);
    for gone in [&path, &later] {
        olga.get(gone).await.expect(404);
    }
}
