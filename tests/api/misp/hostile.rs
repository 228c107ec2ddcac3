//! Servers that hang, lie, send on, send too much, or are not who they say.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::fake::{FakeMisp, KEY, Trouble, attribute, event};
use super::{NOW_S, Work, add, alerts, sync};
use crate::harness::Server;

/// What troubles there are, and what is told of each.
fn troubles(fake: &FakeMisp) -> Vec<(Trouble, &'static str)> {
    vec![
        (Trouble::Hangs, "gave no whole answer within 1 s"),
        (
            Trouble::Status(500),
            "answered 500 Internal Server Error: no such luck",
        ),
        (
            Trouble::Status(204),
            "answered something else than was asked for",
        ),
        (Trouble::Html, "answered something else than was asked for"),
        (
            Trouble::Says(json!("yes")),
            "answered something else than was asked for",
        ),
        (
            Trouble::Says(json!(null)),
            "answered something else than was asked for",
        ),
        (
            Trouble::Says(json!({ "version": 7, "User": [], "response": 1e300 })),
            "answered something else than was asked for",
        ),
        (
            Trouble::SendsTo("http://169.254.169.254/latest/meta-data".into()),
            "sends on to http://169.254.169.254/",
        ),
        (
            Trouble::SendsTo(format!("{}/elsewhere", fake.url)),
            "sends on to",
        ),
        (Trouble::Endless, "answered more than 33554432 bytes"),
    ]
}

/// Tries a server, as its settings do; what is told of it.
async fn look(server: &Server, url: &str, change: Value) -> Value {
    let mut input = json!({ "kind": "misp", "url": url, "key": KEY, "timeMaxS": 1 });
    for (name, value) in change.as_object().unwrap() {
        input[name] = value.clone();
    }
    let answer = server
        .admin()
        .post("/api/skep/v1/integration/server/_test", input)
        .await;
    answer.expect(200)
}

#[tokio::test]
async fn the_test_of_a_connection_tells_what_is_wrong() {
    let server = Server::start().await;
    let fake = FakeMisp::start().await;
    let found = look(&server, &fake.url, json!({})).await;
    assert_eq!(
        (&found["status"], &found["version"]),
        (&json!("OK"), &json!("2.4.200"))
    );
    let found = look(&server, &fake.url, json!({ "key": "wrong" })).await;
    assert_eq!(found["status"], "AUTH_ERROR");
    assert!(
        found["problem"]
            .as_str()
            .unwrap()
            .contains("Authentication failed"),
        "{found}"
    );
    for (trouble, told) in troubles(&fake) {
        for at in ["/servers/getVersion", "/users/view/me"] {
            fake.behave();
            fake.trouble(at, trouble.clone());
            let begun = Instant::now();
            let found = look(&server, &fake.url, json!({})).await;
            assert_eq!(found["status"], "ERROR", "{found}");
            let problem = found["problem"].as_str().unwrap();
            assert!(problem.contains(told), "{problem}: not {told}");
            assert!(!problem.contains(KEY));
            assert!(begun.elapsed() < Duration::from_secs(20));
        }
    }
    let nobody = look(&server, "http://127.0.0.1:1", json!({})).await;
    assert!(
        nobody["problem"]
            .as_str()
            .unwrap()
            .contains("cannot be reached"),
        "{nobody}"
    );
    let forbidden = look(&server, "http://169.254.169.254", json!({})).await;
    assert!(
        forbidden["problem"]
            .as_str()
            .unwrap()
            .contains("must not be reached"),
        "{forbidden}"
    );
}

#[tokio::test]
async fn a_cortex_that_misbehaves_is_told_of() {
    let server = Server::start().await;
    let fake = FakeMisp::start().await;
    for (trouble, told) in troubles(&fake) {
        // An answer of the right form with numbers of another is none of Cortex either.
        let told = match &trouble {
            Trouble::Html => "not JSON",
            Trouble::Endless => "answered more than 16777216 bytes",
            Trouble::Status(204) | Trouble::Says(_) => "",
            _ => told,
        };
        fake.trouble("/api/status", trouble);
        let input = json!({ "kind": "cortex", "url": fake.url, "key": KEY, "timeMaxS": 1 });
        let path = "/api/skep/v1/integration/server/_test";
        let found = server.admin().post(path, input).await.expect(200);
        assert_eq!(found["status"], "ERROR", "{found}");
        let problem = found["problem"].as_str().unwrap();
        assert!(problem.contains(told), "{problem}: not {told}");
        assert!(!problem.contains(KEY));
    }
}

#[tokio::test]
async fn what_cannot_be_given_away_leaves_no_trace() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    add(&server, &fake, json!({})).await;
    let case = json!({ "title": "t", "description": "d" });
    let case = team.analyst.post("/api/v1/case", case).await.id();
    let ip = json!({ "dataType": "ip", "data": "192.0.2.7", "ioc": true });
    let path = format!("/api/v1/case/{case}/observable");
    team.analyst.post(&path, ip).await.expect(201);
    for (trouble, told) in troubles(&fake) {
        fake.trouble("/events", trouble);
        let path = format!("/api/v1/connector/misp/export/{case}/misp");
        let refused = team.analyst.post_nothing(&path).await;
        let message = refused.expect_error(400, "BadRequest");
        assert!(message.contains(told), "{message}: not {told}");
        assert!(!message.contains(KEY));
    }
    assert_eq!(alerts(&team.analyst).await.len(), 0);
}

#[tokio::test]
async fn reading_ends_with_what_is_wrong_and_nothing_is_made() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(&server, &fake, json!({})).await;
    for (trouble, told) in troubles(&fake) {
        for at in ["/organisations/view/1", "/events/index"] {
            fake.behave();
            fake.trouble(at, trouble.clone());
            let came = sync(&server).await;
            let problem = came["problem"].as_str().unwrap_or_default();
            assert!(problem.contains(told), "{at}: {problem}: not {told}");
        }
    }
    assert_eq!(alerts(&team.analyst).await.len(), 0);
    fake.behave();
    fake.put_event(event("7", NOW_S - 60));
    let came = sync(&server).await;
    assert_eq!(
        (&came["problem"], &came["created"]),
        (&json!(null), &json!(2))
    );
}

#[tokio::test]
async fn lies_about_events_and_attributes_harm_nobody() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(&server, &fake, json!({})).await;
    let mut lies = event("1", NOW_S - 500);
    lies["info"] = "\u{202e}x".repeat(2_000).into();
    lies["threat_level_id"] = json!(u64::MAX);
    lies["attribute_count"] = json!(1e300);
    lies["date"] = "9999-99-99".into();
    lies["Orgc"] = json!([1, 2]);
    lies["EventTag"] = json!({ "Tag": "no list" });
    fake.put_event(lies);
    for (id, kind, value) in [
        ("11", json!(7), json!(["no", "text"])),
        ("12", json!("ip-dst"), json!("no address")),
        ("13", json!("url"), json!("")),
        ("14", json!("x".repeat(500)), json!("y".repeat(20_000))),
        ("15", json!("domain"), json!("fine.test")),
    ] {
        let mut one = attribute(id, "", "", NOW_S - 500);
        (one["type"], one["value"]) = (kind, value);
        one["Tag"] = json!([{ "name": "t".repeat(5_000) }, 5]);
        fake.put_attribute("1", one);
    }
    // It says that it changed in a thousand years: later changes of others are still asked for.
    fake.put_event(event("2", 33_000_000_000));
    fake.put_event(event("3", i64::MAX));
    fake.put_event(event("4", 0));
    let came = sync(&server).await;
    assert_eq!(
        (&came["problem"], &came["failures"]),
        (&json!(null), &json!([])),
        "{came}"
    );
    let seen = alerts(&team.analyst).await;
    assert_eq!(seen.len(), 4);
    let of_first = super::observables(&team.analyst, seen[0]["_id"].as_str().unwrap()).await;
    assert!(
        of_first.contains(&("other".into(), "no address".into())),
        "{of_first:?}"
    );
    assert!(of_first.contains(&("domain".into(), "fine.test".into())));
    fake.put_event(event("5", NOW_S));
    sync(&server).await;
    assert_eq!(alerts(&team.analyst).await.len(), 5);
}

#[tokio::test]
async fn files_that_are_too_large_or_broken_leave_what_is_known_of_them() {
    let server = Server::start().await;
    let team = server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(&server, &fake, json!({ "maxFileBytes": 1_000 })).await;
    fake.put_event(event("1", NOW_S - 500));
    fake.put_attribute("1", attribute("11", "attachment", "huge.bin", NOW_S - 500));
    fake.put_attribute(
        "1",
        attribute(
            "12",
            "malware-sample",
            "broken.exe|d41d8cd98f00b204e9800998ecf8427e",
            NOW_S - 500,
        ),
    );
    fake.trouble("/attributes/download/11", Trouble::Endless);
    fake.put_file("12", b"PK\x03\x04 no archive");
    let came = sync(&server).await;
    assert_eq!(came["failures"], json!([]), "{came}");
    let seen = alerts(&team.analyst).await;
    assert_eq!(
        super::observables(&team.analyst, seen[0]["_id"].as_str().unwrap()).await,
        super::pairs(&[
            ("filename", "broken.exe"),
            ("filename", "huge.bin"),
            ("hash", "d41d8cd98f00b204e9800998ecf8427e"),
        ])
    );
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_after_a_few_events() {
    let server = Server::start().await;
    server.team().await;
    let fake = FakeMisp::start().await;
    let _work = Work::of(&server);
    add(&server, &fake, json!({})).await;
    for id in 1..=9 {
        fake.put_event(event(&id.to_string(), NOW_S - 500 + id));
    }
    fake.trouble("/attributes/restSearch/json", Trouble::Hangs);
    let begun = Instant::now();
    let came = sync(&server).await;
    let problem = came["problem"].as_str().unwrap();
    assert!(
        problem.starts_with("3 events in a row could not be had"),
        "{problem}"
    );
    assert!(begun.elapsed() < Duration::from_secs(8));
    assert_eq!(fake.asked("/attributes/restSearch/json").len(), 3);
}

/// A MISP server with a certificate that nobody signed.
fn with_own_certificate() -> String {
    let certificate =
        CertificateDer::from_pem_slice(include_bytes!("tls/certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (config, listener) = (
        Arc::new(config),
        std::net::TcpListener::bind("127.0.0.1:0").unwrap(),
    );
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(tls, stream.unwrap());
            let mut asked = [0; 4_096];
            // Who does not trust it hangs up.
            let Ok(length) = stream.read(&mut asked) else {
                continue;
            };
            let asked = String::from_utf8_lossy(&asked[..length]).into_owned();
            let body = if asked.contains("getVersion") {
                r#"{"version": "2.5.1"}"#
            } else if asked.contains("/users/") {
                r#"{"User": {"org_id": 1}}"#
            } else {
                r#"{"Organisation": {"name": "Our Org"}}"#
            };
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).unwrap();
            stream.conn.send_close_notify();
            stream.flush().unwrap();
        }
    });
    url
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_believed_only_on_request() {
    let server = Server::start().await;
    let url = with_own_certificate();
    let found = look(&server, &url, json!({})).await;
    assert_eq!(found["status"], "ERROR");
    assert!(
        found["problem"]
            .as_str()
            .unwrap()
            .contains("cannot be trusted"),
        "{found}"
    );
    let found = look(&server, &url, json!({ "acceptsAnyCertificate": true })).await;
    assert_eq!(
        (&found["status"], &found["version"]),
        (&json!("OK"), &json!("2.5.1")),
        "{found}"
    );
}
