//! Cases become events.

use serde_json::{Value, json};

use super::fake::{FakeMisp, Trouble, attribute};
use super::{Work, add, alerts, observables, pairs, sync};
use crate::harness::{Client, Form, Server};

/// A case with indicators and something else.
async fn a_case(analyst: &Client<'_>) -> String {
    let case = analyst
        .post(
            "/api/v1/case",
            json!({ "title": "Phishing", "description": "d", "severity": 3, "tlp": 3, "tags": ["campaign"] }),
        )
        .await
        .id();
    let path = format!("/api/v1/case/{case}/observable");
    for (kind, value, is_ioc) in [
        ("ip", "192.0.2.7", true),
        ("url", "hxxp://evil[.]test/a", true),
        ("hash", "d41d8cd98f00b204e9800998ecf8427e", true),
        ("domain", "ours.test", false),
    ] {
        let input = json!({ "dataType": kind, "data": value, "ioc": is_ioc, "tags": ["seen"], "message": "m" });
        analyst.post(&path, input).await.expect(201);
    }
    let form = Form::default()
        .json(&json!({ "dataType": "file", "ioc": true, "attachment": "attachment" }))
        .file("attachment", "evil.exe", None, b"MZ evil");
    analyst.upload(&path, form).await.expect(201);
    case
}

async fn give(client: &Client<'_>, case: &str) -> crate::harness::Answer {
    client
        .post_nothing(&format!("/api/v1/connector/misp/export/{case}/misp"))
        .await
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn a_case_becomes_an_event_and_the_next_one_extends_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    let options = json!({ "exportCaseTags": true, "caseUrl": "https://skep.example.org/" });
    add(&server, &fake, options).await;
    let case = a_case(&team.analyst).await;
    give(&team.analyst, &case).await.expect(204);

    let event = &fake.asked("/events")[0]["Event"];
    assert_eq!(
        (&event["info"], &event["threat_level_id"]),
        (&json!("Phishing"), &json!(1))
    );
    assert_eq!(
        (
            &event["published"],
            &event["analysis"],
            &event["distribution"]
        ),
        (&json!(false), &json!(0), &json!(0))
    );
    assert_eq!(event["date"], "2026-03-02");
    assert!(
        event["Tag"]
            .as_array()
            .unwrap()
            .contains(&json!({ "name": "tlp:amber+strict" }))
    );
    assert!(
        event["Tag"]
            .as_array()
            .unwrap()
            .contains(&json!({ "name": "campaign" }))
    );
    assert_eq!(event.get("extends_uuid"), None);
    let attributes: Vec<(&str, &str)> = event["Attribute"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["type"].as_str().unwrap(),
                one["value"].as_str().unwrap(),
            )
        })
        .collect();
    let link = "https://skep.example.org/cases/1";
    assert_eq!(
        attributes,
        [
            ("ip-dst", "192.0.2.7"),
            ("link", "http://evil.test/a"),
            ("md5", "d41d8cd98f00b204e9800998ecf8427e"),
            ("link", link),
        ]
    );
    assert_eq!(event["Attribute"][0]["Tag"], json!([]));
    let sample = &fake.asked("/events/upload_sample/900")[0]["request"];
    assert_eq!(
        sample["files"],
        json!([{ "filename": "evil.exe", "data": "TVogZXZpbA==" }])
    );

    let made = alerts(&team.analyst).await;
    assert_eq!(made.len(), 1);
    let alert = &made[0];
    assert_eq!(
        (&alert["type"], &alert["source"], &alert["sourceRef"]),
        (&json!("misp"), &json!("Our Org"), &json!("900"))
    );
    assert_eq!(
        (&alert["status"], &alert["caseId"]),
        (&json!("Imported"), &json!(case))
    );

    give(&team.analyst, &case).await.expect(204);
    let second = &fake.asked("/events")[1]["Event"];
    assert_eq!(
        second["extends_uuid"],
        "10000000-0000-4000-8000-000000000900"
    );

    // What we made comes back to nobody, until somebody adds to it.
    sync(&server).await;
    assert_eq!(alerts(&team.analyst).await.len(), 2);
    assert_eq!(alerts(&team.other_organisation).await.len(), 0);
    let mut changed = event.clone();
    changed["id"] = "900".into();
    changed["timestamp"] = (super::NOW_S + 5).to_string().into();
    fake.put_event(changed);
    fake.put_attribute(
        "900",
        attribute("1", "domain", "added.test", super::NOW_S + 5),
    );
    sync(&server).await;
    assert_eq!(alerts(&team.analyst).await.len(), 2);
    let id = alert["_id"].as_str().unwrap();
    assert_eq!(
        observables(&team.analyst, id).await,
        pairs(&[("domain", "added.test")])
    );
    assert!(
        observables(&team.analyst, &case)
            .await
            .contains(&("domain".into(), "added.test".into()))
    );
    assert_eq!(alerts(&team.other_organisation).await.len(), 0);
}

#[tokio::test]
async fn a_server_takes_only_what_it_is_set_to_and_from_whom() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let id = add(&server, &fake, json!({ "purpose": "ImportOnly" })).await;
    let case = a_case(&team.analyst).await;
    let message = give(&team.analyst, &case)
        .await
        .expect_error(400, "BadRequest");
    assert_eq!(message, "The MISP server misp is not set to take cases");
    let unknown = format!("/api/v1/connector/misp/export/{case}/nobody");
    let message = team
        .analyst
        .post_nothing(&unknown)
        .await
        .expect_error(404, "NotFoundError");
    assert_eq!(message, "MISP server nobody not found");
    give(&team.read_only, &case)
        .await
        .expect_error(403, "AuthorizationError");
    give(&team.other_organisation, &case)
        .await
        .expect_error(404, "NotFoundError");
    let path = format!("/api/skep/v1/integration/server/{id}");
    let change = json!({ "options": {}, "includedOrganisations": ["other"] });
    server.admin().patch(&path, change).await.expect(204);
    let message = give(&team.analyst, &case)
        .await
        .expect_error(404, "NotFoundError");
    assert_eq!(message, "MISP server misp not found");
    let wrong = json!({ "options": { "maxAgeDays": "soon" } });
    let message = server
        .admin()
        .patch(&path, wrong)
        .await
        .expect_error(400, "AttributeCheckingError");
    assert!(message.contains("maxAgeDays"), "{message}");
    assert_eq!(fake.asked("/events"), Vec::<Value>::new());
}

#[tokio::test]
async fn what_a_server_refuses_is_told() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    add(&server, &fake, json!({})).await;
    let case = a_case(&team.analyst).await;
    fake.trouble("/events", Trouble::Status(405));
    let message = give(&team.analyst, &case)
        .await
        .expect_error(400, "BadRequest");
    assert!(
        message.starts_with("The MISP server misp: ") && message.contains("405"),
        "{message}"
    );
    assert_eq!(alerts(&team.analyst).await.len(), 0);

    fake.behave();
    fake.trouble("/events/upload_sample/900", Trouble::Status(500));
    let message = give(&team.analyst, &case)
        .await
        .expect_error(400, "BadRequest");
    assert!(
        message.starts_with(
            "The event #900 was made, but MISP server misp did not take the file evil.exe"
        ),
        "{message}"
    );
    assert_eq!(alerts(&team.analyst).await.len(), 1);
}
