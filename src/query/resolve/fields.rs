//! From a name to a field of an entity.

use crate::access::{Error, Result};
use crate::query::entity::{Entity, Stamps};
use crate::query::field::{Field, Indexed, Source};
use crate::query::plan::FieldRef;

/// The unit forms of a duration: the end of the name, and the milliseconds of the unit.
const UNITS: [(&str, i64); 4] = [
    ("InSeconds", 1_000),
    ("InMinutes", 60_000),
    ("InHours", 3_600_000),
    ("InDays", 86_400_000),
];

/// A search over the whole entity, for those that are in the full-text index.
const KEYWORD: Field =
    Field::text("keyword", Source::Expression("null")).indexed(Indexed::Everything);

/// The field of that name.
///
/// # Errors
/// [`Error::Rule`] when there is none; the text names those that exist.
pub(super) fn get(entity: &Entity, name: &str, at: &str) -> Result<FieldRef> {
    find(entity, name).ok_or_else(|| {
        let mut names: Vec<&str> = described(entity).iter().map(|field| field.name).collect();
        names.sort_unstable();
        Error::Rule(format!(
            "{at}: the property {name} was not found in {}; it has {}",
            entity.kind,
            names.join(", ")
        ))
    })
}

pub(super) fn find(entity: &Entity, name: &str) -> Option<FieldRef> {
    if let Some(field) = by_name(entity, name) {
        return Some(field.into());
    }
    UNITS.iter().find_map(|(end, unit_ms)| {
        let field = by_name(entity, name.strip_suffix(end)?)?;
        field.has_units.then_some(FieldRef {
            field,
            unit_ms: Some(*unit_ms),
        })
    })
}

fn by_name(entity: &Entity, name: &str) -> Option<Field> {
    let own = entity.fields.iter().find(|field| field.name == name);
    own.copied()
        .or_else(|| by_itself(entity).find(|field| field.name == name))
}

/// The fields that every entity has by itself.
fn by_itself(entity: &Entity) -> impl Iterator<Item = Field> {
    let column = Source::Column;
    let mut fields = vec![Field::id("_id", column("id"))];
    match entity.stamps {
        Stamps::Usual => fields.extend([
            Field::user("_createdBy", column("created_by")),
            Field::date("_createdAt", column("created_at")),
            Field::user("_updatedBy", column("updated_by")).optional(),
            Field::date("_updatedAt", column("updated_at")).optional(),
        ]),
        Stamps::Created { by, at } => fields.extend([
            Field::user("_createdBy", column(by)),
            Field::date("_createdAt", column(at)),
            Field::user("_updatedBy", Source::Expression("cast(null as text)")).optional(),
            Field::date("_updatedAt", Source::Expression("cast(null as bigint)")).optional(),
        ]),
    }
    if entity.fields.iter().any(|field| field.indexed.is_some()) {
        fields.push(KEYWORD);
    }
    fields.into_iter()
}

/// All fields of the entity that clients are told of.
pub fn described(entity: &Entity) -> Vec<Field> {
    let own = entity
        .fields
        .iter()
        .filter(|field| !field.is_hidden)
        .copied();
    let mut fields: Vec<Field> = own.collect();
    fields.extend(by_itself(entity));
    fields
}
