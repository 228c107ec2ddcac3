//! Files in a bucket, on a storage that the tests run.

mod fake;
mod moved;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use skep::app::App;
use skep::config::Config;
use skep::health::{Depth, Seat, Subject, doctor};
use skep::machine::{Finding, Verdict};
use skep::storage;
use skep::storage::blobs::Bucket;

use crate::harness::{Client, Form, START_MS, Server};
use fake::FakeS3;

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const KEY_OF_ABC: &str = "skep/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const HOUR_MS: i64 = 60 * 60 * 1_000;
const FILES: &str = "/api/v1/attachment";

/// A server whose files are in the bucket, checked as a start of the program does.
async fn server_on(s3: &FakeS3) -> Server {
    let server = Server::start_with(|config| s3.set(config)).await;
    make_ready(&server.app).await.unwrap();
    server
}

async fn make_ready(app: &App) -> storage::Result<()> {
    let blobs = app.blobs.clone();
    let making = move || blobs.make_ready(&|_| {});
    tokio::task::spawn_blocking(making).await.unwrap()
}

async fn upload(client: &Client<'_>, name: &str, content: &[u8]) -> Value {
    let form = Form::default().file("attachments", name, Some("text/plain"), content);
    client.upload(FILES, form).await.expect(201)["attachments"][0].clone()
}

fn path_of(file: &Value) -> String {
    format!("{FILES}/{}", file["_id"].as_str().unwrap())
}

/// Content that is no repetition, so that parts in the wrong order show.
fn content_of(bytes: usize) -> Vec<u8> {
    (0..bytes)
        .map(|at| u8::try_from((at / 251 + at) % 256).unwrap())
        .collect()
}

/// All files below the folder of the data folder.
fn on_disk(data_dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![data_dir.join("attachments")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

async fn sweep(server: &Server) -> usize {
    let scope = skep::access::Scope::system("test", server.clock.now_ms());
    let (gate, blobs) = (&server.app.gate, &server.app.blobs);
    let swept = skep::investigation::attachment::actions::sweep(gate, blobs, scope.into()).await;
    swept.unwrap()
}

/// What the doctor says of the files.
async fn examined(config: &Config) -> Finding {
    let config = config.clone();
    let examining = move || {
        let subject = Subject {
            bucket: Bucket::of(&config).unwrap(),
            ..Subject::of(&config, START_MS, Depth::Deep, Seat::Outside)
        };
        let findings = doctor::examine(&subject).findings;
        let of_files = |finding: &Finding| finding.id == "attachments";
        findings.into_iter().find(of_files).unwrap()
    };
    tokio::task::spawn_blocking(examining).await.unwrap()
}

#[tokio::test]
async fn a_file_lies_in_the_bucket_once_and_reads_back() {
    let s3 = FakeS3::start().await;
    let server = server_on(&s3).await;
    assert_eq!(s3.keys(), Vec::<String>::new(), "the check leaves nothing");
    let team = server.team().await;
    let file = upload(&team.org_admin, "a.txt", b"abc").await;
    upload(&team.org_admin, "b.txt", b"abc").await;
    assert_eq!(file["id"], ABC);
    assert_eq!(s3.keys(), [KEY_OF_ABC]);
    assert_eq!(s3.count("PUT", KEY_OF_ABC), 1);
    assert_eq!(on_disk(&server.place().data_dir), Vec::<PathBuf>::new());
    let path = path_of(&file);
    assert_eq!(team.analyst.get(&path).await.text(), "abc");
    let reader = team.analyst.clone().header("range", "bytes=1-");
    let part = reader.get(&path).await;
    assert_eq!((part.status.as_u16(), part.text().as_str()), (206, "bc"));
    assert_eq!(part.header("content-range"), Some("bytes 1-2/3"));
    let zipped = team.analyst.get(&format!("{path}/download?asZip")).await;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zipped.bytes)).unwrap();
    let mut entry = archive.by_index_decrypt(0, b"malware").unwrap();
    let mut read = String::new();
    std::io::Read::read_to_string(&mut entry, &mut read).unwrap();
    assert_eq!(read, "abc");
    team.other_organisation.get(&path).await.expect(404);
    let empty = upload(&team.org_admin, "empty", b"").await;
    assert_eq!(team.analyst.get(&path_of(&empty)).await.text(), "");
}

#[tokio::test]
async fn a_large_file_goes_in_parts_and_none_is_left_of_one_that_breaks_off() {
    let s3 = FakeS3::start().await;
    let server = server_on(&s3).await;
    let team = server.team().await;
    let content = content_of(20_000_000);
    s3.kept().fails_at_second_part = true;
    let form = Form::default().file("attachments", "large", None, &content);
    let refused = team.org_admin.upload(FILES, form.clone()).await;
    let said = refused.expect_error(503, "ServiceUnavailable");
    assert!(said.contains("refuses the server"), "{said}");
    assert!(s3.kept().uploads.is_empty() && s3.keys().is_empty());
    let listed =
        json!([{ "_name": "getOrganisation", "idOrName": "acme" }, { "_name": "attachments" }]);
    assert_eq!(team.org_admin.query(listed).await.expect(200), json!([]));

    s3.kept().fails_at_second_part = false;
    let file = team.org_admin.upload(FILES, form).await.expect(201);
    let file = &file["attachments"][0];
    assert!(s3.kept().uploads.is_empty());
    assert_eq!(s3.keys().len(), 1);
    assert!(team.analyst.get(&path_of(file)).await.bytes == content);
    let reader = team
        .analyst
        .clone()
        .header("range", "bytes=8388600-8388700");
    let part = reader.get(&path_of(file)).await;
    assert!(part.bytes == content[8_388_600..=8_388_700]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_never_reaches_the_bucket() {
    let s3 = FakeS3::start().await;
    let server = server_on(&s3).await;
    let team = server.team().await;
    let asked = s3.kept().asked.len();
    let form = || Form::default().file("attachments", "a", None, &content_of(12_000_000));
    assert_eq!(team.org_admin.upload_until_cut(FILES, form()).await, 400);
    let broken = team
        .org_admin
        .upload_bytes(FILES, form().bytes(false))
        .await;
    broken.expect_error(400, "BadRequest");
    assert_eq!(s3.kept().asked.len(), asked);
    assert_eq!(on_disk(&server.place().data_dir), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn what_nothing_names_is_swept_from_the_bucket() {
    let s3 = FakeS3::start().await;
    let server = server_on(&s3).await;
    let team = server.team().await;
    let named = upload(&team.org_admin, "named", b"named").await;
    let first = upload(&team.org_admin, "a.txt", b"abc").await;
    // Of others, below our prefix and beside it.
    let foreign = [
        format!("skep/other/ba/{ABC}"),
        format!("ba/{ABC}"),
        "skep/ba/notes".to_owned(),
    ];
    for key in &foreign {
        let object = (b"abc".as_slice().into(), START_MS);
        s3.kept().objects.insert(key.clone(), object);
    }
    team.org_admin.delete(&path_of(&first)).await.expect(204);
    // Wanted again after most of a day: it is written anew, and its day begins again.
    server.clock.advance_ms(23 * HOUR_MS);
    s3.kept().now_ms += 23 * HOUR_MS;
    let second = upload(&team.org_admin, "a.txt", b"abc").await;
    assert_eq!(s3.count("PUT", KEY_OF_ABC), 2);
    team.org_admin.delete(&path_of(&second)).await.expect(204);
    server.clock.advance_ms(2 * HOUR_MS);
    assert_eq!(sweep(&server).await, 0);
    server.clock.advance_ms(23 * HOUR_MS);
    // What a restore replaced may need it.
    let replaced = server
        .place()
        .data_dir
        .join("skep.replaced-2026-03-02T120000Z");
    std::fs::create_dir(&replaced).unwrap();
    assert_eq!(sweep(&server).await, 0);
    std::fs::remove_dir(&replaced).unwrap();
    assert_eq!(sweep(&server).await, 1);
    assert!(foreign.iter().all(|key| s3.keys().contains(key)));
    assert_eq!(s3.keys().len(), foreign.len() + 1);
    assert_eq!(team.analyst.get(&path_of(&named)).await.text(), "named");
}

#[tokio::test]
async fn while_the_bucket_is_away_files_are_refused_and_nothing_is_lost() {
    let s3 = FakeS3::start().await;
    let server = server_on(&s3).await;
    let team = server.team().await;
    let file = upload(&team.org_admin, "a.txt", b"abc").await;
    s3.kept().is_down = true;
    let form = Form::default().file("attachments", "b.txt", None, b"later");
    let refused = team.org_admin.upload(FILES, form.clone()).await;
    let said = refused.expect_error(503, "ServiceUnavailable");
    assert!(said.contains("does not answer"), "{said}");
    assert!(!said.contains("127.0.0.1"), "{said}");
    for path in [path_of(&file), format!("{}/download?asZip", path_of(&file))] {
        let refused = team.analyst.get(&path).await;
        refused.expect_error(503, "ServiceUnavailable");
    }
    assert_eq!(on_disk(&server.place().data_dir), Vec::<PathBuf>::new());
    let subject = Subject {
        bucket: server.app.blobs.bucket().cloned(),
        ..Subject::of(&server.app.config, START_MS, Depth::Quick, Seat::Inside)
    };
    let looking = tokio::task::spawn_blocking(move || skep::health::look(&subject));
    let health = looking.await.unwrap();
    let bucket = health
        .findings
        .iter()
        .find(|finding| finding.id == "bucket");
    assert_eq!(bucket.unwrap().verdict, Verdict::Critical);

    s3.kept().is_down = false;
    let later = team.org_admin.upload(FILES, form).await.expect(201);
    assert_eq!(
        team.analyst
            .get(&path_of(&later["attachments"][0]))
            .await
            .text(),
        "later"
    );
    assert_eq!(team.analyst.get(&path_of(&file)).await.text(), "abc");
}

#[tokio::test]
async fn a_start_says_what_is_wrong_with_the_bucket() {
    type Change = fn(&mut Config);
    let s3 = FakeS3::start().await;
    let wrong: [(Change, bool, &str); 3] = [
        (
            |config| config.s3.access_key = Some(skep::config::Secret::new("another")),
            true,
            "it answered InvalidAccessKeyId. Look at s3.access_key",
        ),
        (
            |config| config.s3.bucket = "nothing".to_owned(),
            true,
            "it answered NoSuchBucket. Make the bucket",
        ),
        // Nobody listens there. It may be up in a minute.
        (
            |config| config.s3.endpoint = "http://127.0.0.1:9".to_owned(),
            false,
            "127.0.0.1:9 cannot be reached",
        ),
    ];
    for (change, is_for_ever, expected) in wrong {
        let server = Server::start_with(|config| {
            s3.set(config);
            change(config);
        })
        .await;
        let refusal = make_ready(&server.app).await.unwrap_err();
        assert!(refusal.to_string().contains(expected), "{refusal}");
        let is_unusable = matches!(refusal, storage::Error::Unusable(_));
        assert_eq!(is_unusable, is_for_ever, "{refusal}");
    }
}

#[tokio::test]
async fn the_doctor_finds_what_is_missing_or_cut_short_in_the_bucket() {
    let s3 = FakeS3::start().await;
    let server = server_on(&s3).await;
    let team = server.team().await;
    for (name, content) in [("a", b"abc".as_slice()), ("b", b"b"), ("c", b"c")] {
        upload(&team.org_admin, name, content).await;
    }
    let config = &server.app.config;
    let finding = examined(config).await;
    assert_eq!(
        (finding.verdict, finding.found.as_str()),
        (Verdict::Ok, "3 files, each with its hash.")
    );
    let content = b"ab".as_slice().into();
    s3.kept()
        .objects
        .insert(KEY_OF_ABC.to_owned(), (content, START_MS));
    let finding = examined(config).await;
    assert_eq!(finding.verdict, Verdict::Critical);
    assert!(
        finding
            .found
            .contains(&format!("1 of 3 files are damaged or cut short: {ABC}")),
        "{}",
        finding.found
    );
    s3.kept().objects.remove(KEY_OF_ABC);
    let finding = examined(config).await;
    assert_eq!(finding.verdict, Verdict::Critical);
    assert!(
        finding.found.contains("not in the bucket files at http://"),
        "{}",
        finding.found
    );
    assert!(finding.found.contains(ABC), "{}", finding.found);
    s3.kept().is_down = true;
    assert_eq!(examined(config).await.verdict, Verdict::Unknown);
}
