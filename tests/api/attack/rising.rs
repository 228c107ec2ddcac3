//! Becoming more than one is, and the last administrator, who stays.

use serde_json::{Value, json};

use crate::harness::{ADMIN_LOGIN, Client, PASSWORD, Server};

#[tokio::test]
async fn nobody_makes_himself_more_than_he_is() {
    let server = Server::start().await;
    let team = server.team().await;
    let boss = &team.org_admin;
    let own = "/api/v1/user/boss@acme.test";
    // A profile for the platform, in any organisation, in any of the ways to give one.
    for (profile, organisation) in [
        ("admin", "acme"),
        ("admin", "admin"),
        ("analyst", "admin"),
        ("org-admin", "other"),
    ] {
        let place = json!({ "organisation": organisation, "profile": profile });
        let refused = [
            boss.patch(own, place.clone()).await,
            boss.patch("/api/v1/user/ana@acme.test", place.clone())
                .await,
            boss.put(
                &format!("{own}/organisations"),
                json!({ "organisations": [place] }),
            )
            .await,
            boss.post(
                "/api/v1/user",
                json!({ "login": "new@acme.test", "name": "n", "password": PASSWORD,
                "organisation": organisation, "profile": profile }),
            )
            .await,
        ];
        for answer in refused {
            answer.expect_error(400, "AttributeCheckingError");
        }
    }
    // Who exists already is answered as he is.
    let again = json!({ "login": "boss@acme.test", "name": "n", "profile": "admin" });
    let user = boss.post("/api/v1/user", again).await.expect(201);
    assert_eq!(user["profile"], "org-admin");
}

#[tokio::test]
async fn rights_are_defined_by_those_who_may() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let boss = &team.org_admin;
    // Rights that are not his to define.
    let all = json!({ "name": "mine", "permissions": ["managePlatform", "manageUser"] });
    boss.post("/api/v1/profile", all)
        .await
        .expect_error(403, "AuthorizationError");
    boss.patch(
        "/api/v1/profile/analyst",
        json!({ "permissions": ["manageUser"] }),
    )
    .await
    .expect_error(403, "AuthorizationError");
    boss.post(
        "/api/v1/organisation",
        json!({ "name": "n", "description": "d" }),
    )
    .await
    .expect_error(403, "AuthorizationError");
    boss.patch("/api/v1/organisation/acme", json!({ "name": "admin" }))
        .await
        .expect_error(403, "AuthorizationError");
    // A custom profile of the platform without the right to manage users does not give itself more.
    let custom = json!({ "name": "clerk", "permissions": ["manageOrganisation"] });
    admin.post("/api/v1/profile", custom).await.expect(201);
    let clerk = server.person("clerk@x.test", "admin", "clerk").await;
    clerk
        .patch("/api/v1/user/clerk@x.test", json!({ "profile": "admin" }))
        .await
        .expect_error(403, "AuthorizationError");
    clerk
        .patch(
            "/api/v1/profile/clerk",
            json!({ "permissions": ["manageUser"] }),
        )
        .await
        .expect_error(403, "AuthorizationError");
    // The internal user is nobody's to take.
    for client in [&admin, boss] {
        client
            .get("/api/v1/user/system@thehive.local")
            .await
            .expect_error(404, "NotFoundError");
        client
            .post("/api/v1/user/system@thehive.local/key/renew", json!({}))
            .await
            .expect_error(404, "NotFoundError");
        client
            .get("/api/v1/user/~1")
            .await
            .expect_error(404, "NotFoundError");
    }
}

#[tokio::test]
async fn who_manages_nobody_changes_no_rights_not_even_his_own() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    // An analyst and a reader, with what is theirs.
    for (client, own) in [
        (&team.analyst, "/api/v1/user/ana@acme.test"),
        (&team.read_only, "/api/v1/user/reader@acme.test"),
    ] {
        for change in [
            json!({ "profile": "org-admin" }),
            json!({ "profile": "org-admin", "organisation": "acme" }),
            json!({ "type": "Service" }),
            json!({ "locked": false }),
        ] {
            client
                .patch(own, change)
                .await
                .expect_error(403, "AuthorizationError");
        }
        client
            .patch(
                own,
                json!({ "permissions": ["manageUser"], "organisations": [], "login": "x@y.z" }),
            )
            .await;
        client
            .put(
                &format!("{own}/organisations"),
                json!({ "organisations": [] }),
            )
            .await
            .expect_error(403, "AuthorizationError");
        client
            .post(&format!("{own}/login/set"), json!({ "login": ADMIN_LOGIN }))
            .await
            .expect_error(403, "AuthorizationError");
    }
    let rights = |user: Value| user["permissions"].as_array().unwrap().len();
    assert_eq!(
        rights(admin.get("/api/v1/user/reader@acme.test").await.expect(200)),
        0
    );
}

#[tokio::test]
async fn the_last_administrator_stays_whatever_is_changed() {
    let server = Server::start().await;
    let admin = server.admin();
    let custom = json!({ "name": "keeper", "permissions": ["manageUser", "manageProfile", "manageOrganisation"] });
    admin.post("/api/v1/profile", custom).await.expect(201);
    let keeper = server.person("keeper@x.test", "admin", "keeper").await;
    let first = format!("/api/v1/user/{ADMIN_LOGIN}");
    keeper
        .patch(&first, json!({ "locked": true }))
        .await
        .expect(204);
    // Now the keeper is the last, by a profile that can be changed.
    for change in [
        json!({ "permissions": ["manageProfile"] }),
        json!({ "permissions": [] }),
    ] {
        let message = keeper
            .patch("/api/v1/profile/keeper", change)
            .await
            .expect_error(400, "BadRequest");
        assert!(message.contains("last administrator"), "{message}");
    }
    keeper
        .patch(
            "/api/v1/profile/keeper",
            json!({ "permissions": ["manageUser", "manageProfile"] }),
        )
        .await
        .expect(204);
    keeper
        .delete("/api/v1/profile/keeper")
        .await
        .expect_error(400, "BadRequest");
    admin_profile_without_users(&keeper).await;
    let own = "/api/v1/user/keeper@x.test";
    keeper
        .patch(own, json!({ "profile": "nobody" }))
        .await
        .expect_error(400, "BadRequest");
    let elsewhere = json!({ "organisations": [{ "organisation": "admin", "profile": "nobody" }] });
    keeper
        .put(&format!("{own}/organisations"), elsewhere)
        .await
        .expect_error(400, "BadRequest");
    // With another one in his place, all of it can be done.
    keeper
        .patch(&first, json!({ "locked": false }))
        .await
        .expect(204);
    keeper
        .patch(
            "/api/v1/profile/keeper",
            json!({ "permissions": ["manageProfile"] }),
        )
        .await
        .expect(204);
    keeper.get(own).await.expect(200);
    keeper
        .patch(&first, json!({ "locked": true }))
        .await
        .expect_error(403, "AuthorizationError");
}

async fn admin_profile_without_users(client: &Client<'_>) {
    let nobody = json!({ "name": "nobody", "type": "Admin", "permissions": [] });
    client.post("/api/v1/profile", nobody).await.expect(201);
}
