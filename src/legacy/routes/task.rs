//! Tasks and their logs.

use serde_json::json;

use super::super::api::{Reply, Step};
use super::super::kinds::{LOG, TASK};
use super::super::{inputs, search, shapes};
use super::{Asked, encoded};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    if let Some(found) = asked.query(&TASK, &["case", "task"]).await {
        return Some(found);
    }
    if let Some(found) = asked.query(&LOG, &["case", "task", "log"]).await {
        return Some(found);
    }
    Some(match (asked.method, asked.words) {
        ("GET", ["case", "task"]) => search::list(api, &TASK).await,
        ("POST", ["case", case, "task"]) => create(asked, case).await,
        ("POST", ["case", case, "task", "_search"]) => of_case(asked, case).await,
        ("GET" | "PATCH" | "DELETE", ["case", "task", "log", id]) => log(asked, id).await,
        ("POST", ["case", "task", task, "log"]) => create_log(asked, task).await,
        ("GET", ["case", "task", task, "log"]) => logs(asked, task).await,
        ("GET", ["case", "task", id]) => search::read(api, &TASK, id)
            .await
            .map(|task| Reply::ok(&task)),
        ("PATCH", ["case", "task", id]) => update(asked, id).await,
        _ => return None,
    })
}

async fn create(asked: &Asked<'_>, case: &str) -> Step<Reply> {
    let input = inputs::new_task(&asked.api.input()?);
    let path = format!("/api/v1/case/{}/task", encoded(case));
    let task = asked.api.ask("POST", &path, Some(&input)).await?;
    Ok(Reply::created(&shapes::task(&task)))
}

async fn update(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let input = inputs::task(&asked.api.input()?);
    let path = format!("/api/v1/task/{}", encoded(id));
    asked.change(&TASK, &path, id, &input).await
}

/// The tasks of a case that a filter lets pass.
async fn of_case(asked: &Asked<'_>, case: &str) -> Step<Reply> {
    let input = asked.api.input()?;
    let within = json!({ "_parent": { "_type": "case", "_id": case } });
    let filter = match input.get("query").filter(|query| query.is_object()) {
        Some(query) => json!({ "_and": [within, query] }),
        None => within,
    };
    let operations = super::super::filter::operations(asked.api, &TASK, &filter).await?;
    search::run(asked.api, &TASK, operations, &input).await
}

async fn create_log(asked: &Asked<'_>, task: &str) -> Step<Reply> {
    let path = format!("/api/v1/task/{}/log", encoded(task));
    let log = if asked.api.has_form() {
        asked.api.forward(&path).await?.value()
    } else {
        let input = inputs::log(&asked.api.input()?);
        asked.api.ask("POST", &path, Some(&input)).await?
    };
    Ok(Reply::created(&shapes::log(&log)))
}

async fn logs(asked: &Asked<'_>, task: &str) -> Step<Reply> {
    let start = json!({ "_name": "getTask", "idOrName": task });
    let operations = vec![start, json!({ "_name": "logs" })];
    search::run(asked.api, &LOG, operations, &json!({})).await
}

async fn log(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let path = format!("/api/v1/log/{}", encoded(id));
    match asked.method {
        "DELETE" => asked.delete(&path).await,
        "PATCH" => {
            let input = inputs::log(&asked.api.input()?);
            asked.change(&LOG, &path, id, &input).await
        }
        _ => Ok(Reply::ok(&search::read(asked.api, &LOG, id).await?)),
    }
}
