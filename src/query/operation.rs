//! What a query says, before it is known what its names stand for. Both spellings of everything end in these types.

use serde_json::Value as Json;

use super::entity::Parameters;
use super::shaping::Extra;

/// A query: operations in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub operations: Vec<Operation>,
    /// Output properties to leave out.
    pub exclude: Vec<String>,
    /// The only output properties to keep; wins over `exclude`.
    pub include: Option<Vec<String>>,
}

/// One operation with its place in the request.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its `_name`.
    pub name: String,
    /// Where it stands, for error messages: `query[1]`.
    pub at: String,
    pub step: Step,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Filter(Filter),
    Sort(Vec<SortKey>),
    Page(Page),
    /// A page of texts without their text.
    HeaderPage(Page),
    Count,
    LimitedCount {
        threshold: u64,
    },
    Aggregation(Aggregation),
    /// Nothing.
    Output,
    /// An operation of an entity: only the catalogue knows it.
    Named(Parameters),
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Test(FieldTest),
}

impl Filter {
    /// The filter that lets everything pass.
    pub fn everything() -> Self {
        Self::And(Vec::new())
    }
}

/// A condition on one field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldTest {
    pub field: String,
    /// Where it stands: `query[1]._and[0]._eq`.
    pub at: String,
    pub test: Test,
}

/// What is asked of a field. The values are still JSON: their type depends on the field.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Compare(Comparison, Json),
    Between(Json, Json),
    In(Vec<Json>),
    Has,
    Empty,
}

/// The comparisons with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    StartsWith,
    EndsWith,
    Like,
    Match,
    Wildcard,
}

/// A field to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    pub field: String,
    pub is_descending: bool,
}

/// Which part of the set to answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub from: u64,
    /// Exclusive; `None` for the rest.
    pub to: Option<u64>,
    pub extra: Extra,
}

/// A computation over the set.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregation {
    /// The name of the result, if it is given.
    pub name: Option<String>,
    pub at: String,
    /// What is left of the set for this aggregation.
    pub filter: Filter,
    pub kind: AggregationKind,
}

/// The kinds of computations.
#[derive(Debug, Clone, PartialEq)]
pub enum AggregationKind {
    Count,
    Math(Math, String),
    /// By the values of a field.
    Field {
        field: String,
        size: Option<usize>,
        order: Vec<GroupOrder>,
        select: Vec<Aggregation>,
    },
    /// By time.
    Time {
        field: String,
        interval: Interval,
        select: Vec<Aggregation>,
    },
}

/// Computations with the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Math {
    Sum,
    Average,
    Min,
    Max,
}

impl Math {
    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Average => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}

/// What groups are put in the order of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupOrder {
    /// By the number of entities in the group, not by its value.
    pub is_by_count: bool,
    pub is_descending: bool,
}

/// A width of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub count: u32,
    pub unit: TimeUnit,
}

/// Units of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}
