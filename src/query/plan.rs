//! A query that is understood: which rows, and what is answered about them. Knows entities and fields, but neither
//! JSON nor SQL.
//!
//! Simplified as it is built, so that what is left has a plain meaning on every engine: no empty list, no empty "or",
//! no "not" of a "not".

use super::entity::{Edge, Ending, Entity, Parameters};
use super::field::{Field, Indexed, Kind};
use super::operation::{GroupOrder, Interval, Math};
use super::pattern::Pattern;
use super::shaping::Extra;
use crate::access::Predicate;
use crate::storage::Value;

/// A query.
#[derive(Clone)]
pub struct Plan<'c> {
    pub selection: Selection<'c>,
    pub answer: Answer,
}

/// What is answered about the rows of a selection.
#[derive(Clone)]
pub enum Answer {
    /// The rows themselves, with what the last page asked for beside them.
    Entities { extra: Extra },
    /// How many there are.
    Count,
    /// How many there are, but not beyond this.
    LimitedCount(u64),
    /// A computation.
    Aggregation(Box<Aggregation>),
    /// The distinct values of a field, sorted.
    Values(FieldRef),
    /// What a domain makes of them.
    Made(Made),
}

/// An ending of an entity, with what the request says about it.
#[derive(Clone)]
pub struct Made {
    pub ending: Ending,
    pub parameters: Parameters,
    pub at: String,
}

/// A set of visible rows of one entity, in an order, or a part of it.
#[derive(Clone)]
pub struct Selection<'c> {
    pub entity: &'c Entity,
    pub origin: Origin<'c>,
    pub condition: Condition,
    pub order: Vec<Order>,
    pub window: Option<Window>,
    /// Whether the caller is known to see few rows, whose ids are to be found first.
    pub is_visible_from_ids: bool,
}

/// Where the rows of a selection come from. Visibility is not in here: it is added where SQL is made.
#[derive(Clone)]
pub enum Origin<'c> {
    /// All that are visible.
    All,
    /// The rows of a predicate of the entity's own.
    Picked(Predicate),
    /// No row: an id or name that can't be one.
    Nothing,
    /// What an edge reaches from another selection.
    Along(Edge, Box<Selection<'c>>),
    /// A page of the same entity, on which further operations work.
    Within(Box<Selection<'c>>),
}

impl<'c> Selection<'c> {
    /// All visible rows of `origin`.
    pub fn new(entity: &'c Entity, origin: Origin<'c>) -> Self {
        Self {
            entity,
            origin,
            condition: Condition::Always,
            order: Vec::new(),
            window: None,
            is_visible_from_ids: false,
        }
    }

    /// A selection that can still be narrowed: itself, or, after a page, the rows of that page.
    #[must_use]
    pub fn open(self) -> Self {
        if self.window.is_none() {
            return self;
        }
        Self {
            order: self.order.clone(),
            ..Self::new(self.entity, Origin::Within(Box::new(self)))
        }
    }
}

/// A part of an ordered set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub offset: u64,
    /// `None` for the rest.
    pub limit: Option<u64>,
}

/// A field to sort by. Missing values come last whatever the direction.
#[derive(Clone)]
pub struct Order {
    pub field: FieldRef,
    pub is_descending: bool,
}

/// A field as it is asked for: itself, or one of the unit forms of a duration.
#[derive(Clone, Copy)]
pub struct FieldRef {
    pub field: Field,
    /// For a unit form: how many milliseconds the unit has.
    pub unit_ms: Option<i64>,
}

impl FieldRef {
    /// What its values are.
    pub fn kind(&self) -> Kind {
        if self.unit_ms.is_some() {
            Kind::Float
        } else {
            self.field.kind
        }
    }
}

impl From<Field> for FieldRef {
    fn from(field: Field) -> Self {
        Self {
            field,
            unit_ms: None,
        }
    }
}

/// A condition on a row. A test of a missing value fails; `Not` is true whenever its inside is not.
#[derive(Clone)]
pub enum Condition {
    Always,
    Never,
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Box<FieldRef>, Test),
    /// Each of the words begins a word in this column of the full-text index.
    Words(Indexed, Vec<String>),
    /// The folded text in this column of the full-text index has this form.
    IndexedText(Indexed, Pattern),
    /// The condition, for which few rows are known to qualify: their ids are to be found first.
    FromIds(Box<Condition>),
    /// The condition, for which more rows are known to qualify than are to be found first: each row, as it comes, is
    /// looked up among their ids.
    LookedUp(Box<Condition>),
    /// The condition, for which many rows are known to qualify: it is to be tried on each row as it comes.
    RowByRow(Box<Condition>),
}

impl Condition {
    /// All of them hold.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for condition in conditions {
            match condition {
                Self::Never => return Self::Never,
                Self::Always => {}
                Self::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::Always,
            1 => kept.remove(0),
            _ => Self::All(kept),
        }
    }

    /// At least one of them holds.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for condition in conditions {
            match condition {
                Self::Always => return Self::Always,
                Self::Never => {}
                Self::Any(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::Never,
            1 => kept.remove(0),
            _ => Self::Any(kept),
        }
    }

    /// It does not hold.
    pub fn negate(condition: Self) -> Self {
        match condition {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// A test; simplified when it can't be met.
    pub fn test(field: FieldRef, test: Test) -> Self {
        match test {
            Test::OneOf(values) if values.is_empty() => Self::Never,
            Test::OneOf(mut values) if values.len() == 1 => {
                Self::Test(Box::new(field), Test::Equals(values.remove(0)))
            }
            Test::Present if !field.field.is_optional && !field.field.is_set() => Self::Always,
            test => Self::Test(Box::new(field), test),
        }
    }
}

/// What is asked of a value. On a set it is enough that one of its values passes.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Equals(Value),
    Less(Value),
    LessOrEqual(Value),
    Greater(Value),
    GreaterOrEqual(Value),
    /// From inclusive, to exclusive.
    Between(Value, Value),
    OneOf(Vec<Value>),
    /// There is a value.
    Present,
    /// There is text, and it is the empty one.
    Blank,
    /// The text has this form.
    Form(Pattern),
    /// The folded text, in the field's neighbour, has this form.
    FoldedForm(Pattern),
}

/// A computation over a selection.
#[derive(Clone)]
pub struct Aggregation {
    /// The key of its result; `None` merges the groups into the result around them.
    pub name: Option<String>,
    pub condition: Condition,
    pub kind: AggregationKind,
}

/// The kinds of computations.
#[derive(Clone)]
pub enum AggregationKind {
    Count,
    Math(Math, FieldRef),
    Groups(Grouping),
}

/// What makes a group, and what is computed in each.
#[derive(Clone)]
pub struct Grouping {
    pub by: GroupBy,
    pub field: FieldRef,
    pub select: Vec<Aggregation>,
}

/// How groups are told apart.
#[derive(Clone)]
pub enum GroupBy {
    /// By value: the first `size` in the order.
    Value {
        size: Option<usize>,
        order: Vec<GroupOrder>,
    },
    /// By widths of time.
    Time(Interval),
}
