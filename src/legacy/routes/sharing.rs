//! Shares of cases, tasks and observables with other organisations.

use super::super::api::{Reply, Step};
use super::super::inputs;
use super::super::kinds::SHARE;
use super::{Asked, encoded};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    let of = |kind: &str, id: &str| format!("/api/v1/{kind}/{}/shares", encoded(id));
    Some(match (asked.method, asked.words) {
        ("DELETE", ["case", "shares"]) => handed_on(asked, "/api/v1/case/shares").await,
        ("DELETE", ["case", "share", id]) => {
            asked
                .delete(&format!("/api/v1/case/share/{}", encoded(id)))
                .await
        }
        ("PATCH", ["case", "share", id]) => {
            handed_on(asked, &format!("/api/v1/case/share/{}", encoded(id))).await
        }
        ("POST", ["case", "task", id, "shares"]) | ("DELETE", ["task", id, "shares"]) => {
            handed_on(asked, &of("task", id)).await
        }
        ("POST", ["case", "artifact" | "observable", id, "shares"])
        | ("DELETE", ["observable" | "artifact", id, "shares"]) => {
            handed_on(asked, &of("observable", id)).await
        }
        ("GET", ["case", _, "task", id, "shares"]) => list(asked, &of("task", id)).await,
        ("GET", ["case", _, "artifact" | "observable", id, "shares"]) => {
            list(asked, &of("observable", id)).await
        }
        ("GET", ["case", id, "shares"]) => list(asked, &of("case", id)).await,
        ("POST", ["case", id, "shares"]) => match api.input() {
            Ok(input) => {
                let input = inputs::shares(&input);
                let made = api.ask("POST", &of("case", id), Some(&input)).await;
                made.map(|shares| Reply::created(&SHARE.shape_all(&shares)))
            }
            Err(stop) => Err(stop),
        },
        ("DELETE", ["case", id, "shares"]) => handed_on(asked, &of("case", id)).await,
        _ => return None,
    })
}

/// Where the body has kept its form, and there is nothing to answer.
async fn handed_on(asked: &Asked<'_>, path: &str) -> Step<Reply> {
    asked.api.forward(path).await.map(|_| Reply::nothing())
}

async fn list(asked: &Asked<'_>, path: &str) -> Step<Reply> {
    let shares = asked.api.ask("GET", path, None).await?;
    Ok(Reply::ok(&SHARE.shape_all(&shares)))
}
