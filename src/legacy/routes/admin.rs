//! What administrators set up, and what is handed on to today's API as it is.

use serde_json::{Map, Value as Json, json};

use super::super::api::{Reply, Step, operation};
use super::super::kinds::{
    ACTION, ANALYZER_TEMPLATE, AUDIT, CUSTOM_FIELD, DASHBOARD, JOB, Kind, OBSERVABLE_TYPE, PAGE,
    TAG,
};
use super::super::{inputs, search, shapes};
use super::user::create;
use super::{Asked, encoded};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let kinds: [(&'static Kind, &[&str]); 10] = [
        (&CUSTOM_FIELD, &["customField"]),
        (&CUSTOM_FIELD, &["customFields"]),
        (&OBSERVABLE_TYPE, &["observable", "type"]),
        (&TAG, &["tag"]),
        (&PAGE, &["page"]),
        (&DASHBOARD, &["dashboard"]),
        (&AUDIT, &["audit"]),
        (&JOB, &["connector", "cortex", "job"]),
        (&ACTION, &["connector", "cortex", "action"]),
        (
            &ANALYZER_TEMPLATE,
            &["connector", "cortex", "analyzer", "template"],
        ),
    ];
    for (kind, words) in kinds {
        if let Some(found) = asked.query(kind, words).await {
            return Some(found);
        }
    }
    match asked.words {
        ["customField" | "customFields", ..] => custom_field(asked).await,
        ["list", ..] => list(asked).await,
        ["dashboard", ..] => dashboard(asked).await,
        ["observable", "type", ..] => observable_type(asked).await,
        ["audit"] if asked.method == "GET" => Some(search::list(asked.api, &AUDIT).await),
        ["tag"] if asked.method == "GET" => Some(search::list(asked.api, &TAG).await),
        ["page"] if asked.method == "GET" => Some(search::list(asked.api, &PAGE).await),
        // These have kept their form.
        ["tag" | "page" | "config" | "connector", ..] => Some(as_it_is(asked).await),
        ["describe", model] if asked.method == "GET" => Some(describe(asked, model).await),
        _ => None,
    }
}

async fn as_it_is(asked: &Asked<'_>) -> Step<Reply> {
    let words: Vec<String> = asked.words.iter().map(|word| encoded(word)).collect();
    asked
        .api
        .forward(&format!("/api/v1/{}", words.join("/")))
        .await
}

async fn custom_field(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    let path = |id: &str| format!("/api/v1/customField/{}", encoded(id));
    let (word, rest) = asked.words.split_first()?;
    Some(match (asked.method, *word, rest) {
        ("GET", "customField", []) => {
            let found = api.ask("GET", "/api/v1/customField", None).await;
            found.map(|fields| Reply::ok(&CUSTOM_FIELD.shape_all(&fields)))
        }
        ("POST", "customField", []) => {
            create(
                asked,
                inputs::custom_field,
                "/api/v1/customField",
                shapes::custom_field,
            )
            .await
        }
        ("GET", _, [id, "use"]) => usage(asked, id).await,
        ("GET", "customField", [id]) => search::read(api, &CUSTOM_FIELD, id)
            .await
            .map(|field| Reply::ok(&field)),
        ("PATCH", "customField", [id]) => match api.input() {
            Ok(input) => {
                let input = inputs::custom_field_update(&input);
                asked.change(&CUSTOM_FIELD, &path(id), id, &input).await
            }
            Err(stop) => Err(stop),
        },
        ("DELETE", "customField", [id]) => api.forward(&path(id)).await.map(|_| Reply::nothing()),
        _ => return None,
    })
}

/// How many entities have a value of a custom field.
async fn usage(asked: &Asked<'_>, id: &str) -> Step<Reply> {
    let field = search::now(asked.api, &CUSTOM_FIELD, id).await?;
    let name = field["name"].as_str().unwrap_or_default();
    let (mut used, mut total) = (Map::new(), 0);
    for (word, list) in [("case", "listCase"), ("alert", "listAlert")] {
        let has = json!({ "_name": "filter", "_has": format!("customFields.{name}") });
        let (count, _) = asked
            .api
            .query(vec![operation(list), has, operation("count")])
            .await?;
        let count = count.as_i64().unwrap_or(0);
        total += count;
        used.insert(word.to_owned(), count.into());
    }
    used.insert("total".to_owned(), total.into());
    Ok(Reply::ok(&used.into()))
}

/// Lists of words. The types of observables are what is left of them; custom fields are asked for by their key.
async fn list(asked: &Asked<'_>) -> Option<Step<Reply>> {
    Some(match (asked.method, asked.words) {
        ("GET", ["list"]) => Ok(Reply::ok(&json!([TYPES, "case_metrics", "ui_settings"]))),
        ("GET", ["list", name]) => words(asked, name).await.map(|words| Reply::ok(&words)),
        ("POST", ["list", name, "_exists"]) => exists(asked, name).await,
        ("POST", ["list", "custom_fields"]) => {
            create(
                asked,
                custom_field_of_list,
                "/api/v1/customField",
                shapes::custom_field,
            )
            .await
        }
        _ => return None,
    })
}

const TYPES: &str = "list_artifactDataType";

fn custom_field_of_list(old: &Json) -> Json {
    inputs::custom_field(&old["value"])
}

async fn words(asked: &Asked<'_>, name: &str) -> Step<Json> {
    if name != TYPES {
        return Ok(json!({}));
    }
    let (types, _) = asked
        .api
        .query(vec![operation(OBSERVABLE_TYPE.list)])
        .await?;
    let types = types.as_array().into_iter().flatten();
    let words =
        types.filter_map(|each| Some((each["_id"].as_str()?.to_owned(), each["name"].clone())));
    Ok(Json::Object(words.collect()))
}

async fn exists(asked: &Asked<'_>, name: &str) -> Step<Reply> {
    let input = asked.api.input()?;
    let found = if name == "custom_fields" {
        let fields = asked.api.ask("GET", "/api/v1/customField", None).await?;
        let mut fields = fields.as_array().into_iter().flatten();
        fields.any(|field| field["name"] == input["value"])
    } else {
        let words = words(asked, name).await?;
        let mut words = words.as_object().into_iter().flatten();
        words.any(|(_, word)| *word == input["value"])
    };
    Ok(Reply::ok(&json!({ "found": found })))
}

async fn dashboard(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let api = asked.api;
    let path = |id: &str| format!("/api/v1/dashboard/{}", encoded(id));
    Some(match (asked.method, asked.words) {
        ("GET", ["dashboard"]) => search::list(api, &DASHBOARD).await,
        ("POST", ["dashboard"]) => {
            create(
                asked,
                inputs::dashboard,
                "/api/v1/dashboard",
                shapes::dashboard,
            )
            .await
        }
        ("GET", ["dashboard", id]) => search::read(api, &DASHBOARD, id)
            .await
            .map(|found| Reply::ok(&found)),
        ("PATCH", ["dashboard", id]) => match api.input() {
            Ok(input) => {
                asked
                    .change(&DASHBOARD, &path(id), id, &inputs::dashboard(&input))
                    .await
            }
            Err(stop) => Err(stop),
        },
        ("DELETE", ["dashboard", id]) => asked.delete(&path(id)).await,
        _ => return None,
    })
}

async fn observable_type(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let path = "/api/v1/observable/type";
    Some(match (asked.method, asked.words) {
        ("GET", ["observable", "type"]) => search::list(asked.api, &OBSERVABLE_TYPE).await,
        ("POST", ["observable", "type"]) => create(asked, Json::clone, path, shapes::stamped).await,
        ("GET", ["observable", "type", id]) => {
            let found = search::read(asked.api, &OBSERVABLE_TYPE, id).await;
            found.map(|found| Reply::ok(&found))
        }
        ("DELETE", ["observable", "type", id]) => {
            asked.delete(&format!("{path}/{}", encoded(id))).await
        }
        _ => return None,
    })
}

/// The models have other names today.
async fn describe(asked: &Asked<'_>, model: &str) -> Step<Reply> {
    let model = match model {
        "case_task" => "task",
        "case_task_log" => "log",
        "case_artifact" => "observable",
        "case_artifact_job" => "job",
        other => other,
    };
    asked
        .api
        .forward(&format!("/api/v1/describe/{}", encoded(model)))
        .await
}
