//! Entities in the eyes of a caller.
//!
//! Each kind of entity has one predicate that says which rows an organisation sees. A single look-up
//! ([`Visible::find`]), a list, a count and a stream all use it, so they can't disagree. What is not visible does
//! not exist: the answer is 404, whatever the reason.

use std::collections::HashMap;
use std::ops::Deref;

use super::error::{Error, FieldProblem, Result};
use super::scope::Scope;
use super::unit::Scoped;
use crate::storage::{Row, Value};

/// A condition in SQL with its values. Its placeholders are plain `?`, numbered when it is built into a statement.
#[derive(Debug, Clone)]
pub struct Predicate {
    /// The condition; the entity's table is named by its own name in it.
    pub sql: String,
    /// The values of its placeholders, in order.
    pub values: Vec<Value>,
}

impl Predicate {
    /// A condition with its values.
    pub fn new(sql: impl Into<String>, values: Vec<Value>) -> Self {
        Self {
            sql: sql.into(),
            values,
        }
    }

    /// Everything is visible.
    pub fn everything() -> Self {
        Self::new("1 = 1", Vec::new())
    }

    /// Nothing is visible.
    pub fn nothing() -> Self {
        Self::new("1 = 0", Vec::new())
    }

    /// The condition with its placeholders numbered from `first`.
    pub fn numbered_from(&self, first: usize) -> String {
        let mut numbered = String::with_capacity(self.sql.len() + 8);
        let mut next = first;
        for character in self.sql.chars() {
            numbered.push(character);
            if character == '?' {
                numbered.push_str(&next.to_string());
                next += 1;
            }
        }
        numbered
    }
}

/// A kind of entity that is loaded in the eyes of a caller.
pub trait Viewable: Sized {
    /// The API's name of the kind, as in `_type` and in "Case not found".
    const KIND: &'static str;
    /// The statement that loads rows, up to and including `where`: the predicate and the reference follow.
    const SELECT: &'static str;

    /// Which rows the caller sees.
    fn visible(scope: &Scope) -> Predicate;

    /// Reads a row of [`SELECT`](Self::SELECT).
    fn from_row(row: Row) -> crate::storage::Result<Self>;

    /// The condition that picks the entity that `reference` names, with its value; `None` when nothing can match.
    fn named(reference: &str) -> Option<(&'static str, Value)>;

    /// The same where a name has several parts, with the value of each.
    fn named_by_parts(reference: &str) -> Option<(&'static str, Vec<Value>)> {
        Self::named(reference).map(|(condition, value)| (condition, vec![value]))
    }

    /// What to load beside the row (tags, members), for all rows at once.
    fn complete(_scoped: &dyn Scoped, _entities: &mut [Self]) -> Result<()> {
        Ok(())
    }
}

/// An entity that the caller may see. Only this module makes one, and actions take nothing less.
#[derive(Debug, Clone)]
pub struct Visible<T>(T);

impl<T> Deref for Visible<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Visible<T> {
    /// The entity itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: Viewable> Visible<T> {
    /// The entity that `reference` (an id with its tilde, or a name) stands for, if the caller sees it.
    pub fn find(scoped: &dyn Scoped, reference: &str) -> Result<Option<Self>> {
        let Some((condition, mut values)) = T::named_by_parts(reference) else {
            return Ok(None);
        };
        let predicate = T::visible(scoped.scope());
        let sql = format!(
            "{} ({}) and {condition}",
            T::SELECT,
            predicate.numbered_from(values.len() + 1)
        );
        values.extend(predicate.values);
        let Some(row) = scoped.query_first(&sql, &values)? else {
            return Ok(None);
        };
        let mut entity = [T::from_row(row)?];
        T::complete(scoped, &mut entity)?;
        let [entity] = entity;
        Ok(Some(Self(entity)))
    }

    /// The same, or 404.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not exist or the caller does not see it.
    pub fn get(scoped: &dyn Scoped, reference: &str) -> Result<Self> {
        Self::find(scoped, reference)?.ok_or_else(|| Error::not_found(T::KIND, reference))
    }

    /// The entity of a known id, or 404.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not exist or the caller does not see it.
    pub fn by_id(scoped: &dyn Scoped, id: i64) -> Result<Self> {
        Self::get(scoped, &format!("~{id}"))
    }

    /// All that the caller sees, in the order in which they were made.
    pub fn all(scoped: &dyn Scoped) -> Result<Vec<Self>> {
        let predicate = T::visible(scoped.scope());
        let sql = format!("{} ({}) order by 1", T::SELECT, predicate.numbered_from(1));
        let rows = scoped.query(&sql, &predicate.values)?.into_iter();
        let mut entities = rows
            .map(T::from_row)
            .collect::<crate::storage::Result<Vec<T>>>()?;
        T::complete(scoped, &mut entities)?;
        Ok(entities.into_iter().map(Self).collect())
    }

    /// All entities of `ids` that the caller sees, in the order of `ids`.
    pub fn all_by_id(scoped: &dyn Scoped, ids: &[i64], id_of: fn(&T) -> i64) -> Result<Vec<Self>> {
        let predicate = T::visible(scoped.scope());
        let sql = format!(
            "{} ({}) and {}.id in ({{ids}})",
            T::SELECT,
            predicate.numbered_from(1),
            Self::table()
        );
        let rows = scoped.query_for_ids(&sql, ids, &predicate.values)?;
        let mut found = rows
            .into_iter()
            .map(T::from_row)
            .collect::<crate::storage::Result<Vec<T>>>()?;
        T::complete(scoped, &mut found)?;
        let places: HashMap<i64, usize> = ids
            .iter()
            .enumerate()
            .map(|(place, id)| (*id, place))
            .collect();
        found.sort_by_key(|entity| places.get(&id_of(entity)).copied());
        Ok(found.into_iter().map(Self).collect())
    }

    /// The table's name in [`Viewable::SELECT`]: what stands after `from`.
    fn table() -> &'static str {
        T::SELECT
            .split_once(" from ")
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .unwrap_or_default()
    }
}

/// The id in its wire form, `~` and digits.
pub fn parse_id(reference: &str) -> Option<i64> {
    reference
        .strip_prefix('~')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
}

/// Refuses a name that would be taken for an id wherever either may stand.
///
/// # Errors
/// [`Error::Invalid`] for the attribute `name`.
pub fn refuse_name_like_id(name: &str) -> Result<()> {
    if name.starts_with('~') {
        let problem = FieldProblem::format("name", "must not begin with ~");
        return Err(Error::invalid(problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Predicate, parse_id};

    #[test]
    fn placeholders_are_numbered_in_order() {
        let predicate = Predicate::new("a = ? or b = ?", vec![1.into(), 2.into()]);
        assert_eq!(predicate.numbered_from(3), "a = ?3 or b = ?4");
    }

    #[test]
    fn only_a_tilde_and_digits_are_an_id() {
        assert_eq!(parse_id("~42"), Some(42));
        assert_eq!(parse_id("42"), None);
        assert_eq!(parse_id("~x"), None);
        assert_eq!(parse_id("~+42"), None);
        assert_eq!(parse_id("~-42"), None);
        assert_eq!(parse_id("~9223372036854775808"), None);
    }
}
