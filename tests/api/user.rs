//! Users and where they work.

use serde_json::{Value, json};

use crate::harness::{ADMIN_LOGIN, Client, PASSWORD, Server};

const ANALYST: &str = "/api/v1/user/ana@acme.test";
/// The smallest PNG.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async fn read(client: &Client<'_>, path: &str) -> Value {
    client.get(path).await.expect(200)
}

async fn logins(client: &Client<'_>) -> Vec<String> {
    let users = client
        .query(json!([{ "_name": "listUser" }, { "_name": "sort", "_fields": [{ "_createdAt": "asc" }] }]))
        .await
        .expect(200);
    let users = users.as_array().unwrap();
    users
        .iter()
        .map(|user| user["login"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_new_user_reads_back_as_it_was_answered_and_twice_is_once() {
    let server = Server::start().await;
    server.team().await;
    let admin = server.admin();
    let input = json!({ "login": "New.User@Acme.Test", "name": "New", "profile": "analyst",
        "organisation": "acme", "email": "New@Acme.test" });
    let created = admin.post("/api/v1/user", input.clone()).await.expect(201);
    for (field, value) in [
        ("login", json!("new.user@acme.test")),
        ("email", json!("new@acme.test")),
        ("type", json!("Normal")),
        ("profile", json!("analyst")),
        ("organisation", json!("acme")),
        ("defaultOrganisation", json!("acme")),
        ("hasKey", json!(false)),
        ("hasPassword", json!(false)),
        ("hasMFA", json!(false)),
        ("locked", json!(false)),
        ("extraData", json!({})),
        ("_createdBy", json!(ADMIN_LOGIN)),
    ] {
        assert_eq!(created[field], value, "{field}");
    }
    assert!(created.get("_type").is_none() && created.get("_updatedAt").is_none());
    assert_eq!(created["organisations"][0]["organisation"], "acme");
    server.clock.advance_ms(5);
    let again = admin.post("/api/v1/user", input).await.expect(201);
    assert_eq!(again, created);
    for reference in [created["_id"].as_str().unwrap(), "NEW.user@acme.test"] {
        assert_eq!(
            read(&admin, &format!("/api/v1/user/{reference}")).await,
            created
        );
    }
    let found = admin
        .query(json!([{ "_name": "getUser", "idOrName": "new.user@acme.test" }]))
        .await
        .expect(200);
    assert_eq!(found, json!([created]));
}

#[tokio::test]
async fn a_user_who_exists_joins_the_organisation_and_keeps_what_he_has() {
    let server = Server::start().await;
    let team = server.team().await;
    let other_admin = server
        .person("chief@other.test", "other", "org-admin")
        .await;
    let input = json!({ "login": "ana@acme.test", "name": "Somebody else", "profile": "read-only",
        "password": "Taken-over-1" });
    let joined = other_admin.post("/api/v1/user", input).await.expect(201);
    assert_eq!(
        (&joined["name"], &joined["organisation"], &joined["profile"]),
        (&json!("ana"), &json!("other"), &json!("read-only"))
    );
    let there = team.analyst.clone().in_organisation("other");
    there.get("/api/v1/user/current").await.expect(200);
    server
        .anonymous()
        .basic("ana@acme.test", "Taken-over-1")
        .get("/api/v1/user/current")
        .await
        .expect(401);
    let own = read(&team.analyst, ANALYST).await;
    assert_eq!(own["defaultOrganisation"], "acme");
}

#[tokio::test]
async fn bad_input_names_its_attribute() {
    let server = Server::start().await;
    server.team().await;
    let good = json!({ "login": "x@acme.test", "name": "X", "profile": "analyst", "organisation": "acme" });
    for (field, value) in [
        ("login", json!("no address")),
        ("login", json!(null)),
        ("login", json!("system@thehive.local")),
        ("name", json!("")),
        ("name", json!("n".repeat(129))),
        ("profile", json!("nonsense")),
        ("profile", json!("admin")),
        ("profile", json!("external-reader")),
        ("organisation", json!("nonsense")),
        ("email", json!("nobody")),
        ("password", json!("")),
        ("password", json!("p".repeat(129))),
        ("password", json!("secret")),
        ("type", json!("Robot")),
        ("avatar", json!("no picture")),
    ] {
        let mut input = good.clone();
        input[field] = value.clone();
        let refused = server.admin().post("/api/v1/user", input).await.expect(400);
        assert_eq!(refused["errors"][0]["name"], field, "{value}: {refused}");
    }
    let mut of_admin = good;
    of_admin["organisation"] = json!("admin");
    let refused = server
        .admin()
        .post("/api/v1/user", of_admin)
        .await
        .expect(400);
    assert_eq!(refused["errors"][0]["name"], "profile");
}

#[tokio::test]
async fn the_organisation_admin_sees_everybody_and_others_see_their_own_people() {
    let server = Server::start().await;
    let team = server.team().await;
    let all = [
        ADMIN_LOGIN,
        "boss@acme.test",
        "ana@acme.test",
        "reader@acme.test",
        "olga@other.test",
        "robot@acme.test",
    ];
    assert_eq!(logins(&server.admin()).await, all);
    assert_eq!(logins(&team.other_organisation).await, ["olga@other.test"]);
    assert_eq!(logins(&team.read_only).await.len(), 4);
    for hidden in ["olga@other.test", ADMIN_LOGIN] {
        let path = format!("/api/v1/user/{hidden}");
        team.org_admin
            .get(&path)
            .await
            .expect_error(404, "NotFoundError");
        let patch = json!({ "name": "x" });
        team.org_admin.patch(&path, patch).await.expect(404);
    }
    for client in [&server.admin(), &team.org_admin] {
        for internal in ["system@thehive.local", "~1"] {
            let path = format!("/api/v1/user/{internal}");
            client.get(&path).await.expect(404);
            client
                .delete(&format!("{path}/force"))
                .await
                .expect_error(404, "NotFoundError");
        }
    }
    let organisations = server
        .admin()
        .query(json!([{ "_name": "getOrganisation", "idOrName": "admin" },
            { "_name": "page", "from": 0, "to": 1, "extraData": ["userCount"] }]))
        .await
        .expect(200);
    assert_eq!(organisations[0]["extraData"]["userCount"], 1);
}

#[tokio::test]
async fn everybody_changes_what_is_his_own() {
    let server = Server::start().await;
    let team = server.team().await;
    let change = json!({ "name": "Ana <b>Lyst</b> \u{202e}🐝", "email": "ana@elsewhere.test", "avatar": PICTURE });
    team.analyst
        .patch(ANALYST, change.clone())
        .await
        .expect(204);
    let user = read(&team.read_only, ANALYST).await;
    assert_eq!(
        (&user["name"], &user["email"]),
        (&change["name"], &change["email"])
    );
    assert_eq!(user["_updatedBy"], "ana@acme.test");
    let avatar = format!("{ANALYST}/avatar/{}", user["avatar"].as_str().unwrap());
    let picture = team.read_only.get(&avatar).await;
    picture.expect(200);
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert!(
        picture
            .header("content-security-policy")
            .unwrap()
            .contains("sandbox")
    );
    team.other_organisation.get(&avatar).await.expect(404);
    let clear = json!({ "email": null, "avatar": "" });
    team.analyst.patch(ANALYST, clear).await.expect(204);
    let user = read(&team.analyst, ANALYST).await;
    assert!(user.get("email").is_none() && user.get("avatar").is_none());
    team.analyst.get(&avatar).await.expect(404);
    for more in [
        json!({ "profile": "org-admin" }),
        json!({ "locked": true }),
        json!({ "type": "Service" }),
    ] {
        team.analyst
            .patch(ANALYST, more)
            .await
            .expect_error(403, "AuthorizationError");
    }
    team.analyst
        .patch("/api/v1/user/reader@acme.test", json!({ "name": "x" }))
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn who_manages_users_changes_them() {
    let server = Server::start().await;
    let team = server.team().await;
    let change = json!({ "name": "Updated", "profile": "read-only", "email": "w@example.org", "organisation": "acme" });
    team.org_admin.patch(ANALYST, change).await.expect(204);
    let user = read(&team.org_admin, ANALYST).await;
    for (field, value) in [
        ("name", "Updated"),
        ("profile", "read-only"),
        ("email", "w@example.org"),
        ("organisation", "acme"),
    ] {
        assert_eq!(user[field], value);
    }
    for (body, field) in [
        (json!({ "profile": "admin" }), "profile"),
        (json!({ "profile": "nonsense" }), "profile"),
        (
            json!({ "profile": "analyst", "organisation": "other" }),
            "organisation",
        ),
        (
            json!({ "defaultOrganisation": "other" }),
            "defaultOrganisation",
        ),
        (json!({ "type": "External" }), "type"),
    ] {
        let refused = team.org_admin.patch(ANALYST, body).await.expect(400);
        assert_eq!(refused["errors"][0]["name"], field, "{refused}");
    }
    let unchanged = read(&team.org_admin, ANALYST).await;
    assert_eq!(unchanged, user);
}

#[tokio::test]
async fn nobody_locks_or_deletes_himself_and_the_last_administrator_stays() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let own = format!("/api/v1/user/{ADMIN_LOGIN}");
    let deputy = "/api/v1/user/deputy@x.test";
    team.org_admin
        .patch("/api/v1/user/boss@acme.test", json!({ "locked": true }))
        .await
        .expect_error(400, "BadRequest");
    admin.delete(&own).await.expect_error(400, "BadRequest");
    admin
        .delete(&format!("{own}/force"))
        .await
        .expect_error(400, "BadRequest");
    // A program that administers is no replacement for a person, nor is one who is locked.
    let robot =
        json!({ "login": "robot@x.test", "name": "r", "profile": "admin", "type": "Service" });
    admin.post("/api/v1/user", robot).await.expect(201);
    let second = server.person("deputy@x.test", "admin", "admin").await;
    admin.delete(deputy).await.expect(204);
    let leave = json!({ "organisations": [{ "organisation": "acme", "profile": "analyst" }] });
    admin
        .put(&format!("{own}/organisations"), leave.clone())
        .await
        .expect_error(400, "BadRequest");
    admin
        .patch(&own, json!({ "type": "Service" }))
        .await
        .expect_error(400, "BadRequest");
    admin
        .patch(deputy, json!({ "locked": false }))
        .await
        .expect(204);
    second
        .patch(&own, json!({ "locked": true }))
        .await
        .expect(204);
    second
        .put(&format!("{deputy}/organisations"), leave)
        .await
        .expect_error(400, "BadRequest");
    let user = read(&second, &own).await;
    assert_eq!(user["locked"], true);
}

#[tokio::test]
async fn organisations_are_replaced_as_they_are_given() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = format!("{ANALYST}/organisations");
    let admin = server.admin();
    let given = json!({ "organisations": [
        { "organisation": "other", "profile": "org-admin" },
        { "organisation": "acme", "profile": "analyst", "default": true },
        { "organisation": "admin", "profile": "admin", "default": false },
    ] });
    let mut told = given.clone();
    told["organisations"][0]["default"] = json!(false);
    assert_eq!(admin.put(&path, given.clone()).await.expect(200), told);
    let user = read(&team.analyst, ANALYST).await;
    assert_eq!(user["defaultOrganisation"], "acme");
    let names: Vec<&Value> = user["organisations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| &place["organisation"])
        .collect();
    assert_eq!(names, ["other", "acme", "admin"]);
    let first = json!({ "organisations": [{ "organisation": "other", "profile": "analyst" }] });
    let answer = admin.put(&path, first).await.expect(200);
    assert_eq!(answer["organisations"][0]["default"], true);
    for wrong in [
        json!([]),
        json!([{ "organisation": "acme", "profile": "admin" }]),
        json!([{ "organisation": "admin", "profile": "analyst" }]),
        json!([{ "organisation": "acme", "profile": "analyst" }, { "organisation": "acme", "profile": "read-only" }]),
        json!([{ "organisation": "acme", "profile": "analyst", "default": true },
            { "organisation": "other", "profile": "analyst", "default": true }]),
        json!([{ "organisation": "nonsense", "profile": "analyst" }]),
    ] {
        admin
            .put(&path, json!({ "organisations": wrong }))
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    team.read_only
        .put(&path, given)
        .await
        .expect_error(403, "AuthorizationError");
}

#[tokio::test]
async fn one_gives_places_only_where_one_manages_users() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = format!("{ANALYST}/organisations");
    for foreign in ["other", "admin"] {
        let profile = if foreign == "admin" {
            "admin"
        } else {
            "analyst"
        };
        let places = json!({ "organisations": [
            { "organisation": "acme", "profile": "analyst" },
            { "organisation": foreign, "profile": profile },
        ] });
        team.org_admin
            .put(&path, places)
            .await
            .expect_error(400, "AttributeCheckingError");
        let user = json!({ "login": "y@x.test", "name": "y", "profile": profile, "organisation": foreign });
        team.org_admin
            .post("/api/v1/user", user)
            .await
            .expect_error(400, "AttributeCheckingError");
    }
    // With the right in both, from either.
    let admin = server.admin();
    let both = json!({ "organisations": [
        { "organisation": "admin", "profile": "admin", "default": true },
        { "organisation": "acme", "profile": "org-admin" },
    ] });
    admin
        .put(
            &format!("/api/v1/user/{ADMIN_LOGIN}/organisations"),
            both.clone(),
        )
        .await
        .expect(200);
    let from_acme = admin.clone().in_organisation("acme");
    from_acme.put(&path, both).await.expect(200);
    // What one cannot give, one cannot take either.
    let only_acme =
        json!({ "organisations": [{ "organisation": "acme", "profile": "read-only" }] });
    team.org_admin.put(&path, only_acme).await.expect(200);
    let user = read(&admin, ANALYST).await;
    assert_eq!(user["organisations"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_user_leaves_an_organisation_and_is_gone_with_the_last() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let join = json!({ "login": "ana@acme.test", "name": "Ana", "profile": "read-only", "organisation": "other" });
    admin.post("/api/v1/user", join).await.expect(201);
    let force = format!("{ANALYST}/force");
    admin
        .delete(&format!("{force}?organisation=admin"))
        .await
        .expect_error(404, "NotFoundError");
    team.org_admin.delete(&force).await.expect(204);
    team.org_admin.get(ANALYST).await.expect(404);
    let user = read(&team.other_organisation, ANALYST).await;
    assert_eq!(user["defaultOrganisation"], "other");
    admin
        .delete(&format!("{force}?organisation=other"))
        .await
        .expect(204);
    admin.get(ANALYST).await.expect_error(404, "NotFoundError");
    admin
        .delete("/api/v1/user/reader@acme.test/force")
        .await
        .expect(204);
    assert_eq!(
        logins(&admin).await,
        [
            ADMIN_LOGIN,
            "boss@acme.test",
            "olga@other.test",
            "robot@acme.test"
        ]
    );
}

#[tokio::test]
async fn a_new_login_reaches_everything_that_names_the_user() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = team
        .analyst
        .post(
            "/api/v1/case",
            json!({ "title": "t", "description": "d", "assignee": "ana@acme.test" }),
        )
        .await
        .id();
    let path = format!("{ANALYST}/login/set");
    for (login, status) in [
        ("boss@acme.test", 400),
        ("system@thehive.local", 400),
        ("x", 400),
    ] {
        let body = json!({ "login": login });
        team.org_admin.post(&path, body).await.expect(status);
    }
    let session = server.session_of("ana@acme.test").await;
    let body = json!({ "login": "Anna@acme.test" });
    team.read_only.post(&path, body.clone()).await.expect(403);
    team.org_admin.post(&path, body).await.expect(204);
    team.analyst.get("/api/v1/user/current").await.expect(401);
    server
        .anonymous()
        .basic("anna@acme.test", PASSWORD)
        .get("/api/v1/user/current")
        .await
        .expect(200);
    let own = read(&session, "/api/v1/user/current").await;
    assert_eq!(own["login"], "anna@acme.test");
    let case = read(&session, &format!("/api/v1/case/{case}")).await;
    assert_eq!(
        (&case["assignee"], &case["_createdBy"]),
        (&json!("anna@acme.test"), &json!("anna@acme.test"))
    );
}

#[tokio::test]
async fn every_change_is_in_the_trail_and_no_secret_is() {
    let server = Server::start().await;
    let team = server.team().await;
    let new_password = "Quite-Another-2026";
    team.org_admin
        .post(
            &format!("{ANALYST}/password/set"),
            json!({ "password": new_password }),
        )
        .await
        .expect(204);
    let key = team
        .org_admin
        .post_nothing(&format!("{ANALYST}/key/renew"))
        .await
        .text();
    let renewed = team
        .org_admin
        .post_nothing(&format!("{ANALYST}/key/renew"))
        .await
        .text();
    let change = json!({ "name": "Ana B", "locked": true });
    team.org_admin.patch(ANALYST, change).await.expect(204);
    let trail = team
        .org_admin
        .query(json!([{ "_name": "listAudit" }, { "_name": "filter", "_field": "objectType", "_value": "User" },
            { "_name": "sort", "_fields": [{ "_createdAt": "desc" }] }]))
        .await
        .expect(200);
    let text = trail.to_string();
    for secret in [
        new_password,
        PASSWORD,
        key.trim(),
        renewed.trim(),
        "argon2",
        "skep_",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    let details: Vec<&Value> = trail
        .as_array()
        .unwrap()
        .iter()
        .map(|record| &record["details"])
        .take(4)
        .collect();
    let told = [
        json!({ "name": "Ana B", "locked": true }),
        json!({ "key": "changed" }),
        json!({ "hasKey": true }),
        json!({ "password": "changed" }),
    ];
    assert!(told.iter().all(|one| details.contains(&one)), "{details:?}");
}

#[tokio::test]
async fn users_are_found_by_their_fields() {
    let server = Server::start().await;
    let team = server.team().await;
    let found = async |client: &Client<'_>, filter: Value| -> Vec<String> {
        let mut operation = filter;
        operation["_name"] = json!("filter");
        let users = client
            .query(json!([{ "_name": "listUser" }, operation]))
            .await
            .expect(200);
        let users = users.as_array().unwrap();
        users
            .iter()
            .map(|user| user["login"].as_str().unwrap().to_owned())
            .collect()
    };
    let admin = server.admin();
    let is = |field: &str, value: Value| json!({ "_field": field, "_value": value });
    assert_eq!(
        found(&admin, is("profile", json!("org-admin"))).await,
        ["boss@acme.test"]
    );
    assert_eq!(
        found(&admin, is("organisation", json!("other"))).await,
        ["olga@other.test"]
    );
    assert_eq!(
        found(&team.org_admin, is("hasKey", json!(true))).await,
        ["robot@acme.test"]
    );
    let starts = json!({ "_startsWith": { "_field": "login", "_value": "ana@" } });
    assert_eq!(found(&team.org_admin, starts).await, ["ana@acme.test"]);
    let current = team
        .analyst
        .query(json!([{ "_name": "currentUser" }]))
        .await
        .expect(200);
    assert_eq!(current, json!([read(&team.analyst, ANALYST).await]));
    let shown = admin
        .query(json!([{ "_name": "getUser", "idOrName": "ana@acme.test" },
            { "_name": "page", "from": 0, "to": 1, "extraData": ["organisations"] }]))
        .await
        .expect(200);
    assert!(shown[0]["extraData"]["organisations"].is_array());
}
