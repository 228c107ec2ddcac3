//! What an exchange of the program needs to know and do about a database that is not opened for work here: which schema it
//! has, a checked copy of it, and the way back to a copy.
//!
//! Only for the embedded database; one in PostgreSQL is copied by PostgreSQL's own means.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::backup::copy_verified;
use super::error::{Error, Result};
use super::sqlite::file_in;

/// The number of the last schema step in the data folder's database; nothing where there is no database. It is only
/// read, and may be in use.
///
/// # Errors
/// When there is a file that is no database of ours.
pub fn schema_in(data_dir: &Path) -> Result<Option<i64>> {
    let file = file_in(data_dir);
    if !file.exists() {
        return Ok(None);
    }
    let failed = |error| Error::engine(format!("read {}", file.display()), error);
    let connection =
        Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    connection
        .query_row("select max(number) from schema_migration", [], |row| {
            row.get(0)
        })
        .map_err(failed)
}

/// Copies the data folder's database, in use or not, to the file `to`, opens the copy and checks it. Gives `false` where
/// there is no database.
///
/// # Errors
/// When the copy cannot be written or is damaged.
pub fn copy(data_dir: &Path, to: &Path) -> Result<bool> {
    let file = file_in(data_dir);
    if !file.exists() {
        return Ok(false);
    }
    copy_verified(&file, to)?;
    Ok(true)
}

/// Where the program leaves a copy of the database before it takes the schema step `number`.
pub fn copy_before_step(data_dir: &Path, number: i64) -> PathBuf {
    file_in(data_dir).with_extension(format!("before-migration-{number}.db"))
}

/// Puts a copy in place of the data folder's database, which nobody may have open. What is replaced stays beside it;
/// where is given back. Whoever cuts us short finds the one or the other.
///
/// # Errors
/// When the disk refuses.
pub fn put_back(data_dir: &Path, copy: &Path, owner: (u32, u32)) -> io::Result<PathBuf> {
    let file = file_in(data_dir);
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", file.display()));
    let coming = beside(".coming");
    // By the engine, so that what is still in the copy's own log comes along.
    copy_verified(copy, &coming).map_err(io::Error::other)?;
    std::os::unix::fs::chown(&coming, Some(owner.0), Some(owner.1))?;
    File::open(&coming)?.sync_all()?;
    let replaced = (1..1_000)
        .map(|number| beside(&format!(".replaced-{number}")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| beside(".replaced"));
    fs::hard_link(&file, &replaced)?;
    // The log belongs to the database that goes; it must not be read into the one that comes.
    let log = beside("-wal");
    if log.exists() {
        fs::rename(log, format!("{}-wal", replaced.display()))?;
    }
    drop(fs::remove_file(beside("-shm")));
    fs::rename(&coming, &file)?;
    File::open(data_dir)?.sync_all()?;
    Ok(replaced)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::{copy, copy_before_step, put_back, schema_in};
    use crate::storage::{Db, Location, Opening, schema_version};

    fn database(data_dir: &std::path::Path) {
        let opening = Opening {
            location: Location::Embedded {
                data_dir: data_dir.to_owned(),
            },
            readers_max: 1,
            units_per_commit: 1,
            now_ms: 1,
        };
        Db::open(&opening).unwrap().close();
    }

    #[test]
    fn the_way_there_and_back() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path();
        let kept = data_dir.join("kept.db");
        assert_eq!(schema_in(data_dir).unwrap(), None);
        assert!(!copy(data_dir, &kept).unwrap());
        database(data_dir);
        assert_eq!(schema_in(data_dir).unwrap(), Some(schema_version()));
        assert!(copy(data_dir, &kept).unwrap());

        let file = data_dir.join("skep.db");
        let connection = rusqlite::Connection::open(&file).unwrap();
        connection
            .execute_batch("update schema_migration set number = 99 where number = 1")
            .unwrap();
        drop(connection);
        let metadata = file.metadata().unwrap();
        let replaced = put_back(data_dir, &kept, (metadata.uid(), metadata.gid())).unwrap();
        assert_eq!(schema_in(data_dir).unwrap(), Some(schema_version()));
        assert!(replaced.exists() && kept.exists());
        let second = put_back(data_dir, &kept, (metadata.uid(), metadata.gid())).unwrap();
        assert_ne!(second, replaced);
    }

    #[test]
    fn what_is_no_database_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("skep.db"), "cases, honestly").unwrap();
        schema_in(folder.path()).unwrap_err();
    }

    #[test]
    fn the_copy_has_the_name_that_a_step_gives_it() {
        assert_eq!(
            copy_before_step(std::path::Path::new("/d"), 2),
            std::path::Path::new("/d/skep.before-migration-2.db")
        );
    }
}
