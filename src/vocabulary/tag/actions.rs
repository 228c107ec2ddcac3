//! The verbs of tags, and what those that carry tags tell.

use crate::access::permission::needs::ManageTag;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Touch, full_text};
use crate::wire::Markdown;

use super::model::{DEFAULT_COLOUR, InputUpdateTag, OutputTag, Tag};
use super::store;

/// Notes the tags that something of the organisation carries from now on: those that are new become free tags of it.
///
/// # Errors
/// Only those of the storage.
pub fn note<P: Requirement>(
    unit: &Writing<P>,
    organisation_id: i64,
    tags: &[String],
) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let texts: Vec<&str> = tags.iter().map(String::as_str).collect();
    let known = store::known(unit, organisation_id, &texts)?;
    let scope = unit.scope();
    for text in texts.into_iter().filter(|text| !known.contains(*text)) {
        store::note(unit.tx(), organisation_id, text, scope.now_ms, &scope.login)?;
    }
    Ok(())
}

/// Changes a free tag; with another text, on all that carries it.
///
/// # Errors
/// A tag of a taxonomy, or a text that another tag has.
pub fn update(unit: &Writing<ManageTag>, tag: &Visible<Tag>, input: InputUpdateTag) -> Result<()> {
    let organisation_id = own(tag)?;
    let before: &Tag = tag;
    let mut after = before.clone();
    if let Some(predicate) = input.predicate {
        after.predicate = predicate.into_string();
        after.text.clone_from(&after.predicate);
    }
    after.description = input
        .description
        .map(Markdown::into_string)
        .apply(after.description);
    if let Some(colour) = input.colour {
        let colour = colour.into_string();
        after.colour = if colour.is_empty() {
            DEFAULT_COLOUR.to_owned()
        } else {
            colour
        };
    }
    let mut changes = Changes::default();
    changes.note("predicate", &before.predicate, &after.predicate);
    changes.note("description", &before.description, &after.description);
    changes.note("colour", &before.colour, &after.colour);
    if changes.is_empty() {
        return Ok(());
    }
    if before.text != after.text {
        if store::is_taken(unit, organisation_id, &after.text)? {
            return Err(Error::taken("predicate", &after.text));
        }
        let ids = store::carriers(unit, organisation_id, &before.text)?;
        store::rename_on_carriers(unit.tx(), before, organisation_id, &after.text)?;
        full_text::exchange_phrase(unit.tx(), &ids, &before.text, &after.text)?;
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let entry = Entry::updated(after.touch(), context(organisation_id), changes.into_vec());
    audit::record(unit, entry)
}

/// Deletes a free tag and takes it from all that carries it.
///
/// # Errors
/// A tag of a taxonomy.
pub fn delete(unit: &Writing<ManageTag>, tag: &Visible<Tag>) -> Result<()> {
    let organisation_id = own(tag)?;
    let ids = store::carriers(unit, organisation_id, &tag.text)?;
    store::remove_from_carriers(unit.tx(), tag, organisation_id)?;
    full_text::exchange_phrase(unit.tx(), &ids, &tag.text, "")?;
    store::delete(unit.tx(), tag)?;
    let entry = Entry::deleted(
        tag.touch(),
        context(organisation_id),
        &OutputTag::from(&**tag),
    );
    audit::record(unit, entry)
}

/// The organisation that a free tag belongs to.
fn own(tag: &Tag) -> Result<i64> {
    tag.organisation_id.ok_or_else(|| {
        Error::invalid(FieldProblem::format(
            "tagId",
            format!(
                "is of the taxonomy {}, whose tags stay as they are",
                tag.namespace
            ),
        ))
    })
}

fn context(organisation_id: i64) -> Touch {
    Touch {
        kind: "Organisation",
        id: organisation_id,
    }
}
