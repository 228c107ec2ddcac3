//! The catalogue: every kind of entity that can be queried, by its names.
//!
//! It is put together in `server::catalogue`, where all domains are known, and handed to what needs it.

use serde_json::Value as Json;

use super::entity::{End, Entity, Start};
use super::operation::{Operation, Step};

/// All kinds of entities, and what can be asked beside them.
#[derive(Clone, Default)]
pub struct Catalogue {
    entities: Vec<Entity>,
    fixed: Vec<Fixed>,
}

/// An operation whose answer is always the same list: its name, and the list.
type Fixed = (&'static str, fn() -> Vec<Json>);

/// How an operation starts a query.
pub enum Beginning<'a> {
    /// From all entities of a kind.
    All(&'a Entity, End),
    /// From the one that is named.
    One(&'a Entity),
    /// From some, by the entity's own rule.
    Some(&'a Entity, &'a Start),
}

impl Catalogue {
    /// The catalogue of these entities.
    pub fn new(entities: impl IntoIterator<Item = Entity>) -> Self {
        Self {
            entities: entities.into_iter().collect(),
            fixed: Vec::new(),
        }
    }

    /// The same with an operation that answers a list which is always the same.
    #[must_use]
    pub fn with_fixed(mut self, name: &'static str, list: fn() -> Vec<Json>) -> Self {
        self.fixed.push((name, list));
        self
    }

    /// The answer, if the whole query is an operation with a fixed list.
    pub(super) fn fixed(&self, operations: &[Operation]) -> Option<Vec<Json>> {
        let ([only]
        | [
            only,
            Operation {
                step: Step::Output, ..
            },
        ]) = operations
        else {
            return None;
        };
        let (_, list) = self.fixed.iter().find(|(name, _)| *name == only.name)?;
        Some(list())
    }

    /// The entity of a kind, as in `_type`.
    pub fn entity(&self, kind: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.kind == kind)
    }

    /// All of them, in the order they were given.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// What the operation `name` starts from, if it is one to start with.
    pub fn beginning(&self, name: &str) -> Option<Beginning<'_>> {
        self.entities.iter().find_map(|entity| {
            if entity.list.contains(&name) {
                return Some(Beginning::All(entity, End::Entities));
            }
            if entity.get.contains(&name) {
                return Some(Beginning::One(entity));
            }
            if entity.count.contains(&name) {
                return Some(Beginning::All(entity, End::Count));
            }
            entity
                .starts
                .iter()
                .find(|start| start.name == name)
                .map(|start| Beginning::Some(entity, start))
        })
    }

    /// The names of all operations to start with, sorted.
    pub fn beginnings(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self
            .entities
            .iter()
            .flat_map(|entity| {
                let lists = [entity.list, entity.get, entity.count];
                lists
                    .into_iter()
                    .flatten()
                    .copied()
                    .chain(entity.starts.iter().map(|start| start.name))
            })
            .chain(self.fixed.iter().map(|(name, _)| *name))
            .chain(["getAny", "listAny"])
            .collect();
        names.sort_unstable();
        names
    }
}
