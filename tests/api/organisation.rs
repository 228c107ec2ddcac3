//! Organisations and profiles.

use serde_json::json;

use crate::harness::{Form, Server};

#[tokio::test]
async fn an_organisation_reads_back_by_id_and_name() {
    let server = Server::start().await;
    let admin = server.admin();
    let input = json!({ "name": "Information Security Analyst", "description": "Analysts" });
    let created = admin.post("/api/v1/organisation", input.clone()).await;
    let id = created.id();
    let organisation = created.expect(201);
    for (field, value) in [
        ("_type", json!("Organisation")),
        ("taskRule", json!("manual")),
        ("observableRule", json!("manual")),
        ("locked", json!(false)),
        ("links", json!([])),
        ("_createdBy", json!("admin@thehive.local")),
    ] {
        assert_eq!(organisation[field], value, "{field}");
    }
    for reference in [id.as_str(), "Information%20Security%20Analyst"] {
        let read = admin
            .get(&format!("/api/v1/organisation/{reference}"))
            .await
            .expect(200);
        assert_eq!(read, organisation);
    }
    let taken = admin.post("/api/v1/organisation", input).await.expect(400);
    assert_eq!(
        (&taken["type"], &taken["errors"][0]["name"]),
        (&json!("CreateError"), &json!("name"))
    );
}

#[tokio::test]
async fn the_organisation_admin_is_neither_renamed_nor_locked() {
    let server = Server::start().await;
    let admin = server.admin();
    for update in [json!({ "name": "root" }), json!({ "locked": true })] {
        admin
            .patch("/api/v1/organisation/admin", update)
            .await
            .expect_error(400, "BadRequest");
    }
    admin
        .patch(
            "/api/v1/organisation/admin",
            json!({ "description": "Ours" }),
        )
        .await
        .expect(204);
    let read = admin.get("/api/v1/organisation/admin").await.expect(200);
    assert_eq!(read["description"], "Ours");
}

#[tokio::test]
async fn an_organisation_sees_itself_only() {
    let server = Server::start().await;
    let team = server.team().await;
    let seen = team
        .analyst
        .query(json!([{ "_name": "listOrganisation" }]))
        .await
        .expect(200);
    let names: Vec<&str> = seen
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["acme"]);
    team.analyst
        .get("/api/v1/organisation/other")
        .await
        .expect_error(404, "NotFoundError");
    let input = json!({ "name": "n", "description": "d" });
    team.org_admin
        .post("/api/v1/organisation", input)
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn a_picture_is_kept_by_its_hash_and_must_be_one() {
    let server = Server::start().await;
    let admin = server.admin();
    // The smallest PNG: what counts is its first bytes.
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    admin
        .patch("/api/v1/organisation/admin", json!({ "avatar": picture }))
        .await
        .expect(204);
    let hash = admin.get("/api/v1/organisation/admin").await.expect(200)["avatar"]
        .as_str()
        .unwrap()
        .to_owned();
    let session = admin.get("/api/skep/v1/session").await.expect(200);
    assert_eq!(session["organisations"][0]["avatar"], hash);
    let answer = admin
        .get(&format!("/api/v1/organisation/admin/avatar/{hash}"))
        .await;
    answer.expect(200);
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert!(
        answer
            .header("content-security-policy")
            .unwrap()
            .contains("sandbox")
    );
    admin
        .get("/api/v1/organisation/admin/avatar/0000")
        .await
        .expect_error(404, "NotFoundError");
    for wrong in ["PHN2Zy8+", "***"] {
        let body = admin
            .patch("/api/v1/organisation/admin", json!({ "avatar": wrong }))
            .await
            .expect(400);
        assert_eq!(body["errors"][0]["name"], "avatar");
    }
    admin
        .patch("/api/v1/organisation/admin", json!({ "avatar": "" }))
        .await
        .expect(204);
    assert!(
        admin
            .get("/api/v1/organisation/admin")
            .await
            .expect(200)
            .get("avatar")
            .is_none()
    );
}

#[tokio::test]
async fn profiles_keep_to_one_world_and_predefined_ones_stay() {
    let server = Server::start().await;
    let admin = server.admin();
    let input =
        json!({ "name": "creator", "permissions": ["manageCase/create", "manageAlert/create"] });
    let profile = admin.post("/api/v1/profile", input).await.expect(201);
    assert_eq!(
        profile["permissions"],
        json!(["manageAlert/create", "manageCase/create"])
    );
    assert_eq!(
        (&profile["type"], &profile["editable"]),
        (&json!("Organisation"), &json!(true))
    );
    let empty = admin
        .post("/api/v1/profile", json!({ "name": "nothing" }))
        .await
        .expect(201);
    assert_eq!(empty["permissions"], json!([]));
    for permissions in [json!(["managePlatform", "manageTask"]), json!(["fly"])] {
        let input = json!({ "name": "wrong", "permissions": permissions });
        admin
            .post("/api/v1/profile", input)
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    for predefined in ["admin", "org-admin", "analyst", "read-only"] {
        let path = format!("/api/v1/profile/{predefined}");
        admin.delete(&path).await.expect_error(400, "BadRequest");
    }
    let change = json!({ "permissions": ["manageTask"] });
    admin
        .patch("/api/v1/profile/org-admin", change.clone())
        .await
        .expect_error(400, "BadRequest");
    admin
        .patch("/api/v1/profile/analyst", change)
        .await
        .expect(204);
    let analyst = admin.get("/api/v1/profile/analyst").await.expect(200);
    assert_eq!(analyst["permissions"], json!(["manageTask"]));
    server
        .admin()
        .post(
            "/api/v1/organisation",
            json!({ "name": "o", "description": "d" }),
        )
        .await
        .expect(201);
    server.person("u@o.test", "o", "creator").await;
    admin
        .delete("/api/v1/profile/creator")
        .await
        .expect_error(400, "BadRequest");
    admin.delete("/api/v1/profile/nothing").await.expect(204);
    admin
        .get("/api/v1/profile/nothing")
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn every_permission_is_described() {
    let server = Server::start().await;
    let permissions = server.admin().get("/api/v1/permission").await.expect(200);
    assert_eq!(permissions.as_array().unwrap().len(), 48);
    let first = &permissions[0];
    assert!(first["name"].is_string() && first["label"].is_string() && first["scope"].is_array());
}

/// The smallest picture there is.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

#[tokio::test]
async fn organisations_and_users_come_with_their_pictures() {
    let server = Server::start().await;
    let admin = server.admin();
    let form = |picture: &[u8]| {
        Form::default()
            .json(&json!({ "name": "painted", "description": "d" }))
            .file("avatar", "me.gif", Some("image/gif"), picture)
    };
    let path = "/api/v1/organisation";
    admin
        .upload(path, form(b"no picture"))
        .await
        .expect_error(400, "AttributeCheckingError");
    admin
        .upload(path, form(&vec![0; 500_001]))
        .await
        .expect_error(400, "AttributeCheckingError");
    let made = admin.upload(path, form(PIXEL)).await.expect(201);
    let picture = format!("{path}/painted/avatar/{}", made["avatar"].as_str().unwrap());
    let read = admin.get(&picture).await;
    assert_eq!(
        (read.header("content-type"), read.bytes.as_slice()),
        (Some("image/gif"), PIXEL)
    );
    let fields = Form::default()
        .field("login", "pic@painted.test")
        .field("name", "007")
        .field("profile", "analyst")
        .field("password", "123456789012345")
        .field("organisation", "painted")
        .file("avatar", "me.gif", None, PIXEL);
    let user = admin.upload("/api/v1/user", fields).await.expect(201);
    assert_eq!(
        json!([user["name"], user["avatar"]]),
        json!(["007", made["avatar"]])
    );
    let own = server
        .anonymous()
        .basic("pic@painted.test", "123456789012345");
    own.get("/api/v1/user/current").await.expect(200);
    // By the body alone, as before; another content type is refused.
    admin
        .post(path, json!({ "name": "plain", "description": "d" }))
        .await
        .expect(201);
    let kind = Some("text/plain");
    let refused = admin
        .send_bytes(http::Method::POST, path, kind, b"{}".to_vec())
        .await;
    refused.expect_error(400, "BadRequest");
}

#[tokio::test]
async fn the_organisation_of_a_request_may_come_by_cookie() {
    let server = Server::start().await;
    let team = server.team().await;
    let both = json!({ "organisations": [{ "organisation": "acme", "profile": "analyst", "default": true },
        { "organisation": "other", "profile": "read-only" }] });
    server
        .admin()
        .put("/api/v1/user/ana@acme.test/organisations", both)
        .await
        .expect(200);
    let of = async |client: &crate::harness::Client<'_>| {
        client.get("/api/v1/user/current").await.expect(200)["organisation"].clone()
    };
    assert_eq!(of(&team.analyst).await, "acme");
    let cookie = team
        .analyst
        .clone()
        .header("cookie", "X-Organisation=other");
    assert_eq!(of(&cookie).await, "other");
    assert_eq!(of(&cookie.in_organisation("acme")).await, "acme");
    let stranger = team
        .other_organisation
        .clone()
        .header("cookie", "X-Organisation=acme");
    stranger
        .get("/api/v1/user/current")
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn a_name_is_one_line_without_blanks_around_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let user = json!({ "login": "new@acme.test", "name": "n", "profile": "analyst", "organisation": "acme" });
    for (path, body) in [
        (
            "/api/v1/organisation",
            json!({ "name": "n", "description": "d" }),
        ),
        ("/api/v1/profile", json!({ "name": "n" })),
        ("/api/v1/user", user),
    ] {
        for wrong in ["a\nb", "a\r\nb", "a\tb", "a\u{85}b"] {
            let mut body = body.clone();
            body["name"] = wrong.into();
            let refused = admin.post(path, body).await.expect(400);
            assert_eq!(refused["errors"][0]["name"], "name", "{path} {wrong:?}");
            let message = refused["message"].as_str().unwrap();
            assert!(message.starts_with("name must be one line"), "{message}");
        }
        let mut body = body.clone();
        body["name"] = "  Käse und Brot\n".into();
        let made = admin.post(path, body).await.expect(201);
        assert_eq!(made["name"], "Käse und Brot", "{path}");
    }
    let renamed = admin
        .patch("/api/v1/organisation/acme", json!({ "name": "ac\nme" }))
        .await;
    renamed.expect(400);
    // An alert is not lost to the tag that a program gave it.
    let alert = json!({
        "type": "t", "source": "s", "sourceRef": "r", "title": "t", "description": "d", "tags": [" a\n", "b\tc", "a"],
    });
    let made = team.analyst.post("/api/v1/alert", alert).await.expect(201);
    assert_eq!(made["tags"], json!(["a", "b c"]));
}
