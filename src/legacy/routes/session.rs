//! Who is there, what the platform is like, and what happens.

use serde_json::{Value as Json, json};

use super::super::api::{Reply, Step};
use super::super::{shapes, stats, stream};
use super::{Asked, encoded};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    Some(match (asked.method, asked.words) {
        ("POST", ["login"]) => api.forward("/api/v1/login").await.map(user),
        ("GET" | "POST", ["logout"]) => api.forward("/api/v1/logout").await,
        ("GET", ["status"]) => api.forward("/api/status").await,
        ("GET", ["health"]) => api.forward("/api/health").await,
        ("GET", ["permission"]) => api.forward("/api/v1/permission").await,
        ("POST", ["stream"]) => api.forward("/api/v1/stream").await,
        ("GET", ["stream", "status"]) => remaining(asked).await,
        ("GET", ["stream", id]) => {
            let path = format!("/api/v1/stream/{}", encoded(id));
            api.forward(&path).await.map(told)
        }
        ("GET", ["flow"]) => api.forward("/api/v1/flow").await.map(told),
        ("POST", ["_stats"]) => stats::of_all(api).await.map(|found| Reply::ok(&found)),
        _ => return None,
    })
}

fn user(reply: Reply) -> Reply {
    let old = shapes::user(&reply.value());
    reply.with_value(&old)
}

fn told(reply: Reply) -> Reply {
    let old = stream::tell(&reply.value());
    reply.with_value(&old)
}

/// How long the session lasts, in milliseconds; only a session has an end.
async fn remaining(asked: &Asked<'_>) -> Step<Reply> {
    let session = asked.api.ask("GET", "/api/skep/v1/session", None).await?;
    let ends_at = session["expiresAt"].as_i64();
    let remaining = ends_at.zip(asked.api.now_ms()).map(|(end, now)| end - now);
    let warns = remaining.is_some_and(|left| left < WARNING_MS);
    let old: Json = json!({ "remaining": remaining, "warning": warns });
    Ok(Reply::ok(&old))
}

/// So long before its end, a session is said to end soon.
const WARNING_MS: i64 = 5 * 60 * 1_000;
