//! Cortex: what is called otherwise in the old API. The rest has kept its form.

use serde_json::Value as Json;

use super::super::api::{Reply, Step};
use super::{Asked, encoded};
use crate::access::{Error, FieldProblem};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    match (
        asked.method,
        asked.words.strip_prefix(&["connector", "cortex"])?,
    ) {
        ("POST", ["responder", "_search"]) => Some(responders(asked).await),
        // The analyzer templates by their first name.
        (_, ["report", "template", rest @ ..]) => {
            let rest: String = rest
                .iter()
                .flat_map(|word| ["/".to_owned(), encoded(word)])
                .collect();
            let path = format!("/api/v1/connector/cortex/analyzer/template{rest}");
            Some(asked.api.forward(&path).await)
        }
        _ => None,
    }
}

/// The responders for a kind of entity, which is asked for in Cortex's own words:
/// `{"query": {"_field": "dataTypeList", "_value": "thehive:case"}}`.
async fn responders(asked: &Asked<'_>) -> Step<Reply> {
    let input = asked.api.input()?;
    let kind = input
        .get("query")
        .and_then(kind_of)
        .ok_or_else(|| Error::invalid(FieldProblem::missing("query._value")))?;
    let path = format!("/api/v1/connector/cortex/responders/{}", encoded(&kind));
    asked.api.send("GET", &path, None).await
}

/// `case` of a query for `thehive:case`, at whatever depth.
fn kind_of(query: &Json) -> Option<String> {
    match query {
        Json::Object(fields)
            if fields
                .get("_field")
                .is_some_and(|field| field == "dataTypeList") =>
        {
            let value = fields.get("_value")?.as_str()?;
            Some(value.strip_prefix("thehive:").unwrap_or(value).to_owned())
        }
        Json::Object(fields) => fields.values().find_map(kind_of),
        Json::Array(parts) => parts.iter().find_map(kind_of),
        _ => None,
    }
}
