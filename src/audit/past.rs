//! What was done before, for those who take it back.

use serde_json::Value as Json;

use crate::access::unit::Scoped;
use crate::access::{Error, Requirement, Result, Writing};
use crate::storage::Touch;

use super::model::AuditRecord;
use super::store;

/// What one record of the trail says was changed.
#[derive(Debug)]
pub struct Past {
    record: AuditRecord,
    /// A list of changes, each with its `field` and the values `before` and `after`.
    changes: Json,
}

impl Past {
    fn of(record: AuditRecord) -> Result<Self> {
        let changes = serde_json::from_str(&record.changes)
            .map_err(|error| Error::Internal(format!("audit record {}: {error}", record.id)))?;
        Ok(Self { record, changes })
    }

    /// What it was done to: the kind, and the id.
    pub fn object(&self) -> (&str, i64) {
        (&self.record.object_kind, self.record.object_id)
    }

    /// The id of the case under which it is told, if it is one.
    pub fn case_id(&self) -> Option<i64> {
        (self.record.context_kind == "Case").then_some(self.record.context_id)
    }

    /// Whether the object came to be by it.
    pub fn is_creation(&self) -> bool {
        self.record.action == "create"
    }

    /// The values before, of those properties that are `now` what they became by it.
    pub fn still_so(&self, now: &Json) -> serde_json::Map<String, Json> {
        let changes = self.changes.as_array().into_iter().flatten();
        let changes = changes.filter_map(|change| Some((change["field"].as_str()?, change)));
        changes
            .filter(|(field, change)| now[*field] == change["after"])
            .map(|(field, change)| (field.to_owned(), change["before"].clone()))
            .collect()
    }

    /// Whether requests between that one and this one did something to the object.
    ///
    /// # Errors
    /// Only those of the storage.
    pub fn has_later<P: Requirement>(&self, unit: &Writing<P>) -> Result<bool> {
        Ok(store::has_later(
            unit,
            &self.record,
            &unit.scope().request_id,
        )?)
    }
}

/// The last record that says of an object that its property changed.
///
/// # Errors
/// Only those of the storage.
pub fn last_change<P: Requirement>(
    unit: &Writing<P>,
    object: Touch,
    field: &str,
) -> Result<Option<Past>> {
    store::last_change(unit, object, field)?
        .map(Past::of)
        .transpose()
}

/// What the same request did to the same case, in its order.
///
/// # Errors
/// Only those of the storage.
pub fn of_same_request<P: Requirement>(unit: &Writing<P>, past: &Past) -> Result<Vec<Past>> {
    let records = store::of_same_request(unit, &past.record)?;
    records.into_iter().map(Past::of).collect()
}
