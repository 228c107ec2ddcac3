//! Servers that hang, lie, send on and send too much.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Error, Options, Outbound, Reach, Request};
use crate::config;

/// A server that answers each connection with this text, and then keeps quiet or hangs up.
async fn server(answer: impl Into<Vec<u8>>, keeps_quiet: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = answer.into();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                assert!(stream.read(&mut asked).await.unwrap() > 0);
                // Whoever has heard enough hangs up.
                drop(stream.write_all(&answer).await);
                if keeps_quiet {
                    tokio::time::sleep(Duration::from_mins(1)).await;
                }
            });
        }
    });
    format!("http://{address}")
}

fn client(reach: Reach) -> super::Client {
    Outbound::new(&config::Outbound::default())
        .unwrap()
        .client(reach, &Options::default())
        .unwrap()
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn an_answer_is_read() {
    let url = server(http("200 OK", "", r#"{"a": 1}"#), false).await;
    let answer: serde_json::Value = client(Reach::Named)
        .ask_json(Request::get(url))
        .await
        .unwrap();
    assert_eq!(answer, serde_json::json!({"a": 1}));
}

#[tokio::test]
async fn other_json_and_other_statuses_are_told() {
    let url = server(http("200 OK", "", "<html>"), false).await;
    let error = client(Reach::Named)
        .ask_json::<Vec<i64>>(Request::get(url))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Strange { .. }), "{error:?}");

    let url = server(http("403 No", "", "not\n\x07 you"), false).await;
    let error = client(Reach::Named)
        .ask(Request::get(url.clone()))
        .await
        .unwrap_err();
    assert!(error.is_about_credentials());
    let host = url.trim_start_matches("http://");
    assert_eq!(
        error.to_string(),
        format!("{host} answered 403 Forbidden: not you")
    );
}

#[tokio::test]
async fn who_hangs_is_left_after_the_time_that_was_given() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
        let url = server(answer, true).await;
        let begun = Instant::now();
        let error = client(Reach::Named)
            .ask(Request::get(url).within(Duration::from_millis(300)))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn who_sends_too_much_is_stopped_whatever_he_announced() {
    let large = "x".repeat(2_000_000);
    let announced = http("200 OK", "", &large);
    let unannounced = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{large}");
    for answer in [announced, unannounced] {
        let url = server(answer, false).await;
        let error = client(Reach::Named)
            .ask(Request::get(url).at_most(1_000_000))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn nobody_is_sent_on_with_his_credentials() {
    let target = server(http("200 OK", "", "here"), false).await;
    let url = server(
        http("302 Found", &format!("location: {target}/x\r\n"), ""),
        false,
    )
    .await;
    let error = client(Reach::Named)
        .ask(Request::get(url.clone()))
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::Redirected { to, .. } if *to == format!("{target}/x")));
    // What needs no credentials may be sent on.
    let answer = client(Reach::Named).fetch(Request::get(url)).await.unwrap();
    assert_eq!(&answer.body[..], b"here");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let url = server(http("302 Found", "location: /again\r\n", ""), false).await;
    let error = client(Reach::Named)
        .fetch(Request::get(url))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Redirected { .. }), "{error:?}");
    let error = client(Reach::Named)
        .ask(Request::get(here))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn the_inside_is_not_reached_by_names_figures_or_detours() {
    let inside = server(http("200 OK", "", "secret"), false).await;
    let port = inside.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
    ] {
        let error = client(Reach::Public)
            .fetch(Request::get(format!("http://{host}:{port}/")))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{host}: {error:?}");
    }
    for url in [
        "file:///etc/passwd",
        "ftp://1.1.1.1/",
        "no address",
        "http://",
    ] {
        let error = client(Reach::Public)
            .fetch(Request::get(url))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NoAddress { .. }), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn who_speaks_no_tls_is_not_trusted() {
    let url = server("SSH-2.0-OpenSSH\r\n", false).await;
    let error = client(Reach::Named)
        .ask(Request::get(url.replace("http:", "https:")))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Untrusted { .. }), "{error:?}");
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let with_proxy = |proxy: &str| {
        let settings = config::Outbound {
            proxy: Some(config::Secret::new(proxy)),
            ..config::Outbound::default()
        };
        Outbound::new(&settings).err().unwrap().to_string()
    };
    assert_eq!(
        with_proxy("socks5://proxy:1080"),
        "The setting outbound.proxy must begin with http:// or https://."
    );
    let settings = config::Outbound {
        ca_file: Some("/no/such/file".into()),
        ..config::Outbound::default()
    };
    let error = Outbound::new(&settings).err().unwrap().to_string();
    assert!(
        error.starts_with("The certificates of /no/such/file (outbound.ca_file) cannot be used:")
    );
}
