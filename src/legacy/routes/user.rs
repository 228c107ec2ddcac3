//! Users, organisations and profiles.

use serde_json::Value as Json;

use super::super::api::{Reply, Step, operation};
use super::super::kinds::{Kind, ORGANISATION, PROFILE, USER};
use super::super::{inputs, search, shapes};
use super::{Asked, encoded};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let groups: [(&'static Kind, &str); 3] = [
        (&USER, "user"),
        (&ORGANISATION, "organisation"),
        (&PROFILE, "profile"),
    ];
    for (kind, word) in groups {
        if let Some(found) = asked.query(kind, &[word]).await {
            return Some(found);
        }
    }
    match asked.words {
        ["user", ..] => user(asked).await,
        ["organisation", ..] => organisation(asked).await,
        ["profile", ..] => profile(asked).await,
        _ => None,
    }
}

async fn user(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    let path = |id: &str, rest: &str| format!("/api/v1/user/{}{rest}", encoded(id));
    Some(match (asked.method, asked.words) {
        ("GET", ["user"]) => search::list(api, &USER).await,
        ("POST", ["user"]) => create(asked, inputs::user, "/api/v1/user", shapes::user).await,
        ("GET", ["user", "current"]) => {
            let reply = api.forward("/api/v1/user/current").await;
            reply.map(|reply| {
                let old = shapes::user(&reply.value());
                reply.with_value(&old)
            })
        }
        ("GET", ["user", id]) => {
            let found = api.ask("GET", &path(id, ""), None).await;
            found.map(|user| Reply::ok(&shapes::user(&user)))
        }
        ("PATCH", ["user", id]) => match api.input() {
            Ok(input) => {
                let input = inputs::user(&input);
                let changed = api.send("PATCH", &path(id, ""), Some(&input)).await;
                match changed {
                    Ok(_) => api
                        .ask("GET", &path(id, ""), None)
                        .await
                        .map(|user| Reply::ok(&shapes::user(&user))),
                    Err(stop) => Err(stop),
                }
            }
            Err(stop) => Err(stop),
        },
        ("DELETE", ["user", id]) => asked.delete(&path(id, "")).await,
        ("DELETE", ["user", id, "force"]) => {
            let done = api.forward(&path(id, "/force")).await;
            done.map(|_| Reply::nothing())
        }
        ("POST", ["user", id, "password", verb @ ("set" | "change")]) => {
            api.forward(&path(id, &format!("/password/{verb}"))).await
        }
        ("GET" | "DELETE", ["user", id, "key"]) => api.forward(&path(id, "/key")).await,
        ("POST", ["user", id, "key", "renew"]) => api.forward(&path(id, "/key/renew")).await,
        _ => return None,
    })
}

/// Makes an entity whose input and output have an old form.
pub(super) async fn create(
    asked: &Asked<'_>,
    input: fn(&Json) -> Json,
    path: &str,
    shape: fn(&Json) -> Json,
) -> Step<Reply> {
    let input = input(&asked.api.input()?);
    let made = asked.api.ask("POST", path, Some(&input)).await?;
    Ok(Reply::created(&shape(&made)))
}

async fn organisation(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    let path = |id: &str| format!("/api/v1/organisation/{}", encoded(id));
    Some(match (asked.method, asked.words) {
        ("GET", ["organisation"]) => search::list(api, &ORGANISATION).await,
        ("POST", ["organisation"]) => {
            create(
                asked,
                Json::clone,
                "/api/v1/organisation",
                shapes::organisation,
            )
            .await
        }
        ("GET", ["organisation", id]) => {
            let found = api.ask("GET", &path(id), None).await;
            found.map(|now| Reply::ok(&shapes::organisation(&now)))
        }
        ("PATCH", ["organisation", id]) => change_organisation(asked, id).await,
        ("GET", ["organisation", id, "links"]) => links(asked, &path(id)).await,
        ("PUT", ["organisation", id, "links"]) => set_links(asked, &path(id)).await,
        ("PUT" | "DELETE", ["organisation", id, "link", other]) => {
            let path = format!("{}/link/{}", path(id), encoded(other));
            api.forward(&path).await
        }
        _ => return None,
    })
}

/// Read by its id afterwards: its name may be what changes.
async fn change_organisation(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let path = format!("/api/v1/organisation/{}", encoded(id));
    let before = asked.api.ask("GET", &path, None).await?;
    let input = asked.api.input()?;
    asked.api.send("PATCH", &path, Some(&input)).await?;
    let path = format!(
        "/api/v1/organisation/{}",
        before["_id"].as_str().unwrap_or_default()
    );
    let after = asked.api.ask("GET", &path, None).await?;
    Ok(Reply::ok(&shapes::organisation(&after)))
}

async fn links(asked: &Asked<'_>, path: &str) -> Step<Reply> {
    let links = asked.api.ask("GET", &format!("{path}/links"), None).await?;
    let others = links.as_array().into_iter().flatten();
    let others = others.map(|link| shapes::organisation(&link["organisation"]));
    Ok(Reply::ok(&others.collect()))
}

async fn set_links(asked: &Asked<'_>, path: &str) -> Step<Reply> {
    let input = inputs::links(&asked.api.input()?);
    asked
        .api
        .send("PUT", &format!("{path}/links"), Some(&input))
        .await
}

async fn profile(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    let path = |id: &str| format!("/api/v1/profile/{}", encoded(id));
    Some(match (asked.method, asked.words) {
        ("GET", ["profile"]) => {
            let found = api.query(vec![operation(PROFILE.list)]).await;
            found.map(|(profiles, _)| Reply::ok(&PROFILE.shape_all(&profiles)))
        }
        ("POST", ["profile"]) => {
            create(asked, Json::clone, "/api/v1/profile", shapes::profile).await
        }
        ("GET", ["profile", id]) => {
            let found = api.ask("GET", &path(id), None).await;
            found.map(|now| Reply::ok(&shapes::profile(&now)))
        }
        ("PATCH", ["profile", id]) => match api.input() {
            Ok(input) => asked.change(&PROFILE, &path(id), id, &input).await,
            Err(stop) => Err(stop),
        },
        ("DELETE", ["profile", id]) => asked.delete(&path(id)).await,
        _ => return None,
    })
}
