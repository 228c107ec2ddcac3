//! Brings the schema up to date: one ordered list of steps, each in a transaction of its own, for both engines.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::backup::copy_verified;
use super::connection::Connection;
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::full_text;
use super::transaction::{Queries, QueryValues};
use super::value::Row;

/// A step of the schema. Once released it never changes: its checksum is kept in the database.
struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
    /// Whether the full-text index is empty after it, and to be made of the texts.
    is_index_new: bool,
}

impl Migration {
    const fn new(number: i64, name: &'static str, sql: &'static str) -> Self {
        Self {
            number,
            name,
            sql,
            is_index_new: false,
        }
    }
}

const MIGRATIONS: &[Migration] = &[
    Migration::new(
        1,
        "first_schema",
        include_str!("migrations/0001_first_schema.sql"),
    ),
    Migration::new(
        2,
        "alerts_and_observables",
        include_str!("migrations/0002_alerts_and_observables.sql"),
    ),
    Migration::new(
        3,
        "sharing_and_links",
        include_str!("migrations/0003_sharing_and_links.sql"),
    ),
    Migration::new(
        4,
        "techniques_and_pages",
        include_str!("migrations/0004_techniques_and_pages.sql"),
    ),
    Migration::new(
        5,
        "vocabulary",
        include_str!("migrations/0005_vocabulary.sql"),
    ),
    Migration::new(
        6,
        "dashboards_and_views",
        include_str!("migrations/0006_dashboards_and_views.sql"),
    ),
    Migration::new(
        7,
        "integration_servers",
        include_str!("migrations/0007_integration_servers.sql"),
    ),
    Migration::new(8, "misp", include_str!("migrations/0008_misp.sql")),
    Migration {
        is_index_new: true,
        ..Migration::new(9, "search", include_str!("migrations/0009_search.sql"))
    },
    // For tests of upgrades: they need a program that is one step ahead. Its number stays out of the way of new steps.
    #[cfg(feature = "trial-step")]
    Migration::new(
        1_000,
        "trial_step",
        "create table trial_step (id {{integer}} primary key) {{strict}}",
    ),
];

/// The schema that this program writes: the number of its last step.
pub fn schema_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// A table or an index of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// `table`, `index`, `trigger` or `view`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The statement that makes it.
    pub sql: String,
}

impl Object {
    /// Whether nothing is lost with it: it can be made again from the tables.
    pub fn is_derived(&self) -> bool {
        self.kind != "table"
    }
}

/// All that an embedded database of the current schema has, found out by making one in memory.
pub(super) fn objects() -> Result<Vec<Object>> {
    let failed = |error| Error::engine("make the schema in memory", error);
    let memory = rusqlite::Connection::open_in_memory().map_err(failed)?;
    for migration in MIGRATIONS {
        memory
            .execute_batch(&Dialect::Sqlite.spell(migration.sql))
            .map_err(failed)?;
    }
    let mut statement = memory
        .prepare("select type, name, sql from sqlite_schema where sql is not null order by rowid")
        .map_err(failed)?;
    let rows = statement.query_map([], |row| {
        Ok(Object {
            kind: row.get(0)?,
            name: row.get(1)?,
            sql: row.get(2)?,
        })
    });
    rows.and_then(Iterator::collect).map_err(failed)
}

const APPLIED: &str = "select number, checksum from schema_migration order by number";

/// Applies the steps that are missing. `file` is the SQLite file, copied before a step runs on existing data. `tell` is
/// told what begins, since it may take long.
///
/// # Errors
/// [`Error::Unusable`] with a whole sentence when the schema is newer than this program, or a step that was
/// applied is not the step this program knows.
pub(super) fn migrate(
    connection: &mut dyn Connection,
    file: Option<&Path>,
    now_ms: i64,
    tell: &dyn Fn(&str),
) -> Result<()> {
    migrate_by(MIGRATIONS, connection, file, now_ms, tell)
}

fn migrate_by(
    migrations: &[Migration],
    connection: &mut dyn Connection,
    file: Option<&Path>,
    now_ms: i64,
    tell: &dyn Fn(&str),
) -> Result<()> {
    connection.batch(&connection.dialect().spell(
        "create table if not exists schema_migration (
            number {{integer}} primary key, name text not null, checksum text not null, applied_at {{integer}} not null
        ) {{strict}}",
    ))?;
    let applied = applied(connection)?;
    check(migrations, &applied)?;
    let missing = &migrations[applied.len()..];
    if missing.is_empty() {
        return Ok(());
    }
    if let (Some(file), Some(last)) = (file, applied.last()) {
        let copy = file.with_extension(format!("before-migration-{}.db", last.0 + 1));
        tracing::info!(copy = %copy.display(), "copying the database before its schema changes");
        tell("copying the database before its schema changes");
        copy_verified(file, &copy)?;
    }
    for migration in missing {
        tell(&format!(
            "changing the database to schema {}",
            migration.number
        ));
        apply(connection, migration, now_ms)?;
    }
    Ok(())
}

fn apply(connection: &mut dyn Connection, migration: &Migration, now_ms: i64) -> Result<()> {
    let dialect = connection.dialect();
    connection.batch(dialect.begin_batch())?;
    let mut changed = connection.batch(&dialect.spell(migration.sql));
    if migration.is_index_new {
        changed = changed.and_then(|()| full_text::index_all(connection));
    }
    let done = changed.and_then(|()| {
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
    read_applied(connection.query(APPLIED, &[])?)
}

fn read_applied(rows: Vec<Row>) -> Result<Vec<(i64, String)>> {
    rows.into_iter()
        .map(|row: Row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

fn check(migrations: &[Migration], applied: &[(i64, String)]) -> Result<()> {
    for (index, (number, found)) in applied.iter().enumerate() {
        let Some(migration) = migrations.get(index) else {
            return Err(Error::Unusable(format!(
                "The database was written by a newer version of Skep (schema {number}, this program knows {}); \
                 install that version or restore an older backup.",
                migrations.len()
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

/// The schema of a database that is only looked at.
///
/// # Errors
/// [`Error::Unusable`] with a whole sentence when this program cannot bring it up to date.
pub fn usable_schema(queries: &dyn Queries) -> Result<i64> {
    let applied = read_applied(queries.query(APPLIED, &[])?)?;
    check(MIGRATIONS, &applied)?;
    Ok(applied.last().map_or(0, |(number, _)| *number))
}

/// How the schema of a database compares with this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There is none yet: the next start makes it.
    None,
    /// The one of this program.
    Current { number: i64 },
    /// An older one: the next start migrates it.
    Older { number: i64, known: i64 },
    /// One that this program does not know.
    Newer { number: i64, known: i64 },
    /// One whose step of that number is not this program's.
    Foreign { number: i64 },
}

/// Looks at the schema without changing it.
///
/// # Errors
/// When the database can't be read.
pub fn schema(queries: &dyn Queries) -> Result<Schema> {
    let is_there: i64 = queries.query_scalar(
        match queries.dialect() {
            Dialect::Sqlite => "select count(*) from sqlite_schema where name = 'schema_migration'",
            Dialect::Postgres => "select count(to_regclass('schema_migration'))",
        },
        &[],
    )?;
    if is_there == 0 {
        return Ok(Schema::None);
    }
    let applied = read_applied(queries.query(APPLIED, &[])?)?;
    Ok(compare(MIGRATIONS, &applied))
}

fn compare(migrations: &[Migration], applied: &[(i64, String)]) -> Schema {
    let known = number_of(migrations.last());
    let number = applied.last().map_or(0, |(number, _)| *number);
    let foreign = applied
        .iter()
        .zip(migrations)
        .find(|((number, found), migration)| {
            migration.number != *number || checksum(migration) != *found
        });
    match foreign {
        Some(((number, _), _)) => Schema::Foreign { number: *number },
        None if applied.len() > migrations.len() => Schema::Newer { number, known },
        None if applied.is_empty() => Schema::None,
        None if applied.len() < migrations.len() => Schema::Older { number, known },
        None => Schema::Current { number },
    }
}

fn number_of(migration: Option<&Migration>) -> i64 {
    migration.map_or(0, |migration| migration.number)
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

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{MIGRATIONS, Migration, Schema, checksum, compare, migrate_by};
    use crate::storage::connection::Connection;
    use crate::storage::postgres::Postgres;
    use crate::storage::sqlite::Sqlite;
    use crate::storage::tests::OnPostgres;

    const FIRST: Migration = Migration::new(
        1,
        "first",
        "create table hive (id {{integer}} primary key, name text not null) {{strict}}; \
              insert into hive (id, name) values (1, 'old')",
    );
    const SECOND: Migration = Migration::new(
        2,
        "second",
        "alter table hive add column bees {{integer}}; update hive set name = 'new'",
    );
    /// Fails after it changed something.
    const BROKEN: Migration = Migration::new(
        2,
        "broken",
        "alter table hive add column bees {{integer}}; update hive set name = 'new'; \
              insert into no_such_table (id) values (1)",
    );

    #[test]
    fn a_schema_is_compared_step_by_step() {
        let applied = |migrations: &[&Migration]| -> Vec<(i64, String)> {
            migrations
                .iter()
                .map(|migration| (migration.number, checksum(migration)))
                .collect()
        };
        let known = [FIRST, SECOND];
        assert_eq!(compare(&known, &[]), Schema::None);
        assert_eq!(
            compare(&known, &applied(&[&FIRST])),
            Schema::Older {
                number: 1,
                known: 2
            }
        );
        assert_eq!(
            compare(&known, &applied(&[&FIRST, &SECOND])),
            Schema::Current { number: 2 }
        );
        assert_eq!(
            compare(&[FIRST], &applied(&[&FIRST, &SECOND])),
            Schema::Newer {
                number: 2,
                known: 1
            }
        );
        assert_eq!(
            compare(&known, &applied(&[&FIRST, &BROKEN])),
            Schema::Foreign { number: 2 }
        );
    }

    fn copy_of(file: &Path) -> PathBuf {
        file.with_extension("before-migration-2.db")
    }

    fn open(file: &Path) -> Sqlite {
        Sqlite::open_writer(file).unwrap()
    }

    /// A new database at the first step.
    fn first(file: &Path) {
        migrate_by(&[FIRST], &mut open(file), Some(file), 1, &|_| {}).unwrap();
        assert!(!copy_of(file).exists(), "there was nothing to copy");
    }

    /// What the only row is called, whether the second step is there, and SQLite's own verdict.
    fn look(file: &Path) -> (String, bool, String) {
        let database = rusqlite::Connection::open(file).unwrap();
        let text = |sql: &str| {
            database
                .query_row(sql, [], |row| row.get::<_, String>(0))
                .unwrap()
        };
        let columns = text("select sql from sqlite_schema where name = 'hive'");
        (
            text("select name from hive"),
            columns.contains("bees"),
            text("pragma integrity_check"),
        )
    }

    #[test]
    fn a_whole_copy_of_the_old_schema_is_made_before_a_step() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("skep.db");
        first(&file);
        migrate_by(&[FIRST, SECOND], &mut open(&file), Some(&file), 2, &|_| {}).unwrap();
        assert_eq!(look(&file), ("new".to_owned(), true, "ok".to_owned()));
        assert_eq!(
            look(&copy_of(&file)),
            ("old".to_owned(), false, "ok".to_owned())
        );
        assert!(
            !folder
                .path()
                .join("skep.before-migration-2.db.part")
                .exists()
        );
        // With the copy in its place, the program before it works again.
        migrate_by(&[FIRST], &mut open(&copy_of(&file)), None, 3, &|_| {}).unwrap();
    }

    /// Brings a new database up to date that had texts before the index got its present form: more than are indexed at a
    /// time.
    fn migrate_with_texts(database: &mut dyn Connection) {
        let before = MIGRATIONS
            .iter()
            .position(|step| step.is_index_new)
            .unwrap();
        migrate_by(&MIGRATIONS[..before], database, None, 1, &|_| {}).unwrap();
        database
            .batch(
                "with recursive numbers (id) as (select 1 union all select id + 1 from numbers where id < 1200)
                 insert into full_text (id, kind, title, body, summary, extra)
                 select id, 'Case', 'évil host-' || id, '', '', '' from numbers",
            )
            .unwrap();
        migrate_by(MIGRATIONS, database, None, 2, &|_| {}).unwrap();
    }

    fn ids(database: &mut dyn Connection, sql: &str) -> Vec<i64> {
        let rows = database.query(sql, &[]).unwrap().into_iter();
        rows.map(|row| row.single().unwrap()).collect()
    }

    #[test]
    fn what_was_searched_for_before_the_index_had_another_form_is_found_after() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = open(&folder.path().join("skep.db"));
        migrate_with_texts(&mut database);
        for asked in [
            "full_text_index where full_text_index match '\"chost-1200\" *'",
            "full_text_pieces where full_text_pieces match '\"cévi\" AND \"c120\" AND \"c200\"'",
        ] {
            let found = ids(&mut database, &format!("select rowid from {asked}"));
            assert_eq!(found, [1_200], "{asked}");
        }
    }

    #[test]
    fn it_is_found_after_on_postgresql_too() {
        let Some(place) = OnPostgres::create() else {
            return;
        };
        let mut database = Postgres::connect(&place.url, 60_000).unwrap();
        migrate_with_texts(&mut database);
        for column in ["title", "everything"] {
            let asked = format!("{column} @@ cast('''chost-1200'':*' as tsquery)");
            let sql = format!("select id from full_text_index where {asked}");
            assert_eq!(ids(&mut database, &sql), [1_200], "{asked}");
        }
        let all = ids(&mut database, "select count(*) from full_text_index");
        assert_eq!(all, [1_200]);
    }

    #[test]
    fn a_step_that_fails_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("skep.db");
        first(&file);
        for _ in 0..2 {
            let mut connection = open(&file);
            migrate_by(&[FIRST, BROKEN], &mut connection, Some(&file), 2, &|_| {}).unwrap_err();
            // Nor is a transaction left open.
            connection.batch("begin immediate").unwrap();
            connection.batch("rollback").unwrap();
            drop(connection);
            assert_eq!(look(&file), ("old".to_owned(), false, "ok".to_owned()));
            assert_eq!(
                look(&copy_of(&file)),
                ("old".to_owned(), false, "ok".to_owned())
            );
        }
        migrate_by(&[FIRST, SECOND], &mut open(&file), Some(&file), 3, &|_| {}).unwrap();
        assert_eq!(look(&file).0, "new");
    }

    #[test]
    fn no_step_runs_where_the_copy_cannot_be_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("skep.db");
        first(&file);
        std::fs::create_dir(folder.path().join("skep.before-migration-2.db.part")).unwrap();
        migrate_by(&[FIRST, SECOND], &mut open(&file), Some(&file), 2, &|_| {}).unwrap_err();
        assert_eq!(look(&file), ("old".to_owned(), false, "ok".to_owned()));
    }
}
