//! Entities: what a domain declares so that its rows can be queried.

use serde_json::{Map, Value as Json};

use super::field::{Family, Field};
use super::shaping::Shaping;
use crate::access::{Predicate, Result, Scope, Viewable};
use crate::storage::{Row, Value};

/// From a reference to the condition that picks what it names, with its values.
pub type Naming = fn(&str) -> Option<(&'static str, Vec<Value>)>;

/// A kind of entity in the query language. A domain has one as a constant in `query_fields.rs`:
///
/// ```ignore
/// pub const ENTITY: Entity = Entity {
///     list: &["listTask"],
///     get: &["getTask"],
///     fields: FIELDS,
///     edges: EDGES,
///     ..Entity::of::<Task>("task", "task", shape)
/// };
/// ```
#[derive(Clone, Copy)]
pub struct Entity {
    /// `_type` in the API, [`Viewable::KIND`].
    pub kind: &'static str,
    /// The name of the model in `GET /describe/{model}` (`case`, `task`…).
    pub model: &'static str,
    /// Its table. In every expression of the entity the table is named by its own name.
    pub table: &'static str,
    /// The statement that loads rows, up to and including `where`: [`Viewable::SELECT`].
    pub select: &'static str,
    /// Which rows the caller sees: [`Viewable::visible`]. Part of every statement about the entity.
    pub visible: fn(&Scope) -> Predicate,
    /// A query for the ids of all rows that the caller could see, which an index answers: `select case_id from share
    /// where organisation_id = ?`. It narrows nothing that [`visible`](Self::visible) doesn't; it's how a list of a
    /// small organisation is quick in a large house.
    pub visible_ids: Option<fn(&Scope) -> Predicate>,
    /// A statement for about how many rows there are, whoever sees them, that costs as much as one look into an index.
    /// Told, a page in the order of creation finds the quicker way to the rows of a rare tag.
    pub about_all: Option<&'static str>,
    /// Picks one by id or name: [`Viewable::named_by_parts`].
    pub named: Naming,
    /// Makes the API's JSON of a page of rows, in their order, with what [`Shaping::extra`] asks for: one statement
    /// for each extra datum, never one for each row.
    pub shape: fn(&Shaping, Vec<Row>) -> Result<Vec<Json>>,
    /// Operations that start from all of them (`listCase`).
    pub list: &'static [&'static str],
    /// Operations that start from the one named by `idOrName` (`getCase`).
    pub get: &'static [&'static str],
    /// Operations that answer the number of all of them (`countCase`).
    pub count: &'static [&'static str],
    /// Further operations to start from (`myTasks`).
    pub starts: &'static [Start],
    /// Its fields. `_id`, `_createdBy`, `_createdAt`, `_updatedBy`, `_updatedAt` and `keyword` come by themselves.
    pub fields: &'static [Field],
    /// Fields that people define while the program runs.
    pub families: &'static [Family],
    /// Where one can go from it. `audits` and `auditsFromContext` come by themselves.
    pub edges: &'static [Edge],
    /// Operations that end a query with a list of plain values (`taskGroups`).
    pub values: &'static [ValueList],
    /// Operations that end a query with what a domain makes of its rows (`similarCases`).
    pub endings: &'static [Ending],
    /// Which columns hold who made and changed a row, and when.
    pub stamps: Stamps,
    /// Whether there is an operation `headerPage`: a page without the long texts, which [`shape`](Self::shape) leaves out.
    pub has_headers: bool,
}

impl Entity {
    /// The entity of `T` without operations, fields and edges; to be completed with `..Entity::of::<T>(…)`.
    pub const fn of<T: Viewable>(
        model: &'static str,
        table: &'static str,
        shape: fn(&Shaping, Vec<Row>) -> Result<Vec<Json>>,
    ) -> Self {
        Self {
            kind: T::KIND,
            model,
            table,
            select: T::SELECT,
            visible: T::visible,
            visible_ids: None,
            about_all: None,
            named: T::named_by_parts,
            shape,
            list: &[],
            get: &[],
            count: &[],
            starts: &[],
            fields: &[],
            families: &[],
            edges: &[],
            values: &[],
            endings: &[],
            stamps: Stamps::Usual,
            has_headers: false,
        }
    }
}

/// Which columns hold who made and changed a row, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamps {
    /// `created_by`, `created_at`, `updated_by`, `updated_at`.
    Usual,
    /// Rows that never change.
    Created { by: &'static str, at: &'static str },
}

/// The parameters of an operation: its JSON object.
pub type Parameters = Map<String, Json>;

/// A further operation to start from.
#[derive(Clone, Copy)]
pub struct Start {
    /// Its `_name`.
    pub name: &'static str,
    /// What it answers.
    pub end: End,
    /// Which of the visible rows it picks; an error when a parameter is wrong or missing.
    pub pick: fn(&Scope, &Parameters) -> Result<Predicate>,
}

/// What an operation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A set of entities, on which further operations may work.
    Entities,
    /// The number of them; the query is over.
    Count,
}

/// A way from a set of entities to a set of others. What is reached is still subject to its own visibility.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// The operation's `_name`: `tasks`.
    pub name: &'static str,
    /// The kind ([`Entity::kind`]) that is reached.
    pub to: &'static str,
    /// The column of this entity's table that both sides share: `id` for case → tasks, `case_id` for task → case.
    pub near: &'static str,
    /// The column of the other entity's table: `case_id` for case → tasks, `id` for task → case.
    pub far: &'static str,
    /// The table or join between them, if there is one.
    pub through: Option<Through>,
}

impl Edge {
    /// Where this entity's column `near` equals the other's column `far`.
    pub const fn new(
        name: &'static str,
        to: &'static str,
        near: &'static str,
        far: &'static str,
    ) -> Self {
        Self {
            name,
            to,
            near,
            far,
            through: None,
        }
    }

    /// The same by way of another table.
    #[must_use]
    pub const fn through(mut self, through: Through) -> Self {
        self.through = Some(through);
        self
    }
}

/// What lies between the two ends of an edge: `from share`, `near: "share.case_id"`, `far: "share.organisation_id"`.
/// Conditions may be part of a join in `from`.
#[derive(Debug, Clone, Copy)]
pub struct Through {
    /// A table, or a join.
    pub from: &'static str,
    /// What equals the near column.
    pub near: &'static str,
    /// What equals the far column.
    pub far: &'static str,
}

/// An operation that ends a query with the distinct values of a field of what an edge reaches, sorted.
#[derive(Debug, Clone, Copy)]
pub struct ValueList {
    /// The operation's `_name`: `taskGroups`.
    pub name: &'static str,
    /// The edge to follow first: `tasks`. `None` for a field of the entity itself.
    pub edge: Option<&'static str>,
    /// The field: `group`.
    pub field: &'static str,
}

/// An operation that ends a query with what a domain makes of its rows.
#[derive(Clone, Copy)]
pub struct Ending {
    /// The operation's `_name`: `similarCases`.
    pub name: &'static str,
    /// What it answers in each row: the name of a schema; `integer` when it answers one number.
    pub gives: &'static str,
    /// Makes the answer.
    pub answer: fn(&Asked) -> Result<Json>,
}

/// What an [`Ending`] is asked.
pub struct Asked<'a> {
    /// The snapshot, and the other kinds of entities.
    pub shaping: &'a Shaping<'a>,
    /// The kind of entity that the rows are.
    pub kind: &'static str,
    /// The ids of the rows.
    pub ids: &'a [i64],
    /// The operation's own parameters.
    pub parameters: &'a Parameters,
    /// Where it stands in the request, for error messages.
    pub at: &'a str,
}
