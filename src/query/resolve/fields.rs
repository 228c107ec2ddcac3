//! From a name to a field of an entity.

use super::Resolver;
use crate::access::{Error, Reading, Result};
use crate::query::entity::{Entity, Stamps};
use crate::query::field::{Family, Field, Indexed, Member, Source};
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

/// Where the fields that people have defined are looked up: in the snapshot that the query runs on.
pub trait Members {
    /// The one of that name, without the prefix of its family.
    ///
    /// # Errors
    /// When the storage fails.
    fn find(&self, family: &Family, name: &str) -> Result<Option<Member>>;
}

impl Members for Reading<'_> {
    fn find(&self, family: &Family, name: &str) -> Result<Option<Member>> {
        (family.find)(self, name)
    }
}

impl Resolver<'_> {
    /// The field of that name.
    ///
    /// # Errors
    /// [`Error::Rule`] when there is none; the text names those that exist.
    pub(super) fn field(&self, entity: &Entity, name: &str, at: &str) -> Result<FieldRef> {
        get(self.members, entity, name, at)
    }
}

/// The field of that name, be it of the entity or one that people have defined.
///
/// # Errors
/// [`Error::Rule`] when there is none; the text names those that exist.
pub fn get(members: &dyn Members, entity: &Entity, name: &str, at: &str) -> Result<FieldRef> {
    if let Some(field) = find(entity, name) {
        return Ok(field);
    }
    for family in entity.families {
        let Some(rest) = name.strip_prefix(family.prefix) else {
            continue;
        };
        if let Some(member) = members.find(family, rest)? {
            return Ok(family.field(&member).into());
        }
    }
    let of_people = entity.families.iter();
    let mut names: Vec<String> = described(entity)
        .iter()
        .map(|field| field.name.to_owned())
        .chain(of_people.map(|family| format!("{}<name>", family.prefix)))
        .collect();
    names.sort_unstable();
    Err(Error::Rule(format!(
        "{at}: the property {name} was not found in {}; it has {}",
        entity.kind,
        names.join(", ")
    )))
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
