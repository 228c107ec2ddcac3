//! Following the trail: what happened after a record, in the eyes of a caller.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::model::AuditRecord;
use super::{query_fields, store};
use crate::access::unit::Scoped;
use crate::access::{Reading, Result, Viewable};
use crate::query::{Catalogue, Extra, Shaping};

/// A main record with what else its request did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputStreamAudit {
    /// The main record, with its object.
    #[schema(value_type = super::model::OutputAudit)]
    pub base: Json,
    /// By kind of object and action, how many records the request has.
    pub summary: BTreeMap<String, BTreeMap<String, i64>>,
}

/// The last record's id; zero before the first.
///
/// # Errors
/// Only those of the storage.
pub fn last_id(reading: &Reading) -> Result<i64> {
    Ok(store::last_id(reading)?)
}

/// The records after `after_id` that the caller sees, in their order, at most `count`.
///
/// # Errors
/// Only those of the storage.
pub fn list_after(reading: &Reading, after_id: i64, count: i64) -> Result<Vec<AuditRecord>> {
    Ok(store::list_after(
        reading,
        &AuditRecord::visible(reading.scope()),
        after_id,
        count,
    )?)
}

/// The main ones among `records` as the stream tells them.
///
/// # Errors
/// Only those of the storage.
pub fn tell(
    reading: &Reading,
    catalogue: &Catalogue,
    records: &[AuditRecord],
) -> Result<Vec<OutputStreamAudit>> {
    let ids: Vec<i64> = records
        .iter()
        .filter(|record| record.is_main)
        .map(|record| record.id)
        .collect();
    let rows = store::rows_by_ids(reading, &ids)?;
    summarise(
        reading,
        query_fields::shape(&Shaping::new(reading, catalogue, &Extra::default()), rows)?,
    )
}

/// The newest main records since `since_ms` that the caller sees, the newest first; of one case or organisation
/// only if `context_id` says so.
///
/// # Errors
/// Only those of the storage.
pub fn newest(
    reading: &Reading,
    catalogue: &Catalogue,
    context_id: Option<i64>,
    since_ms: i64,
    count: i64,
) -> Result<Vec<OutputStreamAudit>> {
    let visible = AuditRecord::visible(reading.scope());
    let rows = store::newest_main_rows(reading, &visible, context_id, since_ms, count)?;
    summarise(
        reading,
        query_fields::shape(&Shaping::new(reading, catalogue, &Extra::default()), rows)?,
    )
}

fn summarise(reading: &Reading, records: Vec<Json>) -> Result<Vec<OutputStreamAudit>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let request_of = |record: &Json| record["requestId"].as_str().unwrap_or_default().to_owned();
    let mut request_ids: Vec<String> = records.iter().map(request_of).collect();
    request_ids.sort_unstable();
    request_ids.dedup();
    let mut summaries: BTreeMap<String, BTreeMap<String, BTreeMap<String, i64>>> = BTreeMap::new();
    for (request_id, kind, action, number) in store::summaries(reading, &request_ids)? {
        summaries
            .entry(request_id)
            .or_default()
            .entry(kind)
            .or_default()
            .insert(action, number);
    }
    let tell = |base: Json| {
        let summary = summaries
            .get(&request_of(&base))
            .cloned()
            .unwrap_or_default();
        OutputStreamAudit { base, summary }
    };
    Ok(records.into_iter().map(tell).collect())
}
