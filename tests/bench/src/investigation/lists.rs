//! The list of alerts with its filters, and the numbers on the rail.

use serde_json::{Value, json};

use super::demo::LEAD;
use super::questions::{Questions, Request, any_of, list, newest, operation};
use crate::http::Result;

/// Rows of a page, and what the list asks for beside them.
const ROWS: usize = 30;
const EXTRA: [&str; 1] = ["relatedCase"];
/// Beyond it a number on the rail says no more.
const COUNTED_MAX: u32 = 1_000;

pub fn measure(questions: &mut Questions) -> Result<()> {
    alerts(questions)?;
    rail(questions)
}

fn alerts(questions: &mut Questions) -> Result<()> {
    let status = || any_of("status", json!(["InProgress"]));
    let severity = || any_of("severity", json!([3, 4]));
    let tag = || any_of("tags", json!(["phishing"]));
    let assignee = || any_of("assignee", json!([LEAD]));
    let all = json!({ "_and": [status(), severity(), tag(), assignee()] });
    for (what, filter) in [
        ("plain", None),
        ("status", Some(status())),
        ("severity high and above", Some(severity())),
        ("a tag of a quarter of them", Some(tag())),
        (
            "a tag of few of them",
            Some(any_of("tags", json!(["campaign-1500"]))),
        ),
        ("assignee", Some(assignee())),
        ("status, severity, tag and assignee", Some(all)),
    ] {
        let start = narrowed("listAlert", filter);
        let page = [start.clone(), newest(ROWS, &EXTRA).to_vec()].concat();
        questions.measure(
            format!("alert list of {ROWS}, {what}"),
            Some((4, 20)),
            Request::query(&page),
        )?;
        // It comes after the rows, for the pager.
        let count = [start, vec![operation("count", json!({}))]].concat();
        questions.measure(
            format!("alert list, {what}: how many in all"),
            None,
            Request::query(&count),
        )?;
    }
    Ok(())
}

fn rail(questions: &mut Questions) -> Result<()> {
    let is_new = || json!({ "_eq": { "_field": "stage", "_value": "New" } });
    let my_open = json!({ "_and": [
        { "_eq": { "_field": "assignee", "_value": LEAD } },
        any_of("status", json!(["Waiting", "InProgress"])),
    ] });
    for (what, kind, filter) in [
        ("new cases", "listCase", is_new()),
        ("new alerts", "listAlert", is_new()),
        ("my open tasks", "listTask", my_open),
    ] {
        let mut operations = narrowed(kind, Some(filter));
        operations.push(operation(
            "limitedCount",
            json!({ "threshold": COUNTED_MAX }),
        ));
        questions.measure(
            format!("number on the rail, {what}"),
            Some((2, 10)),
            Request::query(&operations),
        )?;
    }
    Ok(())
}

fn narrowed(kind: &str, filter: Option<Value>) -> Vec<Value> {
    let filter = filter.map(|filter| operation("filter", filter));
    [list(kind)].into_iter().chain(filter).collect()
}
