//! Comments and the inbox they fill.

use serde_json::{Value, json};

use crate::harness::{Client, Server};

async fn case_of(client: &Client<'_>, assignee: &str) {
    let input = json!({ "title": "Case", "description": "d", "assignee": assignee });
    client.post("/api/v1/case", input).await.expect(201);
}

async fn inbox(client: &Client<'_>) -> Value {
    client.get("/api/skep/v1/inbox").await.expect(200)
}

#[tokio::test]
async fn a_comment_reads_back_and_belongs_to_its_author() {
    let server = Server::start().await;
    let team = server.team().await;
    case_of(&team.analyst, "ana@acme.test").await;
    let created = team
        .analyst
        .post(
            "/api/v1/case/1/comment",
            json!({ "message": "Handing over" }),
        )
        .await;
    let id = created.id();
    let comment = created.expect(201);
    assert_eq!(
        (&comment["createdBy"], &comment["isEdited"]),
        (&json!("ana@acme.test"), &json!(false))
    );
    let get = json!([{ "_name": "getComment", "idOrName": id }]);
    assert_eq!(
        team.analyst.query(get.clone()).await.expect(200),
        json!([comment])
    );
    let path = format!("/api/v1/comment/{id}");
    let change = json!({ "message": "Handing over to Ana" });
    team.org_admin
        .patch(&path, change.clone())
        .await
        .expect_error(403, "AuthorizationError");
    team.other_organisation
        .patch(&path, change.clone())
        .await
        .expect(404);
    team.analyst.patch(&path, change).await.expect(204);
    let edited = team.analyst.query(get.clone()).await.expect(200);
    assert_eq!(
        (&edited[0]["isEdited"], &edited[0]["message"]),
        (&json!(true), &json!("Handing over to Ana"))
    );
    team.analyst
        .patch(&path, json!({ "message": "" }))
        .await
        .expect(400);
    team.org_admin.delete(&path).await.expect(204);
    assert_eq!(team.analyst.query(get).await.expect(200), json!([]));
}

#[tokio::test]
async fn the_inbox_tells_what_concerns_me_and_nothing_else() {
    let server = Server::start().await;
    let team = server.team().await;
    case_of(&team.org_admin, "ana@acme.test").await;
    let told = inbox(&team.analyst).await;
    assert_eq!(
        (&told["unreadCount"], &told["items"][0]["kind"]),
        (&json!(1), &json!("assigned"))
    );
    assert_eq!(told["items"][0]["actor"], "boss@acme.test");
    assert_eq!(
        inbox(&team.org_admin).await["unreadCount"],
        0,
        "my own acts are no news to me"
    );
    let message = json!({ "message": "Please look, @reader@acme.test" });
    team.org_admin
        .post("/api/v1/case/1/comment", message)
        .await
        .expect(201);
    assert_eq!(inbox(&team.analyst).await["items"][0]["kind"], "commented");
    assert_eq!(
        inbox(&team.read_only).await["items"][0]["kind"],
        "mentioned"
    );
    assert_eq!(
        inbox(&team.read_only).await["items"][0]["excerpt"],
        "Please look, @reader@acme.test"
    );
    let outside = json!({ "message": "@olga@other.test" });
    team.org_admin
        .post("/api/v1/case/1/comment", outside)
        .await
        .expect(201);
    assert_eq!(
        inbox(&team.other_organisation).await["total"],
        0,
        "a stranger is told nothing"
    );
}

#[tokio::test]
async fn items_are_marked_read_one_by_one_or_all() {
    let server = Server::start().await;
    let team = server.team().await;
    for _ in 0..3 {
        case_of(&team.org_admin, "ana@acme.test").await;
    }
    let told = inbox(&team.analyst).await;
    let mark = json!({ "ids": [told["items"][0]["id"]] });
    team.org_admin
        .post("/api/skep/v1/inbox/read", mark.clone())
        .await
        .expect(204);
    assert_eq!(
        inbox(&team.analyst).await["unreadCount"],
        3,
        "another's mark is none"
    );
    team.analyst
        .post("/api/skep/v1/inbox/read", mark.clone())
        .await
        .expect(204);
    assert_eq!(inbox(&team.analyst).await["unreadCount"], 2);
    let unread = team
        .analyst
        .get("/api/skep/v1/inbox?unread=true")
        .await
        .expect(200);
    assert_eq!(
        (&unread["total"], unread["items"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    team.analyst
        .post("/api/skep/v1/inbox/unread", mark)
        .await
        .expect(204);
    assert_eq!(inbox(&team.analyst).await["unreadCount"], 3);
    team.analyst
        .post("/api/skep/v1/inbox/read", json!({ "all": true }))
        .await
        .expect(204);
    assert_eq!(inbox(&team.analyst).await["unreadCount"], 0);
}

#[tokio::test]
async fn a_deleted_case_leaves_the_inbox_with_it() {
    let server = Server::start().await;
    let team = server.team().await;
    case_of(&team.org_admin, "ana@acme.test").await;
    team.org_admin.delete("/api/v1/case/1").await.expect(204);
    let told = inbox(&team.analyst).await;
    assert_eq!(
        (&told["unreadCount"], &told["total"]),
        (&json!(0), &json!(0))
    );
}

#[tokio::test]
async fn a_share_that_lets_read_lets_nobody_write() {
    let server = Server::start().await;
    let team = server.team().await;
    let link = json!({ "linkType": "default", "otherLinkType": "default" });
    let admin = server.admin();
    admin
        .put("/api/v1/organisation/acme/link/other", link)
        .await
        .expect(201);
    case_of(&team.analyst, "ana@acme.test").await;
    let message = json!({ "message": "Handing over" });
    let comment = team
        .analyst
        .post("/api/v1/case/1/comment", message.clone())
        .await
        .id();
    let technique = json!({ "patternId": "T1566", "occurDate": 1 });
    let procedure = team
        .analyst
        .post("/api/v1/case/1/procedure", technique.clone())
        .await
        .id();
    let share = json!({ "shares": [{ "organisation": "other", "profile": "read-only" }] });
    team.analyst
        .post("/api/v1/case/1/shares", share)
        .await
        .expect(201);
    let other = &team.other_organisation;
    other.get("/api/v1/case/1").await.expect(200);
    for (path, body) in [
        ("comment", message),
        ("procedure", technique.clone()),
        ("procedures", json!({ "procedures": [technique] })),
    ] {
        let path = format!("/api/v1/case/1/{path}");
        let refused = other.post(&path, body).await;
        refused.expect_error(403, "AuthorizationError");
    }
    for path in [
        format!("/api/v1/comment/{comment}"),
        format!("/api/v1/procedure/{procedure}"),
    ] {
        let refused = other.delete(&path).await;
        refused.expect_error(403, "AuthorizationError");
    }
    let update = json!({ "description": "other" });
    let path = format!("/api/v1/procedure/{procedure}");
    let refused = other.patch(&path, update).await;
    refused.expect_error(403, "AuthorizationError");
}
