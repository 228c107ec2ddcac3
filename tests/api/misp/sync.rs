//! Events become alerts.

use std::io::{Cursor, Write};

use serde_json::json;
use zip::ZipWriter;
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

use super::fake::{FakeMisp, Trouble, attribute, event};
use super::{NOW_S, Work, add, alerts, observables, pairs, sync, wait};
use crate::harness::Server;

const DAY_S: i64 = 24 * 60 * 60;

/// A sample as MISP packs it.
fn packed(content: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("aa.filename.txt", &b"evil.exe"[..]), ("aa", content)] {
        let options = SimpleFileOptions::default()
            .with_deprecated_encryption(b"infected")
            .unwrap();
        writer.start_file(name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn an_event_becomes_an_alert_with_its_attributes() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(
        &server,
        &fake,
        json!({ "tags": ["from-misp"], "observablesAreSighted": true }),
    )
    .await;
    fake.put_event(event("7", NOW_S - 60));
    fake.put_attribute("7", attribute("1", "ip-dst", "192.0.2.7", NOW_S - 60));
    fake.put_attribute(
        "7",
        attribute("2", "domain|ip", "evil.test|192.0.2.8", NOW_S - 60),
    );
    fake.put_attribute("7", attribute("3", "attachment", "note.txt", NOW_S - 60));
    fake.put_attribute(
        "7",
        attribute(
            "4",
            "malware-sample",
            "evil.exe|d41d8cd98f00b204e9800998ecf8427e",
            NOW_S - 60,
        ),
    );
    fake.put_attribute("7", attribute("5", "attachment", "lost.txt", NOW_S - 60));
    fake.put_attribute("7", attribute("6", "uri", "/no/host", NOW_S - 60));
    fake.put_attribute("7", attribute("7", "yara", "rule x {}", NOW_S - 60));
    fake.put_file("3", b"a note");
    fake.put_file("4", &packed(b"MZ evil"));
    let came = sync(&server).await;
    assert_eq!(
        (&came["created"], &came["problem"]),
        (&json!(2), &json!(null)),
        "{came}"
    );

    let alerts = alerts(&team.analyst).await;
    let [alert] = alerts.as_slice() else {
        panic!("{alerts:?}")
    };
    assert_eq!(alert["type"], "misp");
    assert_eq!(alert["source"], "Our Org");
    assert_eq!(alert["sourceRef"], "7");
    assert_eq!(alert["title"], "#7 Event 7");
    assert_eq!(alert["externalLink"], format!("{}/events/7", fake.url));
    assert_eq!(
        (&alert["severity"], &alert["tlp"], &alert["pap"]),
        (&json!(3), &json!(1), &json!(2))
    );
    assert_eq!(alert["date"], 1_769_904_000_000_i64);
    let tags = alert["tags"].as_array().unwrap();
    for tag in ["src:CIRCL", "tlp:green", "malware", "from-misp"] {
        assert!(tags.contains(&json!(tag)), "{tags:?}");
    }
    let id = alert["_id"].as_str().unwrap();
    assert_eq!(
        observables(&team.analyst, id).await,
        pairs(&[
            ("domain", "evil.test"),
            ("file", "evil.exe"),
            ("file", "note.txt"),
            ("filename", "lost.txt"),
            ("ip", "192.0.2.7"),
            ("ip", "192.0.2.8"),
            ("other", "/no/host"),
            ("other", "rule x {}"),
        ])
    );
    let list = team
        .analyst
        .query(json!([{ "_name": "listObservable" }, { "_name": "filter", "_and": [
            { "_field": "relatedId", "_value": id }, { "_field": "data", "_value": "192.0.2.8" }] }]))
        .await
        .expect(200);
    let observable = &list[0];
    assert_eq!(
        (
            &observable["ioc"],
            &observable["sighted"],
            &observable["tlp"],
            &observable["message"]
        ),
        (&json!(true), &json!(true), &json!(0), &json!("seen"))
    );
    let tags = observable["tags"].as_array().unwrap();
    for tag in [
        "misp.category=\"Payload delivery\"",
        "misp.type=\"domain|ip\"",
        "tag-of-attribute",
    ] {
        assert!(tags.contains(&json!(tag)), "{tags:?}");
    }
    // Each organisation has its own.
    let others = super::alerts(&team.other_organisation).await;
    assert_eq!(others.len(), 1);
    assert_ne!(others[0]["_id"], alert["_id"]);
}

#[tokio::test]
async fn only_organisations_on_the_list_get_alerts() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    let id = add(&server, &fake, json!({})).await;
    server
        .admin()
        .patch(
            &format!("/api/skep/v1/integration/server/{id}"),
            json!({ "excludedOrganisations": ["other"] }),
        )
        .await
        .expect(204);
    fake.put_event(event("7", NOW_S - 60));
    sync(&server).await;
    assert_eq!(alerts(&team.analyst).await.len(), 1);
    assert_eq!(alerts(&team.other_organisation).await.len(), 0);
    let status = team
        .other_organisation
        .get("/api/v1/connector/misp/status")
        .await
        .expect(200);
    assert_eq!(status["status"], json!({}));
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn a_change_of_an_event_comes_into_its_alert_and_its_case() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(&server, &fake, json!({})).await;
    for id in ["7", "8"] {
        fake.put_event(event(id, NOW_S - 600));
        fake.put_attribute(
            id,
            attribute(&format!("{id}1"), "domain", "one.test", NOW_S - 600),
        );
        fake.put_attribute(
            id,
            attribute(&format!("{id}2"), "domain", "two.test", NOW_S - 600),
        );
    }
    sync(&server).await;
    let before = alerts(&team.analyst).await;
    assert_eq!(before.len(), 2);
    let (closed, imported) = (
        before[0]["_id"].as_str().unwrap(),
        before[1]["_id"].as_str().unwrap(),
    );
    let ignored = json!({ "status": "Ignored", "addTags": ["ours"] });
    team.analyst
        .patch(&format!("/api/v1/alert/{closed}"), ignored)
        .await
        .expect(204);
    let case = team
        .analyst
        .post(&format!("/api/v1/alert/{imported}/case"), json!({}))
        .await
        .id();

    // Nothing changed: nothing happens.
    let came = sync(&server).await;
    assert_eq!((&came["created"], &came["updated"]), (&json!(0), &json!(0)));
    let still = team
        .analyst
        .get(&format!("/api/v1/alert/{closed}"))
        .await
        .expect(200);
    assert_eq!(still["status"], "Ignored");

    for id in ["7", "8"] {
        let mut changed = event(id, NOW_S - 60);
        changed["info"] = "Another title".into();
        changed["threat_level_id"] = "3".into();
        fake.put_event(changed);
        fake.put_attribute(
            id,
            attribute(&format!("{id}3"), "domain", "three.test", NOW_S - 60),
        );
        let mut deleted = attribute(&format!("{id}2"), "domain", "two.test", NOW_S - 60);
        deleted["deleted"] = true.into();
        fake.put_attribute(id, deleted);
        // What another attribute says too stays.
        let mut deleted = attribute(&format!("{id}4"), "domain", "one.test", NOW_S - 60);
        deleted["deleted"] = true.into();
        fake.put_attribute(id, deleted);
    }
    let came = sync(&server).await;
    assert_eq!(
        (&came["created"], &came["updated"]),
        (&json!(0), &json!(4)),
        "{came}"
    );
    let after = alerts(&team.analyst).await;
    assert_eq!(after.len(), 2, "{after:?}");
    assert_eq!(after[0]["title"], "#7 Another title");
    assert_eq!(
        (&after[0]["severity"], &after[0]["status"]),
        (&json!(1), &json!("New"))
    );
    assert!(
        after[0]["tags"]
            .as_array()
            .unwrap()
            .contains(&json!("ours"))
    );
    assert_eq!(
        (&after[1]["status"], &after[1]["stage"]),
        (&json!("Imported"), &json!("Imported"))
    );
    for id in [closed, imported] {
        assert_eq!(
            observables(&team.analyst, id).await,
            pairs(&[("domain", "one.test"), ("domain", "three.test")])
        );
    }
    let of_case = observables(&team.analyst, &case).await;
    assert!(
        of_case.contains(&("domain".to_owned(), "three.test".to_owned())),
        "{of_case:?}"
    );
}

#[tokio::test]
async fn an_event_that_fails_holds_up_no_other_and_is_tried_again() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(&server, &fake, json!({})).await;
    for (id, ago) in [("1", 300), ("2", 200), ("3", 100)] {
        fake.put_event(event(id, NOW_S - ago));
    }
    fake.put_event(json!({ "id": "x", "info": 5 }));
    fake.trouble("/attributes/restSearch/json 2", Trouble::Status(500));
    let came = sync(&server).await;
    let refs = |list: &[serde_json::Value]| -> Vec<String> {
        let refs = list
            .iter()
            .map(|alert| alert["sourceRef"].as_str().unwrap().to_owned());
        refs.collect()
    };
    assert_eq!(refs(&alerts(&team.analyst).await), ["1", "3"]);
    assert_eq!(came["failures"][0]["event"], "2");
    let why = came["failures"][0]["problem"].as_str().unwrap();
    assert!(why.contains("500") && why.contains("no such luck"), "{why}");
    let problem = came["problem"].as_str().unwrap();
    assert!(problem.contains("cannot be read"), "{problem}");

    fake.behave();
    let came = sync(&server).await;
    assert_eq!(refs(&alerts(&team.analyst).await), ["1", "2", "3"]);
    assert_eq!(came["failures"], json!([]));
    assert_eq!(came["created"], 2, "one in each organisation");
}

#[tokio::test]
async fn a_reading_goes_on_after_a_restart_where_it_was() {
    let server = Server::start().await;
    let fake = FakeMisp::start().await;
    {
        server.team().await;
    }
    let work = Work::of(&server);
    let id = add(&server, &fake, json!({})).await;
    let patient = json!({ "timeMaxS": 60 });
    server
        .admin()
        .patch(&format!("/api/skep/v1/integration/server/{id}"), patient)
        .await
        .expect(204);
    for (id, ago) in [("1", 300), ("2", 200), ("3", 100)] {
        fake.put_event(event(id, NOW_S - ago));
        fake.put_attribute(id, attribute(id, "domain", "one.test", NOW_S - ago));
    }
    fake.trouble("/attributes/restSearch/json 2", Trouble::Hangs);
    server
        .admin()
        .get("/api/v1/connector/misp/_syncAlerts")
        .await
        .expect(204);
    while fake.asked("/attributes/restSearch/json").len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    work.end().await;
    let database = server.stop().await;

    fake.behave();
    let asked = fake.asked("/attributes/restSearch/json").len();
    let server = Server::start_on(database, |_| {}).await;
    let analyst = server
        .anonymous()
        .basic("ana@acme.test", crate::harness::PASSWORD);
    assert_eq!(alerts(&analyst).await.len(), 1);
    let _work = Work::of(&server);
    sync(&server).await;
    let all = alerts(&analyst).await;
    assert_eq!(all.len(), 3);
    // What was done was not asked for again.
    let wanted = fake.asked("/attributes/restSearch/json").split_off(asked);
    assert!(
        wanted.iter().all(|body| body["request"]["eventid"] != "1"),
        "{wanted:?}"
    );
    let since = fake.asked("/events/index").last().unwrap()["searchtimestamp"].as_i64();
    assert_eq!(since, Some(NOW_S - 300));
}

#[tokio::test]
async fn what_was_not_chosen_stays_where_it_is() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    let options = json!({
        "maxAgeDays": 30, "maxAttributes": 100, "exclusion": { "tags": ["noise"] },
        "whitelist": { "organisations": ["CIRCL"] },
    });
    add(&server, &fake, options).await;
    fake.put_event(event("1", NOW_S - DAY_S));
    fake.put_event(event("2", NOW_S - 40 * DAY_S));
    let mut noisy = event("3", NOW_S - DAY_S);
    noisy["EventTag"] = json!([{ "Tag": { "name": "Noise" } }]);
    fake.put_event(noisy);
    let mut large = event("4", NOW_S - DAY_S);
    large["attribute_count"] = "101".into();
    fake.put_event(large);
    let mut foreign = event("5", NOW_S - DAY_S);
    foreign["Orgc"]["name"] = "Somebody".into();
    fake.put_event(foreign);
    sync(&server).await;
    let refs: Vec<_> = alerts(&team.analyst).await;
    let refs: Vec<_> = refs
        .iter()
        .map(|alert| alert["sourceRef"].clone())
        .collect();
    assert_eq!(refs, [json!("1")]);
    let asked = &fake.asked("/events/index")[0];
    assert_eq!(asked["searchtimestamp"], NOW_S - 30 * DAY_S);
    assert_eq!(
        (&asked["searchtag"], &asked["searchorg"]),
        (&json!(["!noise"]), &json!(["CIRCL"]))
    );
}

#[tokio::test]
async fn what_was_thrown_away_does_not_come_back() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(&server, &fake, json!({})).await;
    fake.put_event(event("7", NOW_S - 60));
    sync(&server).await;
    let id = alerts(&team.org_admin).await[0]["_id"]
        .as_str()
        .unwrap()
        .to_owned();
    team.org_admin
        .delete(&format!("/api/v1/alert/{id}"))
        .await
        .expect(204);
    fake.put_event(event("7", NOW_S - 10));
    sync(&server).await;
    assert_eq!(alerts(&team.org_admin).await.len(), 0);
}

#[tokio::test]
async fn reading_needs_the_right_and_nobody_reads_without_a_server() {
    let server = Server::start().await;
    let team = server.team().await;
    let status = team
        .analyst
        .get("/api/v1/connector/misp/status")
        .await
        .expect(200);
    assert_eq!(status, json!({ "status": {}, "syncInProgress": false }));
    server
        .admin()
        .get("/api/v1/connector/misp/_syncAlerts")
        .await
        .expect(204);
    let status = team
        .analyst
        .get("/api/v1/connector/misp/status")
        .await
        .expect(200);
    assert_eq!(status["syncInProgress"], false);
    let refused = team
        .org_admin
        .get("/api/v1/connector/misp/_syncAlerts")
        .await;
    refused.expect_error(403, "AuthorizationError");
    let _work = Work::of(&server);
    wait(&server.admin()).await;
    // The old API's ways to the same.
    let old = server.admin().get("/api/connector/misp/_syncAlerts").await;
    old.expect(204);
    let case = team
        .analyst
        .post("/api/v1/case", json!({ "title": "t", "description": "d" }))
        .await
        .id();
    let path = format!("/api/connector/misp/export/{case}/none");
    let message = team
        .analyst
        .post_nothing(&path)
        .await
        .expect_error(404, "NotFoundError");
    assert_eq!(message, "MISP server none not found");
}

#[tokio::test]
async fn events_are_read_by_the_clock() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    add(&server, &fake, json!({ "intervalMinutes": 5 })).await;
    fake.put_event(event("7", NOW_S - 60));
    let work = Work::of(&server);
    let next = loop {
        let sync = server
            .admin()
            .get("/api/skep/v1/misp/sync")
            .await
            .expect(200)[0]
            .clone();
        if let Some(next) = sync["nextAt"].as_i64() {
            break next;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    assert_eq!(next, crate::harness::START_MS + 15 * 60_000);
    assert_eq!(alerts(&team.analyst).await.len(), 0);
    sync(&server).await;
    let after = server
        .admin()
        .get("/api/skep/v1/misp/sync")
        .await
        .expect(200)[0]
        .clone();
    assert_eq!(after["nextAt"], crate::harness::START_MS + 5 * 60_000);
    work.end().await;
}
