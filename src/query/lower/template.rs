//! A statement that is being put together: SQL with gaps, and the expressions that belong into the gaps.

use sea_query::{Expr, QueryBuilder, SqlWriterValues, SqliteQueryBuilder, Value as Bound};

use super::Statement;
use crate::access::Predicate;
use crate::storage::Value;

/// A statement, or part of one, that is being put together.
#[derive(Clone)]
pub(super) struct Template {
    sql: String,
    parts: Vec<Expr>,
}

impl Template {
    pub(super) fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            parts: Vec::new(),
        }
    }

    pub(super) fn text(mut self, sql: &str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// `before` as it is, then the expression.
    pub(super) fn then(mut self, before: &str, expression: Expr) -> Self {
        self.sql.push_str(before);
        self.sql.push('?');
        self.parts.push(expression);
        self
    }

    /// One more condition.
    pub(super) fn and(self, condition: Expr) -> Self {
        self.then(" and (", condition).text(")")
    }

    pub(super) fn then_all(mut self, other: Self) -> Self {
        self.sql.push_str(&other.sql);
        self.parts.extend(other.parts);
        self
    }

    pub(super) fn expression(self) -> Expr {
        Expr::cust_with_exprs(self.sql, self.parts)
    }

    pub(super) fn build(self) -> Statement {
        let mut writer = SqlWriterValues::new("?", true);
        SqliteQueryBuilder.prepare_expr(&self.expression(), &mut writer);
        let (sql, values) = writer.into_parts();
        Statement {
            sql,
            values: values.0.into_iter().map(unbound).collect(),
        }
    }
}

pub(super) fn probe(ids: Template, most: u64) -> Statement {
    Template::new("select count(*) from (")
        .then_all(ids)
        .then(" limit ", number(most))
        .text(") as probed")
        .build()
}

/// A condition or expression of a domain, in parentheses: what is around it binds as tight as it likes.
pub(super) fn custom(predicate: &Predicate) -> Expr {
    Expr::cust_with_values(
        format!("({})", predicate.sql),
        predicate.values.iter().map(bound),
    )
}

/// A query of a domain, as it is.
pub(super) fn bare(predicate: &Predicate) -> Expr {
    Expr::cust_with_values(predicate.sql.clone(), predicate.values.iter().map(bound))
}

pub(super) fn one_of(value: Expr, rows: Template) -> Expr {
    Template::new("")
        .then("", value)
        .text(" in (")
        .then_all(rows)
        .text(")")
        .expression()
}

pub(super) fn never() -> Expr {
    // A literal: a bound constant would be text to PostgreSQL.
    Expr::cust("1 = 0")
}

pub(super) fn always() -> Expr {
    Expr::cust("1 = 1")
}

pub(super) fn direction(is_descending: bool) -> &'static str {
    if is_descending { " desc" } else { " asc" }
}

pub(super) fn number(number: u64) -> Expr {
    Expr::val(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(super) fn bound(value: &Value) -> Bound {
    match value {
        Value::Null => Bound::String(None),
        Value::Integer(value) => Bound::BigInt(Some(*value)),
        Value::Real(value) => Bound::Double(Some(*value)),
        Value::Text(value) => Bound::String(Some(value.clone())),
        Value::Blob(value) => Bound::Bytes(Some(value.clone())),
    }
}

fn unbound(value: Bound) -> Value {
    match value {
        Bound::BigInt(Some(value)) => Value::Integer(value),
        Bound::Double(Some(value)) => Value::Real(value),
        Bound::String(Some(value)) => Value::Text(value),
        Bound::Bytes(Some(value)) => Value::Blob(value),
        // Only `bound` makes values, and of the others it makes nulls alone.
        _ => Value::Null,
    }
}
