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
    let field = json!({ "name": "site", "group": "g", "description": "Where", "type": "string",
        "options": ["Paris"], "mandatory": true });
    admin.post("/api/v1/customField", field).await.expect(201);
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
            "+ custom field site",
        ]
    );
    assert_eq!(count_records(&second).await - before, 6);
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
            "must be a color",
        ),
        (
            "customFields",
            json!({ "name": "n", "displayName": "n", "group": "g", "description": "", "type": "integer", "options": ["a"] }),
            "must be a whole number",
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
        (r#"{"format": 3, "other": 1}"#, "newer version"),
    ] {
        let error = Blueprint::parse(text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

/// An organisation `lab` with templates and a dashboard of its own, and one of the dashboards it began with changed.
async fn furnished(server: &Server) {
    let boss = server.person("boss@lab.test", "lab", "org-admin").await;
    let page = |title: &str| json!({ "title": title, "content": "# c", "category": "Work" });
    for title in ["Notes", "Notes", "Report"] {
        boss.post("/api/v1/pageTemplate", page(title))
            .await
            .expect(201);
    }
    let template = json!({ "name": "phishing", "titlePrefix": "[P]", "severity": 3, "tags": ["mail"],
        "tasks": [{ "title": "Look", "mandatory": true, "dueDate": 5 }, { "title": "Tell", "group": "After" }],
        "customFields": { "site": "Paris" }, "pageTemplateIds": ["Report", "Notes"] });
    boss.post("/api/v1/caseTemplate", template)
        .await
        .expect(201);
    let dashboard = |title: &str, status: &str| json!({ "title": title, "description": "d", "status": status, "definition": { "items": [1] } });
    boss.post("/api/v1/dashboard", dashboard("Ours", "Shared"))
        .await
        .expect(201);
    boss.post("/api/v1/dashboard", dashboard("Mine", "Private"))
        .await
        .expect(201);
    let shipped = boss
        .query(json!([{ "_name": "listDashboard" },
        { "_name": "filter", "_eq": { "_field": "title", "_value": "Cases statistics" } }]))
        .await
        .expect(200);
    let path = format!("/api/v1/dashboard/{}", shipped[0]["_id"].as_str().unwrap());
    boss.patch(&path, json!({ "description": "Changed" }))
        .await
        .expect(204);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn the_templates_and_dashboards_of_organisations_go_along() {
    let first = configured().await;
    furnished(&first).await;
    let wanted = export(&first).await;
    let wanted = Blueprint::parse(&wanted.text().unwrap()).unwrap();
    let text = wanted.text().unwrap();
    assert!(!text.contains("\"Mine\""), "what is private is not told");
    let second = Server::start().await;
    let (place, same) = (location(&second), wanted.clone());
    let previewing = move || blueprint::preview(&place, &same, START_MS).unwrap();
    let previewed = tokio::task::spawn_blocking(previewing).await.unwrap();
    let changed = blueprint::import(&second.app.gate, wanted.clone(), START_MS)
        .await
        .unwrap();
    assert_eq!(previewed, changed);
    let told: Vec<String> = changed
        .iter()
        .map(|change| change.to_string().lines().next().unwrap().to_owned())
        .filter(|line| line.contains("lab / "))
        .collect();
    assert_eq!(
        told,
        [
            "+ page template lab / Notes",
            "+ page template lab / Notes",
            "+ page template lab / Report",
            "+ case template lab / phishing",
            "~ dashboard lab / Cases statistics",
            "+ dashboard lab / Ours",
        ]
    );
    assert_eq!(export(&second).await.text().unwrap(), text);
    let boss = second.person("boss@lab.test", "lab", "org-admin").await;
    let case = json!({ "title": "t", "description": "d", "caseTemplate": "phishing" });
    let case = boss.post("/api/v1/case", case).await.expect(201);
    assert_eq!(
        json!([
            case["title"],
            case["severity"],
            case["customFields"][0]["value"]
        ]),
        json!(["[P] t", 3, "Paris"])
    );
    let pages = boss
        .query(json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "pages" }]))
        .await
        .expect(200);
    assert_eq!(pages.as_array().unwrap().len(), 2);
    let again = blueprint::import(&second.app.gate, wanted.clone(), START_MS)
        .await
        .unwrap();
    assert_eq!(again, []);
    // A change of each is told and made.
    let mut other = wanted;
    other.page_templates[1].content = "other".to_owned();
    other.case_templates[0].pages = vec!["Report".to_owned()];
    other.case_templates[0].severity = None;
    let changed = blueprint::import(&second.app.gate, other.clone(), START_MS)
        .await
        .unwrap();
    let told: Vec<String> = changed.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "~ page template lab / Notes\n    content: \"# c\" -> \"other\"",
            "~ case template lab / phishing\n    severity: 3 -> null\n    pages: -Notes",
        ]
    );
    assert_eq!(export(&second).await.text().unwrap(), other.text().unwrap());
    // What is of an organisation that there isn't is refused.
    other.page_templates[0].organisation = "nowhere".to_owned();
    let error = blueprint::import(&second.app.gate, other, START_MS)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("nowhere"), "{error}");
}
