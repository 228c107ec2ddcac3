//! Files: uploaded, shown, downloaded, renamed, taken away, swept.

use std::io::Read;
use std::path::{Path, PathBuf};

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Form, Server};

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn a_case(client: &Client<'_>) -> String {
    let input = json!({ "title": "Case", "description": "d" });
    client.post("/api/v1/case", input).await.id()
}

fn abc(name: &str) -> Form {
    Form::default().file("attachments", name, Some("text/plain"), b"abc")
}

async fn uploaded(client: &Client<'_>, path: &str, form: Form) -> Value {
    client.upload(path, form).await.expect(201)["attachments"][0].clone()
}

/// All files of the store.
fn stored(server: &Server) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&server.place().data_dir.join("attachments"), &mut found);
    found
}

#[tokio::test]
async fn a_file_of_a_case_reads_back() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/attachments");
    let file = uploaded(&team.analyst, &path, abc("notes.txt")).await;
    assert_eq!(file["_type"], "Attachment");
    assert_eq!(file["id"], ABC);
    assert_eq!(
        file["hashes"],
        json!([
            ABC,
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "900150983cd24fb0d6963f7d28e17f72"
        ])
    );
    assert_eq!(
        (&file["size"], &file["contentType"]),
        (&json!(3), &json!("text/plain"))
    );
    let listed = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "attachments" }]);
    assert_eq!(
        team.analyst.query(listed.clone()).await.expect(200),
        json!([file])
    );
    let page = json!([{ "_name": "getCase", "idOrName": case },
        { "_name": "page", "from": 0, "to": 1, "extraData": ["attachmentCount"] }]);
    let seen = team.analyst.query(page).await.expect(200);
    assert_eq!(seen[0]["extraData"]["attachmentCount"], 1);
    let id = file["_id"].as_str().unwrap();
    for reference in [id, ABC] {
        let of_case = format!("/api/v1/case/{case}/attachment/{reference}");
        for path in [format!("/api/v1/attachment/{reference}"), of_case.clone()] {
            let shown = team.read_only.get(&path).await;
            assert_eq!(
                (shown.status.as_u16(), shown.text().as_str()),
                (200, "abc"),
                "{path}"
            );
        }
        let saved = team.analyst.get(&format!("{of_case}/download")).await;
        assert_eq!(saved.text(), "abc");
        assert_eq!(saved.header("content-length"), Some("3"));
        assert_eq!(
            saved.header("content-disposition"),
            Some("attachment; filename=\"notes.txt\"; filename*=UTF-8''notes.txt")
        );
    }
    let external = format!("/api/v1/case/{case}/attachment/{id}");
    team.analyst
        .patch(&external, json!({ "external": true }))
        .await
        .expect(204);
    assert_eq!(
        team.analyst.query(listed.clone()).await.expect(200)[0]["external"],
        true
    );
    team.read_only
        .delete(&external)
        .await
        .expect_error(403, "AuthorizationError");
    team.analyst.delete(&external).await.expect(204);
    assert_eq!(team.analyst.query(listed).await.expect(200), json!([]));
    team.analyst
        .get(&external)
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn who_does_not_see_the_case_does_not_see_its_files() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/attachments");
    let file = uploaded(&team.analyst, &path, abc("a.txt")).await;
    let id = file["_id"].as_str().unwrap();
    for reference in [id, ABC] {
        for path in [
            format!("/api/v1/attachment/{reference}"),
            format!("/api/v1/attachment/{reference}/download"),
            format!("/api/v1/attachment/{reference}/download?asZip=true"),
            format!("/api/v1/case/{case}/attachment/{reference}"),
        ] {
            team.other_organisation
                .get(&path)
                .await
                .expect_error(404, "NotFoundError");
        }
    }
    team.other_organisation
        .upload(&path, abc("b.txt"))
        .await
        .expect(404);
    team.read_only.upload(&path, abc("b.txt")).await.expect(403);
    server
        .anonymous()
        .upload(&path, abc("b.txt"))
        .await
        .expect(401);
    // A file of another case is not found below this one.
    let other = a_case(&team.analyst).await;
    let elsewhere = format!("/api/v1/case/{other}/attachment/{id}");
    team.analyst.get(&elsewhere).await.expect(404);
    // Nor is it to be seen in the bin.
    team.analyst
        .delete(&format!("/api/v1/case/{case}"))
        .await
        .expect(204);
    team.analyst
        .get(&format!("/api/v1/attachment/{id}"))
        .await
        .expect(404);
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_or_numbered() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/attachments");
    uploaded(&team.analyst, &path, abc("a.txt")).await;
    team.analyst
        .upload(&path, abc("a.txt"))
        .await
        .expect_error(400, "CreateError");
    let again = uploaded(
        &team.analyst,
        &path,
        abc("a.txt").field("canRename", "True"),
    )
    .await;
    assert_eq!(again["name"], "a (1).txt");
    let odd = uploaded(&team.analyst, &path, abc("..\\..\\in\u{202e}voice.exe")).await;
    assert_eq!(odd["name"], "in_voice.exe");
    // No header may hold such a character, whoever sends it.
    team.analyst
        .upload(&path, abc("bell\u{7}.exe"))
        .await
        .expect_error(400, "BadRequest");
    let none = Form::default().field("canRename", "true");
    team.analyst
        .upload(&path, none)
        .await
        .expect_error(400, "AttributeCheckingError");
    let json = team.analyst.post(&path, json!({})).await;
    json.expect_error(400, "BadRequest");
}

#[tokio::test]
async fn what_could_speak_in_our_name_is_shown_as_text() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/attachments");
    for (name, kind, shown_as, disposition) in [
        ("a.html", "text/html", "text/plain; charset=utf-8", "inline"),
        (
            "a.svg",
            "image/svg+xml",
            "text/plain; charset=utf-8",
            "inline",
        ),
        (
            "a.xhtml",
            "application/xhtml+xml",
            "text/plain; charset=utf-8",
            "inline",
        ),
        ("a.png", "image/png", "image/png", "inline"),
        (
            "a.exe",
            "application/x-msdownload",
            "application/octet-stream",
            "attachment",
        ),
    ] {
        let script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let form = Form::default().file("attachments", name, Some(kind), script);
        let file = uploaded(&team.analyst, &path, form).await;
        let id = file["_id"].as_str().unwrap();
        let shown = team.analyst.get(&format!("/api/v1/attachment/{id}")).await;
        assert_eq!(shown.header("content-type"), Some(shown_as), "{name}");
        assert!(
            shown
                .header("content-disposition")
                .unwrap()
                .starts_with(disposition)
        );
        assert!(
            shown
                .header("content-security-policy")
                .unwrap()
                .starts_with("sandbox;")
        );
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(shown.header("referrer-policy"), Some("no-referrer"));
        let saved = team
            .analyst
            .get(&format!("/api/v1/attachment/{id}/download"))
            .await;
        assert_eq!(
            saved.header("content-type"),
            Some("application/octet-stream")
        );
        assert!(
            saved
                .header("content-disposition")
                .unwrap()
                .starts_with("attachment")
        );
    }
}

#[tokio::test]
async fn a_browser_asks_for_parts_and_for_what_it_has() {
    let server = Server::start().await;
    let team = server.team().await;
    let path = "/api/v1/attachment";
    let form = Form::default().file("attachments", "ten.bin", None, b"0123456789");
    let file = uploaded(&team.org_admin, path, form).await;
    let path = format!("/api/v1/attachment/{}", file["_id"].as_str().unwrap());
    let whole = team.analyst.get(&path).await;
    let tag = whole.header("etag").unwrap().to_owned();
    let again = team
        .analyst
        .clone()
        .header("if-none-match", &*tag)
        .get(&path)
        .await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    for (range, status, text, told) in [
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-2", 206, "89", Some("bytes 8-9/10")),
        ("bytes=10-", 416, "", Some("bytes */10")),
        ("bytes=0-1,3-4", 200, "0123456789", None),
    ] {
        let part = team.analyst.clone().header("range", range).get(&path).await;
        assert_eq!(
            (part.status.as_u16(), part.text().as_str()),
            (status, text),
            "{range}"
        );
        assert_eq!(part.header("content-range"), told, "{range}");
    }
}

#[tokio::test]
async fn a_file_is_handed_out_behind_a_password() {
    let server = Server::start().await;
    let team = server.team().await;
    let content = vec![0x4d; 700_000];
    let form = Form::default().file("attachments", "evil.exe", None, &content);
    let file = uploaded(&team.org_admin, "/api/v1/attachment", form).await;
    let id = file["_id"].as_str().unwrap();
    for wish in ["?asZip", "?asZip=true", "?asZip=True"] {
        let path = format!("/api/v1/attachment/{id}/download{wish}");
        let saved = team.analyst.get(&path).await;
        assert_eq!(saved.header("content-type"), Some("application/zip"));
        assert!(
            saved
                .header("content-disposition")
                .unwrap()
                .contains("\"evil.exe.zip\"")
        );
        assert_eq!(
            saved.header("content-length"),
            Some(&*saved.bytes.len().to_string())
        );
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(saved.bytes)).unwrap();
        // One byte of the password is checked at the door, which one of 256 wrong ones passes; none opens the file.
        let mut read = Vec::new();
        let opened = archive
            .by_index_decrypt(0, b"wrong")
            .is_ok_and(|mut entry| entry.read_to_end(&mut read).is_ok());
        assert!(!opened);
        read.clear();
        let mut entry = archive.by_index_decrypt(0, b"malware").unwrap();
        assert_eq!(entry.name().unwrap(), "evil.exe");
        entry.read_to_end(&mut read).unwrap();
        assert!(read == content);
    }
    let plain = team
        .analyst
        .get(&format!("/api/v1/attachment/{id}/download?asZip=False"))
        .await;
    assert!(plain.bytes == content);
    let wrong = team
        .analyst
        .get(&format!("/api/v1/attachment/{id}/download?asZip=maybe"))
        .await;
    wrong.expect_error(400, "AttributeCheckingError");
}

#[tokio::test]
async fn the_knowledge_base_is_of_its_organisation() {
    let server = Server::start().await;
    let team = server.team().await;
    let file = uploaded(&team.org_admin, "/api/v1/attachment", abc("guide.txt")).await;
    let listed = |name: &str| json!([{ "_name": "getOrganisation", "idOrName": name }, { "_name": "attachments" }]);
    assert_eq!(
        team.read_only.query(listed("acme")).await.expect(200),
        json!([file])
    );
    assert_eq!(
        team.other_organisation
            .query(listed("acme"))
            .await
            .expect(200),
        json!([])
    );
    let path = format!("/api/v1/attachment/{}", file["_id"].as_str().unwrap());
    team.other_organisation.get(&path).await.expect(404);
    team.read_only.delete(&path).await.expect(403);
    server
        .person("omar@other.test", "other", "org-admin")
        .await
        .delete(&path)
        .await
        .expect(404);
    team.org_admin.delete(&path).await.expect(204);
    assert_eq!(
        team.read_only.query(listed("acme")).await.expect(200),
        json!([])
    );
}

#[tokio::test]
async fn what_a_user_keeps_for_himself_nobody_else_sees() {
    let server = Server::start().await;
    let team = server.team().await;
    let file = uploaded(
        &team.analyst,
        "/api/v1/user/current/attachments",
        abc("draft.txt"),
    )
    .await;
    let path = format!("/api/v1/attachment/{}", file["_id"].as_str().unwrap());
    assert_eq!(team.analyst.get(&path).await.text(), "abc");
    team.org_admin.get(&path).await.expect(404);
    let audits = team
        .org_admin
        .query(json!([{ "_name": "listAudit" }]))
        .await;
    assert!(!audits.text().contains("draft.txt"));
}

#[tokio::test]
async fn files_hang_on_task_logs() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let task = team
        .analyst
        .post(
            &format!("/api/v1/case/{case}/task"),
            json!({ "title": "t" }),
        )
        .await
        .id();
    let form = Form::default()
        .file(
            "_json",
            "_json",
            Some("application/json"),
            br#"{"message": "m", "attachments": ["/tmp/a"]}"#,
        )
        .file("attachments", "a.txt", None, b"abc")
        .file("attachments", "b.txt", None, b"");
    let created = team
        .analyst
        .upload(&format!("/api/v1/task/{task}/log"), form)
        .await;
    let log = created.expect(201);
    let id = created.id();
    assert_eq!(log["attachments"].as_array().unwrap().len(), 2);
    let get = json!([{ "_name": "getLog", "idOrName": id }]);
    assert_eq!(
        team.analyst.query(get.clone()).await.expect(200),
        json!([log])
    );
    let path = format!("/api/v1/log/{id}/attachments");
    team.analyst.upload(&path, abc("c.txt")).await.expect(204);
    team.analyst
        .upload(&path, abc("c.txt"))
        .await
        .expect_error(400, "CreateError");
    let files = json!([{ "_name": "getLog", "idOrName": id }, { "_name": "attachments" }]);
    let files = team.analyst.query(files).await.expect(200);
    assert_eq!(files.as_array().unwrap().len(), 3);
    // The case has them too, with their task.
    let of_case = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "attachments" },
        { "_name": "page", "from": 0, "to": 10, "extraData": ["task"] }]);
    let of_case = team.analyst.query(of_case).await.expect(200);
    assert_eq!(of_case[0]["extraData"]["task"]["_id"], json!(task));
    for file in files.as_array().unwrap() {
        let file_id = file["_id"].as_str().unwrap();
        let read = format!("/api/v1/log/{id}/attachment/{file_id}");
        assert_eq!(team.analyst.get(&read).await.status.as_u16(), 200);
        assert_eq!(
            team.analyst
                .get(&format!("{read}/download"))
                .await
                .status
                .as_u16(),
            200
        );
        team.other_organisation.get(&read).await.expect(404);
        team.analyst
            .delete(&format!("{path}/{file_id}"))
            .await
            .expect(204);
    }
    assert_eq!(
        team.analyst.query(get).await.expect(200)[0]["attachments"],
        json!([])
    );
}

#[tokio::test]
async fn an_upload_that_breaks_off_or_is_too_large_leaves_nothing() {
    let server = Server::start_with(|config| {
        config.limits.attachment_bytes_max = std::num::NonZeroU32::new(1_000_000).unwrap();
        config.limits.json_bytes_max = std::num::NonZeroU32::new(100_000).unwrap();
    })
    .await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/attachments");
    let half = Form::default().file("attachments", "a.bin", None, &vec![1; 900_000]);
    let broken = team.analyst.upload_bytes(&path, half.bytes(false)).await;
    broken.expect_error(400, "BadRequest");
    let (observables, alert) = (
        format!("/api/v1/case/{case}/observable"),
        json!({ "type": "t", "source": "s", "sourceRef": "r", "title": "t", "description": "d" }),
    );
    for (path, part) in [
        (&*path, "attachments"),
        (&*observables, "attachment"),
        ("/api/v1/alert", "file"),
    ] {
        let whole = Form::default()
            .json(&alert)
            .file(part, "a.bin", None, &vec![1; 500_000]);
        let cut = whole.file(part, "b.bin", None, &vec![2; 400_000]);
        let status = team.analyst.upload_until_cut(path, cut).await;
        assert_eq!(status, 400, "{path}");
    }
    for list in ["listAlert", "listObservable"] {
        let query = json!([{ "_name": list }]);
        assert_eq!(team.analyst.query(query).await.expect(200), json!([]));
    }
    let two = Form::default()
        .file("attachments", "a.bin", None, &vec![1; 600_000])
        .file("attachments", "b.bin", None, &vec![2; 600_000]);
    assert_eq!(team.analyst.upload(&path, two).await.status.as_u16(), 413);
    let huge = Form::default().file("attachments", "a.bin", None, &vec![1; 2_000_000]);
    assert_eq!(team.analyst.upload(&path, huge).await.status.as_u16(), 413);
    assert_eq!(stored(&server), Vec::<PathBuf>::new());
    let listed = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "attachments" }]);
    assert_eq!(team.analyst.query(listed).await.expect(200), json!([]));
}

#[tokio::test]
async fn a_content_lies_once_and_goes_when_nothing_names_it() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/attachments");
    let first = uploaded(&team.analyst, &path, abc("a.txt")).await;
    uploaded(&team.analyst, &path, abc("b.txt")).await;
    assert_eq!(stored(&server).len(), 1);
    let sweep = async || {
        let scope = skep::access::Scope::system("test", server.clock.now_ms());
        skep::investigation::attachment::actions::sweep(
            &server.app.gate,
            &server.app.blobs,
            std::sync::Arc::new(scope),
        )
        .await
        .unwrap()
    };
    server.clock.advance_ms(2 * DAY_MS);
    let delete = |file: &Value| {
        format!(
            "/api/v1/case/{case}/attachment/{}",
            file["_id"].as_str().unwrap()
        )
    };
    team.analyst.delete(&delete(&first)).await.expect(204);
    assert_eq!(sweep().await, 0, "another names it");
    let listed = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "attachments" }]);
    let second = team.analyst.query(listed).await.expect(200)[0].clone();
    team.analyst.delete(&delete(&second)).await.expect(204);
    assert_eq!(sweep().await, 1);
    assert_eq!(stored(&server), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn files_are_found_and_filtered() {
    let server = Server::start().await;
    let team = server.team().await;
    let case = a_case(&team.analyst).await;
    let path = format!("/api/v1/case/{case}/attachments");
    let file = uploaded(&team.analyst, &path, abc("Quarterly Report.txt")).await;
    uploaded(
        &team.analyst,
        &path,
        Form::default().file("attachments", "x", None, b"x"),
    )
    .await;
    for filter in [
        json!({ "_like": { "_field": "name", "_value": "*report*" } }),
        json!({ "_eq": { "_field": "hashes", "_value": "900150983cd24fb0d6963f7d28e17f72" } }),
        json!({ "_gt": { "_field": "size", "_value": 1 } }),
        json!({ "_match": { "_field": "keyword", "_value": "quarterly" } }),
        json!({ "_eq": { "_field": "id", "_value": ABC } }),
    ] {
        let mut filter = filter;
        filter["_name"] = json!("filter");
        let query =
            json!([{ "_name": "getCase", "idOrName": case }, { "_name": "attachments" }, filter]);
        assert_eq!(
            team.analyst.query(query).await.expect(200),
            json!([file]),
            "{filter}"
        );
    }
}

#[tokio::test]
async fn a_stranger_can_upload_nothing() {
    let server = Server::start().await;
    let form = Form::default().file("attachments", "a", None, &vec![0; 200_000]);
    let answer = server
        .anonymous()
        .upload("/api/v1/user/current/attachments", form)
        .await;
    answer.expect(401);
    let method = server
        .anonymous()
        .send(Method::POST, "/api/v1/attachment", None)
        .await;
    method.expect(401);
    assert_eq!(stored(&server), Vec::<PathBuf>::new());
}
