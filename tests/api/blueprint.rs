//! What the platform is like, written down and made elsewhere: through the domains' actions, so with their records.

use serde_json::json;
use skep::blueprint::{self, Blueprint, Error};
use skep::storage::Location;

use crate::harness::{START_MS, Server};

async fn export(server: &Server) -> Blueprint {
    let location = location(server);
    let exporting = move || blueprint::export(&location, START_MS).unwrap();
    tokio::task::spawn_blocking(exporting).await.unwrap()
}

fn location(server: &Server) -> Location {
    let place = server.place();
    match place.postgres {
        Some(url) => Location::Postgres { url },
        None => Location::Embedded {
            data_dir: place.data_dir,
        },
    }
}

/// A server with an organisation, a profile and a changed profile of its own.
async fn configured() -> Server {
    let server = Server::start().await;
    let admin = server.admin();
    let organisation =
        json!({ "name": "lab", "description": "*Of* the lab", "taskRule": "autoShare" });
    admin
        .post("/api/v1/organisation", organisation)
        .await
        .expect(201);
    let profile = json!({ "name": "tier-2", "permissions": ["manageTask", "manageCase/create"] });
    admin.post("/api/v1/profile", profile).await.expect(201);
    let analyst = json!({ "permissions": ["manageTask"] });
    admin
        .patch("/api/v1/profile/analyst", analyst)
        .await
        .expect(204);
    server
}

#[tokio::test]
async fn another_installation_is_made_like_the_first_with_a_record_for_each_change() {
    let first = configured().await;
    let mut wanted = export(&first).await;
    wanted.case_statuses.push(
        serde_json::from_value(json!({
            "value": "Waiting", "stage": "InProgress", "order": 9, "colour": "#112233",
        }))
        .unwrap(),
    );
    wanted.case_statuses[0].hidden = true;
    let wanted = Blueprint::parse(&wanted.text().unwrap()).unwrap();

    let second = Server::start().await;
    let before = count_records(&second).await;
    let changed = blueprint::import(&second.app.gate, wanted.clone(), START_MS)
        .await
        .unwrap();
    let told: Vec<String> = changed
        .iter()
        .map(|change| change.to_string().lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "+ organisation lab",
            "~ profile analyst",
            "+ profile tier-2",
            "~ case status New",
            "+ case status Waiting",
        ]
    );
    assert_eq!(count_records(&second).await - before, 5);
    assert_eq!(
        export(&second).await.text().unwrap(),
        wanted.text().unwrap()
    );
    let profile = second
        .admin()
        .get("/api/v1/profile/tier-2")
        .await
        .expect(200);
    assert_eq!(
        profile["permissions"],
        json!(["manageCase/create", "manageTask"])
    );
    // Once more there is nothing to do.
    let again = blueprint::import(&second.app.gate, wanted.clone(), START_MS)
        .await
        .unwrap();
    assert_eq!(again, []);
    let (location, same) = (location(&second), wanted.clone());
    let previewing = move || blueprint::preview(&location, &same, START_MS).unwrap();
    assert_eq!(tokio::task::spawn_blocking(previewing).await.unwrap(), []);
}

async fn count_records(server: &Server) -> i64 {
    let query = json!([{ "_name": "listAudit" }, { "_name": "count" }]);
    server
        .admin()
        .query(query)
        .await
        .expect(200)
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn what_is_against_a_rule_is_named_and_nothing_is_done() {
    let server = Server::start().await;
    let before = export(&server).await.text().unwrap();
    for (list, thing, why) in [
        (
            "profiles",
            json!({ "name": "read-only", "type": "Organisation", "permissions": ["manageTask"] }),
            "profile read-only cannot be made so: The profile read-only is predefined",
        ),
        (
            "profiles",
            json!({ "name": "p", "type": "Organisation", "permissions": ["fly"] }),
            "names no permission: fly",
        ),
        (
            "profiles",
            json!({ "name": "analyst", "type": "External", "permissions": [] }),
            "its type stays as it is",
        ),
        (
            "caseStatuses",
            json!({ "value": "Other", "stage": "New", "order": 1 }),
            "its stage stays as it is",
        ),
        (
            "caseStatuses",
            json!({ "value": "Odd", "stage": "New", "order": 1, "colour": "red" }),
            "must be a colour",
        ),
        (
            "organisations",
            json!({ "name": "admin", "description": "", "taskRule": "manual", "observableRule": "manual", "locked": true }),
            "cannot be locked",
        ),
    ] {
        let good = json!({ "name": "good", "description": "", "taskRule": "manual", "observableRule": "manual" });
        let mut text = json!({ "format": 1, "organisations": [good] });
        match text[list].as_array_mut() {
            Some(list) => list.push(thing),
            None => text[list] = json!([thing]),
        }
        let wanted = Blueprint::parse(&text.to_string()).unwrap();
        let error = blueprint::import(&server.app.gate, wanted, START_MS)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error:?}");
        let error = error.to_string();
        assert!(
            error.contains(why) && error.ends_with("Nothing was changed."),
            "{error}"
        );
        assert_eq!(export(&server).await.text().unwrap(), before);
    }
}

#[test]
fn what_is_no_blueprint_is_refused() {
    for (text, why) in [
        ("", "no configuration"),
        ("[]", "no configuration"),
        (r#"{"format": 1, "profils": []}"#, "profils"),
        (
            r#"{"format": 1, "caseStatuses": [{"value": "A"}]}"#,
            "stage",
        ),
        (r#"{"format": 2, "other": 1}"#, "newer version"),
    ] {
        let error = Blueprint::parse(text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
