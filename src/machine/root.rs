//! The folder below which facts are read: `/`, or a made-up tree in a test.

use std::path::{Path, PathBuf};

/// A file system as it is seen from its root folder. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    folder: PathBuf,
}

impl Root {
    /// The machine itself.
    pub fn real() -> Self {
        Self::at("/")
    }

    /// A tree below `folder`.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Whether it is the machine itself, so that programs may be asked too.
    pub fn is_real(&self) -> bool {
        self.folder == Path::new("/")
    }

    /// Where a path of the tree really is.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.folder.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// The text of a file, without the white space around it; nothing where it cannot be read.
    pub fn text(&self, path: impl AsRef<Path>) -> Option<String> {
        let bytes = std::fs::read(self.path(path)).ok()?;
        Some(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    /// The number that a file holds.
    pub fn number(&self, path: impl AsRef<Path>) -> Option<u64> {
        self.text(path)?.parse().ok()
    }

    /// Whether something is there.
    pub fn has(&self, path: impl AsRef<Path>) -> bool {
        self.path(path).symlink_metadata().is_ok()
    }

    /// The names of what is in a folder, in their order.
    pub fn names(&self, folder: impl AsRef<Path>) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort_unstable();
        names
    }
}

impl Default for Root {
    fn default() -> Self {
        Self::real()
    }
}

#[cfg(test)]
pub(crate) mod made_up {
    //! Trees for tests.

    use super::Root;

    /// A tree with these files; it is gone when the folder is dropped.
    pub(crate) fn tree(files: &[(&str, &str)]) -> (Root, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        for (path, text) in files {
            let path = root.path(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        (root, folder)
    }
}
