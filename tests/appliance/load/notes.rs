//! What was acknowledged, in files outside of the machine: one for each writer, one line for each change.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::load::Latest;

/// One change.
#[derive(Debug, Serialize, Deserialize)]
pub struct Note {
    /// How long the record of the disk was when the change was acknowledged.
    pub place: Option<u64>,
    pub change: Latest,
}

impl Note {
    /// Whether the change was acknowledged before a cut at `place`.
    pub fn is_sure(&self, place: Option<u64>) -> bool {
        let is_before = place.is_none_or(|place| self.place.is_some_and(|own| own <= place));
        self.change.is_sure && is_before
    }
}

/// The file of one writer.
pub struct Notes {
    file: File,
    record: Option<PathBuf>,
}

impl Notes {
    pub fn begin(folder: &Path, writer: &str, record: Option<&Path>) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        Self {
            file: File::create_new(folder.join(format!("{writer}.notes"))).unwrap(),
            record: record.map(Path::to_owned),
        }
    }

    pub fn take(&mut self, change: Latest) {
        let record = self.record.as_deref();
        let place = record.map(|record| std::fs::metadata(record).unwrap().len());
        let mut line = serde_json::to_vec(&Note { place, change }).unwrap();
        line.push(b'\n');
        self.file.write_all(&line).unwrap();
    }
}

pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of notes")
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "notes"))
        .collect();
    files.sort();
    files
}

pub fn read(file: &Path) -> Vec<Note> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("whole notes")
}

pub fn is_anything_sure(notes: &[Note], place: Option<u64>) -> bool {
    notes.first().is_some_and(|note| note.is_sure(place))
}
