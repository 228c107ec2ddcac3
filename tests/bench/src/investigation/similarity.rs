//! Cases and alerts that are like an alert with ten observables.

use serde_json::{Value, json};

use super::demo::Sample;
use super::questions::{Questions, Request, any_of, list, operation};
use crate::http::Result;

/// What the UI shows of each.
const COUNTS: [&str; 5] = [
    "similarObservableCount",
    "observableCount",
    "similarIocCount",
    "iocCount",
    "observableTypes",
];
const LIGHT: [&str; 8] = [
    "_id",
    "number",
    "title",
    "severity",
    "status",
    "stage",
    "similarObservableCount",
    "observableCount",
];

pub fn measure(questions: &mut Questions, sample: &Sample) -> Result<()> {
    let goal = Some((10, 30));
    let start = operation("getAlert", json!({ "idOrName": sample.alert }));
    let of = |ending: Value| [start.clone(), ending];
    questions.measure(
        "similar cases of an alert with 10 observables",
        goal,
        Request::query(&of(list("similarCases"))),
    )?;
    questions.measure(
        "similar cases, the light form",
        goal,
        Request::pick(&of(list("similarCasesLight")), &LIGHT),
    )?;
    // The tab asks for the light ones first, and for the rest of what it shows of these.
    let nearest = questions.answer(&Request::pick(&of(list("similarCasesLight")), &["_id"]))?;
    let ids: Vec<&Value> = nearest
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["_id"])
        .collect();
    let these = json!({ "caseFilter": any_of("_id", json!(ids)) });
    questions.measure(
        "similar cases, the figures of those that the light form found",
        goal,
        Request::pick(
            &of(operation("similarCases", these)),
            &[&["case"], &COUNTS[..]].concat(),
        ),
    )?;
    let counts = ["similarCaseLightCount", "similarAlertLightCount"];
    let counts: Vec<Request> = counts
        .into_iter()
        .map(|name| Request::query(&of(list(name))))
        .collect();
    questions.measure_together("numbers of similar cases and alerts", goal, &counts)
}
