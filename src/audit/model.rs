//! What an audit record holds.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::storage::Touch;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Create,
    Update,
    Delete,
    Merge,
}

impl Action {
    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Merge => "merge",
        }
    }
}

/// An entity that a record speaks of.
pub type Subject = Touch;

/// One property that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The API's name of the property.
    pub field: &'static str,
    /// Its value before; `null` when there was none.
    pub before: Value,
    /// Its value now; `null` when there is none.
    pub after: Value,
}

/// One record before it is written.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What was done.
    pub action: Action,
    /// To what.
    pub object: Subject,
    /// Whose users may see the record: the case (or alert) the object belongs to, else the organisation.
    pub context: Subject,
    /// What the API shows: the whole entity for a creation, the new values for an update.
    pub details: Map<String, Value>,
    /// Values before and after, for an update.
    pub changes: Vec<Change>,
}

impl Entry {
    /// The creation of `object`; `output` is the entity as the API gives it.
    pub fn created(object: Subject, context: Subject, output: &impl Serialize) -> Self {
        let details = match serde_json::to_value(output) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        };
        Self {
            action: Action::Create,
            object,
            context,
            details,
            changes: Vec::new(),
        }
    }

    /// An update of `object`.
    pub fn updated(object: Subject, context: Subject, changes: Vec<Change>) -> Self {
        let details = changes
            .iter()
            .map(|change| (change.field.to_owned(), change.after.clone()))
            .collect();
        Self {
            action: Action::Update,
            object,
            context,
            details,
            changes,
        }
    }

    /// The deletion of `object`; `output` is what remains to be told of it.
    pub fn deleted(object: Subject, context: Subject, output: &impl Serialize) -> Self {
        Self {
            action: Action::Delete,
            ..Self::created(object, context, output)
        }
    }

    /// The same with one more detail.
    #[must_use]
    pub fn with_detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// Collects the properties that an update really changes.
#[derive(Debug, Default)]
pub struct Changes(Vec<Change>);

impl Changes {
    /// Notes the property if it differs.
    pub fn note<T: Serialize + PartialEq>(&mut self, field: &'static str, before: &T, after: &T) {
        if before != after {
            let json = |value: &T| serde_json::to_value(value).unwrap_or(Value::Null);
            self.0.push(Change {
                field,
                before: json(before),
                after: json(after),
            });
        }
    }

    /// Notes that a secret changed, without its value.
    pub fn note_secret(&mut self, field: &'static str) {
        self.0.push(Change {
            field,
            before: Value::Null,
            after: Value::from("changed"),
        });
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the property is among them.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|change| change.field == field)
    }

    /// The properties that changed.
    pub fn into_vec(self) -> Vec<Change> {
        self.0
    }
}
