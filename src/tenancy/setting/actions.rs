//! The verbs of settings. A user's own are private to him and no part of the audit trail; those of an organisation are.

use serde_json::{Value as Json, json};

use crate::access::scope::ADMIN_ORGANISATION_ID;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Requirement, Result, Writing};
use crate::audit::{self, Entry, model::Change};
use crate::storage::{Queries, Touch};

use super::store;

/// Settings that a user or an organisation may have.
const SETTINGS_MAX: i64 = 500;
/// The JSON text of one setting.
const VALUE_BYTES_MAX: usize = 64 * 1024;
/// The path of one setting.
const PATH_CHARACTERS_MAX: usize = 256;

/// Stores `value` under `path` for the caller.
///
/// # Errors
/// A path or value that is too long, or too many settings.
pub(super) fn set<P: Requirement>(unit: &Writing<P>, path: &str, value: &Json) -> Result<()> {
    let user_id = unit.scope().user_id;
    let text = checked(path, value)?;
    if store::find(unit, user_id, path)?.is_none() && store::count(unit, user_id)? >= SETTINGS_MAX {
        return Err(too_many("A user"));
    }
    Ok(store::put(unit.tx(), user_id, path, &text)?)
}

/// Stores `value` under `path` for the caller's organisation; for `admin` that is the whole platform.
///
/// # Errors
/// A path or value that is too long, or too many settings.
pub fn set_of_organisation<P: Requirement>(
    unit: &Writing<P>,
    path: &str,
    value: &Json,
) -> Result<()> {
    let id = unit.scope().organisation.id;
    let text = checked(path, value)?;
    let before = store::find_of_organisation(unit, id, path)?;
    if before.as_deref() == Some(&text) {
        return Ok(());
    }
    if before.is_none() && store::count_of_organisation(unit, id)? >= SETTINGS_MAX {
        return Err(too_many("An organization"));
    }
    let organisation = Touch {
        kind: "Organisation",
        id,
    };
    store::put_of_organisation(unit.tx(), organisation, path, &text)?;
    let before = before.and_then(|text| serde_json::from_str::<Json>(&text).ok());
    let change = Change {
        field: "config",
        before: before.map_or(Json::Null, |value| json!({ path: value })),
        after: json!({ path: value }),
    };
    let entry = Entry::updated(organisation, organisation, vec![change]);
    audit::record(unit, entry)
}

/// A setting of the platform.
///
/// # Errors
/// Only those of the storage.
pub fn of_platform(queries: &dyn Queries, path: &str) -> Result<Option<Json>> {
    let text = store::find_of_organisation(queries, ADMIN_ORGANISATION_ID, path)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn too_many(whose: &str) -> Error {
    Error::Rule(format!("{whose} can have at most {SETTINGS_MAX} settings"))
}

/// The text of the value, if it and its path keep the limits.
fn checked(path: &str, value: &Json) -> Result<String> {
    let text = value.to_string();
    if path.chars().count() > PATH_CHARACTERS_MAX {
        let message = format!("must have at most {PATH_CHARACTERS_MAX} characters");
        return Err(Error::invalid(FieldProblem::format("path", message)));
    }
    if text.len() > VALUE_BYTES_MAX {
        let message = format!("must be at most {VALUE_BYTES_MAX} bytes of JSON");
        return Err(Error::invalid(FieldProblem::format("value", message)));
    }
    Ok(text)
}
