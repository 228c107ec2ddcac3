//! Cases as files: given by one organisation, brought in by another, and files that are none.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::harness::{Client, Form, Server, Team};

const IMPORT: &str = "/api/v1/case/import";
const PASSWORD: &str = "open sesame";

async fn define(server: &Server) {
    for (name, kind) in [("score", "integer"), ("site", "string")] {
        let field = json!({ "name": name, "group": "g", "description": "", "type": kind });
        server
            .admin()
            .post("/api/v1/customField", field)
            .await
            .expect(201);
    }
    let status = json!({ "value": "Parked", "stage": "InProgress", "order": 9 });
    server
        .admin()
        .post("/api/v1/caseStatus", status)
        .await
        .expect(201);
    server
        .admin()
        .post("/api/v1/observable/type", json!({ "name": "wallet" }))
        .await
        .expect(201);
}

/// A case of `acme` with everything that a case can have.
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn full_case(team: &Team<'_>) {
    let client = &team.analyst;
    let task = |title: &str| json!({ "title": title, "assignee": "ana@acme.test", "mandatory": true, "dueDate": 5 });
    let case = json!({ "title": "Whole", "description": "d", "severity": 3, "tlp": 4, "pap": 1, "flag": true,
        "startDate": 123, "dueDate": 456, "tags": ["a", "b"], "summary": "s", "status": "Parked",
        "customFields": { "score": 7, "site": ["Rome", "Oslo"] }, "tasks": [task("First"), task("Second")],
        "pages": [{ "title": "Notes", "content": "# n", "category": "c" }] });
    client.post("/api/v1/case", case).await.expect(201);
    let form = Form::default().file(
        "attachments",
        "picture.png",
        Some("image/png"),
        b"\x89PNG picture",
    );
    let file = client
        .upload("/api/v1/case/1/attachments", form)
        .await
        .expect(201);
    let link = format!(
        "![p](/api/v1/attachment/{})",
        file["attachments"][0]["_id"].as_str().unwrap()
    );
    client
        .patch("/api/v1/case/1", json!({ "description": link }))
        .await
        .expect(204);
    client
        .post("/api/v1/case/1/comment", json!({ "message": "seen" }))
        .await
        .expect(201);
    client
        .post(
            "/api/v1/case/1/customEvent",
            json!({ "title": "Call", "date": 9 }),
        )
        .await
        .expect(201);
    client
        .post(
            "/api/v1/case/1/procedure",
            json!({ "patternId": "T1059.006", "occurDate": 7 }),
        )
        .await
        .expect(201);
    let ip =
        json!({ "dataType": "ip", "data": "8.8.8.8", "ioc": true, "tags": ["x"], "message": "m" });
    client
        .post("/api/v1/case/1/observable", ip)
        .await
        .expect(201);
    client
        .post(
            "/api/v1/case/1/observable",
            json!({ "dataType": "wallet", "data": "w1" }),
        )
        .await
        .expect(201);
    let form = Form::default().json(&json!({ "dataType": "file" })).file(
        "attachment",
        "evil.exe",
        None,
        b"MZ evil",
    );
    client
        .upload("/api/v1/case/1/observable", form)
        .await
        .expect(201);
    let tasks = client
        .query(json!([{ "_name": "getCase", "idOrName": "1" }, { "_name": "tasks" }]))
        .await
        .expect(200);
    let path = format!("/api/v1/task/{}/log", tasks[0]["_id"].as_str().unwrap());
    let form = Form::default()
        .json(&json!({ "message": "looked", "startDate": 77 }))
        .file("attachments", "log.txt", None, b"a log");
    client.upload(&path, form).await.expect(201);
}

async fn exported(client: &Client<'_>, password: &str) -> Vec<u8> {
    let path = format!(
        "/api/v1/case/1/export?password={}",
        password.replace(' ', "%20")
    );
    let answer = client.get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"case-1.thar\"")
    );
    let length: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!(length, answer.bytes.len());
    answer.bytes.clone()
}

fn form(archive: &[u8], json: &Value) -> Form {
    Form::default()
        .json(json)
        .file("file", "case.thar", None, archive)
}

async fn list(client: &Client<'_>, case: &Value, edge: &str) -> Vec<Value> {
    let case = case["_id"].as_str().unwrap();
    let query = json!([{ "_name": "getCase", "idOrName": case }, { "_name": edge }]);
    client
        .query(query)
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .clone()
}

fn picked(list: &[Value], name: &str) -> Vec<Value> {
    let mut picked: Vec<Value> = list.iter().map(|one| one[name].clone()).collect();
    picked.sort_by_key(ToString::to_string);
    picked
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn a_case_goes_whole_to_another_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    define(&server).await;
    full_case(&team).await;
    let archive = exported(&team.read_only, PASSWORD).await;
    let text = String::from_utf8_lossy(&archive);
    assert!(
        !text.contains("Whole") && !text.contains("evil.exe"),
        "it is encrypted"
    );
    team.other_organisation
        .get("/api/v1/case/1/export?password=x")
        .await
        .expect(404);
    team.analyst.get("/api/v1/case/1/export").await.expect(400);
    // Some of what it names is gone meanwhile.
    server
        .admin()
        .delete("/api/v1/customField/site?force")
        .await
        .expect(204);
    server
        .admin()
        .delete("/api/v1/pattern/T1059.006")
        .await
        .expect(400);
    let reader = server.person("rea@other.test", "other", "read-only").await;
    let wish = json!({ "password": PASSWORD });
    reader
        .upload(IMPORT, form(&archive, &wish))
        .await
        .expect(403);
    let client = &team.other_organisation;
    let made = client
        .upload(IMPORT, form(&archive, &wish))
        .await
        .expect(200);
    let case = &made["case"];
    for (name, value) in [
        ("number", json!(2)),
        ("title", json!("Whole")),
        ("severity", json!(3)),
        ("tlp", json!(4)),
        ("pap", json!(1)),
        ("flag", json!(true)),
        ("startDate", json!(123)),
        ("dueDate", json!(456)),
        ("tags", json!(["a", "b"])),
        ("summary", json!("s")),
        ("status", json!("Parked")),
        ("assignee", json!("olga@other.test")),
        ("_createdBy", json!("olga@other.test")),
    ] {
        assert_eq!(case[name], value, "{name}");
    }
    let fields = picked(case["customFields"].as_array().unwrap(), "_id");
    assert_eq!(json!(fields), json!(["score:7"]));
    assert_eq!(client.get("/api/v1/case/2").await.expect(200), *case);
    let tasks = list(client, case, "tasks").await;
    assert_eq!(json!(picked(&tasks, "title")), json!(["First", "Second"]));
    assert!(
        tasks
            .iter()
            .all(|task| task.get("assignee").is_none() || task["assignee"] == "olga@other.test")
    );
    assert_eq!(
        json!(picked(&list(client, case, "pages").await, "title")),
        json!(["Notes"])
    );
    assert_eq!(
        json!(picked(&list(client, case, "customEvents").await, "date")),
        json!([9])
    );
    let comment = &list(client, case, "comments").await[0];
    let message = comment["message"].as_str().unwrap();
    assert!(
        message.starts_with("`ana@acme.test`, ") && message.ends_with("\n\nseen"),
        "{message}"
    );
    assert_eq!(comment["createdBy"], "olga@other.test");
    assert_eq!(made["procedures"][0]["patternId"], "T1059.006");
    let observables = made["observables"].as_array().unwrap();
    assert_eq!(
        json!(picked(observables, "dataType")),
        json!(["file", "ip", "wallet"])
    );
    let ip = observables
        .iter()
        .find(|one| one["dataType"] == "ip")
        .unwrap();
    assert_eq!(
        json!([ip["ioc"], ip["tags"], ip["message"]]),
        json!([true, ["x"], "m"])
    );
    let file = observables
        .iter()
        .find(|one| one["dataType"] == "file")
        .unwrap();
    let content = client
        .get(&format!(
            "/api/v1/attachment/{}/download",
            file["attachment"]["_id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(content.text(), "MZ evil");
    let logs =
        json!([{ "_name": "getCase", "idOrName": "2" }, { "_name": "tasks" }, { "_name": "logs" }]);
    let logs = client.query(logs).await.expect(200);
    assert_eq!(logs[0]["date"], 77);
    assert_eq!(logs[0]["attachments"][0]["name"], "log.txt");
    // A picture in a text is found by its content, since ids are new.
    let link = case["description"].as_str().unwrap();
    let path = link.trim_start_matches("![p](").trim_end_matches(')');
    assert!(!path.contains('~'), "{path}");
    assert_eq!(client.get(path).await.status, 200);
    let told: Vec<&str> = made["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note["message"].as_str().unwrap())
        .collect();
    for part in [
        "ana@acme.test does not work on it here",
        "First: ana@acme.test",
        "customFields[1]",
    ] {
        assert!(
            told.iter().any(|text| text.contains(part)),
            "{part}: {told:?}"
        );
    }
    // And once more, beside it.
    let again = client
        .upload(IMPORT, form(&archive, &wish))
        .await
        .expect(200);
    assert_eq!(again["case"]["number"], 3);
    assert_eq!(again["observables"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_is_unknown_is_told_and_a_case_for_some_stays_one() {
    let server = Server::start().await;
    let team = server.team().await;
    define(&server).await;
    full_case(&team).await;
    let access = json!({ "access": { "_kind": "UserAccessKind", "users": ["ana@acme.test"] } });
    team.analyst
        .post("/api/v1/case/1/access", access)
        .await
        .expect(204);
    team.read_only
        .get("/api/v1/case/1/export?password=x")
        .await
        .expect(404);
    let archive = exported(&team.analyst, PASSWORD).await;
    let elsewhere = Server::start().await;
    let there = elsewhere.team().await;
    let colleague = elsewhere
        .person("otto@other.test", "other", "org-admin")
        .await;
    let client = &there.other_organisation;
    let wish = json!({ "password": PASSWORD });
    let made = client
        .upload(IMPORT, form(&archive, &wish))
        .await
        .expect(200);
    assert_eq!(
        made["case"]["access"],
        json!({ "_kind": "UserAccessKind", "users": ["olga@other.test"] })
    );
    colleague.get("/api/v1/case/1").await.expect(404);
    assert_eq!(made["case"]["status"], "InProgress", "of the same stage");
    let kinds = picked(made["observables"].as_array().unwrap(), "dataType");
    assert_eq!(json!(kinds), json!(["file", "ip", "other"]));
    assert_eq!(made["case"]["customFields"], json!([]));
    let errors = made["errors"].to_string();
    for part in [
        "The status Parked is unknown here",
        "The type wallet",
        "is not here to see it",
    ] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
}

#[tokio::test]
async fn an_archive_is_shared_as_its_importer_says() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = json!({ "title": "Small", "description": "d" });
    team.analyst.post("/api/v1/case", case).await.expect(201);
    let archive = exported(&team.analyst, PASSWORD).await;
    let share = |organisation: &str| json!({ "password": PASSWORD, "sharingParameters": [{ "organisation": organisation }] });
    let nobody = team
        .analyst
        .upload(IMPORT, form(&archive, &share("nobody")))
        .await;
    assert!(
        nobody.status == 400 || nobody.status == 404,
        "{}",
        nobody.text()
    );
    server
        .admin()
        .put("/api/v1/organisation/acme/link/other", json!({}))
        .await
        .expect(201);
    let made = team
        .analyst
        .upload(IMPORT, form(&archive, &share("other")))
        .await
        .expect(200);
    let path = format!("/api/v1/case/{}", made["case"]["_id"].as_str().unwrap());
    assert_eq!(
        team.other_organisation.get(&path).await.expect(200)["title"],
        "Small"
    );
}

/// An archive with these entries, under that password.
fn sealed(password: &str, entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(password.to_owned().into());
    recipient.set_work_factor(2);
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let mut output = age::Encryptor::with_recipients(recipients)
        .unwrap()
        .wrap_output(Vec::new())
        .unwrap();
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind, content) in entries {
        let mut header = tar::Header::new_ustar();
        // What is no proper path is written past the checks of the library.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(content.len() as u64);
        header.set_entry_type(*kind);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    output.write_all(&builder.into_inner().unwrap()).unwrap();
    output.finish().unwrap()
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table, or one story from its beginning to its end"
)]
async fn hostile_archives_are_refused_and_leave_nothing() {
    use tar::EntryType::{Regular, Symlink};
    let server = Server::start().await;
    let team = server.team().await;
    let client = &team.analyst;
    let contents = |case: Value| {
        json!({ "format": "skep-case", "version": 1, "case": case })
            .to_string()
            .into_bytes()
    };
    let good = contents(
        json!({ "title": "t", "description": "d", "tasks": [{ "title": "smuggled" }],
        "sharingParameters": [{ "organisation": "other" }], "caseTemplate": "nothing", "number": 99 }),
    );
    let later = json!({ "format": "skep-case", "version": 2, "case": {} })
        .to_string()
        .into_bytes();
    let many = json!({ "format": "skep-case", "version": 1, "case": { "title": "t", "description": "d" },
        "comments": vec![json!({ "message": "m" }); 5_001] });
    let many = many.to_string().into_bytes();
    let hash = "0".repeat(64);
    let file = format!("files/{hash}");
    let upload = async |archive: &[u8], password: &str| {
        client
            .upload(IMPORT, form(archive, &json!({ "password": password })))
            .await
    };
    for (archive, part) in [
        (b"no archive at all".to_vec(), "file is no archive"),
        (sealed("p", &[]), "no description"),
        (
            sealed("p", &[("case.json", Regular, b"nonsense")]),
            "file is no archive",
        ),
        (
            sealed("p", &[("case.json", Regular, &later)]),
            "another form",
        ),
        (sealed("p", &[("case.json", Regular, &many)]), "5000 parts"),
        (
            sealed("p", &[("case.json", Regular, &contents(json!({})))]),
            "title",
        ),
        (sealed("p", &[("case.json", Symlink, b"")]), "no file"),
        (
            sealed(
                "p",
                &[("case.json", Regular, &good), ("../evil", Regular, b"x")],
            ),
            "../evil",
        ),
        (
            sealed(
                "p",
                &[("case.json", Regular, &good), (&file, Regular, b"x")],
            ),
            "not what its name says",
        ),
        (
            sealed(
                "p",
                &[(&file, Regular, b"x"), ("case.json", Regular, &good)],
            ),
            "holds files/",
        ),
    ] {
        let answer = upload(&archive, "p").await;
        let message = answer.expect_error(400, "AttributeCheckingError");
        assert!(message.contains(part), "{part}: {message}");
    }
    let small = sealed("p", &[("case.json", Regular, &good)]);
    let wrong = upload(&small, "q")
        .await
        .expect_error(400, "AttributeCheckingError");
    assert!(wrong.contains("password"), "{wrong}");
    upload(&small[..small.len() - 1], "p").await.expect(400);
    upload(&small, "").await.expect(400);
    assert_eq!(
        client
            .query(json!([{ "_name": "countCase" }]))
            .await
            .expect(200),
        0
    );
    // What an archive says beside the case is not done.
    let made = upload(&small, "p").await.expect(200);
    assert_eq!(made["case"]["number"], 1);
    assert_eq!(
        json!([
            list(client, &made["case"], "tasks").await,
            list(client, &made["case"], "shares").await.len()
        ]),
        json!([[], 1])
    );
}
