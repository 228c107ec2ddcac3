//! Conditions in SQL.

use sea_query::{Alias, Cond, Expr, ExprTrait};

use super::Select;
use super::template::{Template, always, bound, never};
use crate::query::field::{Kind, Source};
use crate::query::pattern::{Pattern, Piece};
use crate::query::plan::{Condition, FieldRef, Test};
use crate::storage::full_text::{self, Indexed};
use crate::storage::{Dialect, Value};

impl Select<'_> {
    pub(super) fn lower(self, condition: &Condition) -> Expr {
        match condition {
            Condition::Always => always(),
            Condition::Never => never(),
            Condition::All(inner) => inner
                .iter()
                .fold(Cond::all(), |all, one| all.add(self.lower(one)))
                .into(),
            Condition::Any(inner) => inner
                .iter()
                .fold(Cond::any(), |any, one| any.add(self.lower(one)))
                .into(),
            // A plain "not" would lose the rows for which the inside is neither true nor false.
            Condition::Not(inner) => Template::new("((")
                .then("", self.lower(inner))
                .text(") is not true)")
                .expression(),
            Condition::Test(field, test) => self.test(field, test),
            Condition::Words(indexed, words) => self.id_in(self.ids_with_words(*indexed, words)),
            Condition::IndexedText(indexed, pattern) => self.indexed_text(*indexed, pattern),
            Condition::FromIds(inner) => match self.ids_of(inner) {
                Some(ids) => self.also_tested(inner, self.id_in(ids)),
                None => self.lower(inner),
            },
            Condition::LookedUp(inner) => match self.ids_of(inner) {
                // The plus keeps SQLite from starting with the ids.
                Some(ids) => {
                    let is_among = Template::new("+")
                        .then("", self.column("id"))
                        .text(" in (")
                        .then_all(ids)
                        .text(")")
                        .expression();
                    self.also_tested(inner, is_among)
                }
                None => self.lower(inner),
            },
            Condition::RowByRow(inner) => self.lower(inner),
        }
    }

    /// What must hold of a row beside being among the ids of a condition.
    fn also_tested(self, condition: &Condition, is_among: Expr) -> Expr {
        match condition {
            Condition::Test(_, Test::FoldedForm(_)) => is_among.and(self.lower(condition)),
            _ => is_among,
        }
    }

    /// The ids of the rows for which a condition holds, where an index of another table tells them; for the form of a
    /// title, the ids of those that may have it.
    pub(super) fn ids_of(self, condition: &Condition) -> Option<Template> {
        match condition {
            Condition::Test(field, test @ (Test::Equals(_) | Test::OneOf(_))) => {
                let start = match field.field.source {
                    Source::Set { from, key, .. } => format!("select {key} from {from} where"),
                    // Other kinds of entities may have values in the same table.
                    Source::Defined {
                        from,
                        key,
                        member,
                        id,
                        ..
                    } => format!(
                        "select {key} from {from} where {member} = {id} and {key} is not null and"
                    ),
                    _ => return None,
                };
                let tested = self.test_of(field, self.value(field), test);
                Some(Template::new(start).then(" ", tested))
            }
            Condition::Words(indexed, words) => Some(self.ids_with_words(*indexed, words)),
            Condition::Test(field, Test::FoldedForm(pattern))
                if matches!(field.field.indexed, Some(Indexed::Title)) =>
            {
                let texts = pattern.pieces().iter().filter_map(Piece::text);
                let kind = self.selection.entity.kind;
                let (sql, value) = full_text::may_contain(self.dialect, kind, texts)?;
                Some(Template::new("").then("", Expr::cust_with_values(sql, [value])))
            }
            _ => None,
        }
    }

    fn test(self, field: &FieldRef, test: &Test) -> Expr {
        let start = match field.field.source {
            Source::Set { from, key, .. } => format!("exists (select 1 from {from} where {key} = "),
            Source::Defined {
                from,
                key,
                member,
                id,
                ..
            } => format!("exists (select 1 from {from} where {member} = {id} and {key} = "),
            _ => return self.test_of(field, self.value(field), test),
        };
        let exists = Template::new(start).then("", self.column("id"));
        let exists = match test {
            Test::Present if !field.field.is_defined() => exists,
            _ => exists.and(self.test_of(field, self.value(field), test)),
        };
        exists.text(")").expression()
    }

    fn test_of(self, field: &FieldRef, value: Expr, test: &Test) -> Expr {
        let ordered = |value: Expr| self.by_bytes(field, value);
        let given = |value: &Value| given(field, value);
        match test {
            Test::Equals(equal) => beginning(field, &[equal], value.eq(given(equal))),
            Test::Less(bound) => ordered(value).lt(given(bound)),
            Test::LessOrEqual(bound) => ordered(value).lte(given(bound)),
            Test::Greater(bound) => ordered(value).gt(given(bound)),
            Test::GreaterOrEqual(bound) => ordered(value).gte(given(bound)),
            Test::Between(from, to) => {
                let value = ordered(value);
                value.clone().gte(given(from)).and(value.lt(given(to)))
            }
            Test::OneOf(values) => {
                let all: Vec<&Value> = values.iter().collect();
                beginning(field, &all, value.is_in(values.iter().map(given)))
            }
            Test::Present => value.is_not_null(),
            Test::Blank => value.eq(Expr::cust("''")),
            Test::Form(pattern) => self.has_form(value, pattern),
            Test::FoldedForm(pattern) => {
                let folded = field.field.folded.map(|folded| self.folded(field, folded));
                self.has_form(folded.unwrap_or(value), pattern)
            }
        }
    }

    fn has_form(self, text: Expr, pattern: &Pattern) -> Expr {
        let form = spelled(pattern, self.dialect);
        Expr::cust_with_exprs(self.dialect.has_form(), [text, Expr::val(form)])
    }

    fn ids_with_words(self, indexed: Indexed, words: &[String]) -> Template {
        let kind = self.selection.entity.kind;
        let (sql, value) = full_text::matching(self.dialect, kind, indexed, words);
        Template::new("").then("", Expr::cust_with_values(sql, [value]))
    }

    fn indexed_text(self, indexed: Indexed, pattern: &Pattern) -> Expr {
        let forms = indexed.columns().iter().fold(Cond::any(), |any, column| {
            let text = Expr::col((Alias::new("full_text"), Alias::new(*column)));
            any.add(self.has_form(text, pattern))
        });
        Template::new("exists (select 1 from full_text where full_text.id = ")
            .then("", self.column("id"))
            .and(forms.into())
            .text(")")
            .expression()
    }
}

/// The condition that a field has one of these values, which begins with what an index knows of them.
fn beginning(field: &FieldRef, values: &[&Value], condition: Expr) -> Expr {
    let Some(beginning) = field.field.beginning else {
        return condition;
    };
    let first = |value: &Value| match value {
        Value::Text(text) => Value::Text(text.chars().take(beginning.characters).collect()),
        other => other.clone(),
    };
    let beginnings = values.iter().map(|value| given(field, &first(value)));
    Expr::cust(beginning.expression)
        .is_in(beginnings)
        .and(condition)
}

/// A value that a field is compared with. A column tells PostgreSQL the type of the placeholder; an expression may be
/// of a narrower one.
fn given(field: &FieldRef, value: &Value) -> Expr {
    let is_column = field.unit_ms.is_none()
        && matches!(
            field.field.source,
            Source::Column(_) | Source::Set { .. } | Source::Defined { .. }
        );
    let cast = match field.kind() {
        _ if is_column => "?",
        Kind::Float => "cast(? as double precision)",
        Kind::Text | Kind::User | Kind::Choice(_) => "cast(? as text)",
        Kind::Integer | Kind::Boolean | Kind::Date | Kind::Id | Kind::Scale(_) => {
            "cast(? as bigint)"
        }
    };
    Expr::cust_with_values(cast, [bound(value)])
}

fn spelled(pattern: &Pattern, dialect: Dialect) -> String {
    let mut spelled = String::new();
    for piece in pattern.pieces() {
        match piece {
            Piece::Text(text) => spelled.push_str(&dialect.form_text(text)),
            Piece::Anything => spelled.push(dialect.form_anything()),
            Piece::OneCharacter => spelled.push(dialect.form_one_character()),
        }
    }
    spelled
}
