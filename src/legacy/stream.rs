//! What happened, as the old stream and flow told it.

use serde_json::{Map, Value as Json, json};

use super::shapes::{audit, old_word, operation};

/// The elements of a stream or of the flow in their old form.
pub fn tell(now: &Json) -> Json {
    let elements = now.as_array().into_iter().flatten();
    elements
        .map(|element| json!({ "base": audit(&element["base"]), "summary": summary(&element["summary"]) }))
        .collect()
}

fn summary(now: &Json) -> Json {
    let mut old: Map<String, Json> = Map::new();
    for (kind, actions) in now.as_object().into_iter().flatten() {
        let mut numbers: Map<String, Json> = Map::new();
        for (action, number) in actions.as_object().into_iter().flatten() {
            let word = operation(action);
            let so_far = numbers.get(word).and_then(Json::as_i64).unwrap_or(0);
            numbers.insert(
                word.to_owned(),
                (so_far + number.as_i64().unwrap_or(0)).into(),
            );
        }
        old.insert(old_word(kind), numbers.into());
    }
    old.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::summary;

    #[test]
    fn acts_of_one_word_are_counted_together() {
        let now = json!({ "Task": { "update": 2, "merge": 1, "create": 4 } });
        assert_eq!(
            summary(&now),
            json!({ "case_task": { "Update": 3, "Creation": 4 } })
        );
    }
}
