//! What a domain's `shape` function works with: the snapshot, what was asked for beside the entity itself, and
//! the other kinds of entities.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::catalogue::Catalogue;
use super::field::{Field, Source};
use super::lower::Select;
use super::moment::Moment;
use super::parse::parse_filter;
use super::plan::{Condition, Origin, Selection, Test};
use super::resolve::Resolver;
use crate::access::visible::parse_id;
use crate::access::{Error, Predicate, Reading, Result, Scope, Viewable, unit::Scoped};
use crate::storage::{self, Dialect, Queries, Row, Value};

/// Entities that are loaded by one statement.
const IDS_AT_A_TIME: usize = 500;
const ID: Field = Field::id("_id", Source::Column("id"));

/// The extra data that a `page` operation asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// The names, as they are asked; unknown ones are to be ignored.
    pub names: Vec<String>,
    /// For users: the organisation whose membership supplies profile and permissions.
    pub organisation: Option<String>,
    /// Long texts are left out: the operation `headerPage`.
    pub is_header: bool,
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
        let extra = &Extra::default();
        Shaping { extra, ..*self }.entities_with_extra(kind, ids)
    }

    /// The same with the extra data that this page asks for.
    pub(super) fn entities_with_extra(
        &self,
        kind: &str,
        ids: &[i64],
    ) -> Result<HashMap<i64, Json>> {
        let mut found = HashMap::with_capacity(ids.len());
        let Some(entity) = self.catalogue.entity(kind) else {
            return Ok(found);
        };
        for ids in ids.chunks(IDS_AT_A_TIME) {
            let ids = ids.iter().map(|id| Value::Integer(*id)).collect();
            let mut selection = Selection::new(entity, Origin::All);
            selection.condition = Condition::test(ID.into(), Test::OneOf(ids));
            let statement = Select::of(&selection, self.scope(), self.dialect()).rows();
            let rows = self.query(&statement.sql, &statement.values)?;
            for json in (entity.shape)(self, rows)? {
                if let Some(id) = json["_id"].as_str().and_then(parse_id) {
                    found.insert(id, json);
                }
            }
        }
        Ok(found)
    }

    /// The condition that the id in `column` is that of an entity of this kind which the caller sees and for which a filter
    /// of the query language holds.
    ///
    /// # Errors
    /// When it is no filter for such entities; `at` is where it stands in the request.
    pub fn matching(&self, kind: &str, filter: &Json, at: &str, column: &str) -> Result<Predicate> {
        let entity = self
            .catalogue
            .entity(kind)
            .ok_or_else(|| Error::Internal(format!("{kind} is in no catalogue")))?;
        let moment = &Moment::at(self.scope().now_ms);
        let resolver = Resolver {
            catalogue: self.catalogue,
            scope: self.scope(),
            moment,
            members: self.reading,
        };
        let mut selection = Selection::new(entity, Origin::All);
        selection.condition = resolver.condition(entity, &parse_filter(filter, at)?)?;
        let statement = Select::of(&selection, self.scope(), self.dialect()).ids_in_any_order();
        Ok(Predicate::new(
            format!("{column} in ({})", statement.unnumbered()),
            statement.values,
        ))
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
