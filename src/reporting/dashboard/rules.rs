//! How large a dashboard may be, and the four that every organisation begins with.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::access::{Error, FieldProblem, Result};

/// The JSON text of a definition.
pub const DEFINITION_BYTES_MAX: usize = 256 * 1024;
/// Dashboards of an organisation, everybody's own among them.
pub const DASHBOARDS_MAX: i64 = 2_000;
/// The group of one that names none.
pub const DEFAULT_GROUP: &str = "default";

/// A dashboard as it comes with the program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipped {
    pub title: String,
    pub description: String,
    pub definition: Map<String, Json>,
}

const SHIPPED: [&str; 4] = [
    include_str!("shipped/alerts.json"),
    include_str!("shipped/cases.json"),
    include_str!("shipped/observables.json"),
    include_str!("shipped/ttps.json"),
];

/// The dashboards that every organisation begins with.
///
/// # Errors
/// Only a defect: one that cannot be read. A test reads them all.
pub fn shipped() -> Result<Vec<Shipped>> {
    SHIPPED
        .into_iter()
        .map(|text| {
            serde_json::from_str(text)
                .map_err(|error| Error::Internal(format!("a shipped dashboard: {error}")))
        })
        .collect()
}

/// The text of a definition, if it is not too long.
///
/// # Errors
/// When it is.
pub fn definition_text(definition: Map<String, Json>) -> Result<String> {
    let text = Json::Object(definition).to_string();
    if text.len() > DEFINITION_BYTES_MAX {
        let message = format!("must be at most {DEFINITION_BYTES_MAX} bytes of JSON");
        return Err(Error::invalid(FieldProblem::format("definition", message)));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, json};

    use super::{DEFINITION_BYTES_MAX, definition_text, shipped};

    #[test]
    fn the_four_have_the_titles_that_clients_look_for() {
        let titles: Vec<String> = shipped()
            .unwrap()
            .into_iter()
            .map(|one| one.title)
            .collect();
        assert_eq!(
            titles,
            [
                "Alerts statistics",
                "Cases statistics",
                "Observables statistics",
                "TTPs statistics"
            ]
        );
    }

    #[test]
    fn each_widget_has_a_name_of_its_own_and_a_kind_that_there_is() {
        let kinds = [
            "counter",
            "donut",
            "bar",
            "line",
            "multiline",
            "radar",
            "table",
            "text",
        ];
        for dashboard in shipped().unwrap() {
            let mut ids = BTreeSet::new();
            for row in dashboard.definition["items"].as_array().unwrap() {
                assert_eq!(row["type"], "container");
                for widget in row["items"].as_array().unwrap() {
                    assert!(
                        kinds.contains(&widget["type"].as_str().unwrap()),
                        "{widget}"
                    );
                    assert!(widget["options"]["title"].is_string(), "{widget}");
                    assert!(ids.insert(widget["id"].as_str().unwrap()), "{widget}");
                }
            }
            assert!(!ids.is_empty());
        }
    }

    #[test]
    fn a_definition_has_an_end() {
        let of = |length: usize| Map::from_iter([("a".to_owned(), json!("x".repeat(length)))]);
        assert!(definition_text(of(DEFINITION_BYTES_MAX - 8)).is_ok());
        assert!(definition_text(of(DEFINITION_BYTES_MAX - 7)).is_err());
    }
}
