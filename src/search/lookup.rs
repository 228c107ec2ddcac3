//! A few entities of several kinds that match what somebody types.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::access::unit::Scoped;
use crate::access::{Error, Reading, Result};
use crate::query::{Catalogue, Moment, parse_json, run};

/// Entities of one kind that are offered.
const OF_A_KIND_MAX: usize = 6;
/// Characters of what is typed that count.
const TYPED_MAX: usize = 200;

/// Something to jump to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputJump {
    pub kind: JumpKind,
    pub id: String,
    /// The number of a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    pub title: String,
    /// The case of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
}

/// What can be jumped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum JumpKind {
    Case,
    Task,
    User,
    Organisation,
}

/// What matches `typed`: a case by its number (`12`, `#12`), cases and tasks by words of their title, people by name
/// or login, organisations by name.
pub(super) fn jumps(
    reading: &Reading,
    catalogue: &'static Catalogue,
    typed: &str,
) -> Result<Vec<OutputJump>> {
    let typed: String = typed.trim().chars().take(TYPED_MAX).collect();
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let ask = |operations: Json| ask(reading, catalogue, &operations);
    let mut found = Vec::new();
    let digits = typed.strip_prefix('#').unwrap_or(&typed);
    if digits.parse::<u32>().is_ok() {
        let case = ask(json!([{ "_name": "getCase", "idOrName": digits }]))?;
        found.extend(case.iter().map(|case| jump(JumpKind::Case, case, "title")));
    }
    for (kind, list, field, operator) in [
        (JumpKind::Case, "listCase", "title", "_match"),
        (JumpKind::Task, "listTask", "title", "_match"),
        (JumpKind::User, "listUser", "name", "_like"),
        (JumpKind::User, "listUser", "login", "_startsWith"),
        (JumpKind::Organisation, "listOrganisation", "name", "_like"),
    ] {
        let entities = ask(json!([
            { "_name": list },
            { "_name": "filter", operator: { "_field": field, "_value": typed } },
            { "_name": "sort", "_fields": [{ "_createdAt": "desc" }] },
            { "_name": "page", "from": 0, "to": OF_A_KIND_MAX, "extraData": ["caseId"] },
        ]))?;
        let title = match kind {
            JumpKind::Case | JumpKind::Task => "title",
            JumpKind::User | JumpKind::Organisation => "name",
        };
        for entity in &entities {
            let jump = jump(kind, entity, title);
            if !found.iter().any(|other: &OutputJump| other.id == jump.id) {
                found.push(jump);
            }
        }
    }
    Ok(found)
}

fn ask(reading: &Reading, catalogue: &'static Catalogue, operations: &Json) -> Result<Vec<Json>> {
    let query = parse_json(&json!({ "query": operations }))?;
    let answered = run(
        reading,
        catalogue,
        &query,
        &Moment::at(reading.scope().now_ms),
    )?;
    match answered.json {
        Json::Array(entities) => Ok(entities),
        other => Err(Error::Internal(format!(
            "a look-up was answered by {other}"
        ))),
    }
}

fn jump(kind: JumpKind, entity: &Json, title: &str) -> OutputJump {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    OutputJump {
        kind,
        id: text(&entity["_id"]),
        number: entity["number"].as_i64(),
        title: text(&entity[title]),
        case_id: entity["extraData"]["caseId"]
            .as_str()
            .map(ToOwned::to_owned),
    }
}
