//! Brings the schema up to date: one ordered list of steps, each in a transaction of its own, for both engines.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::backup::copy_verified;
use super::connection::Connection;
use super::error::{Error, Result};
use super::value::Row;

/// A step of the schema. Once released it never changes: its checksum is kept in the database.
struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "first_schema",
    sql: include_str!("migrations/0001_first_schema.sql"),
}];

/// Applies the steps that are missing. `file` is the SQLite file, copied before a step runs on existing data.
///
/// # Errors
/// [`Error::Unusable`] with a whole sentence when the schema is newer than this program, or a step that was
/// applied is not the step this program knows.
pub(super) fn migrate(
    connection: &mut dyn Connection,
    file: Option<&Path>,
    now_ms: i64,
) -> Result<()> {
    connection.batch(&connection.dialect().spell(
        "create table if not exists schema_migration (
            number {{integer}} primary key, name text not null, checksum text not null, applied_at {{integer}} not null
        ) {{strict}}",
    ))?;
    let applied = applied(connection)?;
    check(&applied)?;
    let missing = &MIGRATIONS[applied.len()..];
    if missing.is_empty() {
        return Ok(());
    }
    if let (Some(file), Some(last)) = (file, applied.last()) {
        let copy = file.with_extension(format!("before-migration-{}.db", last.0 + 1));
        tracing::info!(copy = %copy.display(), "copying the database before its schema changes");
        copy_verified(file, &copy)?;
    }
    for migration in missing {
        apply(connection, migration, now_ms)?;
    }
    Ok(())
}

fn apply(connection: &mut dyn Connection, migration: &Migration, now_ms: i64) -> Result<()> {
    let dialect = connection.dialect();
    connection.batch(dialect.begin_batch())?;
    let done = connection.batch(&dialect.spell(migration.sql)).and_then(|()| {
        connection.execute(
            "insert into schema_migration (number, name, checksum, applied_at) values (?1, ?2, ?3, ?4)",
            &[migration.number.into(), migration.name.into(), checksum(migration).into(), now_ms.into()],
        )
    });
    if let Err(error) = done {
        drop(connection.batch("rollback"));
        return Err(error);
    }
    connection.batch("commit")?;
    tracing::info!(
        number = migration.number,
        name = migration.name,
        "schema migrated"
    );
    Ok(())
}

fn applied(connection: &mut dyn Connection) -> Result<Vec<(i64, String)>> {
    connection
        .query(
            "select number, checksum from schema_migration order by number",
            &[],
        )?
        .into_iter()
        .map(|row: Row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

fn check(applied: &[(i64, String)]) -> Result<()> {
    for (index, (number, found)) in applied.iter().enumerate() {
        let Some(migration) = MIGRATIONS.get(index) else {
            return Err(Error::Unusable(format!(
                "The database was written by a newer version of Skep (schema {number}, this program knows {}); \
                 install that version or restore an older backup.",
                MIGRATIONS.len()
            )));
        };
        if migration.number != *number || checksum(migration) != *found {
            return Err(Error::Unusable(format!(
                "Schema step {number} of the database is not the one of this program; \
                 the data comes from a build that was never released."
            )));
        }
    }
    Ok(())
}

fn checksum(migration: &Migration) -> String {
    Sha256::digest(migration.sql.as_bytes())
        .iter()
        .fold(String::new(), |mut text, byte| {
            use std::fmt::Write;
            write!(text, "{byte:02x}").expect("writing to a String never fails");
            text
        })
}
