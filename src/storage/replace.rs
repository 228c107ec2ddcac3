//! Puts other data in the place of the data that is there, in one step.
//!
//! The new data is staged in a folder of the data folder. Then a journal is written, and that is the step: before it, the
//! old data is in force; after it, the new, for whoever opens the data folder next finishes what the journal says
//! ([`finish`]). The old data is kept in a folder beside it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::lock::FolderLock;

/// What the folders begin with in which a restore keeps what it replaced.
pub const REPLACED: &str = "skep.replaced-";
/// The journal's name in the data folder.
const JOURNAL: &str = "restore.journal";

/// What is to be replaced.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Journal {
    /// The folder of the new data, in the data folder.
    staged: String,
    /// The folder for the old data, in the data folder.
    replaced: String,
    /// What is replaced: files and folders of the data folder.
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    name: String,
    /// Whether the new data has it; the old goes either way.
    is_new: bool,
}

/// Replaces `names` of the data folder by what the folder `staged` in it has of them; the old data goes to the folder
/// `replaced` in it. Everything staged must be synced. `_lock` shows that nobody uses the data folder.
///
/// # Errors
/// Before the step the old data is in force, after it the new: then the next start tries again.
pub fn replace(
    data_dir: &Path,
    _lock: &FolderLock,
    staged: &str,
    replaced: &str,
    names: &[&str],
) -> Result<()> {
    let journal = Journal {
        staged: staged.to_owned(),
        replaced: replaced.to_owned(),
        entries: names
            .iter()
            .map(|name| Entry {
                name: (*name).to_owned(),
                is_new: data_dir.join(staged).join(name).exists(),
            })
            .collect(),
    };
    let text = serde_json::to_vec(&journal).map_err(|error| Error::engine("write", error))?;
    write_journal(data_dir, &text).map_err(|error| failed(data_dir, &error))?;
    finish(data_dir)
}

/// Whether a replacement was begun and not finished.
pub fn is_pending(data_dir: &Path) -> bool {
    data_dir.join(JOURNAL).exists()
}

/// Finishes a replacement that was interrupted, if there is one. The caller holds the data folder's lock.
///
/// # Errors
/// When a file cannot be moved, or the journal is not ours.
pub fn finish(data_dir: &Path) -> Result<()> {
    let text = match fs::read(data_dir.join(JOURNAL)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(data_dir, &error)),
    };
    let journal: Journal =
        serde_json::from_slice(&text).map_err(|error| failed(data_dir, &error.into()))?;
    follow(data_dir, &journal).map_err(|error| failed(data_dir, &error))
}

fn write_journal(data_dir: &Path, text: &[u8]) -> io::Result<()> {
    let part = data_dir.join(format!("{JOURNAL}.part"));
    fs::write(&part, text)?;
    File::open(&part)?.sync_all()?;
    fs::rename(&part, data_dir.join(JOURNAL))?;
    sync(data_dir)
}

fn follow(data_dir: &Path, journal: &Journal) -> io::Result<()> {
    let (staged, replaced) = (
        data_dir.join(&journal.staged),
        data_dir.join(&journal.replaced),
    );
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&replaced)?;
    for (from, to) in moves(data_dir, journal) {
        fs::rename(from, to)?;
    }
    sync(&replaced)?;
    sync(data_dir)?;
    fs::remove_file(data_dir.join(JOURNAL))?;
    sync(data_dir)?;
    // Nothing of value is left in it.
    fs::remove_dir_all(staged).or(Ok(()))
}

/// The moves that are still to be made, found out from what lies where: they can be cut off after any of them.
fn moves(data_dir: &Path, journal: &Journal) -> Vec<(PathBuf, PathBuf)> {
    let mut moves = Vec::new();
    for Entry { name, is_new } in &journal.entries {
        let here = data_dir.join(name);
        let new = data_dir.join(&journal.staged).join(name);
        let old = data_dir.join(&journal.replaced).join(name);
        // Once the new one has left its stage, what is here is the new one.
        let is_old_here = here.exists() && !old.exists() && (new.exists() || !is_new);
        if is_old_here {
            moves.push((here.clone(), old));
        }
        if new.exists() {
            moves.push((new, here));
        }
    }
    moves
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn failed(data_dir: &Path, error: &io::Error) -> Error {
    Error::Unusable(format!(
        "The data in {} cannot be replaced: {error}.",
        data_dir.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Entry, Journal, finish, is_pending, moves, write_journal};

    /// Old data with a log, and new data without one but with a key that the old had not.
    fn prepare(data_dir: &Path) -> Journal {
        fs::create_dir_all(data_dir.join("staged/attachments")).unwrap();
        fs::create_dir_all(data_dir.join("attachments")).unwrap();
        for (path, text) in [
            ("skep.db", "old"),
            ("skep.db-wal", "old log"),
            ("attachments/a", "old"),
            ("staged/skep.db", "new"),
            ("staged/attachments/b", "new"),
            ("staged/master.key", "new"),
        ] {
            fs::write(data_dir.join(path), text).unwrap();
        }
        let entry = |name: &str, is_new| Entry {
            name: name.to_owned(),
            is_new,
        };
        Journal {
            staged: "staged".to_owned(),
            replaced: "replaced".to_owned(),
            entries: vec![
                entry("skep.db-wal", false),
                entry("skep.db-shm", false),
                entry("skep.db", true),
                entry("attachments", true),
                entry("master.key", true),
            ],
        }
    }

    fn expect_new(data_dir: &Path) {
        let read = |path: &str| fs::read_to_string(data_dir.join(path)).ok();
        for (path, expected) in [
            ("skep.db", Some("new")),
            ("skep.db-wal", None),
            ("attachments/a", None),
            ("attachments/b", Some("new")),
            ("master.key", Some("new")),
            ("replaced/skep.db", Some("old")),
            ("replaced/skep.db-wal", Some("old log")),
            ("replaced/attachments/a", Some("old")),
        ] {
            assert_eq!(read(path).as_deref(), expected, "{path}");
        }
        assert!(!is_pending(data_dir) && !data_dir.join("staged").exists());
    }

    #[test]
    fn cut_off_after_any_move_it_is_finished_later() {
        for made in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let journal = prepare(folder.path());
            write_journal(folder.path(), &serde_json::to_vec(&journal).unwrap()).unwrap();
            fs::create_dir_all(folder.path().join("replaced")).unwrap();
            let all = moves(folder.path(), &journal);
            for (from, to) in all.iter().take(made) {
                fs::rename(from, to).unwrap();
            }
            assert!(is_pending(folder.path()));
            finish(folder.path()).unwrap();
            expect_new(folder.path());
            // Once more does nothing.
            finish(folder.path()).unwrap();
            expect_new(folder.path());
            if made > all.len() {
                assert_eq!(all.len(), 6);
                return;
            }
        }
    }

    #[test]
    fn without_a_journal_nothing_moves() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        finish(folder.path()).unwrap();
        assert_eq!(fs::read(folder.path().join("skep.db")).unwrap(), b"old");
    }

    #[test]
    fn a_journal_that_is_not_ours_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("restore.journal"), "{}").unwrap();
        let error = finish(folder.path()).unwrap_err();
        assert!(error.to_string().contains("cannot be replaced"), "{error}");
    }
}
