//! Taking one value of a custom field from a case, named by the `_id` that the API gives values.

use crate::access::permission::needs::ManageCaseUpdate;
use crate::access::{Error, Permission, Result, Visible, Writing};
use crate::vocabulary::custom_field;

use super::actions::{differences, require_on, save};
use super::model::Case;

/// Takes a value away. Its id tells the field and the value, not the case: it has to be the only one that has it.
///
/// # Errors
/// 404 when no case that the caller sees has it; 400 when several have.
pub(super) fn remove(unit: &Writing<ManageCaseUpdate>, id: &str) -> Result<()> {
    let placed = custom_field::actions::place_of_value(unit, id)?
        .ok_or_else(|| Error::not_found("CustomField", id))?;
    let [case] = placed.cases.as_slice() else {
        return Err(Error::Rule(format!(
            "Several cases have the value {id}: take it away by a change of the case (PATCH /api/v1/case)"
        )));
    };
    let case = Visible::<Case>::by_id(unit, *case)?;
    require_on(&case, Permission::ManageCaseUpdate)?;
    let mut after = (*case).clone();
    after
        .custom_fields
        .retain(|other| other.field_id != placed.field_id || other.value != placed.value);
    let changes = differences(&case, &after);
    save(unit, &case, after, changes)
}
