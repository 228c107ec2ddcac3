//! Views of lists, private and shared.

use serde_json::{Value, json};

use crate::harness::Server;

fn input(is_shared: bool) -> Value {
    json!({
        "name": "Mine", "entity": "CaseTTP", "filter": { "_field": "flag", "_value": true },
        "listOptions": { "itemsPerPage": 30, "listAsGroup": false, "autoRefresh": true, "statsIsOpen": false },
        "sortList": ["-_createdAt"], "showColumns": ["number", "title"], "isShared": is_shared,
    })
}

const PATH: &str = "/api/v1/views";

#[tokio::test]
async fn a_view_reads_back_as_it_was_kept() {
    let server = Server::start().await;
    let team = server.team().await;
    let reader = &team.read_only;
    let created = reader.post(PATH, input(false)).await;
    let path = format!("{PATH}/{}", created.id());
    let created = created.expect(201);
    for (name, value) in input(false).as_object().unwrap() {
        assert_eq!(created[name], *value, "{name}");
    }
    assert_eq!(created["_type"], "ListView");
    assert_eq!(reader.get(&path).await.expect(200), created);
    let listed = reader
        .query(json!([
            { "_name": "listListView" }, { "_name": "filter", "_field": "entity", "_value": "CaseTTP" },
        ]))
        .await;
    assert_eq!(listed.expect(200), json!([created]));
    let update = json!({ "name": "Yours", "showColumns": [], "filter": {} });
    reader.patch(&path, update.clone()).await.expect(204);
    let read = reader.get(&path).await.expect(200);
    for (name, value) in update.as_object().unwrap() {
        assert_eq!(read[name], *value, "{name}");
    }
    assert_eq!(read["sortList"], json!(["-_createdAt"]));
    reader.delete(&path).await.expect(204);
    reader.get(&path).await.expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn limits_are_those_of_the_contract() {
    let server = Server::start().await;
    let team = server.team().await;
    let many: Vec<String> = (0..16).map(|number| format!("c{number}")).collect();
    let mut options = input(false)["listOptions"].clone();
    options["itemsPerPage"] = json!(31);
    for (name, value, at) in [
        ("entity", json!("Flag"), "entity"),
        ("name", json!(""), "name"),
        ("filter", json!([]), "filter"),
        ("sortList", json!(many), "sortList"),
        ("showColumns", json!(many), "showColumns"),
        ("showColumns", json!(["a", "a"]), "showColumns"),
        ("listOptions", options, "listOptions.itemsPerPage"),
    ] {
        let mut wrong = input(false);
        wrong[name] = value;
        let refused = team.analyst.post(PATH, wrong).await.expect(400);
        assert_eq!(refused["errors"][0]["name"], at, "{refused}");
    }
    let mut large = input(false);
    large["filter"] = json!({ "a": "x".repeat(1_048_576) });
    team.analyst
        .post(PATH, large)
        .await
        .expect_error(413, "TooLarge");
}

#[tokio::test]
async fn private_ones_are_hidden_and_shared_ones_are_everybodys() {
    let server = Server::start().await;
    let team = server.team().await;
    let private = team.analyst.post(PATH, input(false)).await.id();
    let shared = team.analyst.post(PATH, input(true)).await.id();
    let (private, shared) = (format!("{PATH}/{private}"), format!("{PATH}/{shared}"));
    for client in [&team.org_admin, &team.read_only, &team.other_organisation] {
        client
            .get(&private)
            .await
            .expect_error(404, "NotFoundError");
        client
            .delete(&private)
            .await
            .expect_error(404, "NotFoundError");
    }
    team.other_organisation
        .get(&shared)
        .await
        .expect_error(404, "NotFoundError");
    team.read_only
        .patch(&shared, json!({ "name": "Ours" }))
        .await
        .expect(204);
    // Nobody takes another's view away, or hides it.
    team.read_only
        .patch(&shared, json!({ "isShared": false }))
        .await
        .expect_error(403, "AuthorizationError");
    team.read_only
        .delete(&shared)
        .await
        .expect_error(403, "AuthorizationError");
    let mine = team.analyst.get(&shared).await.expect(200);
    assert_eq!(
        (&mine["name"], &mine["_updatedBy"]),
        (&json!("Ours"), &json!("reader@acme.test"))
    );
    team.org_admin.delete(&shared).await.expect(204);
}
