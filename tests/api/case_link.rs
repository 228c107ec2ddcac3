//! Links of a case, to others and to the outside.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn case(client: &Client<'_>, title: &str) -> String {
    let answer = client
        .post(
            "/api/v1/case",
            json!({ "title": title, "description": "d" }),
        )
        .await;
    answer.expect(201);
    answer.id()
}

async fn links(client: &Client<'_>, case: &str) -> Value {
    let query = json!([{ "_name": "getCase", "idOrName": case },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["links"] }]);
    client.query(query).await.expect(200)[0]["extraData"]["links"].clone()
}

#[tokio::test]
async fn cases_are_linked_from_both_ends() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let (one, two) = (case(ana, "one").await, case(ana, "two").await);
    let path = |case: &str, verb: &str| format!("/api/v1/case/{case}/link/case/{verb}");
    assert_eq!(
        ana.get("/api/v1/case/link/types").await.expect(200),
        json!([])
    );
    let none = json!({ "caseLinks": [], "externalLinks": [] });
    assert_eq!(links(ana, &one).await, none);
    for (link_type, other) in [
        ("same actor", two.as_str()),
        ("duplicate", "2"),
        ("duplicate", "2"),
    ] {
        ana.post(
            &path(&one, "add"),
            json!({ "type": link_type, "caseId": other }),
        )
        .await
        .expect(204);
    }
    for (end, far, number) in [(&one, &two, 2), (&two, &one, 1)] {
        let seen = links(ana, end).await;
        let seen = seen["caseLinks"].as_array().unwrap();
        assert_eq!(seen.len(), 2, "two types, each once");
        assert_eq!(seen[0]["caseId"], far.as_str());
        assert_eq!(seen[0]["number"], number);
        assert_eq!(seen[0]["type"], "duplicate");
    }
    assert_eq!(
        ana.get("/api/v1/case/link/types").await.expect(200),
        json!(["duplicate", "same actor"])
    );
    for (body, status) in [
        (json!({ "type": "t", "caseId": one }), 400),
        (json!({ "type": "", "caseId": two }), 400),
        (json!({ "type": "t", "caseId": "~99999999" }), 404),
    ] {
        ana.post(&path(&one, "add"), body).await.expect(status);
    }
    ana.post(
        &path(&two, "remove"),
        json!({ "type": "other", "caseId": one }),
    )
    .await
    .expect(404);
    ana.post(
        &path(&two, "remove"),
        json!({ "type": "duplicate", "caseId": one }),
    )
    .await
    .expect(204);
    assert_eq!(
        links(ana, &one).await["caseLinks"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    // A case in the bin is linked with nothing.
    ana.delete(&format!("/api/v1/case/{two}")).await.expect(204);
    assert_eq!(links(ana, &one).await, none);
    assert_eq!(
        ana.get("/api/v1/case/link/types").await.expect(200),
        json!([])
    );
}

#[tokio::test]
async fn a_link_shows_no_more_than_its_reader_sees() {
    let server = Server::start().await;
    let team = server.team().await;
    let (ana, boss) = (&team.analyst, &team.org_admin);
    let (open, secret) = (case(ana, "open").await, case(ana, "xyzzyplugh").await);
    ana.post(
        &format!("/api/v1/case/{secret}/access"),
        json!({ "access": { "_kind": "UserAccessKind", "users": [] } }),
    )
    .await
    .expect(204);
    ana.post(
        &format!("/api/v1/case/{open}/link/case/add"),
        json!({ "type": "secret word", "caseId": secret }),
    )
    .await
    .expect(204);
    assert_eq!(
        links(ana, &open).await["caseLinks"][0]["title"],
        "xyzzyplugh"
    );
    assert_eq!(links(boss, &open).await["caseLinks"], json!([]));
    assert_eq!(
        boss.get("/api/v1/case/link/types").await.expect(200),
        json!([])
    );
    let history = boss.query(json!([{ "_name": "listAudit" }])).await.text();
    assert!(
        !history.contains("xyzzyplugh") && !history.contains(&secret),
        "{history}"
    );
    boss.post(
        &format!("/api/v1/case/{open}/link/case/add"),
        json!({ "type": "t", "caseId": secret }),
    )
    .await
    .expect_error(404, "NotFoundError");
    team.other_organisation
        .post(
            &format!("/api/v1/case/{open}/link/case/add"),
            json!({ "type": "t", "caseId": "1" }),
        )
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn links_lead_outside() {
    let server = Server::start().await;
    let team = server.team().await;
    let ana = &team.analyst;
    let id = case(ana, "one").await;
    let path = |verb: &str| format!("/api/v1/case/{id}/link/external/{verb}");
    let link = json!({ "type": "ticket", "url": "https://tickets.test/42?x=1" });
    for _ in 0..2 {
        ana.post(&path("add"), link.clone()).await.expect(204);
    }
    assert_eq!(
        links(ana, &id).await["externalLinks"],
        json!([{ "url": "https://tickets.test/42?x=1", "type": "ticket" }])
    );
    for url in ["javascript:alert(1)", "ftp://a.test", "tickets.test", ""] {
        ana.post(&path("add"), json!({ "type": "t", "url": url }))
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    team.read_only
        .post(&path("add"), link.clone())
        .await
        .expect(403);
    ana.post(&path("remove"), link.clone()).await.expect(204);
    ana.post(&path("remove"), link).await.expect(404);
    assert_eq!(links(ana, &id).await["externalLinks"], json!([]));
}
