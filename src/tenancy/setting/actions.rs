//! The verbs of settings. They are private to their user and no part of the audit trail.

use serde_json::Value as Json;

use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Requirement, Result, Writing};

use super::store;

/// Settings one user may have.
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
    let text = value.to_string();
    if path.chars().count() > PATH_CHARACTERS_MAX {
        let message = format!("must have at most {PATH_CHARACTERS_MAX} characters");
        return Err(Error::invalid(FieldProblem::format("path", message)));
    }
    if text.len() > VALUE_BYTES_MAX {
        let message = format!("must be at most {VALUE_BYTES_MAX} bytes of JSON");
        return Err(Error::invalid(FieldProblem::format("value", message)));
    }
    if store::find(unit, user_id, path)?.is_none() && store::count(unit, user_id)? >= SETTINGS_MAX {
        return Err(Error::Rule(format!(
            "A user can have at most {SETTINGS_MAX} settings"
        )));
    }
    Ok(store::put(unit.tx(), user_id, path, &text)?)
}
