//! What an audit record holds.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::access::sight::{alert_seen_by, case_seen_by};
use crate::access::visible::parse_id;
use crate::access::{Error, Predicate, Result, Scope, Viewable};
use crate::storage::{Row, Touch};
use crate::wire::EntityId;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "camelCase")]
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
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
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

    /// The same without a detail that says nothing of the entity, but how the caller sees it.
    #[must_use]
    pub fn without_detail(mut self, name: &str) -> Self {
        self.details.remove(name);
        self
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

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRecord {
    /// Its place in the trail: the records' own ascending sequence, in the order of the commits.
    pub id: i64,
    pub request_id: String,
    pub happened_at: i64,
    pub actor: String,
    pub action: String,
    pub is_main: bool,
    pub object_kind: String,
    pub object_id: i64,
    pub context_kind: String,
    pub context_id: i64,
    pub details: String,
    pub changes: String,
}

impl Viewable for AuditRecord {
    const KIND: &'static str = "Audit";
    const SELECT: &'static str = "select audit.id, audit.request_id, audit.happened_at, audit.actor, \
        audit.action, audit.is_main, audit.object_kind, audit.object_id, audit.context_kind, audit.context_id, \
        audit.details, audit.changes from audit where";

    /// Who sees the context sees the record; what a user keeps for himself has him as its context. From `admin`: what
    /// concerns the platform, but nothing of any case.
    fn visible(scope: &Scope) -> Predicate {
        let organisation_id = scope.organisation.id;
        if scope.is_admin_organisation() {
            return Predicate::new(
                "audit.context_kind = 'Organisation' and (audit.context_id = ? \
                 or audit.object_kind in ('Organisation', 'User', 'Profile', 'CaseStatus', 'AlertStatus', 'CustomField', \
                 'Taxonomy', 'ObservableType'))",
                vec![organisation_id.into()],
            );
        }
        let case = case_seen_by(scope, "audit.context_id");
        let mut values = vec![
            organisation_id.into(),
            scope.user_id.into(),
            organisation_id.into(),
        ];
        values.extend(case.values);
        let alert = alert_seen_by(scope, "audit.context_id");
        values.extend(alert.values);
        let sql = format!(
            "(audit.context_kind = 'Organisation' and audit.context_id = ? \
             or audit.context_kind = 'User' and audit.context_id = ? and audit.organisation_id = ? \
             or audit.context_kind = 'Case' and {} \
             or audit.context_kind = 'Alert' and {})",
            case.sql, alert.sql
        );
        Predicate::new(sql, values)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        super::store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, crate::storage::Value)> {
        parse_id(reference).map(|id| ("audit.id = ?1", id.into()))
    }
}

/// A record as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputAudit {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[schema(value_type = Action)]
    pub action: String,
    pub main_action: bool,
    pub request_id: String,
    pub root_id: EntityId,
    /// What was created, or the properties that changed with their new values.
    #[schema(value_type = Map<String, Value>)]
    pub details: Value,
    /// Our addition: the properties that changed, with the values before and after.
    #[schema(value_type = Vec<Change>)]
    pub changes: Value,
    pub object_id: EntityId,
    pub object_type: String,
    /// The entity as it is now; absent when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Map<String, Value>>)]
    pub object: Option<Value>,
    /// The case or organisation it belongs to, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Map<String, Value>>)]
    pub context: Option<Value>,
}

impl OutputAudit {
    /// The record with what `entities` know of its object and context.
    ///
    /// # Errors
    /// When the record holds no JSON.
    pub fn of(record: AuditRecord, entities: &HashMap<i64, Value>) -> Result<Self> {
        let parse = |json: &str| {
            serde_json::from_str(json)
                .map_err(|error| Error::Internal(format!("audit record {}: {error}", record.id)))
        };
        Ok(Self {
            id: EntityId(record.id),
            entity_type: AuditRecord::KIND,
            details: parse(&record.details)?,
            changes: parse(&record.changes)?,
            object: entities.get(&record.object_id).cloned().map(for_everybody),
            context: entities.get(&record.context_id).cloned().map(for_everybody),
            created_by: record.actor,
            created_at: record.happened_at,
            action: record.action,
            main_action: record.is_main,
            request_id: record.request_id,
            root_id: EntityId(record.context_id),
            object_id: EntityId(record.object_id),
            object_type: record.object_kind,
        })
    }
}

/// An entity in a record is the same for whoever reads it: without the reader's own rights. Who reads records by program
/// also gets the custom fields as an object.
fn for_everybody(mut entity: Value) -> Value {
    if let Some(values) = entity.get("customFields").and_then(Value::as_array) {
        entity["customFieldValues"] = Value::Object(by_name(values));
    }
    if let Some(permissions) = entity.get_mut("userPermissions") {
        *permissions = Value::Array(Vec::new());
    }
    entity
}

/// The values of custom fields by their names; of several values of one field a list.
fn by_name(values: &[Value]) -> Map<String, Value> {
    let mut by_name: Map<String, Value> = Map::new();
    for value in values {
        let Some(name) = value["name"].as_str() else {
            continue;
        };
        let value = value["value"].clone();
        match by_name.get_mut(name) {
            None => {
                by_name.insert(name.to_owned(), value);
            }
            Some(Value::Array(several)) => several.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
    by_name
}
