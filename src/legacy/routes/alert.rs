//! Alerts.

use serde_json::{Value as Json, json};

use super::super::api::{Reply, Step, operation};
use super::super::kinds::ALERT;
use super::super::{inputs, search, shapes};
use super::{Asked, case, encoded, observable};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    if let Some(found) = asked.query(&ALERT, &["alert"]).await {
        return Some(found);
    }
    let path = |id: &str, rest: &str| format!("/api/v1/alert/{}{rest}", encoded(id));
    Some(match (asked.method, asked.words) {
        ("GET", ["alert"]) => search::list(api, &ALERT).await,
        ("POST", ["alert"]) => create(asked).await,
        ("POST", ["alert", "delete", "_bulk"]) => {
            let done = api.forward("/api/v1/alert/delete/_bulk").await;
            done.map(|_| Reply::nothing())
        }
        ("POST", ["alert", "merge", "_bulk"]) => {
            let case = api.forward("/api/v1/alert/merge/_bulk").await;
            case.map(|reply| case::told(&reply.value()))
        }
        ("POST", ["alert", id, "merge", case]) => {
            let path = path(id, &format!("/merge/{}", encoded(case)));
            let case = api.ask("POST", &path, Some(&case::nothing())).await;
            case.map(|case| case::told(&case))
        }
        ("POST", ["alert", id, "createCase"]) => promote(asked, id).await,
        ("POST", ["alert", id, verb @ ("follow" | "unfollow")]) => {
            match api.send("POST", &path(id, &format!("/{verb}")), None).await {
                Ok(_) => told(asked, id).await,
                Err(stop) => Err(stop),
            }
        }
        ("POST", ["alert", id, "markAsRead"]) => mark(asked, id, true).await,
        ("POST", ["alert", id, "markAsUnread"]) => mark(asked, id, false).await,
        ("GET", ["alert", id]) => told(asked, id).await,
        ("PATCH", ["alert", id]) => update(asked, id).await,
        ("DELETE", ["alert", id]) => asked.delete(&path(id, "")).await,
        _ => return None,
    })
}

/// The alert with its observables, and with similar cases where they are asked for.
async fn told(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let mut alert = search::read(asked.api, &ALERT, id).await?;
    complete(asked, &mut alert).await?;
    Ok(Reply::ok(&alert))
}

async fn complete(asked: &Asked<'_>, alert: &mut Json) -> Step<()> {
    let of_it = json!({ "_field": "relatedId", "_value": alert["_id"] });
    let filter = json!({ "_name": "filter", "_eq": of_it });
    let (found, _) = asked
        .api
        .query(vec![operation("listObservable"), filter])
        .await?;
    alert["artifacts"] = observable::shaped(&found);
    let similarity = asked.api.parameter("similarity");
    if similarity.is_some_and(|wanted| ["", "1", "true"].contains(&wanted.to_lowercase().as_str()))
    {
        let start = json!({ "_name": "getAlert", "idOrName": alert["_id"] });
        let (found, _) = asked
            .api
            .query(vec![start, operation("similarCases")])
            .await?;
        let cases = found.as_array().into_iter().flatten();
        alert["similarCases"] = cases.map(shapes::similar_case).collect();
    }
    Ok(())
}

async fn create(asked: &Asked<'_>) -> Step<Reply> {
    let made = if asked.api.has_form() {
        asked.api.forward("/api/v1/alert").await?.value()
    } else {
        let input = inputs::alert(&asked.api.input()?);
        asked.api.ask("POST", "/api/v1/alert", Some(&input)).await?
    };
    let mut alert = shapes::alert(&made);
    complete(asked, &mut alert).await?;
    Ok(Reply::created(&alert))
}

async fn update(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let input = asked.api.input()?;
    let mut update = inputs::alert_update(&input);
    if !input["customFields"].is_null() {
        let before = search::now(asked.api, &ALERT, id).await?;
        update["customFields"] = inputs::custom_fields_after(&before, &input["customFields"]);
    }
    let path = format!("/api/v1/alert/{}", encoded(id));
    asked.api.send("PATCH", &path, Some(&update)).await?;
    told(asked, id).await
}

async fn promote(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let old = asked.api.input()?;
    let mut input = case::nothing();
    if let Some(template) = old["caseTemplate"].as_str() {
        input["caseTemplate"] = template.into();
    }
    let path = format!("/api/v1/alert/{}/case", encoded(id));
    let made = asked.api.ask("POST", &path, Some(&input)).await?;
    Ok(case::made(&made))
}

/// Who reads an alert without making a case of it is done with it; unread, it is new again. What is in a case stays.
async fn mark(asked: &Asked<'_>, id: &str, as_read: bool) -> Step<Reply> {
    let before = search::now(asked.api, &ALERT, id).await?;
    let is_new = before["stage"] == "New";
    let is_linked = before["stage"] == "Imported" || before["caseId"].is_string();
    if !is_linked && is_new == as_read {
        let status = json!({ "status": if as_read { "Ignored" } else { "New" } });
        let path = format!("/api/v1/alert/{}", encoded(id));
        asked.api.send("PATCH", &path, Some(&status)).await?;
    }
    told(asked, id).await
}
