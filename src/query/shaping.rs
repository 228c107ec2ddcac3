//! What a domain's `shape` function works with: the snapshot, what was asked for beside the entity itself, and
//! the other kinds of entities.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::catalogue::Catalogue;
use crate::access::{Reading, Result, Scope, Viewable, unit::Scoped};
use crate::storage::{self, Dialect, Queries, Row, Value};

/// The extra data that a `page` operation asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// The names, as they are asked; unknown ones are to be ignored.
    pub names: Vec<String>,
    /// For users: the organisation whose membership supplies profile and permissions.
    pub organisation: Option<String>,
}

impl Extra {
    /// Whether `name` is asked for.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|asked| asked == name)
    }
}

/// A page that is being shaped. Store functions that read take it as the snapshot it is.
pub struct Shaping<'a> {
    reading: &'a Reading<'a>,
    catalogue: &'a Catalogue,
    extra: &'a Extra,
}

impl<'a> Shaping<'a> {
    /// Shapes what is read in `reading`.
    pub fn new(reading: &'a Reading<'a>, catalogue: &'a Catalogue, extra: &'a Extra) -> Self {
        Self {
            reading,
            catalogue,
            extra,
        }
    }

    /// What is asked for beside the entities.
    pub fn extra(&self) -> &Extra {
        self.extra
    }

    /// The snapshot.
    pub fn reading(&self) -> &Reading<'a> {
        self.reading
    }

    /// Reads the rows and completes them, as `Visible` does it.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn load<T: Viewable>(&self, rows: Vec<Row>) -> Result<Vec<T>> {
        let mut entities = rows
            .into_iter()
            .map(T::from_row)
            .collect::<storage::Result<Vec<T>>>()?;
        T::complete(self, &mut entities)?;
        Ok(entities)
    }

    /// The JSON of entities of any kind (the case of a task, the object of an audit record), without extra data.
    /// Those that the caller does not see are not among them.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn entities(&self, kind: &str, ids: &[i64]) -> Result<HashMap<i64, Json>> {
        let Some(entity) = self.catalogue.entity(kind) else {
            return Ok(HashMap::new());
        };
        let mut found = HashMap::new();
        for part in ids.chunks(100) {
            let visible = (entity.visible)(self.scope());
            let places: Vec<String> = (1..=part.len()).map(|place| format!("?{place}")).collect();
            let sql = format!(
                "{} ({}) and \"{}\".id in ({})",
                entity.select,
                visible.numbered_from(part.len() + 1),
                entity.table,
                places.join(", ")
            );
            let mut values: Vec<Value> = part.iter().map(|id| Value::Integer(*id)).collect();
            values.extend(visible.values);
            let rows = self.reading.query(&sql, &values)?;
            let plain = Extra::default();
            let shaping = Shaping::new(self.reading, self.catalogue, &plain);
            for json in (entity.shape)(&shaping, rows)? {
                let id = json["_id"]
                    .as_str()
                    .and_then(crate::access::visible::parse_id);
                if let Some(id) = id {
                    found.insert(id, json);
                }
            }
        }
        Ok(found)
    }
}

impl Queries for Shaping<'_> {
    fn dialect(&self) -> Dialect {
        self.reading.dialect()
    }
    fn query(&self, sql: &str, parameters: &[Value]) -> storage::Result<Vec<Row>> {
        self.reading.query(sql, parameters)
    }
}

impl Scoped for Shaping<'_> {
    fn scope(&self) -> &Scope {
        self.reading.scope()
    }
}
