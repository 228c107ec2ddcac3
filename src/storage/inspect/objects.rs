//! Whether the tables and indexes of the schema are all there. SQLite's own check looks at those that are; of one that
//! somebody dropped it says nothing.

use std::collections::HashSet;

use crate::storage::dialect::Dialect;
use crate::storage::error::Result;
use crate::storage::migrations::{self, Object};
use crate::storage::transaction::{Queries, QueryValues};

/// What the schema of this program has and the database has not. Only for a database whose schema is the current one, and
/// only of SQLite: nobody drops a table of PostgreSQL by accident beside its server.
///
/// # Errors
/// When the schema can't be read.
pub fn missing_objects(queries: &dyn Queries) -> Result<Vec<Object>> {
    if queries.dialect() == Dialect::Postgres {
        return Ok(Vec::new());
    }
    let there: HashSet<String> = queries
        .query_column("select name from sqlite_schema", &[])?
        .into_iter()
        .collect();
    let mut missing = migrations::objects()?;
    missing.retain(|object| !there.contains(&object.name));
    Ok(missing)
}
