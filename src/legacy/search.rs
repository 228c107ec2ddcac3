//! Searches of the old API: a filter, an order and a range; the answer is a list and how many there are in all.

use serde_json::{Value as Json, json};

use super::api::{Reply, Step, operation};
use super::filter;
use super::http::Api;
use super::kinds::Kind;
use crate::access::{Error, FieldProblem};

/// What a search without a range answers.
const USUAL: (u64, u64) = (0, 10);

/// `POST …/_search`, with the filter in the body.
pub async fn search(api: &Api, kind: &'static Kind) -> Step<Reply> {
    let input = api.input()?;
    let filter = input.get("query").cloned().unwrap_or(Json::Null);
    let operations = filter::operations(api, kind, &filter).await?;
    run(api, kind, operations, &input).await
}

/// `GET …`, without a filter.
pub async fn list(api: &Api, kind: &'static Kind) -> Step<Reply> {
    run(api, kind, vec![operation(kind.list)], &json!({})).await
}

/// Runs a search that begins with `operations`; order and range are in `input`, or in the URL.
pub async fn run(
    api: &Api,
    kind: &'static Kind,
    mut operations: Vec<Json>,
    input: &Json,
) -> Step<Reply> {
    let asked = |name: &str| match input.get(name) {
        Some(value) if !value.is_null() => Some(value.clone()),
        _ => api.parameter(name).map(Json::String),
    };
    let keys = order(asked("sort").as_ref());
    if !keys.is_empty() {
        let fields = keys
            .iter()
            .map(|(sign, field)| format!("{sign}{}", kind.field(field)));
        operations.push(json!({ "_name": "sort", "_fields": fields.collect::<Vec<String>>() }));
    }
    let mut extra = vec!["total"];
    extra.extend(kind.extra);
    if asked("nstats").is_some_and(|nstats| nstats == true || nstats == "true") {
        extra.extend(STATS);
    }
    let mut page = json!({ "_name": "page", "extraData": extra });
    if let Some((from, to)) = range(asked("range").as_ref())? {
        page["from"] = from.into();
        page["to"] = to.into();
    }
    operations.push(page);
    let (found, total) = api.query(operations).await?;
    let reply = Reply::ok(&kind.shape_all(&found));
    Ok(reply.with_total(total.unwrap_or_default()))
}

/// What the `stats` of a case are made of.
const STATS: [&str; 5] = [
    "taskStats",
    "observableStats",
    "alerts",
    "isOwner",
    "shareCount",
];

/// One entity in its old form, or 404.
pub async fn read(api: &Api, kind: &'static Kind, reference: &str) -> Step<Json> {
    now(api, kind, reference)
        .await
        .map(|entity| (kind.shape)(&entity))
}

/// One entity as it is today, or 404.
pub async fn now(api: &Api, kind: &'static Kind, reference: &str) -> Step<Json> {
    let mut extra = kind.extra.to_vec();
    if kind.word == "case"
        && api
            .parameter("nstats")
            .is_some_and(|nstats| nstats != "false")
    {
        extra.extend(STATS);
    }
    let get = json!({ "_name": kind.get, "idOrName": reference });
    let page = json!({ "_name": "page", "from": 0, "to": 1, "extraData": extra });
    let (found, _) = api.query(vec![get, page]).await?;
    let first = found.get(0).cloned();
    first.ok_or_else(|| Error::not_found(kind.name, reference).into())
}

/// The fields to sort by, each with its sign: text, a comma list, or a list of `+f`, `-f`, `f`.
fn order(sort: Option<&Json>) -> Vec<(char, String)> {
    let texts: Vec<&str> = match sort {
        Some(Json::String(text)) => text.split(',').collect(),
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let key = |text: &&str| {
        let text = text.trim();
        match text.strip_prefix('-') {
            Some(field) => ('-', field.to_owned()),
            // In a URL, a plus that nobody encoded is a blank.
            None => ('+', text.trim_start_matches('+').to_owned()),
        }
    };
    texts
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(key)
        .collect()
}

/// From and to of `"0-10"`; nothing for `"all"`.
fn range(range: Option<&Json>) -> Step<Option<(u64, u64)>> {
    let Some(range) = range else {
        return Ok(Some(USUAL));
    };
    let text = range.as_str().unwrap_or_default();
    if text == "all" {
        return Ok(None);
    }
    let ends = text.split_once('-');
    let ends =
        ends.and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    match ends {
        Some((from, to)) if from <= to => Ok(Some((from, to))),
        _ => {
            let problem = FieldProblem::format("range", "must be \"all\", or like \"0-10\"");
            Err(Error::invalid(problem).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{order, range};

    #[test]
    fn an_order_is_written_in_many_ways() {
        let expected = vec![('-', "date".to_owned()), ('+', "title".to_owned())];
        for sort in [
            json!("-date,+title"),
            json!(["-date", "title"]),
            json!("-date, title"),
        ] {
            assert_eq!(order(Some(&sort)), expected, "{sort}");
        }
        assert!(order(None).is_empty());
        assert!(order(Some(&json!([]))).is_empty());
    }

    #[test]
    fn a_range_has_two_ends_or_none() {
        let of = |text: &str| range(Some(&json!(text))).ok();
        assert_eq!(range(None).ok(), Some(Some((0, 10))));
        assert_eq!(of("all"), Some(None));
        assert_eq!(of("5-15"), Some(Some((5, 15))));
        assert!(of("5").is_none() && of("9-5").is_none() && of("-1-5").is_none());
    }
}
