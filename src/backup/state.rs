//! What became of the last backup and of the last test restore, for those who look after the installation: a file of the
//! data folder, `backups/state.json`.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::place::{Place, sync_folder};

/// What became of the last attempts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct State {
    /// The last backup that was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_backup: Option<LastBackup>,
    /// The last one that is good; the same as the last one, unless that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_good_backup: Option<LastBackup>,
    /// The last test restore.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_verify: Option<LastVerify>,
}

/// An attempt to make a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// When it ended, milliseconds since the epoch.
    pub at: i64,
    /// The archive.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it is there, was checked and read back.
    pub ok: bool,
    /// What became of it, as a sentence.
    pub message: String,
}

/// An attempt to restore a backup into a temporary folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastVerify {
    /// When it ended, milliseconds since the epoch.
    pub at: i64,
    /// The archive.
    pub file: PathBuf,
    /// Whether it is good.
    pub ok: bool,
    /// What became of it, as a sentence.
    pub message: String,
}

/// Where the state of a data folder is.
pub fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("backups/state.json")
}

/// Reads the state of a data folder; an empty one where nothing was tried yet.
///
/// # Errors
/// When the file cannot be read, or holds something else.
pub fn read(data_dir: &Path) -> Result<State> {
    let file = file(data_dir);
    match fs::read(&file) {
        Ok(text) => {
            serde_json::from_slice(&text).map_err(|error| Error::file("read", &file)(error.into()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::default()),
        Err(error) => Err(Error::file("read", &file)(error)),
    }
}

pub(super) fn note_backup(place: &Place, backup: LastBackup) -> Result<()> {
    change(place, |state| {
        if backup.ok {
            state.last_good_backup = Some(backup.clone());
        }
        state.last_backup = Some(backup);
    })
}

pub(super) fn note_verify(place: &Place, verify: LastVerify) -> Result<()> {
    change(place, |state| state.last_verify = Some(verify))
}

fn change(place: &Place, change: impl FnOnce(&mut State)) -> Result<()> {
    place.make_folder(&place.backups())?;
    // A state that cannot be read tells nobody anything: it is written anew.
    let mut state = read(&place.data_dir).unwrap_or_default();
    change(&mut state);
    let file = file(&place.data_dir);
    let part = file.with_extension("json.part");
    let text = serde_json::to_vec_pretty(&state)
        .map_err(|error| Error::file("write", &file)(error.into()))?;
    File::create(&part)
        .and_then(|mut part| {
            part.write_all(&text)?;
            part.sync_all()
        })
        .map_err(Error::file("write", &part))?;
    place.give_to_owner(&part)?;
    fs::rename(&part, &file).map_err(Error::file("name", &file))?;
    sync_folder(&place.backups())
}

#[cfg(test)]
mod tests {
    use super::{LastBackup, LastVerify, note_backup, note_verify, read};
    use crate::backup::Place;

    #[test]
    fn a_failure_does_not_hide_the_last_good_backup() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            data_dir: folder.path().to_owned(),
            postgres: None,
            master_key: None,
            installed_key: None,
            bucket: None,
        };
        assert_eq!(read(folder.path()).unwrap(), super::State::default());
        let backup = |at, ok| LastBackup {
            at,
            file: "a".into(),
            bytes: 1,
            ok,
            message: String::new(),
        };
        note_backup(&place, backup(1, true)).unwrap();
        note_backup(&place, backup(2, false)).unwrap();
        let verify = LastVerify {
            at: 3,
            file: "a".into(),
            ok: true,
            message: String::new(),
        };
        note_verify(&place, verify.clone()).unwrap();
        let state = read(folder.path()).unwrap();
        assert_eq!(state.last_backup, Some(backup(2, false)));
        assert_eq!(state.last_good_backup, Some(backup(1, true)));
        assert_eq!(state.last_verify, Some(verify));
    }
}
