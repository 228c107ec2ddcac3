//! Pages of cases, the knowledge base, and page templates.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn case_of(client: &Client<'_>) -> String {
    let input = json!({ "title": "Case", "description": "d" });
    client.post("/api/v1/case", input).await.id()
}

fn notes() -> Value {
    json!({ "title": "Notes", "content": "# Findings\nzebra", "category": "Work" })
}

#[tokio::test]
async fn a_page_of_a_case_is_written_changed_and_deleted() {
    let server = Server::start().await;
    let team = server.team().await;
    let analyst = &team.analyst;
    let (case, other) = (case_of(analyst).await, case_of(analyst).await);
    let path = format!("/api/v1/case/{case}/page");
    team.read_only.post(&path, notes()).await.expect(403);
    team.other_organisation
        .post(&path, notes())
        .await
        .expect(404);
    let answer = analyst.post(&path, notes()).await;
    let id = answer.id();
    let created = answer.expect(201);
    assert_eq!(
        (&created["_type"], &created["order"]),
        (&json!("Page"), &json!(0))
    );
    let of_case = json!([
        { "_name": "getCase", "idOrName": case }, { "_name": "pages" },
        { "_name": "filter", "_eq": { "_field": "_id", "_value": id } },
    ]);
    assert_eq!(
        analyst.query(of_case.clone()).await.expect(200),
        json!([created])
    );
    let second = analyst.post(&path, notes()).await.expect(201);
    assert_eq!(second["order"], 1, "after the last");
    let one = format!("{path}/{id}");
    let elsewhere = format!("/api/v1/case/{other}/page/{id}");
    let change = json!({ "content": "new", "order": 7 });
    analyst.patch(&elsewhere, change.clone()).await.expect(404);
    analyst.delete(&elsewhere).await.expect(404);
    // Who manages the knowledge base does not get at the pages of cases by it.
    let as_knowledge = format!("/api/v1/page/{id}");
    team.org_admin
        .patch(&as_knowledge, change.clone())
        .await
        .expect(404);
    team.org_admin.delete(&as_knowledge).await.expect(404);
    analyst.patch(&one, change).await.expect(204);
    let changed = analyst.query(of_case.clone()).await.expect(200);
    assert_eq!(
        (
            &changed[0]["content"],
            &changed[0]["order"],
            &changed[0]["title"]
        ),
        (&json!("new"), &json!(7), &json!("Notes"))
    );
    analyst.delete(&one).await.expect(204);
    assert_eq!(analyst.query(of_case).await.expect(200), json!([]));
}

#[tokio::test]
async fn the_knowledge_base_is_the_organisations_own() {
    let server = Server::start().await;
    let team = server.team().await;
    team.read_only
        .post("/api/v1/page", notes())
        .await
        .expect(403);
    let answer = team.org_admin.post("/api/v1/page", notes()).await;
    let id = answer.id();
    let created = answer.expect(201);
    let list = json!([{ "_name": "listOrganisationPage" }]);
    assert_eq!(
        team.read_only.query(list.clone()).await.expect(200),
        json!([created])
    );
    for stranger in [&team.other_organisation, &server.admin()] {
        assert_eq!(stranger.query(list.clone()).await.expect(200), json!([]));
    }
    let path = format!("/api/v1/page/{id}");
    team.other_organisation
        .patch(&path, json!({ "title": "Mine" }))
        .await
        .expect(404);
    team.org_admin
        .patch(&path, json!({ "title": "Handbook" }))
        .await
        .expect(204);
    let page = json!([{ "_name": "getPage", "idOrName": id }]);
    let read = team.read_only.query(page).await.expect(200);
    assert_eq!(read[0]["title"], "Handbook");
    // It is searched by its words; pages of cases are in listPage too.
    let case = case_of(&team.analyst).await;
    team.analyst
        .post(&format!("/api/v1/case/{case}/page"), notes())
        .await
        .expect(201);
    let words = json!([
        { "_name": "listPage" }, { "_name": "filter", "_match": { "_field": "content", "_value": "ZEBRA" } },
        { "_name": "count" },
    ]);
    assert_eq!(team.read_only.query(words.clone()).await.expect(200), 2);
    assert_eq!(team.other_organisation.query(words).await.expect(200), 0);
    // The admin organisation has a knowledge base too.
    server
        .admin()
        .post("/api/v1/page", notes())
        .await
        .expect(201);
    team.org_admin.delete(&path).await.expect(204);
    assert_eq!(team.read_only.query(list).await.expect(200), json!([]));
}

#[tokio::test]
async fn headers_leave_the_text_out() {
    let server = Server::start().await;
    let team = server.team().await;
    team.org_admin
        .post("/api/v1/page", notes())
        .await
        .expect(201);
    let headers = json!([{ "_name": "listPage" }, { "_name": "headerPage", "from": 0, "to": 10 }]);
    let headers = team.analyst.query(headers).await.expect(200);
    assert_eq!(headers[0]["title"], "Notes");
    assert_eq!(headers[0].get("content"), None);
    let wrong = json!([{ "_name": "listCase" }, { "_name": "headerPage", "from": 0, "to": 10 }]);
    team.analyst.query(wrong).await.expect(400);
}

#[tokio::test]
async fn a_case_is_created_with_its_pages() {
    let server = Server::start().await;
    let team = server.team().await;
    let input = json!({ "title": "Case", "description": "d", "pages": [notes(), { "title": "Plan", "content": "", "category": "Work" }] });
    let answer = team.analyst.post("/api/v1/case", input).await;
    let case = answer.id();
    assert_eq!(answer.expect(201).get("_updatedAt"), None);
    let pages = team
        .analyst
        .query(json!([
            { "_name": "getCase", "idOrName": case }, { "_name": "pages" },
            { "_name": "sort", "_fields": [{ "order": "asc" }] },
        ]))
        .await
        .expect(200);
    let titles: Vec<_> = pages
        .as_array()
        .unwrap()
        .iter()
        .map(|page| &page["title"])
        .collect();
    assert_eq!(titles, ["Notes", "Plan"]);
    let wrong = json!({ "title": "Case", "description": "d", "pages": [{ "title": "" }] });
    team.analyst.post("/api/v1/case", wrong).await.expect(400);
}

#[tokio::test]
async fn page_templates_are_the_organisations_own() {
    let server = Server::start().await;
    let team = server.team().await;
    team.analyst
        .post("/api/v1/pageTemplate", notes())
        .await
        .expect(403);
    let answer = team.org_admin.post("/api/v1/pageTemplate", notes()).await;
    let id = answer.id();
    let created = answer.expect(201);
    assert_eq!(created["_type"], "PageTemplate");
    for reference in [id.as_str(), "Notes"] {
        let get = json!([{ "_name": "getPageTemplate", "idOrName": reference }]);
        assert_eq!(
            team.analyst.query(get.clone()).await.expect(200),
            json!([created])
        );
        assert_eq!(
            team.other_organisation.query(get).await.expect(200),
            json!([])
        );
    }
    let path = format!("/api/v1/pageTemplate/{id}");
    team.org_admin
        .patch(&path, json!({ "category": "Other" }))
        .await
        .expect(204);
    let list = json!([{ "_name": "listPageTemplate" }]);
    assert_eq!(
        team.analyst.query(list.clone()).await.expect(200)[0]["category"],
        "Other"
    );
    team.org_admin.delete(&path).await.expect(204);
    assert_eq!(team.analyst.query(list).await.expect(200), json!([]));
}
