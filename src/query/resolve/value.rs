//! From JSON to a value of a field's kind. Nothing is turned into another type: text is no number.

use serde_json::Value as Json;

use crate::access::visible::parse_id;
use crate::access::{Error, FieldProblem, Result};
use crate::query::field::Kind;
use crate::query::operation::FieldTest;
use crate::query::plan::FieldRef;
use crate::storage::Value;

/// The value, or `None` for a text that is no id where an id is meant: it is legal and equals nothing.
pub(super) fn value(field: FieldRef, json: &Json, asked: &FieldTest) -> Result<Option<Value>> {
    let value = match field.kind() {
        Kind::Integer | Kind::Scale(_) | Kind::Date => whole(json).map(Value::Integer),
        Kind::Float => json.as_f64().map(Value::Real),
        Kind::Boolean => json.as_bool().map(Value::from),
        Kind::Text | Kind::User | Kind::Choice(_) => json.as_str().map(Value::from),
        Kind::Id => {
            let text = json.as_str().ok_or_else(|| mismatch(field, asked))?;
            return Ok(parse_id(text).map(Value::Integer));
        }
    };
    value.map(Some).ok_or_else(|| mismatch(field, asked))
}

/// Whether the values of the field are text.
pub(super) fn is_text(field: FieldRef) -> bool {
    matches!(field.kind(), Kind::Text | Kind::User | Kind::Choice(_))
}

/// A whole number, also when it is written `2.0`.
fn whole(json: &Json) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and far from the ends of the type"
    )]
    json.as_i64().or_else(|| {
        let number = json.as_f64()?;
        (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
    })
}

pub(super) fn mismatch(field: FieldRef, asked: &FieldTest) -> Error {
    let expected = match field.kind() {
        Kind::Integer | Kind::Scale(_) => "a whole number",
        Kind::Float => "a number",
        Kind::Boolean => "true or false",
        Kind::Date => "a date: milliseconds since 1970, or a relative date where an order is asked",
        Kind::Text | Kind::User | Kind::Choice(_) => "text",
        Kind::Id => "an id: text",
    };
    Error::InvalidFormat(FieldProblem::format(
        &asked.at,
        format!("does not suit {}, which is {expected}", asked.field),
    ))
}
