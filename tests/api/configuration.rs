//! Settings of organisations and of the platform.

use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn an_organisation_has_settings_of_its_own() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = "/api/v1/config/organisation/ui.hideEmptyCaseButton";
    let unset = json!({ "path": "ui.hideEmptyCaseButton", "defaultValue": null, "value": null });
    assert_eq!(team.org_admin.get(path).await.expect(200), unset);
    let set = team.org_admin.put(path, json!({ "value": true })).await;
    assert_eq!(set.expect(200)["value"], true);
    assert_eq!(team.org_admin.get(path).await.expect(200)["value"], true);
    let other = server.person("omar@other.test", "other", "org-admin").await;
    assert_eq!(other.get(path).await.expect(200), unset);
    for client in [&team.analyst, &team.read_only] {
        client
            .get(path)
            .await
            .expect_error(403, "AuthorizationError");
    }
    let records = team
        .org_admin
        .query(json!([
            { "_name": "listAudit" }, { "_name": "sort", "_fields": ["-_createdAt"] },
            { "_name": "page", "from": 0, "to": 1 },
        ]))
        .await
        .expect(200);
    assert_eq!(
        records[0]["details"],
        json!({ "config": { "ui.hideEmptyCaseButton": true } })
    );
}

#[tokio::test]
async fn the_platform_is_set_by_who_manages_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let path = "/api/v1/config/ui.defaultDateFormat";
    admin
        .put(path, json!({ "value": "yyyy" }))
        .await
        .expect(200);
    assert_eq!(admin.get(path).await.expect(200)["value"], "yyyy");
    let all = admin.get("/api/v1/config").await.expect(200);
    assert_eq!(all[0]["path"], "ui.defaultDateFormat");
    let none = admin.get("/api/v1/config?path=misp").await.expect(200);
    assert_eq!(none, json!([]));
    for path in [path, "/api/v1/config"] {
        team.org_admin
            .get(path)
            .await
            .expect_error(403, "AuthorizationError");
    }
    let long = format!("/api/v1/config/{}", "x".repeat(257));
    admin
        .put(&long, json!({ "value": 1 }))
        .await
        .expect_error(400, "AttributeCheckingError");
}
