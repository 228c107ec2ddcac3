//! A property of an update: left alone, cleared, or set.

use serde::{Deserialize, Deserializer};

/// What an update says about one property. Use with
/// `#[serde(default)] #[schema(value_type = Option<…>)]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The request does not mention it.
    #[default]
    Keep,
    /// `null`: it is cleared.
    Clear,
    /// It gets this value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value after the update, from the one before.
    pub fn apply(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Whether the request mentions it.
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::Keep)
    }

    /// The value, if it is set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            _ => None,
        }
    }

    /// The same with another type of value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(convert(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}
