//! Aggregations in SQL: one statement for each level of groups.

use sea_query::{Expr, ExprTrait};

use super::template::Template;
use super::{Select, Statement};
use crate::query::aggregate::bucket::Width;
use crate::query::field::{Kind, Source};
use crate::query::limits;
use crate::query::operation::Math;
use crate::query::plan::{Aggregation, AggregationKind, Condition, FieldRef};
use crate::storage::{Dialect, group_counts};

/// One of the groupings on the way to a level.
pub struct Level<'p> {
    /// What its values are called in the statement.
    pub alias: String,
    pub field: &'p FieldRef,
    /// What its aggregation is narrowed to.
    pub condition: &'p Condition,
    /// For a grouping by time: how wide the statement's own groups are.
    pub width: Option<Width>,
}

/// A function over rows, with what stands around it and the rows that it is narrowed to.
struct Function {
    before: &'static str,
    call: Template,
    after: &'static str,
}

impl Function {
    fn plain(call: Template) -> Self {
        Self {
            before: "",
            call,
            after: "",
        }
    }
}

/// Instants beyond these are beyond the calendar; they belong to no group of time.
const EARLIEST_MS: i64 = -377_705_023_201_000;
const LATEST_MS: i64 = 253_402_207_200_999;

impl Select<'_> {
    /// The groups of a level: its keys, the number of rows, then the columns of each computation (see [`columns`]).
    pub fn groups(self, levels: &[Level], computations: &[&Aggregation]) -> Statement {
        let mut template = Template::new("select ");
        for level in levels {
            template = template.then("", self.key(level)).text(", ");
        }
        template = template.text("count(*)");
        for computation in computations {
            template = template.then_all(self.columns(computation));
        }
        template = template.then_all(self.rows_of(levels));
        if !levels.is_empty() {
            let places: Vec<String> = (1..=levels.len()).map(|place| place.to_string()).collect();
            template = template.text(&format!(
                " group by {} limit {}",
                places.join(", "),
                limits::GROUPS_MAX + 1
            ));
        }
        template.build()
    }

    /// The same for what is only counted, as the single text that [`group_counts`] reads: quicker for rows that a filter
    /// leaves, which come in the order of what they were filtered by. `None` where the engine groups as well by itself.
    pub fn group_counts(
        self,
        levels: &[Level],
        computations: &[&Aggregation],
    ) -> Option<Statement> {
        let is_counted = computations.iter().all(|computation| {
            matches!(computation.kind, AggregationKind::Count)
                && matches!(computation.condition, Condition::Always)
        });
        let is_exact = |level: &Level| !matches!(level.field.kind(), Kind::Float);
        if self.dialect == Dialect::Postgres
            || matches!(self.selection.condition, Condition::Always)
            || levels.is_empty()
            || !levels.iter().all(is_exact)
            || !is_counted
        {
            return None;
        }
        let mut template = Template::new(format!(
            "select {}({}",
            group_counts::NAME,
            limits::GROUPS_MAX
        ));
        for level in levels {
            template = template.then(", ", self.key(level));
        }
        Some(template.text(")").then_all(self.rows_of(levels)).build())
    }

    /// What a level groups by.
    fn key(self, level: &Level) -> Expr {
        let (_, value) = self.grouped(level.field, &level.alias);
        match level.width {
            Some(width) => bucket(value, width),
            None => value,
        }
    }

    /// ` from … where …`: the rows that have a key at each of the levels.
    fn rows_of(self, levels: &[Level]) -> Template {
        let mut joins = String::new();
        let mut narrowed = Template::new("");
        for level in levels {
            let (join, value) = self.grouped(level.field, &level.alias);
            joins.push_str(&join);
            if level.width.is_some() {
                narrowed = narrowed
                    .then(" and ", value.clone())
                    .text(&format!(" between {EARLIEST_MS} and {LATEST_MS}"));
            }
            narrowed = narrowed
                .and(value.is_not_null())
                .and(self.lower(level.condition));
        }
        Template::new(format!(" from {}{joins} where", self.tables()))
            .then(" ", self.condition())
            .then_all(narrowed)
    }

    /// The columns of a computation: one, or for an average the sum and the number.
    fn columns(self, computation: &Aggregation) -> Template {
        let functions = match &computation.kind {
            AggregationKind::Count => vec![Function::plain(Template::new("count(*)"))],
            AggregationKind::Math(math, field) if field.field.is_defined() => {
                self.of_all_values(*math, field)
            }
            AggregationKind::Math(math, field) => {
                let value = self.value(field);
                // Sums are of floating point: whole numbers could run over, and up to 2^53 nothing is lost.
                let sum = Template::new("sum(cast(")
                    .then("", value.clone())
                    .text(" as double precision))");
                let of = |name: &str| Template::new(name).then("(", value.clone()).text(")");
                let functions = match math {
                    Math::Sum => vec![sum],
                    Math::Average => vec![sum, of("count")],
                    Math::Min => vec![of("min")],
                    Math::Max => vec![of("max")],
                };
                functions.into_iter().map(Function::plain).collect()
            }
            AggregationKind::Groups(_) => Vec::new(),
        };
        let mut template = Template::new("");
        for function in functions {
            template = template
                .text(&format!(", {}", function.before))
                .then_all(function.call);
            if !matches!(computation.condition, Condition::Always) {
                template = template
                    .then(" filter (where ", self.lower(&computation.condition))
                    .text(")");
            }
            template = template.text(function.after);
        }
        template
    }

    /// A computation with all values of a field that people have defined: first for each entity, then over all of them.
    fn of_all_values(self, math: Math, field: &FieldRef) -> Vec<Function> {
        let each = |outer: &str, before: &str, after: &str| {
            let inner = self.of_values(field, before, self.value(field), after);
            Template::new(outer).then("(", inner).text(")")
        };
        let sum = || Function::plain(each("sum", "sum(cast(", " as double precision))"));
        match math {
            Math::Sum => vec![sum()],
            Math::Average => vec![
                sum(),
                Function {
                    before: "cast(coalesce(",
                    call: each("sum", "count(", ")"),
                    after: ", 0) as bigint)",
                },
            ],
            Math::Min => vec![Function::plain(each("min", "min(", ")"))],
            Math::Max => vec![Function::plain(each("max", "max(", ")"))],
        }
    }

    /// A field to group by: for a set, a join that gives a row for each of its values; and the value.
    pub(super) fn grouped(self, field: &FieldRef, alias: &str) -> (String, Expr) {
        let values = match field.field.source {
            Source::Set { from, key, element } => {
                format!("select {key} as entity_id, {element} as element from {from}")
            }
            Source::Defined {
                from,
                key,
                member,
                element,
                id,
            } => format!(
                "select {key} as entity_id, {element} as element from {from} where {member} = {id} and {key} is not null"
            ),
            _ => return (String::new(), self.value(field)),
        };
        let table = self.selection.entity.table;
        // SQLite is to begin with the entities: it might read all values there are, to find those of a few.
        let kind = match self.dialect {
            Dialect::Sqlite => "cross join",
            Dialect::Postgres => "join",
        };
        let join = format!(
            " {kind} ({values}) as {alias}
             on {alias}.entity_id = \"{table}\".id"
        );
        (join, Expr::cust(format!("{alias}.element")))
    }

    pub(super) fn joined_and_narrowed(self, joins: &str, narrowed: Expr) -> Template {
        Template::new(format!(" from {}{joins} where", self.tables()))
            .then(" ", self.condition())
            .and(narrowed)
    }
}

/// The start of the width of time that an instant is in. Remainders of negative numbers are negative on both engines.
fn bucket(instant: Expr, width: Width) -> Expr {
    let Width { step_ms, offset_ms } = width;
    Template::new("(")
        .then("", instant.clone())
        .then(" - (((", instant)
        .text(&format!(
            " - {offset_ms}) % {step_ms}) + {step_ms}) % {step_ms})"
        ))
        .expression()
}
