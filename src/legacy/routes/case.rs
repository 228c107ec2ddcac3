//! Cases and case templates.

use serde_json::{Value as Json, json};

use super::super::api::{Reply, Step};
use super::super::kinds::{CASE, OBSERVABLE, TEMPLATE};
use super::super::{inputs, search, shapes};
use super::{Asked, encoded};
use crate::access::{Error, FieldProblem};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    if let Some(known) = template(asked).await {
        return Some(known);
    }
    if let Some(found) = asked.query(&CASE, &["case"]).await {
        return Some(found);
    }
    Some(match (asked.method, asked.words) {
        ("GET", ["case"]) => search::list(api, &CASE).await,
        ("POST", ["case"]) => create(asked).await,
        ("PATCH", ["case", "_bulk"]) => update_all(asked).await,
        ("GET", ["case", id]) => read(asked, id).await,
        ("PATCH", ["case", id]) => update(asked, id).await.map(|case| Reply::ok(&case)),
        ("DELETE", ["case", id] | ["case", id, "force"]) => {
            asked.delete(&format!("/api/v1/case/{}", encoded(id))).await
        }
        ("POST", ["case", id, "_merge", other]) => {
            let path = format!("/api/v1/case/_merge/{},{}", encoded(id), encoded(other));
            let case = api.ask("POST", &path, None).await;
            case.map(|case| Reply::created(&shapes::case(&case)))
        }
        ("GET", ["case", id, "links"]) => links(asked, id).await,
        _ => return None,
    })
}

async fn read(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    search::read(asked.api, &CASE, id)
        .await
        .map(|case| Reply::ok(&case))
}

async fn create(asked: &Asked<'_>) -> Step<Reply> {
    let input = inputs::case(&asked.api.input()?);
    let case = asked.api.ask("POST", "/api/v1/case", Some(&input)).await?;
    Ok(Reply::created(&shapes::case(&case)))
}

async fn update(asked: &Asked<'_>, id: &str) -> Step<Json> {
    let change = change(asked, id, &asked.api.input()?).await?;
    let path = format!("/api/v1/case/{}", encoded(id));
    asked.api.send("PATCH", &path, Some(&change)).await?;
    search::read(asked.api, &CASE, id).await
}

/// What has to be sent depends on what the case is now.
async fn change(asked: &Asked<'_>, id: &str, input: &Json) -> Step<Json> {
    let before = search::now(asked.api, &CASE, id).await?;
    let mut update = inputs::case_update(input, before["stage"] == "Closed");
    if !input["customFields"].is_null() {
        update["customFields"] = inputs::custom_fields_after(&before, &input["customFields"]);
    }
    Ok(update)
}

/// The same change may mean another thing for each, and is made for all of them or for none.
async fn update_all(asked: &Asked<'_>) -> Step<Reply> {
    let input = asked.api.input()?;
    let ids: Vec<String> = serde_json::from_value(input["ids"].clone())
        .map_err(|_| Error::invalid(FieldProblem::format("ids", "must be a list of ids")))?;
    let mut cases = Vec::with_capacity(ids.len());
    for id in &ids {
        cases.push(json!({ "id": id, "update": change(asked, id, &input).await? }));
    }
    let each = json!({ "cases": cases });
    asked
        .api
        .send("PATCH", "/api/skep/v1/case/_bulk", Some(&each))
        .await?;
    let mut changed = Vec::with_capacity(ids.len());
    for id in &ids {
        changed.push(search::read(asked.api, &CASE, id).await?);
    }
    Ok(Reply::ok(&changed.into()))
}

async fn links(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let path = format!("/api/v1/case/{}/links", encoded(id));
    let found = asked.api.ask("GET", &path, None).await?;
    let found = found.as_array().into_iter().flatten().map(|now| {
        let mut old = shapes::case(now);
        old["linkedWith"] = OBSERVABLE.shape_all(&now["linkedWith"]);
        old["linksCount"] = now["linksCount"].clone();
        old
    });
    Ok(Reply::ok(&found.collect()))
}

async fn template(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    let path = |id: &str| format!("/api/v1/caseTemplate/{}", encoded(id));
    // The old client looks for templates under either name.
    for words in [&["case", "template"][..], &["caseTemplate"]] {
        if let Some(found) = asked.query(&TEMPLATE, words).await {
            return Some(found);
        }
    }
    Some(match (asked.method, asked.words) {
        ("GET", ["case", "template"]) => search::list(api, &TEMPLATE).await,
        ("POST", ["case", "template"]) => match api.input() {
            Ok(input) => {
                let input = inputs::template(&input);
                let made = api.ask("POST", "/api/v1/caseTemplate", Some(&input)).await;
                made.map(|template| Reply::created(&shapes::template(&template)))
            }
            Err(stop) => Err(stop),
        },
        ("GET", ["case", "template", id]) => {
            let found = search::read(api, &TEMPLATE, id).await;
            found.map(|template| Reply::ok(&template))
        }
        ("PATCH", ["case", "template", id]) => match api.input() {
            Ok(input) => {
                // Under its id: its name may be what changes.
                let id = match search::now(api, &TEMPLATE, id).await {
                    Ok(now) => now["_id"].as_str().unwrap_or_default().to_owned(),
                    Err(stop) => return Some(Err(stop)),
                };
                asked
                    .change(&TEMPLATE, &path(&id), &id, &inputs::template(&input))
                    .await
            }
            Err(stop) => Err(stop),
        },
        ("DELETE", ["case", "template", id]) => asked.delete(&path(id)).await,
        _ => return None,
    })
}

/// The case that something became a part of, for an answer.
pub(super) fn told(case: &Json) -> Reply {
    Reply::ok(&shapes::case(case))
}

/// A case that was made of something else.
pub(super) fn made(case: &Json) -> Reply {
    Reply::created(&shapes::case(case))
}

/// An empty body.
pub(super) fn nothing() -> Json {
    json!({})
}
