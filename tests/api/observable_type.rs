//! Observable types.

use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn the_predefined_types_are_there_and_belong_to_the_system() {
    let server = Server::start().await;
    let all = server
        .admin()
        .query(json!([{ "_name": "listObservableType" }]))
        .await
        .expect(200);
    let names: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind["name"].as_str().unwrap())
        .collect();
    for name in [
        "url",
        "ip",
        "domain",
        "fqdn",
        "mail",
        "hash",
        "file",
        "other",
        "autonomous-system",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    assert_eq!(names.len(), 16);
    for kind in all.as_array().unwrap() {
        assert_eq!(kind["_createdBy"], "system@thehive.local");
        assert_eq!(kind["isAttachment"], kind["name"] == "file");
    }
}

#[tokio::test]
async fn a_type_is_created_changed_and_deleted() {
    let server = Server::start().await;
    let team = server.team().await;
    let admin = server.admin();
    let path = "/api/v1/observable/type";
    let created = admin.post(path, json!({ "name": "imei" })).await;
    let kind = created.expect(201);
    assert_eq!(
        (&kind["isAttachment"], &kind["isCaseSensitive"]),
        (&json!(false), &json!(true))
    );
    for reference in [created.id(), "imei".to_owned()] {
        assert_eq!(
            team.read_only
                .get(&format!("{path}/{reference}"))
                .await
                .expect(200),
            kind
        );
    }
    admin
        .post(path, json!({ "name": "IMEI" }))
        .await
        .expect_error(400, "CreateError");
    admin
        .post(path, json!({ "name": "" }))
        .await
        .expect_error(400, "AttributeCheckingError");
    team.org_admin
        .post(path, json!({ "name": "x" }))
        .await
        .expect_error(403, "AuthorizationError");
    let imei = format!("{path}/imei");
    admin
        .patch(&imei, json!({ "isCaseSensitive": false }))
        .await
        .expect(204);
    assert_eq!(admin.get(&imei).await.expect(200)["isCaseSensitive"], false);
    let case = team
        .analyst
        .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
        .await
        .id();
    let observables = format!("/api/v1/case/{case}/observable");
    let input = json!({ "dataType": "imei", "data": "ABC" });
    let made = team.analyst.post(&observables, input).await.expect(201);
    assert_eq!(
        made[0]["data"], "abc",
        "letter case does not matter to this type"
    );
    admin.delete(&imei).await.expect_error(400, "BadRequest");
    let id = made[0]["_id"].as_str().unwrap();
    team.analyst
        .delete(&format!("/api/v1/observable/{id}"))
        .await
        .expect(204);
    admin.delete(&imei).await.expect(204);
    admin.get(&imei).await.expect(404);
    admin
        .delete(&format!("{path}/file"))
        .await
        .expect_error(400, "BadRequest");
}
