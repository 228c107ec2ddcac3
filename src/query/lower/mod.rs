//! From a [plan](super::plan) to SQL. The only place that sees the statement builder.
//!
//! One text runs on both engines, numbered placeholders and all; the few differences come from
//! [`Dialect`](crate::storage::Dialect). Every value is bound. Visibility is part of every selection: there is no
//! way to make a [`Select`] without a scope.

mod condition;
mod groups;
mod template;

pub use groups::Level;

use sea_query::{Alias, Cond, Expr, ExprTrait};

use super::entity::Through;
use super::field::{Kind, Source};
use super::pattern::Piece;
use super::plan::{Condition, FieldRef, Order, Origin, Selection, Test, Window};
use crate::access::Scope;
use crate::storage::full_text::{self, Indexed};
use crate::storage::{Dialect, Value};
use crate::text::fold::whole_words;
use template::{Template, bare, custom, direction, never, number, one_of, probe};

/// A statement with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Statement {
    /// The statement with plain placeholders, to be part of another: they are numbered in their order.
    pub fn unnumbered(&self) -> String {
        let mut plain = String::with_capacity(self.sql.len());
        let mut is_number = false;
        for character in self.sql.chars() {
            is_number = is_number && character.is_ascii_digit();
            if !is_number {
                plain.push(character);
            }
            is_number = is_number || character == '?';
        }
        plain
    }
}

/// More rows than any table has, for an offset without a limit.
const ALL_ROWS: u64 = 1 << 62;

/// A selection in the eyes of a caller, ready to be made into statements.
#[derive(Clone, Copy)]
pub struct Select<'p> {
    selection: &'p Selection<'p>,
    scope: &'p Scope,
    dialect: Dialect,
}

impl<'p> Select<'p> {
    /// The rows of the selection that the caller sees.
    pub fn of(selection: &'p Selection<'p>, scope: &'p Scope, dialect: Dialect) -> Self {
        Self {
            selection,
            scope,
            dialect,
        }
    }

    /// The rows, in the columns that the entity's `shape` wants.
    pub fn rows(self) -> Statement {
        let entity = self.selection.entity;
        // The entity's own statement ends with "where".
        Template::new(entity.select)
            .then(" ", self.condition())
            .then_all(self.order_and_window())
            .build()
    }

    /// Their number. Order and page do not matter to it.
    pub fn count(self) -> Statement {
        Template::new("select count(*)")
            .then_all(self.narrowed())
            .build()
    }

    /// Their number up to `most`.
    pub fn limited_count(self, most: u64) -> Statement {
        Template::new("select count(*) from (select 1")
            .then_all(self.narrowed())
            .then(" limit ", number(most))
            .text(") as limited")
            .build()
    }

    /// The number of ids that a condition would be found from, up to `most`; `None` where there's no such way.
    pub fn probe(self, condition: &Condition, most: u64) -> Option<Statement> {
        self.ids_of(condition).map(|ids| probe(ids, most))
    }

    /// The number of rows that have the word as it is anywhere in their texts, up to `most`; `None` where the engine is to
    /// find its own way.
    pub fn probe_word(self, word: &String, most: u64) -> Option<Statement> {
        if self.dialect.knows_frequencies() {
            return None;
        }
        let word = std::slice::from_ref(word);
        let kind = self.selection.entity.kind;
        let sought = [(Indexed::Everything, word)];
        let question = full_text::question(self.dialect, kind, &sought, word);
        let ids = Template::new("select 1 from full_text_index where full_text_index match")
            .then(" ", Expr::val(question));
        Some(probe(ids, most))
    }

    /// The number of ids that the caller could see, up to `most`.
    pub fn probe_visible(self, most: u64) -> Option<Statement> {
        self.visible_ids().map(|ids| probe(ids, most))
    }

    /// The distinct values of a field.
    pub fn values(self, field: &FieldRef) -> Statement {
        let (source, value) = self.grouped(field, "grouped");
        Template::new("select distinct")
            .then(" ", value.clone())
            .then_all(self.joined_and_narrowed(&source, value.is_not_null()))
            .build()
    }

    /// The id of each row and the values that it is ordered by.
    pub fn keys(self) -> Statement {
        let mut template = Template::new("select").then(" ", self.column("id"));
        for order in &self.selection.order {
            template = template.then(", ", self.sorted(&order.field, order.is_descending));
        }
        template
            .then_all(self.narrowed())
            .then_all(self.order_and_window())
            .build()
    }

    /// The id of each row.
    pub fn ids(self) -> Statement {
        Template::new("select")
            .then(" ", self.column("id"))
            .then_all(self.narrowed())
            .then_all(self.order_and_window())
            .build()
    }

    /// The ids of the rows that have words, those of the newest ids first, read off the full-text index until there are
    /// `most`; `None` where the engine is to find its own way, or the selection does not ask for words.
    pub fn newest_with_words(self, most: u64) -> Option<Statement> {
        if self.dialect.knows_frequencies() || !matches!(self.selection.origin, Origin::All) {
            return None;
        }
        let conditions = match &self.selection.condition {
            Condition::All(conditions) => conditions.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut words: Vec<full_text::Words> = Vec::new();
        let mut others = Vec::new();
        for condition in conditions {
            match condition {
                Condition::Words(indexed, sought) => words.push((*indexed, sought)),
                other => others.push(other.clone()),
            }
        }
        if words.is_empty() {
            return None;
        }
        let whole: Vec<String> = others.iter().flat_map(whole_words_of).collect();
        let kind = self.selection.entity.kind;
        let question = full_text::question(self.dialect, kind, &words, &whole);
        let others = Condition::all(others);
        let id = self.column("id");
        // The tables of a cross join are read in the order in which they stand.
        let template = Template::new("select")
            .then(" ", id.clone())
            .text(" from full_text_index cross join ")
            .text(self.tables())
            .then(" where full_text_index match ", Expr::val(question))
            .then(" and ", id)
            .text(" = full_text_index.rowid")
            .and(custom(&(self.selection.entity.visible)(self.scope)))
            .and(self.lower(&others))
            .then(" order by full_text_index.rowid desc limit ", number(most));
        Some(template.build())
    }

    /// The id of each row, in no order.
    pub fn ids_in_any_order(self) -> Statement {
        Template::new("select")
            .then(" ", self.column("id"))
            .then_all(self.narrowed())
            .build()
    }

    /// The id of each row, and its values of those of the fields that have a single one.
    pub fn single_values(self, fields: &[FieldRef]) -> Statement {
        let mut template = Template::new("select").then(" ", self.column("id"));
        for field in fields.iter().filter(|field| !field.field.is_set()) {
            template = template.then(", ", self.value(field));
        }
        template.then_all(self.narrowed()).build()
    }

    /// A subquery: one column of the rows, in their page.
    fn column_of_rows(self, column: &str) -> Template {
        let template = Template::new("select")
            .then(" ", self.column(column))
            .then_all(self.narrowed());
        match self.selection.window {
            Some(_) => template.then_all(self.order_and_window()),
            None => template,
        }
    }

    fn narrowed(self) -> Template {
        Template::new(format!(" from {} where", self.tables())).then(" ", self.condition())
    }

    /// What stands between `from` and `where` in the entity's own statement.
    fn tables(self) -> &'static str {
        let select = self.selection.entity.select;
        let select = select.trim_end().strip_suffix("where").unwrap_or(select);
        let mut depth = 0_usize;
        for (at, character) in select.char_indices() {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                'f' if depth == 0 && select[..at].ends_with(char::is_whitespace) => {
                    if let Some(from) = select[at..].strip_prefix("from ") {
                        return from.trim();
                    }
                }
                _ => {}
            }
        }
        self.selection.entity.table
    }

    /// Everything that must hold of a row: that it is visible, that it is of the origin, and what was filtered.
    fn condition(self) -> Expr {
        let mut visible = custom(&(self.selection.entity.visible)(self.scope));
        if self.is_led_by_ids() {
            // The plus keeps SQLite from starting with all that is visible.
            visible = Template::new("+").then("", visible).expression();
        }
        let asked = match &self.selection.condition {
            Condition::Always => None,
            condition => Some(self.lower(condition)),
        };
        let ids = self
            .visible_ids()
            .filter(|_| self.selection.is_visible_from_ids);
        Cond::all()
            .add(visible)
            .add_option(ids.map(|ids| self.id_in(ids)))
            .add_option(self.origin())
            .add_option(asked)
            .into()
    }

    /// Whether the rows are found by their ids. SQLite takes an organisation for one of many, and would rather read all that
    /// it has.
    fn is_led_by_ids(self) -> bool {
        if self.dialect.knows_frequencies() {
            return false;
        }
        let is_ids = |condition: &Condition| match condition {
            Condition::FromIds(_) => true,
            Condition::Test(field, Test::Equals(_) | Test::OneOf(_)) => {
                matches!(field.field.source, Source::Column("id"))
            }
            _ => false,
        };
        match &self.selection.condition {
            Condition::All(conditions) => conditions.iter().any(is_ids),
            one => is_ids(one),
        }
    }

    fn origin(self) -> Option<Expr> {
        match &self.selection.origin {
            Origin::All => None,
            Origin::Nothing => Some(never()),
            Origin::Picked(predicate) => Some(custom(predicate)),
            Origin::Within(selection) => {
                let rows = Select { selection, ..self }.column_of_rows("id");
                Some(self.id_in(rows))
            }
            Origin::Along(edge, selection) => {
                let mut rows = Select { selection, ..self }.column_of_rows(edge.near);
                if let Some(Through { from, near, far }) = edge.through {
                    rows = Template::new(format!("select {far} from {from} where {near} in ("))
                        .then_all(rows)
                        .text(")");
                }
                Some(one_of(self.column(edge.far), rows))
            }
        }
    }

    fn visible_ids(self) -> Option<Template> {
        let ids = (self.selection.entity.visible_ids?)(self.scope);
        Some(Template::new("").then("", bare(&ids)))
    }

    fn id_in(self, ids: Template) -> Expr {
        one_of(self.column("id"), ids)
    }

    /// ` order by … limit … offset …`: missing values last, ties in the order of creation, or against it where the
    /// last field is descending, so that an index can be read in one direction.
    fn order_and_window(self) -> Template {
        let mut template = Template::new(" order by ");
        let mut is_descending = false;
        for Order {
            field,
            is_descending: is_down,
        } in &self.selection.order
        {
            is_descending = *is_down;
            let mut direction = direction(is_descending).to_owned();
            if field.field.is_optional {
                direction.push_str(" nulls last");
            }
            template = template
                .then("", self.sorted(field, is_descending))
                .text(&direction)
                .text(", ");
        }
        template = template
            .then("", self.column("id"))
            .text(direction(is_descending));
        match self.selection.window {
            None => template,
            Some(Window { offset, limit }) => template
                .then(" limit ", number(limit.unwrap_or(ALL_ROWS)))
                .then(" offset ", number(offset)),
        }
    }

    /// What a field is sorted by: its folded neighbour if it has one; text by its bytes.
    fn sorted(self, field: &FieldRef, is_descending: bool) -> Expr {
        let expression = match field.field.folded {
            Some(folded) => self.folded(field, folded),
            None => self.value(field),
        };
        if let Source::Defined { .. } = field.field.source {
            let first = if is_descending { "max(" } else { "min(" };
            return self.by_bytes(field, self.of_values(field, first, expression, ")"));
        }
        self.by_bytes(field, expression)
    }

    /// An expression over all values that the entity has of a field that people have defined.
    fn of_values(self, field: &FieldRef, before: &str, value: Expr, after: &str) -> Expr {
        let Source::Defined {
            from,
            key,
            member,
            id,
            ..
        } = field.field.source
        else {
            return value;
        };
        Template::new(format!("(select {before}"))
            .then("", value)
            .text(&format!(
                "{after} from {from} where {member} = {id} and {key} = "
            ))
            .then("", self.column("id"))
            .text(")")
            .expression()
    }

    /// The neighbour with the folded text.
    fn folded(self, field: &FieldRef, folded: &'static str) -> Expr {
        if field.field.is_set() {
            Expr::cust(folded)
        } else {
            self.column(folded)
        }
    }

    fn by_bytes(self, field: &FieldRef, expression: Expr) -> Expr {
        match (field.kind(), self.dialect.by_bytes()) {
            (_, "") => expression,
            (Kind::Text | Kind::User | Kind::Choice(_), by_bytes) => Template::new("")
                .then("", expression)
                .text(by_bytes)
                .expression(),
            _ => expression,
        }
    }

    /// The value of a field that is no set.
    fn value(self, field: &FieldRef) -> Expr {
        let value = match field.field.source {
            Source::Column(column) => self.column(column),
            Source::Expression(sql) => Expr::cust(format!("({sql})")),
            Source::Scoped(expression) => custom(&expression(self.scope)),
            Source::Set { element, .. } | Source::Defined { element, .. } => Expr::cust(element),
        };
        match field.unit_ms {
            None => value,
            Some(unit_ms) => Template::new("(cast(")
                .then("", value)
                .text(&format!(" as double precision) / {unit_ms})"))
                .expression(),
        }
    }

    fn column(self, name: &str) -> Expr {
        Expr::col((Alias::new(self.selection.entity.table), Alias::new(name)))
    }
}

/// The words that an entity must have as they are, since its texts have them between other words.
fn whole_words_of(condition: &Condition) -> Vec<String> {
    match condition {
        Condition::IndexedText(Indexed::Everything, pattern) => {
            let texts = pattern.pieces().iter().filter_map(Piece::text);
            texts.flat_map(whole_words).collect()
        }
        _ => Vec::new(),
    }
}
