//! Writing the trail.

use crate::access::unit::Scoped;
use crate::access::{Requirement, Result, Writing};

use super::chain::{Link, hash};
use super::model::Entry;
use super::store;

/// Writes one record into the unit of work and settles the debt of its object.
///
/// The first record of a unit is its main one: what the caller asked for. The others are its consequences.
pub fn record<P: Requirement>(unit: &Writing<P>, entry: Entry) -> Result<()> {
    let scope = unit.scope();
    let (last_id, previous) = store::head(unit)?;
    let is_main = unit.tx().settle(entry.object) == 0;
    let details = serde_json::Value::Object(entry.details).to_string();
    let changes = serde_json::to_string(&entry.changes)
        .map_err(|error| crate::access::Error::Internal(format!("audit changes: {error}")))?;
    let link = Link {
        id: last_id + 1,
        request_id: &scope.request_id,
        happened_at: scope.now_ms,
        actor: &scope.login,
        organisation_id: scope.organisation.id,
        action: entry.action.word(),
        is_main,
        object_kind: entry.object.kind,
        object_id: entry.object.id,
        context_kind: entry.context.kind,
        context_id: entry.context.id,
        details: &details,
        changes: &changes,
    };
    store::insert(unit.tx(), &link, &hash(&previous, &link))?;
    Ok(())
}
