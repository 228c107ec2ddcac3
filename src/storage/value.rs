//! Values and rows as they cross the seam: five types that both engines share.

use super::error::{Error, Result};

/// A value in a statement's parameters or in a row.
///
/// Instants are `Integer` milliseconds since the epoch, booleans are `Integer` 0 or 1, JSON is `Text`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    /// The type's name, for error messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Integer(_) => "integer",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        }
    }
}

/// Refuses what only one of the engines would take.
pub(super) fn check_parameters(parameters: &[Value]) -> Result<()> {
    let has_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    if parameters.iter().any(has_nul) {
        return Err(Error::NulCharacter);
    }
    Ok(())
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// The name used in [`Error::Decode`].
    const EXPECTED: &'static str;
    /// The value, or `None` when it is of another type.
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for Value {
    const EXPECTED: &'static str = "any value";
    fn from_value(value: Value) -> Option<Self> {
        Some(value)
    }
}

impl FromValue for i64 {
    const EXPECTED: &'static str = "integer";
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Integer(value) => Some(value),
            _ => None,
        }
    }
}

impl FromValue for i32 {
    const EXPECTED: &'static str = "32-bit integer";
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|value| value.try_into().ok())
    }
}

impl FromValue for bool {
    const EXPECTED: &'static str = "0 or 1";
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Integer(0) => Some(false),
            Value::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl FromValue for f64 {
    const EXPECTED: &'static str = "real";
    #[expect(
        clippy::cast_precision_loss,
        reason = "an aggregate may come back as an integer; 53 bits are enough there"
    )]
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Real(value) => Some(value),
            Value::Integer(value) => Some(value as f64),
            _ => None,
        }
    }
}

impl FromValue for String {
    const EXPECTED: &'static str = "text";
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(value) => Some(value),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    const EXPECTED: &'static str = "blob";
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Blob(value) => Some(value),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// One row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) values: Vec<Value>,
}

impl Row {
    /// All its values, in the order of the statement's columns.
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// Reads the row from left to right, taking each value out.
    pub fn reader(self) -> RowReader {
        RowReader {
            values: self.values.into_iter(),
            column: 0,
        }
    }

    /// The only (or first) column.
    pub fn single<T: FromValue>(self) -> Result<T> {
        self.reader().take()
    }
}

/// Takes a row's values one after the other, in the order of the statement's columns.
pub struct RowReader {
    values: std::vec::IntoIter<Value>,
    column: usize,
}

impl RowReader {
    /// The values of a row that is put together elsewhere.
    pub(super) fn of(values: Vec<Value>) -> Self {
        Self {
            values: values.into_iter(),
            column: 0,
        }
    }

    /// The next column's value as `T`.
    ///
    /// # Errors
    /// [`Error::Decode`] when the column is missing or of another type.
    pub fn take<T: FromValue>(&mut self) -> Result<T> {
        let column = self.column;
        self.column += 1;
        let value = self.values.next().ok_or(Error::Decode {
            column,
            found: "no column",
            expected: T::EXPECTED,
        })?;
        let found = value.type_name();
        T::from_value(value).ok_or(Error::Decode {
            column,
            found,
            expected: T::EXPECTED,
        })
    }
}
