//! Folders that are gone after the test, kept when it failed.

use std::path::{Path, PathBuf};

/// A folder of this test.
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    pub fn create() -> Self {
        Self {
            path: tempfile::Builder::new()
                .prefix("skep-crash-")
                .tempdir()
                .unwrap()
                .keep(),
        }
    }

    /// A folder in it, made when it's not there.
    pub fn join(&self, name: &str) -> PathBuf {
        let path = self.path.join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for a look: {}", self.path.display());
        } else {
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}

/// Copies the database's files as they lie there; no program may be using them.
pub fn copy_database(from: &Path, to: &Path) -> PathBuf {
    drop(std::fs::remove_dir_all(to));
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("skep.db") {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
    to.join("skep.db")
}
