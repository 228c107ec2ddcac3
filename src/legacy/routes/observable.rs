//! Observables of cases and alerts, which were called artifacts, and stored files.

use http::StatusCode;
use serde_json::{Value as Json, json};

use super::super::api::{Reply, Step, Stop, operation};
use super::super::kinds::OBSERVABLE;
use super::super::{inputs, search, shapes};
use super::{Asked, encoded};
use crate::access::Error;

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    for words in [
        &["case", "artifact"][..],
        &["alert", "artifact"],
        &["observable"],
    ] {
        if let Some(found) = asked.query(&OBSERVABLE, words).await {
            return Some(found);
        }
    }
    Some(match (asked.method, asked.words) {
        ("GET", ["datastore", hash]) => download(asked, hash, false).await,
        ("GET", ["datastorezip", hash]) => download(asked, hash, true).await,
        ("PATCH", ["case" | "alert", "artifact", "_bulk"]) => update_all(asked).await,
        ("GET", ["case", "artifact", id, "similar"]) => similar(asked, id).await,
        ("POST", [parent @ ("case" | "alert"), id, "artifact"]) => create(asked, parent, id).await,
        ("GET" | "PATCH" | "DELETE", ["case" | "alert", "artifact", id]) => one(asked, id).await,
        _ => return None,
    })
}

async fn one(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let path = format!("/api/v1/observable/{}", encoded(id));
    match asked.method {
        "DELETE" => asked.delete(&path).await,
        "PATCH" => {
            let input = inputs::observable(&asked.api.input()?);
            asked.change(&OBSERVABLE, &path, id, &input).await
        }
        _ => Ok(Reply::ok(&search::read(asked.api, &OBSERVABLE, id).await?)),
    }
}

/// A list of what was made, or in part what was made and what was refused.
async fn create(asked: &Asked<'_>, parent: &str, id: &str) -> Step<Reply> {
    let path = format!("/api/v1/{parent}/{}/observable", encoded(id));
    let reply = if asked.api.has_form() {
        asked.api.forward(&path).await?
    } else {
        let input = inputs::observable(&asked.api.input()?);
        asked.api.send("POST", &path, Some(&input)).await?
    };
    let made = reply.value();
    if reply.status != StatusCode::MULTI_STATUS {
        return Ok(Reply::created(&OBSERVABLE.shape_all(&made)));
    }
    let refused = made["failure"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|failure| {
            let mut failure = failure.clone();
            if let Some(name) = failure["object"]["attachment"]["name"].as_str() {
                failure["object"]["data"] = format!("file:{name}").into();
            }
            failure
        });
    let parts = json!({
        "success": OBSERVABLE.shape_all(&made["success"]),
        "failure": refused.collect::<Vec<Json>>(),
    });
    Ok(Reply::json(StatusCode::MULTI_STATUS, &parts))
}

async fn update_all(asked: &Asked<'_>) -> Step<Reply> {
    let old = asked.api.input()?;
    let mut input = inputs::observable(&old);
    input["ids"] = old["ids"].clone();
    asked
        .api
        .send("PATCH", "/api/v1/observable/_bulk", Some(&input))
        .await?;
    Ok(Reply::nothing())
}

async fn similar(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let start = json!({ "_name": "getObservable", "idOrName": id });
    let operations = vec![start, operation("similar")];
    search::run(asked.api, &OBSERVABLE, operations, &json!({})).await
}

/// A file by the hash of its content: whoever sees an observable with it may have it.
async fn download(asked: &Asked<'_>, hash: &str, is_zipped: bool) -> Step<Reply> {
    let api = asked.api;
    if !is_zipped {
        let path = format!("/api/v1/attachment/{}/download", encoded(hash));
        return Err(Stop::Elsewhere(path));
    }
    let is_it = json!({ "_field": "attachment.id", "_value": hash });
    let (found, _) = api
        .query(vec![
            operation("listObservable"),
            json!({ "_name": "filter", "_eq": is_it }),
            json!({ "_name": "page", "from": 0, "to": 1 }),
        ])
        .await?;
    let missing = || Error::not_found("Attachment", hash);
    let first = found.get(0).ok_or_else(missing)?;
    let id = first["_id"].as_str().ok_or_else(missing)?;
    let file = first["attachment"]["_id"].as_str().ok_or_else(missing)?;
    let path = format!("/api/v1/observable/{id}/attachment/{file}/download?asZip=true");
    Err(Stop::Elsewhere(path))
}

/// Observables in their old form.
pub(super) fn shaped(now: &Json) -> Json {
    now.as_array()
        .into_iter()
        .flatten()
        .map(shapes::observable)
        .collect()
}
