//! Observables: created one by one and in masses, from files and archives, changed, joined, found alike.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::harness::{Client, Form, Server};

async fn a_case(client: &Client<'_>) -> String {
    let input = json!({ "title": "Case", "description": "d" });
    client.post("/api/v1/case", input).await.id()
}

async fn add(client: &Client<'_>, case: &str, input: Value) -> Value {
    client
        .post(&format!("/api/v1/case/{case}/observable"), input)
        .await
        .expect(201)
}

async fn of_case(client: &Client<'_>, case: &str) -> Value {
    let query = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "observables" }]);
    client.query(query).await.expect(200)
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn an_observable_reads_back_as_it_was_made() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let input = json!({ "dataType": "domain", "data": "evil.example.org" });
    let made = add(&team.analyst, &case, input).await;
    let observable = &made[0];
    assert_eq!(made.as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &observable["tlp"],
            &observable["tlpLabel"],
            &observable["pap"],
            &observable["tags"],
            &observable["reports"]
        ),
        (
            &json!(2),
            &json!("AMBER"),
            &json!(2),
            &json!([]),
            &json!({})
        )
    );
    for name in ["ioc", "sighted", "ignoreSimilarity", "external"] {
        assert_eq!(observable[name], false, "{name}");
    }
    for name in ["message", "sightedAt", "attachment", "_updatedAt"] {
        assert_eq!(observable.get(name), None, "{name}");
    }
    let path = format!("/api/v1/observable/{}", observable["_id"].as_str().unwrap());
    assert_eq!(team.read_only.get(&path).await.expect(200), *observable);
    assert_eq!(of_case(&team.read_only, &case).await, made);
    team.other_organisation
        .get(&path)
        .await
        .expect_error(404, "NotFoundError");
    assert_eq!(of_case(&team.other_organisation, &case).await, json!([]));
    let full = json!({
        "dataType": "ip", "data": "203.0.113.7", "message": "C2", "startDate": 123, "tlp": 4, "pap": 3,
        "tags": ["b", "a", "b"], "ioc": true, "sighted": true, "ignoreSimilarity": true,
    });
    let made = add(&team.analyst, &case, full).await;
    assert_eq!(made[0]["tags"], json!(["b", "a"]));
    assert_eq!(
        (&made[0]["_createdAt"], &made[0]["startDate"]),
        (&json!(123), &json!(123))
    );
    assert!(made[0]["sightedAt"].is_i64());
    let stats = json!([{ "_name": "getCase", "idOrName": case },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["observableStats"] }]);
    let stats = team.analyst.query(stats).await.expect(200);
    assert_eq!(
        stats[0]["extraData"]["observableStats"],
        json!({ "total": 2 })
    );
}

#[tokio::test]
async fn a_list_makes_one_for_each_and_tells_which_could_not_be_made() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/observable");
    let list = json!({ "dataType": "ip", "data": ["8.8.8.8", "", "1.1.1.1", "  "], "ioc": true });
    let made = add(&team.analyst, &case, list).await;
    assert_eq!(made.as_array().unwrap().len(), 2);
    assert_eq!(
        (&made[0]["data"], &made[1]["data"]),
        (&json!("8.8.8.8"), &json!("1.1.1.1"))
    );
    let mixed = json!({ "dataType": "ip", "data": ["8.8.8.8", "9.9.9.9", "999.1.1.1", "9.9.9.9"] });
    let answer = team.analyst.post(&path, mixed).await.expect(207);
    assert_eq!(answer["success"].as_array().unwrap().len(), 1);
    let failures: Vec<(&str, &str)> = answer["failure"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| {
            (
                failure["type"].as_str().unwrap(),
                failure["object"]["data"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        failures,
        [
            ("CreateError", "8.8.8.8"),
            ("InvalidFormatAttributeError", "999.1.1.1"),
            ("CreateError", "9.9.9.9"),
        ]
    );
    assert_eq!(
        of_case(&team.analyst, &case)
            .await
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let url = json!({ "dataType": "url", "data": "http://no host/" });
    team.analyst.post(&path, url).await.expect(207);
    // In the address of the request, the type may stand too.
    let typed = format!("{path}?dataType=domain");
    team.analyst
        .post(&typed, json!({ "data": "a.example" }))
        .await
        .expect(201);
}

#[tokio::test]
async fn what_cannot_be_an_observable_is_refused() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/observable");
    for (input, kind) in [
        (json!({ "data": "x" }), "AttributeCheckingError"),
        (json!({ "dataType": "ip" }), "AttributeCheckingError"),
        (
            json!({ "dataType": "nonsense", "data": "x" }),
            "AttributeCheckingError",
        ),
        (
            json!({ "dataType": "file", "data": "x" }),
            "AttributeCheckingError",
        ),
        (json!({ "dataType": "file" }), "BadRequest"),
        (
            json!({ "dataType": "other", "data": "x", "tlp": 9 }),
            "AttributeCheckingError",
        ),
        (
            json!({ "dataType": "file", "attachment": { "name": "a", "contentType": "b", "id": "~1" } }),
            "AttributeCheckingError",
        ),
    ] {
        let answer = team.analyst.post(&path, input.clone()).await;
        assert_eq!(answer.status.as_u16(), 400, "{input}: {}", answer.text());
        answer.expect_error(400, kind);
    }
    // What it should be is said in words of the API.
    for (name, value) in [
        ("data", json!({ "a": 1 })),
        ("data", json!(["8.8.8.8", null])),
        ("attachment", json!({ "name": "a" })),
    ] {
        let input = json!({ "dataType": "ip", name: value });
        let refused = team.analyst.post(&path, input).await;
        let message = refused.expect_error(400, "AttributeCheckingError");
        assert!(
            message.starts_with(&format!("{name} must be a ")),
            "{message}"
        );
    }
    let many: Vec<String> = (0..100_000).map(|number| format!("v{number}")).collect();
    let many = json!({ "dataType": "other", "data": many });
    team.analyst
        .post(&path, many)
        .await
        .expect_error(400, "AttributeCheckingError");
    let file = Form::default()
        .json(&json!({ "dataType": "ip", "data": "8.8.8.8" }))
        .file("attachment", "a", None, b"a");
    team.analyst
        .upload(&path, file)
        .await
        .expect_error(400, "BadRequest");
    let long = json!({ "dataType": "other", "data": "x".repeat(4_097) });
    team.analyst.post(&path, long).await.expect(207);
    assert_eq!(of_case(&team.analyst, &case).await, json!([]));
    team.read_only
        .post(&path, json!({ "dataType": "ip", "data": "8.8.8.8" }))
        .await
        .expect(403);
    team.other_organisation
        .post(&path, json!({ "dataType": "ip", "data": "8.8.8.8" }))
        .await
        .expect(404);
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn files_become_observables() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/observable");
    let form = Form::default()
        .json(&json!({ "dataType": "file", "attachment": ["/local/path"], "tags": ["sample"] }))
        .file("attachment", "evil.exe", None, b"MZ evil")
        .file("attachment", "two.bin", None, b"two");
    let made = team.analyst.upload(&path, form).await.expect(201);
    assert_eq!(made.as_array().unwrap().len(), 2);
    let file = &made[0]["attachment"];
    assert_eq!(
        (&file["name"], &file["size"], &made[0]["tags"]),
        (&json!("evil.exe"), &json!(7), &json!(["sample"]))
    );
    assert_eq!(made[0].get("data"), None);
    let id = made[0]["_id"].as_str().unwrap();
    assert_eq!(
        team.analyst
            .get(&format!("/api/v1/observable/{id}"))
            .await
            .expect(200),
        made[0]
    );
    let download = format!(
        "/api/v1/observable/{id}/attachment/{}/download",
        file["_id"].as_str().unwrap()
    );
    assert_eq!(team.analyst.get(&download).await.text(), "MZ evil");
    let plain = team
        .analyst
        .get(download.trim_end_matches("/download"))
        .await;
    assert_eq!((plain.status.as_u16(), &*plain.text()), (200, "MZ evil"));
    let sealed = team.analyst.get(&format!("{download}?asZip=True")).await;
    assert_eq!(sealed.header("content-type"), Some("application/zip"));
    team.other_organisation.get(&download).await.expect(404);
    // Without a word, it is a file; the same content is the same observable, whatever it is called.
    let again = Form::default().file("attachment0", "other-name.exe", None, b"MZ evil");
    let refused = team.analyst.upload(&path, again).await.expect(207);
    assert_eq!(
        refused["failure"][0]["object"]["attachment"]["name"],
        "other-name.exe"
    );
    // A file that the server has already.
    let stored = json!({ "dataType": "file", "attachment":
        { "name": "copy.exe", "contentType": "x/y", "id": file["id"] } });
    let other = a_case(&team.analyst).await;
    let copied = add(&team.analyst, &other, stored.clone()).await;
    assert_eq!(
        (
            &copied[0]["attachment"]["name"],
            &copied[0]["attachment"]["id"]
        ),
        (&json!("copy.exe"), &file["id"])
    );
    let foreign = a_case(&team.other_organisation).await;
    let stolen = team
        .other_organisation
        .post(&format!("/api/v1/case/{foreign}/observable"), stored)
        .await;
    stolen.expect_error(400, "AttributeCheckingError");
    // As old clients send it.
    let old = json!({ "dataType": "file", "data": "old.txt;text/plain;aGVsbG8=" });
    let old = add(&team.analyst, &case, old).await;
    assert_eq!(
        (&old[0]["attachment"]["name"], &old[0]["attachment"]["size"]),
        (&json!("old.txt"), &json!(5))
    );
    for filter in [
        json!({ "_eq": { "_field": "attachment.name", "_value": "evil.exe" } }),
        json!({ "_eq": { "_field": "attachment.hashes", "_value": file["hashes"][2] } }),
        json!({ "_match": { "_field": "attachment.name", "_value": "evil.exe" } }),
        json!({ "_and": [{ "_eq": { "_field": "attachment.size", "_value": 7 } }, { "_eq": { "_field": "tags", "_value": "sample" } }] }),
    ] {
        let mut filter = filter;
        filter["_name"] = json!("filter");
        let found =
            json!([{ "_name": "getCase", "idOrName": case }, { "_name": "observables" }, filter]);
        assert_eq!(
            team.analyst.query(found).await.expect(200),
            json!([made[0]]),
            "{filter}"
        );
    }
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn archives_are_unpacked_within_limits() {
    let server = Server::start_with(|config| {
        config.limits.attachment_bytes_max = std::num::NonZeroU32::new(20_000_000).unwrap();
    })
    .await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/observable");
    let form = |bytes: &[u8]| {
        Form::default()
            .json(&json!({ "dataType": "file", "isZip": true }))
            .file("attachment", "a.zip", Some("application/zip"), bytes)
    };
    let good = archive(&[
        ("a.txt", b"a"),
        ("../evil.txt", b"e"),
        ("..\\evil.txt", b"e"),
        ("/etc/evil.txt", b"e"),
        ("..", b"e"),
        ("sub/b.txt", b"b"),
        ("bell\u{7}\u{202e}gpj.exe", b"c"),
    ]);
    let made = team.analyst.upload(&path, form(&good)).await.expect(201);
    let names: Vec<&Value> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["attachment"]["name"])
        .collect();
    assert_eq!(names, [&json!("a.txt"), &json!("bell__gpj.exe")]);
    let bomb = archive(&[("zeros", &vec![0; 15_000_000])]);
    let refused = team
        .analyst
        .upload(&path, form(&bomb))
        .await
        .expect_error(400, "BadRequest");
    assert!(refused.contains("grows"), "{refused}");
    // None of them alone grows so much that it would be seen.
    let little = vec![0; 7_000_000];
    let bombs = archive(&[("a", &little), ("b", &little), ("c", &little)]);
    let refused = team.analyst.upload(&path, form(&bombs)).await;
    refused.expect_error(413, "TooLarge");
    let large: Vec<u8> = (0..22_000_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let (half, other) = large.split_at(11_000_000);
    let both = archive(&[("half", half), ("other", other)]);
    assert_eq!(
        team.analyst
            .upload(&path, form(&both))
            .await
            .status
            .as_u16(),
        413
    );
    let empty = archive(&[("sub/b.txt", b"b")]);
    team.analyst
        .upload(&path, form(&empty))
        .await
        .expect_error(400, "BadRequest");
    team.analyst
        .upload(&path, form(b"no archive"))
        .await
        .expect_error(400, "BadRequest");
    let many: Vec<String> = (0..1_500).map(|number| format!("f{number}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    team.analyst
        .upload(&path, form(&archive(&many)))
        .await
        .expect_error(400, "BadRequest");
    assert_eq!(
        of_case(&team.analyst, &case)
            .await
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn a_sealed_archive_needs_its_password() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/observable");
    let first = Form::default().file("attachment", "evil.exe", None, b"MZ evil");
    let made = team.analyst.upload(&path, first).await.expect(201);
    let sealed = format!(
        "/api/v1/attachment/{}/download?asZip",
        made[0]["attachment"]["_id"].as_str().unwrap()
    );
    let sealed = team.analyst.get(&sealed).await.bytes;
    let other = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{other}/observable");
    let form = |password: Option<&str>| {
        let form =
            Form::default()
                .field("isZip", "true")
                .file("attachment", "evil.zip", None, &sealed);
        match password {
            Some(password) => form.field("zipPassword", password),
            None => form,
        }
    };
    let wrong = team.analyst.upload(&path, form(Some("wrong"))).await;
    assert_eq!(wrong.status.as_u16(), 400, "{}", wrong.text());
    let unpacked = team.analyst.upload(&path, form(None)).await.expect(201);
    assert_eq!(
        unpacked[0]["attachment"]["hashes"],
        made[0]["attachment"]["hashes"]
    );
    assert_eq!(unpacked[0]["attachment"]["name"], "evil.exe");
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn an_observable_is_changed_alone_and_with_others() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let made = add(
        &team.analyst,
        &case,
        json!({ "dataType": "domain", "data": ["a.example", "b.example"] }),
    )
    .await;
    let ids: Vec<&str> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["_id"].as_str().unwrap())
        .collect();
    let path = format!("/api/v1/observable/{}", ids[0]);
    let read = async || team.analyst.get(&path).await.expect(200);
    team.analyst
        .patch(
            &path,
            json!({ "sighted": true, "message": "m", "addTags": ["x", "y"], "data": "z" }),
        )
        .await
        .expect(204);
    let after = read().await;
    assert_eq!(
        (&after["sighted"], &after["data"], &after["tags"]),
        (&json!(true), &json!("a.example"), &json!(["x", "y"]))
    );
    assert!(after["sightedAt"].is_i64() && after["_updatedAt"].is_i64());
    team.analyst
        .patch(
            &path,
            json!({ "sighted": false, "removeTags": ["x"], "message": null }),
        )
        .await
        .expect(204);
    let after = read().await;
    assert_eq!(
        (after.get("sightedAt"), after.get("message"), &after["tags"]),
        (None, None, &json!(["y"]))
    );
    team.analyst
        .patch(&path, json!({ "dataType": "fqdn" }))
        .await
        .expect(204);
    assert_eq!(read().await["dataType"], "fqdn");
    let refused = team
        .analyst
        .patch(&path, json!({ "dataType": "file" }))
        .await
        .expect_error(400, "BadRequest");
    assert!(refused.contains("isAttachment does not match"));
    let bulk = json!({ "ids": ids, "dataType": "other", "ioc": true });
    team.analyst
        .patch("/api/v1/observable/_bulk", bulk)
        .await
        .expect(204);
    for one in of_case(&team.analyst, &case).await.as_array().unwrap() {
        assert_eq!(
            (&one["dataType"], &one["ioc"]),
            (&json!("other"), &json!(true))
        );
    }
    let partly = json!({ "ids": [ids[0], "~1"], "ioc": false });
    team.analyst
        .patch("/api/v1/observable/_bulk", partly)
        .await
        .expect(404);
    assert_eq!(read().await["ioc"], true, "all of them or none");
    team.other_organisation
        .patch(&path, json!({ "ioc": false }))
        .await
        .expect(404);
    team.read_only.delete(&path).await.expect(403);
    team.analyst.delete(&path).await.expect(204);
    team.analyst.get(&path).await.expect(404);
    let audits =
        json!([{ "_name": "getCase", "idOrName": case }, { "_name": "auditsFromContext" }]);
    let text = team.analyst.query(audits).await.text();
    assert!(text.contains("\"delete\"") && text.contains("a.example"));
}

#[tokio::test]
async fn the_same_is_seen_elsewhere_but_not_beyond_the_wall() {
    let server = Server::start().await;
    let team = server.team().await;
    let (one, two) = (a_case(&team.analyst).await, a_case(&team.analyst).await);
    let foreign = a_case(&team.other_organisation).await;
    let input = json!({ "dataType": "ip", "data": ["8.8.8.8", "1.1.1.1"], "ioc": true });
    let made = add(&team.analyst, &one, input.clone()).await;
    let twin = add(
        &team.analyst,
        &two,
        json!({ "dataType": "ip", "data": "8.8.8.8" }),
    )
    .await;
    add(&team.other_organisation, &foreign, input).await;
    let page = |case: &str| {
        json!([{ "_name": "getCase", "idOrName": case }, { "_name": "observables" },
        { "_name": "page", "from": 0, "to": 10, "extraData": ["seenSummary", "seen", "links", "isOwner", "shareCount", "shares", "permissions"] }])
    };
    let seen = team.analyst.query(page(&one)).await.expect(200);
    assert_eq!(
        seen[0]["extraData"]["seenSummary"],
        json!({ "total": 1, "cases": 1, "alerts": 0, "ioc": 0, "sighted": 0 })
    );
    assert_eq!(
        seen[0]["extraData"]["seen"],
        json!({ "seen": 1, "ioc": false })
    );
    assert_eq!(seen[1]["extraData"]["seenSummary"]["total"], 0);
    assert_eq!(seen[0]["extraData"]["links"]["case"]["_id"], json!(one));
    assert_eq!(
        (
            &seen[0]["extraData"]["isOwner"],
            &seen[0]["extraData"]["shareCount"],
            &seen[0]["extraData"]["shares"]
        ),
        (&json!(true), &json!(0), &json!(["acme"]))
    );
    let permissions = seen[0]["extraData"]["permissions"].as_array().unwrap();
    assert!(permissions.contains(&json!("manageObservable")));
    let similar =
        json!([{ "_name": "getObservable", "idOrName": made[0]["_id"] }, { "_name": "similar" }]);
    assert_eq!(team.analyst.query(similar.clone()).await.expect(200), twin);
    let between = format!("/api/v1/case/{one}/similar/{two}/observables");
    assert_eq!(
        team.analyst.get(&between).await.expect(200),
        json!([made[0]])
    );
    team.analyst
        .get(&format!("/api/v1/case/{one}/similar/{foreign}/observables"))
        .await
        .expect(404);
    let ignored = format!("/api/v1/observable/{}", twin[0]["_id"].as_str().unwrap());
    team.analyst
        .patch(&ignored, json!({ "ignoreSimilarity": true }))
        .await
        .expect(204);
    assert_eq!(team.analyst.query(similar).await.expect(200), json!([]));
    assert_eq!(team.analyst.get(&between).await.expect(200), json!([]));
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn observables_are_asked_about_in_every_way() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let made = add(
        &team.analyst,
        &case,
        json!({ "dataType": "domain", "data": "Evil-Host.example.org",
        "message": "beacon every minute", "tags": ["c2"], "tlp": 1 }),
    )
    .await;
    add(
        &team.analyst,
        &case,
        json!({ "dataType": "ip", "data": "8.8.8.8" }),
    )
    .await;
    for filter in [
        json!({ "_eq": { "_field": "data", "_value": "Evil-Host.example.org" } }),
        json!({ "_like": { "_field": "data", "_value": "*host.example*" } }),
        json!({ "_match": { "_field": "data", "_value": "evil-host.example.org" } }),
        json!({ "_match": { "_field": "message", "_value": "beacon" } }),
        json!({ "_match": { "_field": "keyword", "_value": "c2" } }),
        json!({ "_eq": { "_field": "tags", "_value": "c2" } }),
        json!({ "_eq": { "_field": "dataType", "_value": "domain" } }),
        json!({ "_lt": { "_field": "tlp", "_value": 2 } }),
        json!({ "_and": [{ "_eq": { "_field": "relatedId", "_value": case } }, { "_ne": { "_field": "dataType", "_value": "ip" } }] }),
        json!({ "_has": "message" }),
    ] {
        let mut filter = filter;
        filter["_name"] = json!("filter");
        let query = json!([{ "_name": "listObservable" }, filter]);
        assert_eq!(
            team.analyst.query(query.clone()).await.expect(200),
            made,
            "{filter}"
        );
        assert_eq!(
            team.other_organisation.query(query).await.expect(200),
            json!([]),
            "{filter}"
        );
    }
    let count = json!([{ "_name": "countCaseObservable", "caseId": case }]);
    assert_eq!(team.analyst.query(count).await.expect(200), 2);
    let sorted =
        json!([{ "_name": "listObservable" }, { "_name": "sort", "_fields": [{ "data": "asc" }] }]);
    assert_eq!(team.analyst.query(sorted).await.expect(200)[1], made[0]);
    let back =
        json!([{ "_name": "getObservable", "idOrName": made[0]["_id"] }, { "_name": "case" }]);
    assert_eq!(
        team.analyst.query(back).await.expect(200)[0]["_id"],
        json!(case)
    );
    for edge in ["fromCase", "organisations"] {
        let query =
            json!([{ "_name": "getObservable", "idOrName": made[0]["_id"] }, { "_name": edge }]);
        assert_eq!(
            team.analyst
                .query(query)
                .await
                .expect(200)
                .as_array()
                .unwrap()
                .len(),
            1,
            "{edge}"
        );
    }
    let none =
        json!([{ "_name": "getObservable", "idOrName": made[0]["_id"] }, { "_name": "fromAlert" }]);
    assert_eq!(team.analyst.query(none).await.expect(200), json!([]));
    let groups = json!([{ "_name": "listObservable" }, { "_name": "aggregation", "_agg": "field", "_field": "dataType",
        "_select": [{ "_agg": "count" }] }]);
    assert_eq!(
        team.analyst.query(groups).await.expect(200),
        json!({ "domain": { "count": 1 }, "ip": { "count": 1 } })
    );
}

#[tokio::test]
async fn joining_leaves_alone_what_is_like_no_other() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    add(
        &team.analyst,
        &case,
        json!({ "dataType": "ip", "data": ["8.8.8.8", "1.1.1.1"] }),
    )
    .await;
    let path = format!("/api/v1/case/{case}/observable/_merge");
    let counts = team.analyst.post_nothing(&path).await.expect(200);
    assert_eq!(
        counts,
        json!({ "untouched": 2, "updated": 0, "deleted": 0 })
    );
    team.other_organisation
        .post_nothing(&path)
        .await
        .expect(404);
}
