//! Searching everything: each kind of entity is asked for itself, the newest of it first: those with the highest ids.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::parser::{Wanted, parse};
use super::question::{Question, field_of, is_searched};
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Error, FieldProblem, Reading, Result};
use crate::query::{Catalogue, Entity, Moment, newest, parse_json, run};
use crate::wire::EntityId;

/// How long one kind of entity may be searched; what has not answered by then is left out and said to be.
const TIME_MAX: Duration = Duration::from_secs(3);
/// Entities of a kind are counted up to here.
const COUNTED_MAX: i64 = 1_000;
/// Entities of a kind that are given at a time.
pub(super) const ROWS_MAX: i64 = 100;
/// Kinds that are no work, and are found where they are managed.
const NOT_SEARCHED: &[&str] = &[
    "ListView",
    "Profile",
    "CaseStatus",
    "AlertStatus",
    "ObservableType",
    "CustomField",
    "Taxonomy",
    "Tag",
    "Catalog",
    "Pattern",
    "CaseTemplateTask",
];
/// What belongs to which case or alert, for those who show what was found.
const EXTRA: [&str; 6] = [
    "caseId",
    "case",
    "task",
    "links",
    "relatedCase",
    "observableStats",
];

/// What was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputSearch {
    /// By kind of entity, those without any left out.
    pub kinds: Vec<OutputKindFound>,
    /// Kinds that did not answer in time.
    pub unanswered: Vec<String>,
}

/// What was found of one kind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputKindFound {
    /// As in `_type`.
    pub kind: String,
    /// How many there are, up to a thousand.
    pub count: i64,
    /// Whether there are more than were counted.
    pub is_more: bool,
    /// A page of them, the newest first, as the API gives them.
    #[schema(value_type = Vec<serde_json::Map<String, Json>>)]
    pub entities: Vec<Json>,
}

/// What to search for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub typed: String,
    /// One kind only.
    pub kind: Option<String>,
    pub from: i64,
    pub rows: i64,
}

/// Searches in the eyes of the caller.
///
/// # Errors
/// What is too long, or a kind that there isn't.
pub(super) async fn find(
    by: &Authenticated,
    catalogue: &'static Catalogue,
    asked: Asked,
) -> Result<OutputSearch> {
    let wanted = parse(&asked.typed)?;
    let mut found = OutputSearch {
        kinds: Vec::new(),
        unanswered: Vec::new(),
    };
    if wanted == Wanted::All(Vec::new()) {
        return Ok(found);
    }
    let kinds: Vec<&'static Entity> = catalogue
        .entities()
        .iter()
        .filter(|entity| is_searched(entity) && !NOT_SEARCHED.contains(&entity.kind))
        .filter(|entity| asked.kind.as_deref().is_none_or(|kind| kind == entity.kind))
        .collect();
    if kinds.is_empty() {
        let message = "must be a kind of entity that can be searched, like Case";
        return Err(Error::invalid(FieldProblem::format("kind", message)));
    }
    let answers = join_all(kinds.iter().copied().map(|entity| {
        let (wanted, asked) = (wanted.clone(), asked.clone());
        let reading = by.read(move |reading| of_kind(reading, catalogue, entity, &wanted, &asked));
        tokio::time::timeout(TIME_MAX, reading)
    }))
    .await;
    for (entity, answer) in kinds.iter().zip(answers) {
        match answer {
            Ok(kind) => found.kinds.extend(kind?),
            Err(_) => found.unanswered.push(entity.kind.to_owned()),
        }
    }
    Ok(found)
}

fn of_kind(
    reading: &Reading,
    catalogue: &'static Catalogue,
    entity: &Entity,
    wanted: &Wanted,
    asked: &Asked,
) -> Result<Option<OutputKindFound>> {
    let is_known = |name: &str| {
        let mut entities = catalogue.entities().iter();
        entities.any(|entity| is_searched(entity) && field_of(entity, name).is_some())
    };
    let question = Question {
        reading,
        entity,
        is_known: &is_known,
        login: &reading.scope().login,
    };
    let (Some(mut filter), Some(list)) = (question.filter(wanted)?, entity.list.first()) else {
        return Ok(None);
    };
    filter["_name"] = json!("filter");
    let query = |operations: &[Json]| parse_json(&json!({ "query": operations }));
    let moment = Moment::at(reading.scope().now_ms);
    let start = json!({ "_name": list });
    let newest_first = json!({ "_name": "sort", "_fields": [{ "_id": "desc" }] });
    let end = asked.from.saturating_add(asked.rows);
    let most = end.max(COUNTED_MAX + 1);
    let ids = newest(
        reading,
        catalogue,
        &query(&[start.clone(), filter, newest_first.clone()])?,
        &moment,
        most.unsigned_abs(),
    )?;
    if ids.is_empty() {
        return Ok(None);
    }
    let page: Vec<String> = ids
        .iter()
        .zip(0..end)
        .skip_while(|(_, place)| *place < asked.from)
        .map(|(id, _)| EntityId(*id).to_string())
        .collect();
    let operations = [
        start,
        json!({ "_name": "filter", "_in": { "_field": "_id", "_values": page } }),
        newest_first,
        json!({ "_name": "page", "from": 0, "to": page.len(), "extraData": EXTRA }),
    ];
    let answered = run(reading, catalogue, &query(&operations)?, &moment)?;
    let Json::Array(entities) = answered.json else {
        let answer = answered.json;
        return Err(Error::Internal(format!("{list} was answered by {answer}")));
    };
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    Ok(Some(OutputKindFound {
        kind: entity.kind.to_owned(),
        count: count.min(COUNTED_MAX),
        is_more: count > COUNTED_MAX,
        entities,
    }))
}
