//! The figures for Prometheus, on the usual address.

use serde_json::json;
use skep::config::Secret;

use crate::harness::{PASSWORD, Server};

const TOKEN: &str = "a token of the monitoring";

async fn with_token() -> Server {
    Server::start_with(|config| config.metrics.token = Some(Secret::new(TOKEN))).await
}

/// The value of a figure, by its name with its labels.
#[track_caller]
fn value(text: &str, name: &str) -> f64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let value = line.unwrap_or_else(|| panic!("no {name} in\n{text}"));
    value.parse().unwrap()
}

#[tokio::test]
async fn they_are_off_unless_somebody_turns_them_on() {
    let server = Server::start().await;
    let answer = server.admin().get("/metrics").await;
    answer.expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn only_the_token_opens_them() {
    let server = with_token().await;
    for client in [
        server.anonymous(),
        server.admin(),
        server.anonymous().bearer("another token"),
        server.anonymous().bearer(""),
    ] {
        let answer = client.get("/metrics").await;
        answer.expect_error(401, "AuthenticationError");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let answer = server.anonymous().bearer(TOKEN).get("/metrics").await;
    answer.expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn they_count_what_happens() {
    let server = with_token().await;
    let monitoring = server.anonymous().bearer(TOKEN);
    let before = monitoring.get("/metrics").await.text();
    let team = server.team().await;
    let case = json!({ "title": "t", "description": "d" });
    for _ in 0..3 {
        team.analyst
            .post("/api/v1/case", case.clone())
            .await
            .expect(201);
    }
    server.anonymous().get("/api/v1/case/1").await.expect(401);
    let sign_in = json!({ "user": "ana@acme.test", "password": PASSWORD });
    let signed_in = server.anonymous().post("/api/v1/login", sign_in).await;
    signed_in.expect(200);
    let after = monitoring.get("/metrics").await.text();

    let created = "skep_http_requests_total{method=\"POST\",status=\"201\"}";
    assert!(!before.contains(created), "{before}");
    assert!(value(&after, created) >= 3.0);
    let refused = "skep_http_requests_total{method=\"GET\",status=\"401\"}";
    assert!(value(&after, refused) >= 1.0);
    let grown = |name: &str| value(&after, name) - value(&before, name);
    assert!(grown("skep_http_request_seconds_count") >= 5.0);
    assert!(grown("skep_commit_units_count") >= 3.0);
    assert!(grown("skep_commit_units_sum") >= grown("skep_commit_units_count"));
    assert!((grown("skep_sessions") - 1.0).abs() < f64::EPSILON);
    assert!(
        value(&after, "skep_writer_queue") < 1.0,
        "nobody writes now"
    );
    assert!(value(&after, "skep_commits_failed_total") < 1.0);
    for name in [
        "skep_uptime_seconds",
        "process_resident_memory_bytes",
        "process_open_fds",
        "process_cpu_seconds_total",
        "skep_disk_free_bytes",
    ] {
        assert!(value(&after, name) >= 0.0);
    }
    assert!(value(&after, "skep_health{check=\"schema\"}") < 1.0);
    assert!(value(&after, "skep_health{check=\"password\"}") > 0.0);
    let version = env!("CARGO_PKG_VERSION");
    assert!(after.contains(&format!("skep_build_info{{version=\"{version}\"")));
    if after.contains("engine=\"sqlite\"") {
        assert!(value(&after, "skep_wal_bytes") > 0.0);
    }
}

#[tokio::test]
async fn they_tell_nothing_of_what_people_keep() {
    let server = with_token().await;
    let team = server.team().await;
    let case = json!({ "title": "Zanzibar", "description": "d" });
    team.analyst.post("/api/v1/case", case).await.expect(201);
    let text = server
        .anonymous()
        .bearer(TOKEN)
        .get("/metrics")
        .await
        .text();
    for word in ["Zanzibar", "acme", "ana@", "thehive.local"] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
}
