//! From filters to conditions.

use serde_json::Value as Json;

use super::Resolver;
use super::value::{self, mismatch};
use crate::access::{Error, FieldProblem, Result};
use crate::query::entity::Entity;
use crate::query::field::{Indexed, Kind};
use crate::query::limits;
use crate::query::operation::{self, Comparison, FieldTest, Filter};
use crate::query::pattern::Pattern;
use crate::query::plan::{Condition, FieldRef, Test};
use crate::storage::Value;
use crate::text::fold::words;

impl Resolver<'_> {
    /// The condition that a filter stands for on the entity.
    pub(in crate::query) fn condition(
        &self,
        entity: &Entity,
        filter: &Filter,
    ) -> Result<Condition> {
        let each = |filters: &[Filter]| -> Result<Vec<Condition>> {
            filters
                .iter()
                .map(|filter| self.condition(entity, filter))
                .collect()
        };
        Ok(match filter {
            Filter::And(filters) => Condition::all(each(filters)?),
            Filter::Or(filters) => Condition::any(each(filters)?),
            Filter::Not(filter) => Condition::negate(self.condition(entity, filter)?),
            Filter::Test(asked) => {
                let field = self.field(entity, &asked.field, &asked.at)?;
                if field.field.indexed == Some(Indexed::Everything) {
                    keyword(asked)?
                } else {
                    self.test(field, asked)?
                }
            }
        })
    }

    fn test(&self, field: FieldRef, asked: &FieldTest) -> Result<Condition> {
        Ok(match &asked.test {
            operation::Test::Has => Condition::test(field, Test::Present),
            operation::Test::Empty => empty(field),
            operation::Test::In(values) => {
                let mut known = Vec::with_capacity(values.len());
                for json in values {
                    known.extend(value::value(field, json, asked)?);
                }
                Condition::test(field, Test::OneOf(known))
            }
            operation::Test::Between(from, to) => {
                let from = self.instant_or_value(field, from, asked)?;
                let to = self.instant_or_value(field, to, asked)?;
                match (from, to) {
                    (Some(from), Some(to)) => Condition::test(field, Test::Between(from, to)),
                    _ => Condition::Never,
                }
            }
            operation::Test::Compare(comparison, json) => {
                self.comparison(field, *comparison, json, asked)?
            }
        })
    }

    fn comparison(
        &self,
        field: FieldRef,
        comparison: Comparison,
        json: &Json,
        asked: &FieldTest,
    ) -> Result<Condition> {
        let ordered = |make: fn(Value) -> Test| -> Result<Condition> {
            let value = self.instant_or_value(field, json, asked)?;
            Ok(value.map_or(Condition::Never, |value| {
                Condition::test(field, make(value))
            }))
        };
        match comparison {
            Comparison::Equal => equal(field, json, asked),
            Comparison::NotEqual => equal(field, json, asked).map(Condition::negate),
            Comparison::Less => ordered(Test::Less),
            Comparison::LessOrEqual => ordered(Test::LessOrEqual),
            Comparison::Greater => ordered(Test::Greater),
            Comparison::GreaterOrEqual => ordered(Test::GreaterOrEqual),
            Comparison::Match if !value::is_text(field) => equal(field, json, asked),
            Comparison::Match => matched(field, text(field, json, asked)?, asked),
            Comparison::StartsWith
            | Comparison::EndsWith
            | Comparison::Like
            | Comparison::Wildcard => {
                let pattern = pattern(comparison, text(field, json, asked)?);
                Ok(formed(field, pattern))
            }
        }
    }

    fn instant_or_value(
        &self,
        field: FieldRef,
        json: &Json,
        asked: &FieldTest,
    ) -> Result<Option<Value>> {
        if json.is_object() && matches!(field.kind(), Kind::Date) {
            let instant = self.moment.relative(json, &asked.at)?;
            return Ok(Some(Value::Integer(instant)));
        }
        value::value(field, json, asked)
    }
}

/// Equal to `null` is to have no value.
fn equal(field: FieldRef, json: &Json, asked: &FieldTest) -> Result<Condition> {
    if json.is_null() {
        return Ok(Condition::negate(Condition::test(field, Test::Present)));
    }
    let value = value::value(field, json, asked)?;
    Ok(value.map_or(Condition::Never, |value| {
        Condition::test(field, Test::Equals(value))
    }))
}

fn empty(field: FieldRef) -> Condition {
    let missing = Condition::negate(Condition::test(field, Test::Present));
    if value::is_text(field) && !field.field.is_set() {
        Condition::any([missing, Condition::test(field, Test::Blank)])
    } else {
        missing
    }
}

/// Contains the words: at the beginning of words for what is in the full-text index only, anywhere for what has a
/// folded neighbour (people who type ahead expect it); any other text as a whole.
fn matched(field: FieldRef, text: &str, asked: &FieldTest) -> Result<Condition> {
    if is_folded(field) {
        let words = words_of(text, asked)?;
        if words.is_empty() {
            return Ok(formed(field, Pattern::contains(text)));
        }
        return Ok(Condition::all(
            words
                .iter()
                .map(|word| formed(field, Pattern::contains(word))),
        ));
    }
    match field.field.indexed {
        Some(indexed) => searched(indexed, text, asked),
        None => Ok(Condition::test(field, Test::Equals(text.into()))),
    }
}

/// The text of a field has this form; letter case is ignored wherever there is a folded text.
fn formed(field: FieldRef, pattern: Pattern) -> Condition {
    if is_folded(field) {
        return Condition::test(field, Test::FoldedForm(pattern.folded()));
    }
    match field.field.indexed {
        Some(indexed) => Condition::IndexedText(indexed, pattern.folded()),
        None => Condition::test(field, Test::Form(pattern)),
    }
}

/// Logins are stored in lower case: they are their own folded text.
fn is_folded(field: FieldRef) -> bool {
    field.field.folded.is_some() || matches!(field.kind(), Kind::User)
}

/// The pseudo-field for a search over the whole entity.
fn keyword(asked: &FieldTest) -> Result<Condition> {
    let refused = || {
        Error::InvalidFormat(FieldProblem::format(
            &asked.at,
            "keyword can only be searched: _match, _like or _eq with text",
        ))
    };
    let operation::Test::Compare(comparison, Json::String(text)) = &asked.test else {
        return Err(refused());
    };
    checked(text, asked)?;
    match comparison {
        Comparison::Equal | Comparison::Match => searched(Indexed::Everything, text, asked),
        Comparison::NotEqual => searched(Indexed::Everything, text, asked).map(Condition::negate),
        Comparison::Like | Comparison::Wildcard | Comparison::StartsWith | Comparison::EndsWith => {
            Ok(Condition::IndexedText(
                Indexed::Everything,
                pattern(*comparison, text).folded(),
            ))
        }
        _ => Err(refused()),
    }
}

/// A blank search finds everything; one of signs only finds nothing, since the index has no signs.
fn searched(indexed: Indexed, text: &str, asked: &FieldTest) -> Result<Condition> {
    let words = words_of(text, asked)?;
    Ok(if !words.is_empty() {
        Condition::Words(indexed, words)
    } else if text.trim().is_empty() {
        Condition::Always
    } else {
        Condition::Never
    })
}

fn words_of(text: &str, asked: &FieldTest) -> Result<Vec<String>> {
    let mut words = words(text);
    words.sort_unstable();
    words.dedup();
    if words.len() > limits::WORDS_MAX {
        return Err(Error::InvalidFormat(FieldProblem::format(
            &asked.at,
            format!("must have at most {} words", limits::WORDS_MAX),
        )));
    }
    Ok(words)
}

fn pattern(comparison: Comparison, text: &str) -> Pattern {
    match comparison {
        Comparison::StartsWith => Pattern::starts_with(text),
        Comparison::EndsWith => Pattern::ends_with(text),
        Comparison::Wildcard => Pattern::wildcard(text),
        _ => Pattern::like(text),
    }
}

fn text<'a>(field: FieldRef, json: &'a Json, asked: &FieldTest) -> Result<&'a str> {
    if !value::is_text(field) {
        return Err(mismatch(field, asked));
    }
    let text = json.as_str().ok_or_else(|| mismatch(field, asked))?;
    checked(text, asked)
}

fn checked<'a>(text: &'a str, asked: &FieldTest) -> Result<&'a str> {
    if text.chars().count() > limits::PATTERN_MAX {
        return Err(Error::InvalidFormat(FieldProblem::format(
            &asked.at,
            format!("must have at most {} characters", limits::PATTERN_MAX),
        )));
    }
    Ok(text)
}
